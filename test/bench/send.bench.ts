/**
 * From an approved notice to the last verdict in the database. `--recipients N` (10,000). Claim, decrypt, render in HTML and text, hash,
 * SMTP into a sink in another process, and a verdict kept for each person.
 */
import { reassess } from "../../app/breach/obligation/obligation.server.ts";
import { sendNotice } from "../../app/breach/notice/notice.server.ts";
import {
  confirmScope,
  readLatestRun,
  saveGroup,
  startScope,
  workRun,
} from "../../app/breach/scope/scope.server.ts";
import { allScopes, approveLetter, declare, setUp } from "../prepare.ts";
import { startChild } from "./child.ts";
import { measureLetter } from "./letter-size.ts";
import { perSecond, printFigure, readNumber } from "./figures.ts";
import type { DispatchAnswer } from "./send-dispatch.ts";
import type { FloorAnswer } from "./send-floor.ts";
import type { SinkAnswer } from "./send-sink.ts";
import { makeShop } from "./shop.ts";

/** As many as the product opens. */
const connections = 4;
const recipients = readNumber("recipients", 10_000);
const bench = "send";

// Some customers of the generator have no address, some share one.
const shop = await makeShop({ customers: Math.ceil(recipients * 1.25) + 20, orders: 1 });
const sink = startChild<SinkAnswer>("send-sink.ts", {});
const { caller } = shop;
try {
  const first = await sink.next();
  if (!("port" in first)) throw new Error("the sink has no port");
  const { port } = first;
  // The list of both processes: this one checks the sender, the worker sends.
  shop.address.allow.push(`127.0.0.1:${port}`);
  const incident = await declare(caller);
  const run = await caller.transact(async (ctx) => {
    await saveGroup(ctx, incident, { kind: "everyone", leaveOutTests: false }, [
      "name",
      "email",
      "postal_address",
      "order_history",
    ]);
    return startScope(ctx, incident, allScopes);
  });
  await workRun(caller, run);
  if ((await caller.transact((ctx) => readLatestRun(ctx, incident)))?.state !== "ready")
    throw new Error("no list");
  await caller.transact(async (ctx) => {
    await confirmScope(ctx, incident, run);
    await reassess(ctx, incident);
  });
  await setUp(caller, port);

  async function prepare(): Promise<{ notice: string; letters: number }> {
    const notice = await approveLetter(caller, incident);
    await caller.transact((ctx) => sendNotice(ctx, incident, notice));
    const letters = await caller.transact((ctx) =>
      ctx.db.delivery.count({ where: { noticeId: notice, state: "planned" } }),
    );
    return { notice, letters };
  }
  async function readSink(): Promise<number> {
    sink.tell({});
    const said = await sink.next();
    return "taken" in said ? said.taken : 0;
  }

  const { notice, letters } = await prepare();
  const before = await readSink();
  const flags = process.argv.includes("--cpu-prof") ? ["--cpu-prof", "--cpu-prof-dir=/tmp"] : [];
  const worker = startChild<DispatchAnswer>(
    "send-dispatch.ts",
    { address: shop.address, incident, notice },
    flags,
  );
  const sent = await worker.next();
  if (flags.length > 0) await new Promise((resolve) => worker.process.on("exit", resolve));
  await worker.stop();
  const taken = (await readSink()) - before;
  if (taken !== letters) throw new Error(`${letters} letters planned, ${taken} taken`);

  const bytes = await measureLetter(caller, notice);
  const yardstick = startChild<FloorAnswer>("send-floor.ts", { port, connections, messages: letters, bytes });
  const floor = await yardstick.next();
  await yardstick.stop();

  const rate = perSecond(letters, sent.ms);
  const floorRate = perSecond(letters, floor.ms);
  printFigure(
    {
      bench,
      figure: "send.ratio",
      value: rate / floorRate,
      unit: "ratio",
      floor: floorRate,
      goal: 0.8,
      better: "higher",
    },
    `${letters.toLocaleString("en")} letters of ${(bytes / 1000).toFixed(1)} kB at ${Math.round(rate).toLocaleString("en")}/s; a plain client with ready-made messages ${Math.round(floorRate).toLocaleString("en")}/s`,
  );
  printFigure(
    {
      bench,
      figure: "send.peak_mb",
      value: sent.peakMb,
      unit: "MB",
      floor: null,
      goal: 200,
      better: "lower",
    },
    `most memory the worker held; ${(sent.cpuMs / 1000).toFixed(1)} s of processor in ${(sent.ms / 1000).toFixed(1)} s`,
  );

  const doubtful = await crash(Math.min(3000, Math.floor(recipients / 3)));
  printFigure(
    {
      bench,
      figure: "send.doubtful_max",
      value: doubtful,
      unit: "people",
      floor: null,
      goal: 500,
      better: "lower",
    },
    "marked as a possible double after one kill -9 at full speed",
  );
  if (doubtful > 500) process.exitCode = 1;

  async function crash(moment: number): Promise<number> {
    const planned = await prepare();
    const start = await readSink();
    const task = { address: shop.address, incident, notice: planned.notice };
    const victim = startChild<DispatchAnswer>("send-dispatch.ts", task);
    while ((await readSink()) - start < moment) await new Promise((resolve) => setTimeout(resolve, 5));
    await victim.stop();
    const heir = startChild<DispatchAnswer>("send-dispatch.ts", task);
    await heir.next();
    await heir.stop();
    const rows = await caller.transact((ctx) =>
      ctx.db.delivery.groupBy({ by: ["state", "reason"], where: { noticeId: planned.notice }, _count: true }),
    );
    const flagged = rows
      .filter((row) => row.reason === "possible_double")
      .reduce((sum, row) => sum + row._count, 0);
    const accepted = rows.filter((row) => row.state === "accepted").reduce((sum, row) => sum + row._count, 0);
    const received = (await readSink()) - start;
    if (accepted !== planned.letters || received < accepted || received > accepted + flagged)
      throw new Error(
        `${planned.letters} planned, ${accepted} accepted, ${received} taken, ${flagged} marked`,
      );
    return flagged;
  }
} finally {
  await sink.stop();
  await shop.close();
}
