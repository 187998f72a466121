/** kill -9 of the worker while it reads an export, and a worker that sleeps past its lease: the list is the one an undisturbed run gives. */
import { Session } from "@shopify/shopify-api";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { verifyStream } from "../../app/breach/evidence/evidence.server.ts";
import type { Caller } from "../../app/breach/ports.ts";
import {
  confirmScope,
  hashList,
  readLatestRun,
  saveGroup,
  startScope,
} from "../../app/breach/scope/scope.server.ts";
import { openJoint, shopA } from "../joint.ts";
import type { Joint } from "../joint.ts";
import { allScopes, declare } from "../prepare.ts";
import { hand, openWorkers, until } from "./real-worker.ts";
import type { Workers } from "./real-worker.ts";

const shop = { ...shopA, customers: 12_000, orders: 36_000 };
let joint: Joint;
let caller: Caller;
let workers: Workers;
/** Sees what the database is doing, outside all walls. */
let watch: pg.Client;
/** What a run that nobody disturbs finds. */
let undisturbed: { hash: string; people: number; matched: number };

beforeAll(async () => {
  joint = await openJoint({ shops: [shop] });
  caller = await joint.caller(shop);
  workers = openWorkers(joint, []);
  watch = new pg.Client({ connectionString: joint.url });
  await watch.connect();
  await joint.sessions.storeSession(
    new Session({
      id: `offline_${shop.domain}`,
      shop: shop.domain,
      state: "",
      isOnline: false,
      accessToken: await joint.token(shop.domain),
    }),
  );
  const { incident, run } = await startSearch();
  const worker = await workers.start();
  await until("the search ends", 40, async () => (await view(incident)).state === "ready");
  await worker.stop();
  const found = await view(incident);
  undisturbed = { hash: found.listSha256!, people: found.people!, matched: found.rowsMatched };
  expect(await countPeople(run)).toBe(undisturbed.people);
});
afterAll(async () => {
  await workers?.close();
  await watch?.end();
  await joint?.close();
});

async function startSearch(): Promise<{ incident: string; run: string }> {
  const incident = await declare(caller);
  const run = await caller.transact(async (ctx) => {
    await saveGroup(ctx, incident, { kind: "everyone", leaveOutTests: true }, ["name", "email"]);
    return startScope(ctx, incident, allScopes);
  });
  await hand(caller, incident);
  return { incident, run };
}

async function view(incident: string) {
  return (await caller.transact((ctx) => readLatestRun(ctx, incident)))!;
}

function countPeople(run: string): Promise<number> {
  return caller.transact((ctx) => ctx.db.affectedPerson.count({ where: { runId: run } }));
}

async function asks(sql: string): Promise<boolean> {
  return (await watch.query(sql)).rows.length > 0;
}

/** Rows have begun to arrive, and the file is not read to its end. */
const copying =
  "SELECT 1 FROM pg_stat_progress_copy WHERE datname = current_database() AND tuples_processed > 3000";
const merging =
  "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query LIKE '%CREATE TEMPORARY TABLE person%' AND pid <> pg_backend_pid()";

async function reach(what: string, sql: string): Promise<void> {
  const end = Date.now() + 40_000;
  while (!(await asks(sql))) if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
}

/** The same as waiting until the lease of a dead worker is over, on the only clock that leases know. */
async function letLeasePass(run: string): Promise<void> {
  await watch.query("UPDATE scope_run SET lease_until = clock_timestamp() WHERE id = $1", [run]);
}

async function checkList(incident: string, run: string): Promise<void> {
  const found = await view(incident);
  expect(found).toMatchObject({
    state: "ready",
    listSha256: undisturbed.hash,
    people: undisturbed.people,
    rowsMatched: undisturbed.matched,
  });
  expect(await countPeople(run)).toBe(undisturbed.people);
  expect(await caller.transact((ctx) => hashList(ctx, run))).toBe(undisturbed.hash);
  const runs = await caller.transact((ctx) => ctx.db.scopeRun.findMany({ where: { incidentId: incident } }));
  expect(runs.map((each) => each.state)).toEqual(["ready"]);
  const events = await caller.transact((ctx) =>
    ctx.db.evidenceEvent.findMany({ where: { stream: `incident:${incident}`, type: "scope.found" } }),
  );
  expect(events.length).toBe(1);
  expect(await caller.transact((ctx) => verifyStream(ctx, `incident:${incident}`))).toMatchObject({
    intact: true,
  });
}

test("killed twice, while rows arrive and while people are merged: the same list", async () => {
  const { incident, run } = await startSearch();
  const first = await workers.start();
  await reach("rows arrive", copying);
  await workers.kill(first);
  await until("the dead worker's transaction is gone", 10, async () => !(await asks(copying)));
  expect(await countPeople(run)).toBe(0);
  expect((await view(incident)).state).toBe("reading");

  await letLeasePass(run);
  const second = await workers.start();
  await reach("people are merged", merging);
  await workers.kill(second);
  await until("the dead worker's transaction is gone", 10, async () => !(await asks(merging)));
  expect(await countPeople(run)).toBe(0);

  // This time the lease runs out by itself.
  const third = await workers.start();
  await until("the search ends", 50, async () => (await view(incident)).state === "ready");
  await checkList(incident, run);
  await third.stop();
});

test("a worker that slept past its lease changes nothing of the list that another one found", async () => {
  const { incident, run } = await startSearch();
  const sleeper = await workers.start();
  await reach("rows arrive", copying);
  process.kill(sleeper.pid, "SIGSTOP");
  await letLeasePass(run);
  const other = await workers.start();
  await until("the search ends", 40, async () => (await view(incident)).state === "ready");
  await checkList(incident, run);
  await caller.transact((ctx) => confirmScope(ctx, incident, run));
  const ids = await caller.transact((ctx) =>
    ctx.db.affectedPerson.findMany({ where: { runId: run }, select: { id: true }, orderBy: { id: "asc" } }),
  );

  process.kill(sleeper.pid, "SIGCONT");
  await until("the sleeper is done", 30, async () => !(await asks(copying)) && !(await asks(merging)));
  await sleeper.stop();
  expect(
    await caller.transact((ctx) =>
      ctx.db.affectedPerson.findMany({ where: { runId: run }, select: { id: true }, orderBy: { id: "asc" } }),
    ),
  ).toEqual(ids);
  expect((await view(incident)).state).toBe("confirmed");
  await other.stop();
});
