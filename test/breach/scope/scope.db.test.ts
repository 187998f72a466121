import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { declareIncident } from "../../../app/breach/incident/incident.server.ts";
import type { Caller } from "../../../app/breach/ports.ts";
import { Refused } from "../../../app/breach/ports.ts";
import type { PersonData } from "../../../app/breach/scope/scope.server.ts";
import {
  confirmScope,
  hashList,
  listPeople,
  readLatestRun,
  readTally,
  saveGroup,
  startScope,
  workRun,
} from "../../../app/breach/scope/scope.server.ts";
import type { Criteria } from "../../../app/breach/scope/scope.ts";
import { openMany } from "../../../app/breach/vault/vault.server.ts";
import type { FaultKind } from "../../demo-store/shopify/faults.ts";
import { createRecords } from "../../demo-store/generator.ts";
import { openJoint, shopA } from "../../joint.ts";
import type { Joint } from "../../joint.ts";
import { findPeople, ordersOfDays } from "../../oracle/people.ts";

const scopes = ["read_customers", "read_orders", "read_all_orders"];
const categories = ["name", "email"] as const;
let joint: Joint;
let caller: Caller;
const records = createRecords(shopA);

beforeAll(async () => {
  joint = await openJoint();
  caller = await joint.caller(shopA);
});
afterAll(() => joint.close());

function declare(): Promise<string> {
  return caller.transact((ctx) =>
    declareIncident(ctx, {
      playbook: "app_leak",
      title: "An app leaked our orders",
      narrative: "",
      noticed: "2026-01-02T10:00",
      aware: "",
      ongoing: "unknown",
    }),
  );
}

/** Looks until the run is over, as sweep and webhook do. */
async function finishRun(incident: string, run: string): Promise<void> {
  for (let look = 0; look < 200; look += 1) {
    await workRun(caller, run);
    const view = await caller.transact((ctx) => readLatestRun(ctx, incident));
    if (view !== null && !["waiting", "exporting", "reading"].includes(view.state)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("the run did not end");
}

async function find(criteria: Criteria) {
  const incident = await declare();
  const run = await caller.transact(async (ctx) => {
    await saveGroup(ctx, incident, criteria, [...categories]);
    return startScope(ctx, incident, scopes);
  });
  await finishRun(incident, run);
  const view = await caller.transact((ctx) => readLatestRun(ctx, incident));
  return { incident, run, view: view! };
}

async function openPeople(run: string) {
  return caller.transact(async (ctx) => {
    const rows = await ctx.db.affectedPerson.findMany({ where: { runId: run } });
    const people = await openMany<PersonData>(ctx, "affected_person", rows, "test", run);
    return rows.map((row, index) => ({ ...row, ...people[index]! }));
  });
}

/** Comparable form: who, with how many records. */
function shape(
  people: { customerId: bigint | number | null; email: string | null; records: number }[],
): string[] {
  return people
    .map(
      (person) =>
        `${person.customerId === null ? "guest" : String(person.customerId)}|${person.email ?? ""}|${person.records}`,
    )
    .toSorted();
}

describe("the list of affected people", () => {
  test("everyone equals the brute-force answer over the generator's records", async () => {
    const { run, view } = await find({ kind: "everyone", leaveOutTests: true });
    expect(view.state).toBe("ready");
    const orders = [...records.orders()].filter((order) => !order.test);
    const expected = findPeople([...records.customers()], orders, (index) => records.customerAt(index));
    expect(shape(await openPeople(run))).toEqual(shape(expected));
    expect(view.people).toBe(expected.length);
    expect(view.rowsMatched).toBe(shopA.customers + orders.length);
    expect(view.people! + view.merged!).toBe(view.rowsMatched);
    expect(view.withoutEmail).toBe(expected.filter((person) => person.email === null).length);
  });

  test.each([
    ["2026-10-20", "2026-11-10"],
    ["2026-03-28", "2026-03-30"],
    ["2025-12-31", "2025-12-31"],
  ])("orders of the local days %s to %s equal the brute-force answer", async (from, to) => {
    const { run, view } = await find({ kind: "orders", from, to, leaveOutTests: true });
    expect(view.state).toBe("ready");
    const orders = ordersOfDays(records.orders(), from, to, shopA.timeZone);
    const expected = findPeople(null, orders, (index) => records.customerAt(index));
    expect(shape(await openPeople(run))).toEqual(shape(expected));
  });

  test("the same search gives the same list, and confirming freezes it", async () => {
    const first = await find({ kind: "everyone", leaveOutTests: true });
    const second = await find({ kind: "everyone", leaveOutTests: true });
    expect(second.view.listSha256).toBe(first.view.listSha256);
    await caller.transact((ctx) => confirmScope(ctx, second.incident, second.run));
    expect(await caller.transact((ctx) => hashList(ctx, second.run))).toBe(second.view.listSha256);
    const tally = await caller.transact((ctx) => readTally(ctx, second.run));
    expect(tally.reduce((sum, row) => sum + row.people, 0)).toBe(second.view.people);
  });

  test("pages of the list are whole, in order and masked", async () => {
    const { run, view } = await find({
      kind: "orders",
      from: "2026-10-01",
      to: "2026-11-20",
      leaveOutTests: false,
    });
    const seen = new Set<string>();
    let after: string | null = null;
    for (;;) {
      const page = await caller.transact((ctx) => listPeople(ctx, run, after, 20));
      if (page.length === 0) break;
      for (const person of page) {
        expect(person.email === null || person.email.includes("•••@")).toBe(true);
        seen.add(person.id);
      }
      after = page.at(-1)!.id;
    }
    expect(seen.size).toBe(view.people);
  });
});

describe("an export that is not whole", () => {
  const cases: [FaultKind, string][] = [
    ["truncated", "truncated"],
    ["truncated-clean", "countMismatch"],
    ["mismatch", "countMismatch"],
    ["bad-line", "badLine"],
    ["failed-partial", "exportPartial"],
    ["expired", "exportExpired"],
    ["canceled", "exportCanceled"],
    ["access-denied", "accessDenied"],
  ];
  test.each(cases)(
    "%s ends in a failed run with the sentence %s, no people, and nothing to confirm",
    async (fault, code) => {
      joint.shopify.setFault(shopA.domain, fault);
      try {
        const { incident, run, view } = await find({
          kind: "orders",
          from: "2026-09-01",
          to: "2026-11-20",
          leaveOutTests: true,
        });
        expect(view.state).toBe("failed");
        expect(view.failure?.code).toBe(code);
        expect(await caller.transact((ctx) => ctx.db.affectedPerson.count({ where: { runId: run } }))).toBe(
          0,
        );
        await expect(caller.transact((ctx) => confirmScope(ctx, incident, run))).rejects.toBeInstanceOf(
          Refused,
        );
      } finally {
        joint.shopify.setFault(shopA.domain, null);
      }
    },
  );

  test("throttling is waited out", async () => {
    joint.shopify.setFault(shopA.domain, { kind: "throttled", times: 2 });
    const { view } = await find({
      kind: "orders",
      from: "2026-11-01",
      to: "2026-11-20",
      leaveOutTests: true,
    });
    expect(view.state).toBe("ready");
  });
});
