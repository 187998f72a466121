/** Webhooks to the app, signed, at the paths of its own subscriptions. */
import { createHmac, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { apiVersion } from "./schema.ts";

const usualPaths: Record<string, string> = {
  "app/uninstalled": "/webhooks/app/uninstalled",
  "app/scopes_update": "/webhooks/app/scopes_update",
  "bulk_operations/finish": "/webhooks/bulk",
  "customers/data_request": "/webhooks/compliance",
  "customers/redact": "/webhooks/compliance",
  "shop/redact": "/webhooks/compliance",
};

/** Topic → path, from the `[[webhooks.subscriptions]]` blocks of shopify.app.toml; the usual paths when there is no such file. */
export function readSubscriptions(toml: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const block of toml.split(/^\s*\[\[webhooks\.subscriptions\]\]\s*$/m).slice(1)) {
    const own = block.split(/^\s*\[/m)[0]!.replace(/^\s*#.*$/gm, "");
    const uri = /^\s*uri\s*=\s*"([^"]+)"/m.exec(own)?.[1];
    const topics = [...own.matchAll(/^\s*(?:compliance_)?topics\s*=\s*\[([^\]]*)\]/gm)].flatMap((list) =>
      [...list[1]!.matchAll(/"([^"]+)"/g)].map((topic) => topic[1]!),
    );
    for (const topic of topics) if (uri) found[topic] = uri;
  }
  return found;
}

function loadSubscriptions(): Record<string, string> {
  try {
    return readSubscriptions(readFileSync(new URL("../../../shopify.app.toml", import.meta.url), "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return usualPaths;
    throw error;
  }
}

export type SendOptions = { webhookId?: string; badHmac?: boolean };
export type Webhooks = {
  send(shop: string, topic: string, payload: unknown, options?: SendOptions): Promise<{ status: number }>;
  /** Sends in the background, after a while; nobody waits for it. */
  post(shop: string, topic: string, payload: unknown, delayMs?: number): void;
  close(): Promise<void>;
};

const mostTries = 5;
const answerWithinMs = 5000;

export function createWebhooks(appOrigin: string, apiSecret: string, now: () => Date): Webhooks {
  const timers = new Set<NodeJS.Timeout>();
  const running = new Set<Promise<unknown>>();
  const closing = new AbortController();

  function later(ms: number, act: () => Promise<unknown>): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      const task = act().finally(() => running.delete(task));
      running.add(task);
    }, ms);
    timer.unref();
    timers.add(timer);
  }

  async function attempt(
    shop: string,
    topic: string,
    body: string,
    id: string,
    event: string,
    badHmac: boolean,
  ): Promise<number> {
    const path = loadSubscriptions()[topic];
    if (!path) return 0;
    const secret = badHmac ? `${apiSecret}x` : apiSecret;
    try {
      const response = await fetch(new URL(path, appOrigin), {
        method: "POST",
        body,
        // Shopify counts a redirect as a failure.
        redirect: "manual",
        signal: AbortSignal.any([closing.signal, AbortSignal.timeout(answerWithinMs)]),
        headers: {
          "content-type": "application/json",
          "user-agent": "Shopify-Captain-Hook",
          "x-shopify-topic": topic,
          "x-shopify-shop-domain": shop,
          "x-shopify-api-version": apiVersion,
          "x-shopify-webhook-id": id,
          "x-shopify-event-id": event,
          "x-shopify-triggered-at": now().toISOString(),
          "x-shopify-hmac-sha256": createHmac("sha256", secret).update(body).digest("base64"),
        },
      });
      await response.arrayBuffer();
      return response.status;
    } catch {
      return 0;
    }
  }

  async function send(
    shop: string,
    topic: string,
    payload: unknown,
    options: SendOptions = {},
  ): Promise<{ status: number }> {
    const body = JSON.stringify(payload);
    const id = options.webhookId ?? randomUUID();
    const event = randomUUID();
    const deliver = async (tries: number): Promise<number> => {
      const status = await attempt(shop, topic, body, id, event, options.badHmac ?? false);
      const taken = status >= 200 && status < 300;
      if (!taken && !options.badHmac && tries < mostTries && !closing.signal.aborted) {
        later(500 * 3 ** (tries - 1), () => deliver(tries + 1));
      }
      return status;
    };
    return { status: await deliver(1) };
  }

  return {
    send,
    post: (shop, topic, payload, delayMs = 0) => later(delayMs, () => send(shop, topic, payload)),
    async close() {
      closing.abort();
      for (const timer of timers) clearTimeout(timer);
      await Promise.all(running);
    },
  };
}
