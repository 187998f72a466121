/** A worker that comes back after its lease has run out, at the worst moment: it has read everything and only has to write. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Caller } from "../../app/breach/ports.ts";
import {
  confirmScope,
  hashList,
  readLatestRun,
  saveGroup,
  startScope,
  workRun,
} from "../../app/breach/scope/scope.server.ts";
import { openJoint, shopA } from "../joint.ts";
import type { Joint } from "../joint.ts";
import { allScopes, declare, finishRun } from "../prepare.ts";
import { until } from "./real-worker.ts";

let joint: Joint;
let caller: Caller;

beforeAll(async () => {
  joint = await openJoint();
  caller = await joint.caller(shopA);
});
afterAll(() => joint?.close());

test("it leaves the people that another worker found, and that were confirmed, as they are", async () => {
  const incident = await declare(caller);
  const run = await caller.transact(async (ctx) => {
    await saveGroup(ctx, incident, { kind: "everyone", leaveOutTests: true }, ["name", "email"]);
    return startScope(ctx, incident, allScopes);
  });
  let wakeUp = () => {};
  const sleep = new Promise<void>((resolve) => {
    wakeUp = resolve;
  });
  let asleep = false;
  const sleeper: Caller = {
    ...caller,
    records: {
      ...caller.records,
      async *readLines(url, expected) {
        yield* caller.records.readLines(url, expected);
        asleep = true;
        await sleep;
      },
    },
  };
  let sleeping: Promise<void> = Promise.resolve();
  await until("the sleeper has read a file", 20, async () => {
    if (!asleep) {
      sleeping = workRun(sleeper, run);
      await Promise.race([sleeping, until("it sleeps", 20, () => Promise.resolve(asleep))]);
    }
    return asleep;
  });

  // The sleeper's heartbeat would go on: it is the process that is meant to be asleep.
  await caller.transact(
    (ctx) =>
      ctx.db.$executeRaw`UPDATE scope_run SET attempt = NULL, lease_until = NULL WHERE id = ${run}::uuid`,
  );
  await finishRun(caller, incident, run);
  const found = await caller.transact((ctx) => readLatestRun(ctx, incident));
  expect(found?.state).toBe("ready");
  await caller.transact((ctx) => confirmScope(ctx, incident, run));
  const readIds = () =>
    caller.transact((ctx) =>
      ctx.db.affectedPerson.findMany({ where: { runId: run }, select: { id: true }, orderBy: { id: "asc" } }),
    );
  const ids = await readIds();

  wakeUp();
  await sleeping;
  expect(await readIds()).toEqual(ids);
  expect(await caller.transact((ctx) => hashList(ctx, run))).toBe(found?.listSha256);
  expect((await caller.transact((ctx) => readLatestRun(ctx, incident)))?.state).toBe("confirmed");
});
