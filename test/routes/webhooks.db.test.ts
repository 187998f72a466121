import { createHmac, randomBytes } from "node:crypto";
import { Session } from "@shopify/shopify-api";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { listIncidents } from "../../app/breach/incident/incident.server.ts";
import { readTimeline } from "../../app/breach/evidence/evidence.server.ts";
import { readNotice, sendNotice } from "../../app/breach/notice/notice.server.ts";
import type { Caller } from "../../app/breach/ports.ts";
import { openJoint, shopA } from "../joint.ts";
import type { Joint } from "../joint.ts";
import { approveLetter, declare, findAndConfirm, setUp } from "../prepare.ts";

const secret = randomBytes(24).toString("hex");
let joint: Joint;
let caller: Caller;
let actions: Record<string, (args: { request: Request }) => Promise<Response>>;

beforeAll(async () => {
  joint = await openJoint();
  caller = await joint.caller(shopA);
  Object.assign(process.env, {
    DATABASE_URL: joint.url,
    CANDOR_MASTER_KEY: joint.masterKey,
    SHOPIFY_API_KEY: "9f2c4d6e8a0b1c3d5e7f90a1b2c3d4e5",
    SHOPIFY_API_SECRET: secret,
    SHOPIFY_APP_URL: "http://127.0.0.1:9",
    CANDOR_LOG_LEVEL: "silent",
  });
  const load = async (name: string) =>
    (await import(`../../app/routes/webhooks.${name}.tsx`)) as { action: never };
  actions = {
    "app/uninstalled": (await load("app.uninstalled")).action,
    "app/scopes_update": (await load("app.scopes_update")).action,
    "bulk_operations/finish": (await load("bulk")).action,
    "customers/redact": (await load("compliance")).action,
    "customers/data_request": (await load("compliance")).action,
    "shop/redact": (await load("compliance")).action,
  };
});
afterAll(async () => {
  const { queue } = await import("../../app/jobs.server.ts");
  await (await queue()).stop({ graceful: false });
  const { database } = await import("../../app/db.server.ts");
  await database().close();
  await joint.close();
});

type Sent = { id?: string; hmac?: string; body?: string; headers?: Record<string, string>; method?: string };

async function deliver(topic: string, payload: unknown, sent: Sent = {}): Promise<number> {
  const body = sent.body ?? JSON.stringify(payload);
  const headers: Record<string, string> = {
    "x-shopify-topic": topic,
    "x-shopify-shop-domain": shopA.domain,
    "x-shopify-api-version": "2026-10",
    "x-shopify-webhook-id": sent.id ?? randomBytes(8).toString("hex"),
    "x-shopify-triggered-at": new Date(Date.now() + 1000).toISOString(),
    "x-shopify-hmac-sha256": sent.hmac ?? createHmac("sha256", secret).update(body).digest("base64"),
    ...sent.headers,
  };
  const method = sent.method ?? "POST";
  const request = new Request("http://localhost/webhooks", {
    method,
    headers,
    ...(method === "POST" ? { body } : {}),
  });
  try {
    return (await actions[topic]!({ request })).status;
  } catch (error) {
    if (error instanceof Response) return error.status;
    throw error;
  }
}

/** An offline token that has run out, and a Shopify that would refuse to renew it. */
async function storeExpiredSession(): Promise<void> {
  joint.shopify.setFault(shopA.domain, "refresh-refused");
  await joint.sessions.storeSession(
    new Session({
      id: `offline_${shopA.domain}`,
      shop: shopA.domain,
      state: "",
      isOnline: false,
      accessToken: "shpat_expired",
      expires: new Date(Date.now() - 3_600_000),
      refreshToken: "shprt_dead",
      refreshTokenExpires: new Date(Date.now() - 1000),
    }),
  );
}

async function countEvents(type: string): Promise<number> {
  return (await caller.transact((ctx) => readTimeline(ctx, "shop", null, 200))).filter(
    (event) => event.type === type,
  ).length;
}

describe("what is refused", () => {
  test.each([
    ["a wrong signature", { hmac: createHmac("sha256", "other").update("{}").digest("base64") }, 401],
    ["a short signature", { hmac: "AAAA" }, 401],
    ["a signature in hex", { hmac: createHmac("sha256", secret).update("{}").digest("hex") }, 401],
    [
      "a body changed after signing",
      { body: "{ }", hmac: createHmac("sha256", secret).update("{}").digest("base64") },
      401,
    ],
    ["a missing webhook id", { headers: { "x-shopify-webhook-id": "" } }, 400],
    ["a shop that is no shop", { headers: { "x-shopify-shop-domain": "evil.example" } }, 400],
    ["GET", { method: "GET" }, 405],
  ] satisfies [string, Sent, number][])("%s", async (_what, sent, status) => {
    expect(await deliver("app/uninstalled", {}, sent)).toBe(status);
    expect(await deliver("shop/redact", {}, sent)).toBe(status);
  });

  test("a topic at the wrong address", async () => {
    expect(await deliver("app/uninstalled", {}, { headers: { "x-shopify-topic": "shop/redact" } })).toBe(404);
  });

  test("a shop that never installed the app has nothing to act on", async () => {
    expect(
      await deliver("shop/redact", {}, { headers: { "x-shopify-shop-domain": "stranger.myshopify.com" } }),
    ).toBe(200);
  });
});

