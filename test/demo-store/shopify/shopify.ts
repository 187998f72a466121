/**
 * A Shopify that runs on this machine, as far as an app's servers can see it: OAuth, the Admin API, bulk operations, webhooks.
 * The shop is named by the header `x-demo-shop`, or by the host when that is a myshopify.com name.
 */
import { createHmac } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { hashText } from "../generator/dice.ts";
import { createRecords } from "../generator.ts";
import { answerAdmin } from "./admin.ts";
import { type BulkDesk, createBulkDesk, createBulkFiles } from "./bulk.ts";
import { type Bucket, createBucket } from "./cost.ts";
import { createFaults, type Fault, isFault } from "./faults.ts";
import type { FieldContext } from "./fields.ts";
import { type CustomerNode, customerNode, displayNameOf, listCustomers, readPage } from "./listings.ts";
import { findMetafield } from "./metafields.ts";
import { createTokenDesk, writeIdToken } from "./oauth.ts";
import type { DemoShop, DemoShopify, DemoShopifyOptions, ListedCustomer, Staff } from "./options.ts";
import { apiVersion } from "./schema.ts";
import { openState } from "./state.ts";
import { firstVisibleOrder, type Store, takeId } from "./store.ts";
import { createWebhooks } from "./webhooks.ts";

export type { Fault, FaultKind } from "./faults.ts";
export type { DemoShop, DemoShopify, DemoShopifyOptions, ListedCustomer, Staff } from "./options.ts";

type Desk = { store: Store; bulk: BulkDesk; bucket: Bucket; primaryUrl: string };

const dayMs = 86_400_000;
const mostBodyBytes = 2_000_000;

