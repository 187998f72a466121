/**
 * How fast lines become people's traces, against `JSON.parse` of the same lines when they already lie in memory. One thread each, in its
 * processor time, which other work on the machine disturbs least.
 */
import { createReadStream } from "node:fs";
import { splitLines } from "../../app/adapters/bulk-export.server.ts";
import { readLine } from "../../app/breach/scope/ingest.server.ts";
import type { FinishedExport } from "../../app/breach/scope/ingest.server.ts";
import { createEmailReader } from "../../app/breach/scope/sighting.ts";
import { windowOfDays } from "../../app/breach/scope/scope.ts";
import type { Criteria } from "../../app/breach/scope/scope.ts";
import { answer, receiveTask } from "./child.ts";
import type { ShopAddress } from "./shop.ts";
import { quantile } from "./figures.ts";

export type ParseTask = { files: ShopAddress["files"]; rounds: number; mostBytes: number };
/** Milliseconds for the same lines, the middle of all rounds. */
export type ParseAnswer = { lines: number; floorMs: number; readMs: number };

const task = await receiveTask<ParseTask>();
const kinds = ["customers", "orders"] as const;
const criteria: Criteria = { kind: "orders", from: "2020-01-01", to: "2026-12-31", leaveOutTests: true };
const days = windowOfDays("2020-01-01", "2026-12-31", "Europe/Berlin");
const span = { from: days.from.getTime(), to: days.to.getTime() };

/** The same first part of a file each time, so that any size fits in memory. */
async function* readFile(kind: FinishedExport["kind"]): AsyncGenerator<Buffer[]> {
  const file = task.files[kind]!;
  const end = Math.min(file.bytes, task.mostBytes) - 1;
  let last: Buffer[] | null = null;
  for await (const lines of splitLines(createReadStream(file.path, { end }))) {
    if (last !== null) yield last;
    last = lines;
  }
  // Where the part ends inside a line, that line is left out.
  if (last !== null) yield end + 1 < file.bytes ? last.slice(0, -1) : last;
}

/** As they come off the wire: bytes, already cut into lines. */
const kept: Buffer[] = [];
for (const kind of kinds)
  for await (const lines of readFile(kind)) for (const line of lines) kept.push(Buffer.from(line));

/** Milliseconds of processor time of this thread since `started`. */
function spent(started: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(started);
  return (user + system) / 1000;
}

function parseAll(): number {
  const started = process.threadCpuUsage();
  let seen = 0;
  for (const text of kept) if ((JSON.parse(text.toString()) as { id: string }).id !== "") seen += 1;
  if (seen !== kept.length) throw new Error("a line without an id");
  return spent(started);
}

async function readAll(): Promise<number> {
  const started = process.threadCpuUsage();
  let lines = 0;
  let matched = 0;
  const readEmail = createEmailReader();
  for (const kind of kinds)
    for await (const batch of readFile(kind))
      for (const line of batch) {
        lines += 1;
        if (readLine(kind, criteria, span, line, readEmail) !== null) matched += 1;
      }
  if (lines !== kept.length || matched < lines / 2) throw new Error("not the same lines");
  return spent(started);
}

const floors: number[] = [];
const reads: number[] = [];
for (let round = 0; round < task.rounds; round += 1) {
  floors.push(parseAll());
  reads.push(await readAll());
}
await answer({
  lines: kept.length,
  floorMs: quantile(floors, 0.5),
  readMs: quantile(reads, 0.5),
} satisfies ParseAnswer);
process.disconnect();