describe("what is done", () => {
  beforeEach(storeExpiredSession);

  test("a webhook delivered a hundred times at once has one effect", async () => {
    const before = await countEvents("privacy.requested");
    const statuses = await Promise.all(
      Array.from({ length: 100 }, () =>
        deliver("customers/data_request", { customer: { id: 1 } }, { id: "same-id" }),
      ),
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(await countEvents("privacy.requested")).toBe(before + 1);
  });

  test("erasure waits until the person was told, and is done at once for one who was", async () => {
    await setUp(caller, joint.smtpPort);
    const incident = await declare(caller);
    const run = await findAndConfirm(caller, incident, { kind: "everyone", leaveOutTests: true });
    const person = await caller.transact((ctx) =>
      ctx.db.affectedPerson.findFirstOrThrow({
        where: { runId: run, customerId: { not: null }, emailHash: { not: null } },
      }),
    );
    expect(await deliver("customers/redact", { customer: { id: Number(person.customerId) } })).toBe(200);
    const held = await caller.transact((ctx) =>
      ctx.db.privacyRequest.findFirstOrThrow({ where: { doneAt: null } }),
    );
    expect(held.outcome).toMatchObject({ done: "held", people: 1 });

    const notice = await approveLetter(caller, incident);
    await caller.transact((ctx) => sendNotice(ctx, incident, notice));
    const { dispatchNotice } = await import("../../app/breach/notice/notice.server.ts");
    await dispatchNotice(caller, notice);
    expect((await caller.transact((ctx) => readNotice(ctx, incident, notice))).state).toBe("finished");
    const { advanceAll } = await import("../../app/breach/checklist/checklist.server.ts");
    await caller.transact(advanceAll);
    const after = await caller.transact((ctx) =>
      ctx.db.affectedPerson.findUniqueOrThrow({ where: { id: person.id } }),
    );
    expect(after.customerId).toBeNull();
    expect(Buffer.from(after.emailHash!).equals(Buffer.from(person.emailHash!))).toBe(true);
    expect(await caller.transact((ctx) => ctx.db.privacyRequest.count({ where: { doneAt: null } }))).toBe(0);
  });

  test("the merchant's change of permissions is kept", async () => {
    expect(await deliver("app/scopes_update", { current: ["read_customers"], previous: [] })).toBe(200);
    const shop = await caller.transact((ctx) =>
      ctx.db.shop.findUniqueOrThrow({ where: { id: shopA.domain } }),
    );
    expect(shop.grantedScopes).toEqual(["read_customers"]);
  });

  test("uninstalling with a token that cannot be renewed still answers 200, ends sessions and stops sends", async () => {
    const incident = await declare(caller);
    await setUp(caller, joint.smtpPort);
    await findAndConfirm(caller, incident, {
      kind: "orders",
      from: "2026-11-01",
      to: "2026-11-20",
      leaveOutTests: true,
    });
    const notice = await approveLetter(caller, incident);
    await caller.transact((ctx) => sendNotice(ctx, incident, notice));
    expect(await deliver("app/uninstalled", {})).toBe(200);
    expect(await caller.transact((ctx) => readNotice(ctx, incident, notice))).toMatchObject({
      state: "paused",
      pauseReason: "uninstalled",
    });
    expect(await joint.sessions.findSessionsByShop(shopA.domain)).toEqual([]);
    expect(await countEvents("app.uninstalled")).toBe(1);
    // Nothing keeps knocking at a store that is gone.
    const { advanceAll } = await import("../../app/breach/checklist/checklist.server.ts");
    await caller.transact(advanceAll);
    expect(await joint.database.dueIncidents(100)).toEqual([]);
  });

  test("a late uninstall from before the store came back is ignored", async () => {
    await caller.transact((ctx) =>
      ctx.db.shop.update({
        where: { id: shopA.domain },
        data: { uninstalledAt: null, installedAt: new Date() },
      }),
    );
    await deliver(
      "app/uninstalled",
      {},
      { headers: { "x-shopify-triggered-at": new Date(Date.now() - 3_600_000).toISOString() } },
    );
    expect(await joint.sessions.findSessionsByShop(shopA.domain)).toHaveLength(1);
  });

  test("shop/redact makes everything personal unreadable and answers 200 again when repeated", async () => {
    expect((await caller.transact(listIncidents)).length).toBeGreaterThan(0);
    expect(await deliver("app/uninstalled", {})).toBe(200);
    expect(await deliver("shop/redact", {})).toBe(200);
    expect(await joint.registry.find(shopA.domain)).toBeNull();
    expect(await deliver("shop/redact", {})).toBe(200);
  });
});