export function createDemoShopify(options: DemoShopifyOptions): DemoShopify {
  const now = options.now ?? (() => new Date());
  const faults = createFaults();
  const state = openState(options.statePath);
  const webhooks = createWebhooks(options.appOrigin, options.apiSecret, now);
  const files = createBulkFiles(options.wireOrigin, faults, now);
  const tokens = createTokenDesk(options, faults, staffOf);
  const desks = new Map(options.shops.map((shop) => [shop.domain, openDesk(shop)]));
  state.save();

  function openDesk(shop: DemoShop): Desk {
    const id = 60_000_000_000 + hashText(shop.domain);
    const kept = state.read(shop.domain, () => ({
      installed: true,
      installationId: 700_000_000_000 + hashText(shop.domain),
      anchor: shop.anchor ?? new Date(Math.floor(now().getTime() / dayMs) * dayMs).toISOString(),
      scopes: [...options.scopes],
      metafields: [],
      access: {},
      refresh: {},
      nextId: 1,
    }));
    const anchor = shop.anchor ?? kept.anchor;
    const store: Store = {
      id,
      shop,
      records: createRecords({ ...shop, anchor }),
      state: kept,
      now,
      save: () => state.save(),
    };
    const desk: Desk = {
      store,
      bucket: createBucket(),
      primaryUrl: shop.storefrontUrl ?? `https://${shop.domain}`,
      bulk: createBulkDesk({
        shop: shop.domain,
        context: () => contextOf(desk),
        faults,
        files,
        rate: options.bulkRate ?? 20_000,
        leastMs: options.bulkRate === undefined ? 1500 : 0,
        // Never a number twice, even when the state file is thrown away between two runs of the app's database.
        nextNumber: () => Math.floor(Date.now() / 1000) * 1000 + (takeId(store) % 1000),
        finished(operation, delayMs) {
          const payload = {
            admin_graphql_api_id: operation.id,
            completed_at: operation.completedAt?.toISOString() ?? null,
            created_at: operation.createdAt.toISOString(),
            error_code: operation.errorCode?.toLowerCase() ?? null,
            status: operation.status.toLowerCase(),
            type: "query",
          };
          webhooks.post(shop.domain, "bulk_operations/finish", payload, delayMs);
        },
      }),
    };
    return desk;
  }

  function contextOf(desk: Desk): FieldContext {
    return {
      store: desk.store,
      bulk: desk.bulk,
      accessDenied: faults.has(desk.store.shop.domain, "access-denied"),
      primaryUrl: desk.primaryUrl,
    };
  }

  function deskOf(shop: string): Desk {
    const desk = desks.get(shop);
    if (!desk) throw new Error(`the demo store has no shop ${shop}`);
    return desk;
  }

  function staffOf(shop: string): Staff[] {
    const place = options.shops.findIndex(({ domain }) => domain === shop);
    if (place < 0) return [];
    const mail = `${shop.split(".")[0]}.example`;
    const people = [
      ["Robin", "Ahlers"],
      ["Mika", "Sato"],
    ] as const;
    return people.map(([firstName, lastName], index) => ({
      id: String(901 + index + 10 * place),
      firstName,
      lastName,
      email: `${firstName.toLowerCase()}@${mail}`,
      accountOwner: index === 0,
      locale: "en",
    }));
  }

  function changeScopes(shop: string, scopes: string[]): void {
    const { store } = deskOf(shop);
    const previous = store.state.scopes;
    if (scopes.join() === previous.join()) return;
    store.state.scopes = scopes;
    store.save();
    const payload = {
      id: store.state.installationId,
      previous,
      current: scopes,
      updated_at: now().toISOString(),
      shop_id: store.id,
    };
    webhooks.post(shop, "app/scopes_update", payload);
  }

  function listedCustomer(store: Store, node: CustomerNode): ListedCustomer {
    const { person } = node;
    const record = node.record();
    return {
      id: `gid://shopify/Customer/${record.id}`,
      displayName: displayNameOf(person),
      email: person.email,
      phone: person.phone,
      city: person.address?.city ?? null,
      provinceCode: person.address?.provinceCode ?? null,
      countryCode: person.address?.countryCode ?? null,
      numberOfOrders: store.records.countOrdersOf(node.index),
      createdAt: record.createdAt,
      tags: record.tags,
    };
  }

  function readTruth(store: Store, query: URLSearchParams): unknown {
    const { records, state: kept, shop } = store;
    const from = query.get("from");
    const to = query.get("to");
    const at = (text: string | null, otherwise: number) =>
      text === null ? otherwise : records.firstOrderFrom(Date.parse(text));
    return {
      shop: shop.domain,
      timeZone: shop.timeZone,
      seed: shop.seed,
      anchor: records.size.anchor,
      customers: records.size.customers,
      orders: records.size.orders,
      ordersVisible: records.size.orders - firstVisibleOrder(store),
      ordersInWindow: at(to, records.size.orders) - at(from, 0),
      installed: kept.installed,
      scopes: kept.scopes,
      metafields: kept.metafields.map(({ namespace, key, value }) => ({ namespace, key, value })),
      fault: faults.current(shop.domain),
    };
  }

  async function uninstall(shop: string): Promise<void> {
    const { store, bulk } = deskOf(shop);
    if (!store.state.installed) return;
    Object.assign(store.state, {
      installed: false,
      access: {},
      refresh: {},
      metafields: [],
      scopes: [...options.scopes],
    });
    bulk.stopAll();
    store.save();
    await webhooks.send(shop, "app/uninstalled", {
      id: store.id,
      name: store.shop.name,
      domain: shop,
      myshopify_domain: shop,
      iana_timezone: store.shop.timeZone,
      country_code: store.shop.countryCode,
    });
  }

  function reinstall(shop: string): void {
    const { store } = deskOf(shop);
    store.state.installed = true;
    store.save();
  }

  /** Levers for tests and for a person with curl; nothing of Shopify's. */
  async function pullLever(path: string, body: Record<string, unknown>): Promise<unknown> {
    const shop = String(body.shop ?? "");
    const scopes = () => (Array.isArray(body.scopes) ? body.scopes.map(String) : []);
    switch (path) {
      case "/__faults":
        if (body.fault !== null && !isFault(body.fault))
          throw new Error(`no such fault: ${JSON.stringify(body.fault)}`);
        deskOf(shop);
        faults.set(shop, body.fault);
        return { fault: faults.current(shop) };
      case "/__uninstall":
        await uninstall(shop);
        return { installed: false };
      case "/__reinstall":
        reinstall(shop);
        return { installed: true };
      case "/__scopes":
        changeScopes(shop, [...new Set(scopes())]);
        return { scopes: deskOf(shop).store.state.scopes };
      case "/__webhook":
        return webhooks.send(shop, String(body.topic), body.payload, {
          ...(typeof body.webhookId === "string" ? { webhookId: body.webhookId } : {}),
          badHmac: body.badHmac === true,
        });
      default:
        return null;
    }
  }

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    if (files.serve(req, res)) return;
    const url = new URL(req.url ?? "/", "http://wire");
    if (url.pathname === "/__truth") {
      reply(res, 200, readTruth(deskOf(url.searchParams.get("shop") ?? "").store, url.searchParams));
      return;
    }
    if (req.method === "POST" && url.pathname.startsWith("/__")) {
      const result = await pullLever(url.pathname, await readBody(req));
      reply(res, result === null ? 404 : 200, result ?? {});
      return;
    }

    const desk = desks.get(shopOf(req));
    if (!desk) {
      reply(res, 404, { errors: "Not Found" });
      return;
    }
    const { store } = desk;
    if (req.method === "POST" && url.pathname === "/admin/oauth/access_token") {
      const { status, body } = tokens.answer(store, await readBody(req));
      reply(res, status, body);
      return;
    }
    if (req.method === "POST" && url.pathname === `/admin/api/${apiVersion}/graphql.json`) {
      const body = await readBody(req);
      const token = req.headers["x-shopify-access-token"];
      if (typeof token !== "string" || !tokens.use(store, token)) {
        reply(res, 401, {
          errors: "[API] Invalid API key or access token (unrecognized login or wrong password)",
        });
        return;
      }
      const { domain } = store.shop;
      const slowBy = faults.seconds(domain, 3) * 1000;
      if (faults.strike(domain, "slow")) await sleep(slowBy);
      const request = {
        query: String(body.query ?? ""),
        variables: (body.variables ?? {}) as Record<string, unknown>,
        operationName: typeof body.operationName === "string" ? body.operationName : null,
      };
      reply(
        res,
        200,
        await answerAdmin(request, contextOf(desk), desk.bucket, faults.strike(domain, "throttled")),
        {
          "x-shopify-api-version": apiVersion,
        },
      );
      return;
    }
    reply(res, 404, { errors: "Not Found" });
  }

  return {
    handle(req, res) {
      answer(req, res).catch((error: unknown) => {
        if (res.headersSent) res.destroy();
        else reply(res, 400, { errors: error instanceof Error ? error.message : "Bad Request" });
      });
    },
    idToken: (shop, userId) => writeIdToken(options, shop, userId, now()),
    readAppMetafield(shop, namespace, key) {
      const found = findMetafield(deskOf(shop).store, namespace, key);
      if (!found) return null;
      return found.type === "json" ? (JSON.parse(found.value) as unknown) : found.value;
    },
    staff: staffOf,
    shop: (domain) => desks.get(domain)?.store.shop ?? null,
    grantedScopes: (shop) => [...deskOf(shop).store.state.scopes],
    grantScopes: (shop, scopes) =>
      changeScopes(shop, [...new Set([...deskOf(shop).store.state.scopes, ...scopes])]),
    revokeScopes: (shop, scopes) =>
      changeScopes(
        shop,
        deskOf(shop).store.state.scopes.filter((scope) => !scopes.includes(scope)),
      ),
    sendWebhook: (shop, topic, payload, sendOptions) => webhooks.send(shop, topic, payload, sendOptions),
    signProxyQuery(params) {
      const signed = { timestamp: String(Math.floor(now().getTime() / 1000)), ...params };
      const text = Object.entries(signed)
        .filter(([key]) => key !== "signature")
        .map(([key, value]) => `${key}=${value}`)
        .sort()
        .join("");
      return { ...signed, signature: createHmac("sha256", options.apiSecret).update(text).digest("hex") };
    },
    async customers(shop, { first = 20, after = null, query = "" } = {}) {
      const { store } = deskOf(shop);
      const words = query.split(/[\s"\\]+/).filter(Boolean);
      const search = words.map((word) => `"${word}"`).join(" ") || null;
      const page = await readPage(listCustomers(store, { query: search }), { first, after });
      return {
        customers: page.nodes.map((node) => listedCustomer(store, node)),
        total: store.records.size.customers,
        endCursor: page.pageInfo.endCursor,
        hasNextPage: page.pageInfo.hasNextPage,
      };
    },
    customer(shop, id) {
      const { store } = deskOf(shop);
      const index = store.records.customerIndex(Number(/(\d+)$/.exec(id)?.[1]));
      return index === null ? null : listedCustomer(store, customerNode(store.records, index));
    },
    isInstalled: (shop) => deskOf(shop).store.state.installed,
    uninstall,
    reinstall,
    setFault(shop: string, fault: Fault | null) {
      faults.set(shop, fault);
    },
    async close() {
      await webhooks.close();
      await Promise.all([...desks.values()].map((desk) => desk.bulk.close()));
      files.close();
    },
  };
}

function shopOf(req: IncomingMessage): string {
  const named = req.headers["x-demo-shop"];
  return (typeof named === "string" ? named : (req.headers.host ?? "")).split(":")[0]!.toLowerCase();
}

function reply(
  res: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const text = Buffer.from(JSON.stringify(body));
  res.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "content-length": text.length,
    ...headers,
  });
  res.end(text);
}

async function readBody(req: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > mostBodyBytes) throw new Error("the request is too large");
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString("utf8");
  const isForm = req.headers["content-type"]?.startsWith("application/x-www-form-urlencoded");
  if (isForm) return Object.fromEntries(new URLSearchParams(text));
  const parsed: unknown = JSON.parse(text);
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
    throw new Error("the request is no JSON object");
  return parsed as Record<string, unknown>;
}
