/**
 * From two finished exports to a frozen, encrypted, searchable list. `--customers N` (100,000), `--orders N` (twice as many).
 * Every ratio is taken against a yardstick in the same run on the same machine.
 */
import { createReadStream, createWriteStream, statSync } from "node:fs";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import pg from "pg";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import { listPeople, readTally, saveGroup, startScope } from "../../app/breach/scope/scope.server.ts";
import { allScopes, declare } from "../prepare.ts";
import { startChild } from "./child.ts";
import { perSecond, printFigure, quantile, readNumber } from "./figures.ts";
import type { IngestAnswer } from "./scope-ingest.ts";
import type { ParseAnswer } from "./scope-parse.ts";
import { makeShop } from "./shop.ts";

const customers = readNumber("customers", 100_000);
const orders = readNumber("orders", customers * 2);
const bench = "scope";

process.stdout.write(
  `scope: ${customers.toLocaleString("en")} customers, ${orders.toLocaleString("en")} orders\n`,
);
const shop = await makeShop({ customers, orders });
try {
  const parse = startChild<ParseAnswer>("scope-parse.ts", {
    files: shop.address.files,
    rounds: 5,
    mostBytes: 60e6,
  });
  const parsed = await parse.next();
  await parse.stop();
  printFigure(
    {
      bench,
      figure: "scope.parse_ratio",
      value: parsed.floorMs / parsed.readMs,
      unit: "ratio",
      floor: perSecond(parsed.lines, parsed.floorMs),
      goal: 0.75,
      better: "higher",
    },
    `read and matched ${Math.round(perSecond(parsed.lines, parsed.readMs)).toLocaleString("en")} lines/s; JSON.parse alone, lines in memory, ${Math.round(perSecond(parsed.lines, parsed.floorMs)).toLocaleString("en")}/s`,
  );

  const { incident, run, found } = await search();
  const rate = perSecond(found.rows, found.ms);
  printFigure(
    {
      bench,
      figure: "scope.rows_per_s",
      value: rate,
      unit: "rows/s",
      floor: null,
      goal: 100_000,
      better: "higher",
    },
    `${found.rows.toLocaleString("en")} rows to ${found.people.toLocaleString("en")} people in ${(found.ms / 1000).toFixed(2)} s, ${(found.cpuMs / 1000).toFixed(2)} s of it on the worker's processor`,
  );

  const copied = await copyPeople(run);
  printFigure(
    {
      bench,
      figure: "scope.copy_ratio",
      value: rate / copied,
      unit: "ratio",
      floor: copied,
      goal: 0.4,
      better: "higher",
    },
    `against COPY of the same sealed people into the same indexed table, ${Math.round(copied).toLocaleString("en")} rows/s`,
  );
  printFigure(
    {
      bench,
      figure: "scope.peak_mb",
      value: found.peakMb,
      unit: "MB",
      floor: null,
      goal: 300,
      better: "lower",
    },
    "most memory the worker held",
  );

  const looks = await lookAtList(run);
  printFigure(
    {
      bench,
      figure: "scope.list_p95_ms",
      value: quantile(looks, 0.95),
      unit: "ms",
      floor: null,
      goal: 50,
      better: "lower",
    },
    `first page, a page deep inside, and the counts; middle ${quantile(looks, 0.5).toFixed(1)} ms (${incident.slice(0, 8)})`,
  );
} finally {
  await shop.close();
}

async function search(): Promise<{ incident: string; run: string; found: IngestAnswer }> {
  const { caller } = shop;
  const incident = await declare(caller);
  const run = await caller.transact(async (ctx) => {
    await saveGroup(ctx, incident, { kind: "everyone", leaveOutTests: true }, [
      "name",
      "email",
      "order_history",
    ]);
    return startScope(ctx, incident, allScopes);
  });
  const flags = process.argv.includes("--cpu-prof") ? ["--cpu-prof", "--cpu-prof-dir=/tmp"] : [];
  const worker = startChild<IngestAnswer>("scope-ingest.ts", { address: shop.address, incident, run }, flags);
  const found = await worker.next();
  if (flags.length > 0) await new Promise((resolve) => worker.process.on("exit", resolve));
  await worker.stop();
  return { incident, run, found };
}

/** Rows per second of a plain COPY of the list into a table with the same indexes, as the owner, outside all walls. */
async function copyPeople(run: string): Promise<number> {
  const client = new pg.Client({ connectionString: shop.address.url });
  await client.connect();
  const file = path.join(shop.folder, "people.copy");
  await pipeline(
    client.query(
      copyTo(
        `COPY (SELECT * FROM affected_person WHERE run_id = '${run}' ORDER BY id) TO STDOUT (FORMAT binary)`,
      ),
    ),
    createWriteStream(file),
  );
  await client.query("CREATE TABLE copied (LIKE affected_person INCLUDING ALL)");
  const started = performance.now();
  const into = client.query(copyFrom("COPY copied FROM STDIN (FORMAT binary)"));
  await pipeline(createReadStream(file, { highWaterMark: 512 * 1024 }), into);
  const ms = performance.now() - started;
  await client.end();
  if (statSync(file).size === 0 || into.rowCount === 0) throw new Error("nothing was copied");
  return perSecond(into.rowCount, ms);
}

/** Milliseconds of each look at the list, as the page's loader takes it. */
async function lookAtList(run: string): Promise<number[]> {
  const { caller } = shop;
  const deep = await caller.transact(
    (ctx) => ctx.db.$queryRaw<{ id: string }[]>`
      SELECT id FROM affected_person WHERE run_id = ${run}::uuid ORDER BY random() LIMIT 100`,
  );
  const samples: number[] = [];
  for (const [index, { id }] of deep.entries()) {
    const started = performance.now();
    await caller.transact(async (ctx) => {
      await readTally(ctx, run);
      await listPeople(ctx, run, index % 2 === 0 ? null : id);
    });
    samples.push(performance.now() - started);
  }
  return samples;
}
