/** People from records, whatever the records and in whatever order: against the brute-force oracle, with random stores. */
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { declareIncident } from "../../../app/breach/incident/incident.server.ts";
import type { Caller } from "../../../app/breach/ports.ts";
import type { PersonData } from "../../../app/breach/scope/scope.server.ts";
import { readLatestRun, saveGroup, startScope, workRun } from "../../../app/breach/scope/scope.server.ts";
import { openMany } from "../../../app/breach/vault/vault.server.ts";
import type { CustomerRecord, OrderRecord } from "../../demo-store/generator/records.ts";
import { openJoint, shopA } from "../../joint.ts";
import type { Joint } from "../../joint.ts";
import { findPeople } from "../../oracle/people.ts";

let joint: Joint;
let caller: Caller;
beforeAll(async () => {
  joint = await openJoint();
  caller = await joint.caller(shopA);
}, 180_000);
afterAll(() => joint.close());

// Few of each, so that they meet; in spellings that mean the same.
const email = fc.constantFrom(
  null,
  "ana@example.com",
  " Ana@Example.com",
  "zoë@example.com",
  "zoe\u0308@example.com",
  "b+1@example.com",
  "b@example.com",
  "x@bücher.test",
  "x@xn--bcher-kva.test",
  "no address",
);
const phone = fc.constantFrom(null, "+12025550101", "+1 202 555 0101", "+4930555010", "12345");

const store = fc
  .record({
    customers: fc.array(fc.record({ email, phone }), { maxLength: 6 }),
    orders: fc.array(fc.record({ customer: fc.option(fc.nat(5)), email, phone, test: fc.boolean() }), {
      maxLength: 14,
    }),
    seed: fc.nat(),
  })
  .map(({ customers, orders, seed }) => ({
    seed,
    customers: customers.map((each, index) => ({ ...each, id: 100 + index })),
    orders: orders.map((each, index) => ({
      ...each,
      id: 900 + index,
      customer: each.customer !== null && each.customer < customers.length ? each.customer : null,
    })),
  }));

/** Once chosen by chance: a customer without an address of their own, two orders in the same second with different ones. */
const twoGuestAddressesAtOneMoment = {
  seed: 662640070,
  customers: [{ email: null, phone: null, id: 100 }],
  orders: [
    { customer: 0, email: "b+1@example.com" as const, phone: null, test: false, id: 900 },
    { customer: 0, email: "b@example.com" as const, phone: null, test: false, id: 901 },
  ],
};

type Store = typeof store extends fc.Arbitrary<infer T> ? T : never;

function shuffle<T>(items: T[], seed: number): T[] {
  const rest = [...items];
  const out: T[] = [];
  for (let state = seed + 1; rest.length > 0;) {
    state = (state * 48271) % 2147483647;
    out.push(...rest.splice(state % rest.length, 1));
  }
  return out;
}

function customerFields(customer: Store["customers"][number]) {
  return {
    id: `gid://shopify/Customer/${customer.id}`,
    firstName: "A",
    lastName: "B",
    locale: "en",
    defaultEmailAddress: customer.email === null ? null : { emailAddress: customer.email },
    defaultPhoneNumber: customer.phone === null ? null : { phoneNumber: customer.phone },
    defaultAddress: null,
  };
}

function lines(made: Store, kind: string, seed: number): Buffer[] {
  const rows =
    kind === "customers"
      ? made.customers.map((customer) => ({ ...customerFields(customer), updatedAt: "2026-01-01T00:00:00Z" }))
      : made.orders.map((order) => ({
          id: `gid://shopify/Order/${order.id}`,
          email: order.email,
          phone: order.phone,
          createdAt: "2026-02-01T00:00:00Z",
          test: order.test,
          customerLocale: null,
          customer: order.customer === null ? null : customerFields(made.customers[order.customer]!),
          shippingAddress: null,
          billingAddress: null,
        }));
  return shuffle<unknown>(rows, seed).map((row) => Buffer.from(JSON.stringify(row)));
}

/** A store whose exports are these records, cut into lines in an order of its own. */
function withStore(made: Store, seed: number): Caller {
  const count = (kind: string) => (kind === "customers" ? made.customers.length : made.orders.length);
  return {
    ...caller,
    records: {
      ...caller.records,
      startExport: ({ kind }) => Promise.resolve({ bulkId: kind, query: "" }),
      readExport: (kind) =>
        Promise.resolve({
          state: "completed",
          errorCode: null,
          objectCount: count(kind),
          rootObjectCount: count(kind),
          fileSize: null,
          url: count(kind) === 0 ? null : kind,
          hasPartialData: false,
        }),
      async *readLines(kind) {
        for (const line of lines(made, kind, seed)) yield [line];
      },
    },
  };
}

async function find(made: Store, seed: number) {
  const incident = await caller.transact((ctx) =>
    declareIncident(ctx, {
      playbook: "app_leak",
      title: "Random",
      narrative: "",
      noticed: "2026-01-02T10:00",
      aware: "",
      ongoing: "no",
    }),
  );
  const run = await caller.transact(async (ctx) => {
    await saveGroup(ctx, incident, { kind: "everyone", leaveOutTests: true }, ["email"]);
    return startScope(ctx, incident, ["read_all_orders"]);
  });
  await workRun(withStore(made, seed), run);
  const view = await caller.transact((ctx) => readLatestRun(ctx, incident));
  const people = await caller.transact(async (ctx) => {
    const rows = await ctx.db.affectedPerson.findMany({ where: { runId: run } });
    const opened = await openMany<PersonData>(ctx, "affected_person", rows, "test", run);
    return rows.map((row, index) => ({ ...row, ...opened[index]! }));
  });
  return { view: view!, people };
}

function shape(
  people: { customerId: bigint | number | null; email: string | null; records: number }[],
): string[] {
  return people
    .map((person) => `${person.customerId ?? "guest"}|${person.email ?? ""}|${person.records}`)
    .toSorted();
}

test("people equal the brute-force answer; the order of lines changes nothing; nobody is dropped", async () => {
  await fc.assert(
    fc.asyncProperty(store, async (made) => {
      const first = await find(made, made.seed);
      const second = await find(made, made.seed + 77);
      const orders = made.orders
        .filter((order) => !order.test)
        .map((order) => ({ ...order, createdAt: "2026-02-01T00:00:00Z" })) as unknown as OrderRecord[];
      const customers = made.customers as unknown as CustomerRecord[];
      const expected = findPeople(customers, orders, (index) => customers[index]!);
      expect(first.view.state).toBe("ready");
      // Which of two customers at one address a guest is counted with decides nothing; how many people, and where they are written to, does.
      const addresses = (people: { email: string | null }[]) =>
        people.map(({ email }) => email ?? "").toSorted();
      expect(addresses(first.people)).toEqual(addresses(expected));
      expect(first.people.reduce((sum, person) => sum + person.records, 0)).toBe(
        customers.length + orders.length,
      );
      expect(first.view.people! + first.view.merged!).toBe(first.view.rowsMatched);
      expect(second.view.listSha256).toBe(first.view.listSha256);
      expect(shape(second.people)).toEqual(shape(first.people));
    }),
    { numRuns: 30, examples: [[twoGuestAddressesAtOneMoment]] },
  );
}, 180_000);
