import { Session } from "@shopify/shopify-api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { shopOfSession } from "../app/sessions.server.ts";
import { openJoint, shopA, shopB } from "./joint.ts";
import type { Joint } from "./joint.ts";

let joint: Joint;
beforeAll(async () => {
  joint = await openJoint();
});
afterAll(() => joint.close());

const offline = new Session({
  id: `offline_${shopA.domain}`,
  shop: shopA.domain,
  state: "",
  isOnline: false,
  scope: "read_customers,read_orders",
  accessToken: "shpat_offline_token",
  expires: new Date("2026-11-23T13:00:00.000Z"),
  refreshToken: "shprt_refresh_token",
  refreshTokenExpires: new Date("2027-02-21T12:00:00.000Z"),
});
const online = new Session({
  id: `${shopA.domain}_901`,
  shop: shopA.domain,
  state: "",
  isOnline: true,
  accessToken: "shpat_online_token",
  expires: new Date("2026-11-24T12:00:00.000Z"),
  onlineAccessInfo: {
    expires_in: 86_400,
    associated_user_scope: "read_orders",
    associated_user: {
      id: 901,
      first_name: "Robin",
      last_name: "Ahlers",
      email: "robin@shop.example",
      email_verified: true,
      account_owner: true,
      locale: "en",
      collaborator: false,
    },
  },
});

test("a session comes back as it was stored, dates and staff member included", async () => {
  for (const session of [offline, online]) {
    expect(await joint.sessions.storeSession(session)).toBe(true);
    const loaded = await joint.sessions.loadSession(session.id);
    expect(loaded?.toObject()).toEqual(session.toObject());
    expect(loaded?.equals(session)).toBe(true);
  }
  expect(
    (await joint.sessions.findSessionsByShop(shopA.domain)).map((session) => session.id).toSorted(),
  ).toEqual([online.id, offline.id].toSorted());
  expect(await joint.sessions.findSessionsByShop(shopB.domain)).toEqual([]);
});

test("no token, name or address lies in the table in readable form", async () => {
  const rows = await joint.database.transact(
    shopA.domain,
    (db) => db.$queryRaw<object[]>`SELECT session::text AS text FROM session`,
  );
  const text = JSON.stringify(rows);
  const bytes = await joint.database.transact(shopA.domain, (db) => db.session.findMany());
  for (const secret of ["shpat_", "shprt_", "Robin", "Ahlers", "robin@shop.example"]) {
    expect(text).not.toContain(secret);
    for (const row of bytes) expect(Buffer.from(row.sealed).includes(secret)).toBe(false);
  }
});

test("ids that are not Shopify's meet nothing, and a session of another shop is not stored under this one's id", async () => {
  for (const id of [
    "offline_evil.example",
    "offline_",
    "x",
    `offline_${shopA.domain}' OR 1=1`,
    `${shopA.domain}_abc`,
  ]) {
    expect(shopOfSession(id)).toBeNull();
    expect(await joint.sessions.loadSession(id)).toBeUndefined();
  }
  const forged = new Session({ ...offline.toObject(), shop: shopB.domain });
  expect(await joint.sessions.storeSession(forged)).toBe(false);
});

test("a deleted session is gone", async () => {
  await joint.sessions.deleteSession(online.id);
  expect(await joint.sessions.loadSession(online.id)).toBeUndefined();
  await joint.sessions.deleteSessions([offline.id, "nonsense"]);
  expect(await joint.sessions.findSessionsByShop(shopA.domain)).toEqual([]);
});
