import { describe, expect, test } from "vitest";
import { createRecords, generate, type StoreSize } from "./generator.ts";

const shop: StoreSize = {
  domain: "candor-demo.myshopify.com",
  timeZone: "Europe/Berlin",
  countryCode: "DE",
  customers: 2000,
  orders: 5000,
  seed: 7,
  anchor: "2026-11-23T00:00:00.000Z",
};
const customers = [...generate(shop).customers()];
const orders = [...generate(shop).orders()];
const keyOf = (email: string) => email.trim().normalize("NFC").toLowerCase();

test("the same seed gives the same shop, another seed another one", () => {
  expect([...generate(shop).customers()]).toEqual(customers);
  expect([...generate(shop).orders()]).toEqual(orders);
  expect([...generate({ ...shop, seed: 8 }).customers()]).not.toEqual(customers);
});

test("any record can be made on its own, also in a shop of a million", () => {
  const records = createRecords(shop);
  for (const index of [0, 199, 1234, 1999]) expect(records.customerAt(index)).toEqual(customers[index]);
  for (const index of [0, 77, 4999]) expect(records.orderAt(index)).toEqual(orders[index]);
  const large = createRecords({ ...shop, customers: 1_000_000, orders: 2_000_000 });
  expect(large.customerAt(999_999).id).toBe(large.customerId(999_999));
  expect(large.orderAt(1_999_999).name).toBe("#2001000");
  const owner = Array.from({ length: 50 }, (_, i) => large.orderAt(i)).find(
    (order) => order.customer !== null,
  )!;
  expect(large.ordersOf(owner.customer!)).toContain(owner.index);
});

test("customers and orders agree with each other", () => {
  const counted = new Map<number, number>();
  for (const order of orders)
    if (order.customer !== null) counted.set(order.customer, (counted.get(order.customer) ?? 0) + 1);
  for (const customer of customers) {
    expect(customer.numberOfOrders).toBe(counted.get(customer.index) ?? 0);
    if (customer.numberOfOrders > 0) {
      const first = orders.find((order) => order.customer === customer.index)!;
      expect(customer.createdAt <= first.createdAt).toBe(true);
    }
  }
});

test("orders stand in time order, and the search for an instant finds the first at or after it", () => {
  const times = orders.map((order) => order.createdAt);
  expect(times).toEqual([...times].sort());
  const records = createRecords(shop);
  for (const index of [1, 500, 2500, 4998]) {
    const instant = Date.parse(times[index]!);
    expect(records.firstOrderFrom(instant)).toBe(times.indexOf(times[index]!));
    expect(records.firstOrderFrom(instant + 1)).toBe(times.lastIndexOf(times[index]!) + 1);
  }
});

describe("the mess of a real store", () => {
  const between = (count: number, low: number, high: number) => {
    expect(count).toBeGreaterThanOrEqual(low);
    expect(count).toBeLessThanOrEqual(high);
  };

  test("places: 40 countries and every US state", () => {
    const countries = new Set(customers.map((customer) => customer.address?.countryCode));
    const states = new Set(
      customers.filter((c) => c.address?.countryCode === "US").map((c) => c.address!.provinceCode),
    );
    expect(countries.size).toBeGreaterThan(40);
    expect(states.size).toBeGreaterThanOrEqual(51);
  });

  test("people without e-mail, without any contact, with a broken e-mail, without an address", () => {
    between(customers.filter((c) => c.email === null && c.phone !== null).length, 40, 140);
    between(customers.filter((c) => c.email === null && c.phone === null).length, 15, 80);
    between(customers.filter((c) => c.email !== null && !c.emailValid).length, 10, 60);
    between(customers.filter((c) => c.address === null).length, 60, 200);
  });

  test("guest orders, also of people who are customers; till orders; test and cancelled orders", () => {
    const known = new Set(customers.flatMap((c) => (c.email === null ? [] : [keyOf(c.email)])));
    const guests = orders.filter((order) => order.customer === null && order.sourceName !== "pos");
    between(guests.length, 900, 1100);
    between(guests.filter((order) => order.email !== null && known.has(keyOf(order.email))).length, 200, 450);
    between(
      orders.filter((o) => o.sourceName === "pos" && o.customer === null && o.email === null).length,
      250,
      350,
    );
    between(orders.filter((order) => order.test).length, 30, 130);
    between(orders.filter((order) => order.cancelledAt !== null).length, 80, 230);
  });

  test("one mailbox under several spellings, and customers entered twice", () => {
    const spellings = new Map<string, Set<string>>();
    for (const { email } of [...customers, ...orders]) {
      if (email === null) continue;
      spellings.set(keyOf(email), (spellings.get(keyOf(email)) ?? new Set()).add(email));
    }
    expect([...spellings.values()].filter((set) => set.size > 1).length).toBeGreaterThan(150);
    const all = [...spellings.values()].flatMap((set) => [...set]);
    expect(all.some((email) => email !== email.trim())).toBe(true);
    expect(all.some((email) => email !== email.normalize("NFC"))).toBe(true);
    expect(all.some((email) => email !== email.toLowerCase())).toBe(true);
    const keys = customers.flatMap((c) => (c.email !== null && c.emailValid ? [keyOf(c.email)] : []));
    between(keys.length - new Set(keys).size, 5, 10);
  });

  test("many scripts", () => {
    const text = customers.map((c) => `${c.firstName}${c.lastName}`).join("");
    for (const script of [
      "Latin",
      "Cyrillic",
      "Greek",
      "Arabic",
      "Hebrew",
      "Han",
      "Hiragana",
      "Hangul",
      "Devanagari",
      "Thai",
    ]) {
      expect(text).toMatch(new RegExp(`\\p{Script=${script}}`, "u"));
    }
    expect(text).toMatch(/\p{Extended_Pictographic}/u);
    expect(customers.some((c) => (c.lastName ?? "").length > 150)).toBe(true);
    expect(customers.some((c) => c.firstName === null && c.lastName === null)).toBe(true);
  });

  test("nobody real: every well-formed address lies under a reserved name", () => {
    for (const { email, emailValid } of customers) {
      if (emailValid) expect(email).toMatch(/@(example\.(com|org|net)|.+\.(example|test))\s*$/i);
    }
    for (const { email } of orders) {
      if (email?.includes("@"))
        expect(email).toMatch(
          /(example[.,]{1,2}(com|org|net)|\.(example|test))\s*$|@example\s*$|@\s*$|^\s*@/i,
        );
    }
  });

  test.each(["Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kolkata"])(
    "orders on and one second before midnight in %s",
    (timeZone) => {
      const clock = new Intl.DateTimeFormat("en-GB", {
        timeZone,
        hour: "2-digit",
        minute: "2-digit",
        second: "2-digit",
        hourCycle: "h23",
      });
      const times = [...generate({ ...shop, timeZone }).orders()].map((order) =>
        clock.format(Date.parse(order.createdAt)),
      );
      expect(times.filter((time) => time === "00:00:00").length).toBeGreaterThan(20);
      expect(times.filter((time) => time === "23:59:59").length).toBeGreaterThan(20);
    },
  );
});
