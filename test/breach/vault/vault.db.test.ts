import { createSecretKey, randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Caller } from "../../../app/breach/ports.ts";
import {
  createShopKey,
  eraseShop,
  hashKeyed,
  open,
  openMany,
  openSecret,
  openShopKey,
  seal,
} from "../../../app/breach/vault/vault.server.ts";
import { openJoint, shopA, shopB } from "../../joint.ts";
import type { Joint } from "../../joint.ts";

let joint: Joint;
let a: Caller;
let b: Caller;

beforeAll(async () => {
  joint = await openJoint();
  a = await joint.caller(shopA);
  b = await joint.caller(shopB);
});
afterAll(() => joint.close());

test("a sealed value opens only for its shop, table and row", () => {
  const sealed = seal(a, "affected_person", "1", { email: "ana@example.com" });
  expect(openSecret(a, "affected_person", "1", sealed)).toEqual({ email: "ana@example.com" });
  expect(Buffer.from(sealed).includes("ana@example.com")).toBe(false);
  for (const wrong of [
    () => openSecret(b, "affected_person", "1", sealed),
    () => openSecret(a, "session", "1", sealed),
    () => openSecret(a, "affected_person", "2", sealed),
  ])
    expect(wrong).toThrow();
});

test("one changed bit anywhere is noticed", () => {
  const sealed = seal(a, "t", "1", "some text of a customer");
  for (let index = 0; index < sealed.length; index += 1) {
    const changed = Uint8Array.from(sealed);
    changed[index]! ^= 1;
    expect(() => openSecret(a, "t", "1", changed)).toThrow();
  }
});

test("the same value sealed twice looks different, and hashes the same for one shop only", () => {
  expect(Buffer.from(seal(a, "t", "1", "x")).equals(Buffer.from(seal(a, "t", "1", "x")))).toBe(false);
  expect(hashKeyed(a, "email", "x").equals(hashKeyed(a, "email", "x"))).toBe(true);
  expect(hashKeyed(a, "email", "x").equals(hashKeyed(b, "email", "x"))).toBe(false);
  expect(hashKeyed(a, "email", "x").equals(hashKeyed(a, "phone", "x"))).toBe(false);
});

test("a shop's key opens only with the master key and shop it was made for", () => {
  const master = createSecretKey(randomBytes(32));
  const wrapped = createShopKey(master, "one.myshopify.com");
  expect(openShopKey(master, "one.myshopify.com", wrapped).seal.type).toBe("secret");
  expect(() => openShopKey(master, "two.myshopify.com", wrapped)).toThrow();
  expect(() => openShopKey(createSecretKey(randomBytes(32)), "one.myshopify.com", wrapped)).toThrow();
});

test("every opening of personal data is in the access log, with who, why and how many", async () => {
  const sealed = seal(a, "affected_person", "1", "x");
  await a.transact(async (ctx) => {
    await open(ctx, "affected_person", "1", sealed, "reveal");
    await openMany(ctx, "affected_person", [{ id: "1", sealed }], "list", "run:1");
  });
  const log = await a.transact((ctx) => ctx.db.accessLog.findMany({ orderBy: { at: "asc" } }));
  expect(log.map(({ purpose, rows, actor }) => ({ purpose, rows, actor }))).toEqual([
    { purpose: "reveal", rows: 1, actor: a.actor },
    { purpose: "list", rows: 1, actor: a.actor },
  ]);
});

test("an erased shop has no key any more, and gets a new one when it returns", async () => {
  const sealed = seal(b, "t", "1", "x");
  await b.transact(eraseShop);
  expect(await joint.registry.find(shopB.domain)).toBeNull();
  const { keys } = await joint.registry.ensure(shopB.domain);
  expect(() => openSecret({ shop: { id: shopB.domain }, keys }, "t", "1", sealed)).toThrow();
});
