/**
 * Webhooks are verified here and not by Shopify's library, which renews the shop's token first and answers 500 when that fails: after an
 * uninstall it must fail, and these are the very webhooks that must not be lost.
 * https://shopify.dev/docs/apps/build/webhooks/subscribe/https
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { Caller, Context } from "./breach/ports.ts";
import { receiveOnce } from "./breach/support/support.server.ts";
import { findCaller } from "./context.server.ts";
import { env } from "./env.server.ts";

const maxBytes = 5 * 1024 * 1024;
const shopDomain = /^[a-z0-9][a-z0-9-]*\.myshopify\.com$/;

export type Webhook = {
  shop: string;
  topic: string;
  webhookId: string;
  triggeredAt: Date | null;
  payload: unknown;
};

function isSigned(body: Buffer, signature: string, secret: string): boolean {
  const expected = createHmac("sha256", secret).update(body).digest();
  const given = Buffer.from(signature, "base64");
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** Throws a Response: 405 for other methods, 400 for missing headers, 413 for too much, 401 for a wrong signature. */
export async function readWebhook(request: Request, secret: string): Promise<Webhook> {
  if (request.method !== "POST") throw new Response(null, { status: 405, headers: { allow: "POST" } });
  const header = (name: string) => request.headers.get(`x-shopify-${name}`) ?? "";
  const shop = header("shop-domain");
  const topic = header("topic").toLowerCase();
  const webhookId = header("webhook-id");
  const signature = header("hmac-sha256");
  if (
    !shopDomain.test(shop) ||
    topic === "" ||
    webhookId === "" ||
    webhookId.length > 200 ||
    signature === ""
  )
    throw new Response(null, { status: 400 });
  const body = Buffer.from(await request.arrayBuffer());
  if (body.length > maxBytes) throw new Response(null, { status: 413 });
  if (!isSigned(body, signature, secret)) throw new Response(null, { status: 401 });
  const triggered = z.iso.datetime({ offset: true }).safeParse(header("triggered-at"));
  let payload: unknown = null;
  try {
    payload = JSON.parse(body.toString());
  } catch {
    // Signed, so it is Shopify's; a topic that needs the payload refuses it by its own schema.
  }
  return {
    shop,
    topic,
    webhookId,
    triggeredAt: triggered.success ? new Date(triggered.data) : null,
    payload,
  };
}

/**
 * Verifies a webhook and does its work once, in one transaction with the receipt, then answers 200. A shop that is not (or no longer) known
 * has nothing here to act on: 200 too. A failure of ours is a 500, so that Shopify delivers again.
 */
export async function answerWebhook(
  request: Request,
  topics: readonly string[],
  work: (ctx: Context, webhook: Webhook) => Promise<void>,
): Promise<Response> {
  const webhook = await readWebhook(request, env().SHOPIFY_API_SECRET);
  if (!topics.includes(webhook.topic)) return new Response(null, { status: 404 });
  const caller: Caller | null = await findCaller(webhook.shop, { kind: "shopify", topic: webhook.topic });
  if (caller !== null)
    await caller.transact(async (ctx) => {
      if (await receiveOnce(ctx, webhook)) await work(ctx, webhook);
    });
  return new Response(null, { status: 200 });
}
