/** kill -9 of the worker in the middle of a send: nobody missed, nobody twice except those who are marked, and nothing leaks on the way. */
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { verifyStream } from "../../app/breach/evidence/evidence.server.ts";
import { readNotice, readSendProgress, sendNotice } from "../../app/breach/notice/notice.server.ts";
import type { Caller } from "../../app/breach/ports.ts";
import type { PersonData } from "../../app/breach/scope/scope.server.ts";
import { openMany } from "../../app/breach/vault/vault.server.ts";
import { openJoint, shopA } from "../joint.ts";
import type { Joint } from "../joint.ts";
import { approveLetter, declare, findAndConfirm, setUp } from "../prepare.ts";
import { hand, openWorkers, until } from "./real-worker.ts";
import type { Workers } from "./real-worker.ts";
import { startRecordingSink } from "./recording-sink.ts";
import type { RecordingSink } from "./recording-sink.ts";

/** Rows that one worker may have on their way at a time. */
const mostInDoubt = 100;

let joint: Joint;
let caller: Caller;
let sink: RecordingSink;
let workers: Workers;
let incident: string;
let run: string;

beforeAll(async () => {
  const shop = { ...shopA, customers: 360, orders: 1000 };
  joint = await openJoint({ shops: [shop] });
  caller = await joint.caller(shop);
  sink = await startRecordingSink(8);
  workers = openWorkers(joint, [`127.0.0.1:${sink.port}`]);
  joint.allow.push(`127.0.0.1:${sink.port}`);
  incident = await declare(caller);
  run = await findAndConfirm(caller, incident, { kind: "everyone", leaveOutTests: false });
  await setUp(caller, sink.port);
});
afterAll(async () => {
  await workers?.close();
  await sink?.close();
  await joint?.close();
});

type Row = { address: string; state: string; reason: string | null; sha256: string | null };

/** The outbox of a notice in the clear: one row per letter. */
async function readRows(notice: string): Promise<Row[]> {
  return caller.transact(async (ctx) => {
    const rows = await ctx.db.delivery.findMany({
      where: { noticeId: notice, addressHash: { not: null }, coveredBy: null },
    });
    const people = await ctx.db.affectedPerson.findMany({ where: { runId: run } });
    const opened = await openMany<PersonData>(ctx, "affected_person", people, "test", run);
    const addresses = new Map(people.map((person, index) => [person.id, opened[index]!.email]));
    return rows.map((row) => ({
      address: addresses.get(row.personId)!,
      state: row.state,
      reason: row.reason,
      sha256: row.contentSha256,
    }));
  });
}

function count(list: string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const each of list) counts.set(each, (counts.get(each) ?? 0) + 1);
  return counts;
}

async function startSend(): Promise<string> {
  sink.taken.length = 0;
  const notice = await approveLetter(caller, incident);
  await caller.transact((ctx) => sendNotice(ctx, incident, notice));
  await hand(caller, incident);
  return notice;
}

function isFinished(notice: string): () => Promise<boolean> {
  return async () => (await caller.transact((ctx) => readNotice(ctx, incident, notice))).state === "finished";
}

/** Everything that must hold when a send with a crash in it is over. */
async function checkOutcome(notice: string, crashes: number): Promise<{ letters: number; doubtful: number }> {
  const rows = await readRows(notice);
  const planned = rows.map((row) => row.address).toSorted();
  const received = count(sink.taken.map((each) => each.to));
  const doubtful = new Set(rows.filter((row) => row.reason === "possible_double").map((row) => row.address));
  const waiting = rows.filter((row) => row.state === "unknown").map((row) => row.address);

  expect([...received.keys()].filter((address) => !planned.includes(address))).toEqual([]);
  // Only somebody whose fate is written down as unknown may be without a letter.
  const missed = planned.filter((address) => !received.has(address));
  expect(missed.filter((address) => !waiting.includes(address))).toEqual([]);
  expect(waiting.every((address) => doubtful.has(address))).toBe(true);
  const repeated = [...received].filter(([, times]) => times > 1);
  expect(repeated.filter(([address]) => !doubtful.has(address))).toEqual([]);
  expect(repeated.filter(([, times]) => times > 2)).toEqual([]);
  expect(rows.filter((row) => !["accepted", "unknown"].includes(row.state))).toEqual([]);
  expect(doubtful.size).toBeLessThanOrEqual(mostInDoubt * crashes);

  // A second letter is the first one again, to the byte, so that a mail server can tell.
  const prints = new Map(rows.map((row) => [row.address, row.sha256]));
  expect(sink.taken.filter((each) => prints.get(each.to) !== each.sha256)).toEqual([]);
  expect(new Set(sink.taken.map((each) => each.messageId)).size).toBe(received.size);

  expect(await caller.transact((ctx) => verifyStream(ctx, `incident:${incident}`))).toMatchObject({
    intact: true,
  });
  const progress = await caller.transact((ctx) => readSendProgress(ctx, incident, notice));
  expect(progress.letters).toBe(planned.length);
  return { letters: planned.length, doubtful: doubtful.size };
}

describe("a worker that is killed while it sends", () => {
  test.each([30, 120, 300])("after %i letters: the next one finishes the plan", async (moment) => {
    const notice = await startSend();
    const first = await workers.start();
    await sink.reached(moment);
    await workers.kill(first);
    const sofar = sink.taken.length;
    const letters = (await readRows(notice)).length;
    expect(letters).toBeGreaterThan(350);
    expect(sofar).toBeLessThan(letters);

    const second = await workers.start();
    await until("the notice is finished", 30, isFinished(notice));
    const outcome = await checkOutcome(notice, 1);
    // After one crash nobody is left over: whoever was in doubt got the letter once more.
    expect((await readRows(notice)).every((row) => row.state === "accepted")).toBe(true);
    expect(outcome.doubtful).toBeGreaterThan(0);
    await second.stop();
  });

  test("several times over: nobody is missed who isn't marked", async () => {
    const notice = await startSend();
    let crashes = 0;
    for (const moment of [15, 45, 90]) {
      const worker = await workers.start();
      await sink.reached(moment);
      await workers.kill(worker);
      crashes += 1;
    }
    const last = await workers.start();
    await until("the notice is finished", 30, isFinished(notice));
    await checkOutcome(notice, crashes);
    await last.stop();
  });

  test("neither logs nor jobs hold an address or a name", async () => {
    const rows = await readRows(
      (await caller.transact((ctx) => ctx.db.notice.findFirstOrThrow({ where: { incidentId: incident } })))
        .id,
    );
    const logs = workers.logs();
    expect(logs).toContain("worked");
    const client = new pg.Client({ connectionString: joint.url });
    await client.connect();
    const jobs = await client.query<{ text: string }>(
      "SELECT row_to_json(job)::text AS text FROM pgboss.job",
    );
    await client.end();
    expect(jobs.rows.length).toBeGreaterThan(0);
    const text = `${logs}\n${jobs.rows.map((row) => row.text).join("\n")}`.toLowerCase();
    expect(rows.filter((row) => text.includes(row.address.toLowerCase()))).toEqual([]);
    const locals = rows
      .map((row) => row.address.split("@")[0]!.toLowerCase())
      .filter((local) => local.length > 5);
    expect(locals.filter((local) => text.includes(local))).toEqual([]);
  });
});
