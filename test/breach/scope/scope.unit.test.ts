import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exportQuery, placedFilter } from "../../../app/adapters/admin-api.server.ts";
import { splitLines } from "../../../app/adapters/bulk-export.server.ts";
import {
  criteriaSchema,
  invisibleBefore,
  progressOf,
  windowOfDays,
} from "../../../app/breach/scope/scope.ts";
import { sightOrder } from "../../../app/breach/scope/sighting.ts";

const zones = [
  "Europe/Berlin",
  "America/New_York",
  "Australia/Lord_Howe",
  "Asia/Kathmandu",
  "America/Sao_Paulo",
  "UTC",
  "Pacific/Apia",
];

describe("days of the store", () => {
  test.each([
    // 2026-03-29 has 23 hours in Berlin, 2026-10-25 has 25 (Directive 2000/84/EC).
    ["2026-03-29", "2026-03-29", "Europe/Berlin", "2026-03-28T23:00:00.000Z", "2026-03-29T22:00:00.000Z"],
    ["2026-10-25", "2026-10-25", "Europe/Berlin", "2026-10-24T22:00:00.000Z", "2026-10-25T23:00:00.000Z"],
    ["2026-08-15", "2026-09-15", "America/New_York", "2026-08-15T04:00:00.000Z", "2026-09-16T04:00:00.000Z"],
    // The clock in São Paulo once skipped midnight: 2018-11-04 began at 01:00.
    ["2018-11-04", "2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00:00.000Z", "2018-11-05T02:00:00.000Z"],
  ])("%s to %s in %s", (from, to, zone, start, end) => {
    const window = windowOfDays(from, to, zone);
    expect(window.from.toISOString()).toBe(start);
    expect(window.to.toISOString()).toBe(end);
  });

  test("an instant lies in the window exactly when a wall clock shows one of its days", () => {
    const day = fc
      .integer({ min: 0, max: 364 })
      .map((offset) => new Date(Date.UTC(2026, 0, 1 + offset)).toISOString().slice(0, 10));
    const property = fc.property(
      fc.constantFrom(...zones),
      day,
      day,
      fc.integer({ min: Date.UTC(2025, 11, 30), max: Date.UTC(2027, 0, 3) }),
      (zone, a, b, at) => {
        const [from, to] = a <= b ? [a, b] : [b, a];
        const window = windowOfDays(from, to, zone);
        const shown = new Intl.DateTimeFormat("en-CA", {
          timeZone: zone,
          year: "numeric",
          month: "2-digit",
          day: "2-digit",
        }).format(at);
        expect(at >= window.from.getTime() && at < window.to.getTime()).toBe(shown >= from && shown <= to);
      },
    );
    fc.assert(property, { numRuns: 2000 });
  });

  test("windows that follow each other leave no gap and no overlap", () => {
    for (const zone of zones)
      for (let offset = 0; offset < 365; offset += 1) {
        const dayAt = (n: number) => new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10);
        const today = windowOfDays(dayAt(offset), dayAt(offset), zone);
        expect(today.to.getTime()).toBe(
          windowOfDays(dayAt(offset + 1), dayAt(offset + 1), zone).from.getTime(),
        );
      }
  });
});

test("the query says the window and nothing else", () => {
  const placed = { from: new Date("2026-08-15T04:00:00Z"), to: new Date("2026-09-16T04:00:00Z") };
  expect(placedFilter(placed)).toBe(
    "created_at:>='2026-08-15T04:00:00.000Z' created_at:<'2026-09-16T04:00:00.000Z'",
  );
  expect(exportQuery({ kind: "orders", placed })).toContain(`orders(query: "${placedFilter(placed)}"`);
  expect(exportQuery({ kind: "orders" })).toContain('orders(query: ""');
  expect(exportQuery({ kind: "customers" })).not.toContain("__FILTER__");
});

test("a window that ends before it begins is refused, with the field", () => {
  const result = criteriaSchema.safeParse({
    kind: "orders",
    from: "2026-02-02",
    to: "2026-02-01",
    leaveOutTests: true,
  });
  expect(result.error?.issues[0]).toMatchObject({ path: ["to"], message: "reversed" });
});

test("without read_all_orders nothing older than sixty days is visible", () => {
  const now = new Date("2026-11-23T12:00:00Z");
  expect(invisibleBefore(["read_orders"], now)?.toISOString()).toBe("2026-09-24T12:00:00.000Z");
  expect(invisibleBefore(["read_orders", "read_all_orders"], now)).toBeNull();
});

test("lines survive any chunking", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: "grapheme", minLength: 1 }).filter((text) => !text.includes("\n"))),
      fc.boolean(),
      fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
      async (texts, endsInNewline, sizes) => {
        const bytes = Buffer.from(texts.join("\n") + (endsInNewline ? "\n" : ""));
        async function* chunks() {
          for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
            const size = sizes[turn % sizes.length]!;
            yield bytes.subarray(at, at + size);
            at += size;
          }
        }
        const seen: string[] = [];
        for await (const batch of splitLines(chunks())) seen.push(...batch.map((line) => line.toString()));
        expect(seen).toEqual(texts);
      },
    ),
  );
});

describe("residence", () => {
  const order = {
    id: "gid://shopify/Order/1",
    email: null,
    phone: "+4915155501234",
    createdAt: "2026-01-01T00:00:00Z",
    test: false,
    customerLocale: null,
    customer: null,
    shippingAddress: { countryCodeV2: "US", provinceCode: "CA" },
    billingAddress: { countryCodeV2: "FR", provinceCode: null },
  };
  test.each([
    ["shipping address first", {}, "US", "CA", 1],
    ["then billing address", { shippingAddress: null }, "FR", null, 2],
    ["then the phone's country", { shippingAddress: null, billingAddress: null }, "DE", null, 3],
    ["then nobody knows", { shippingAddress: null, billingAddress: null, phone: null }, null, null, 4],
    [
      "a shared prefix says nothing",
      { shippingAddress: null, billingAddress: null, phone: "+12025550101" },
      null,
      null,
      4,
    ],
  ] as const)("%s", (_what, change, country, region, residenceRank) => {
    expect(sightOrder({ ...order, ...change })).toMatchObject({ country, region, residenceRank });
  });
});

test("progress is said only when there is something to say", () => {
  const start = new Date("2026-01-01T00:00:00Z");
  expect(progressOf(0, 100, start, start)).toMatchObject({ ratePerSecond: null, secondsLeft: null });
  expect(progressOf(50, 100, start, new Date(start.getTime() + 10_000))).toMatchObject({
    ratePerSecond: 5,
    secondsLeft: 10,
  });
  expect(progressOf(100, 100, start, new Date(start.getTime() + 10_000))).toMatchObject({
    secondsLeft: null,
  });
});
