/**
 * The joint as tests build it: a real PostgreSQL inside its walls, the demo store on the wire, a real mail sink on a socket.
 */
import { createSecretKey, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import { createAdminCall, createStoreRecords } from "../app/adapters/admin-api.server.ts";
import { createLineReader } from "../app/adapters/bulk-export.server.ts";
import { createMailTransport } from "../app/adapters/smtp.server.ts";
import { createStorefront } from "../app/adapters/storefront.server.ts";
import type { Actor, Caller, Wake } from "../app/breach/ports.ts";
import { registerShop } from "../app/breach/team/team.server.ts";
import { createCaller } from "../app/caller.server.ts";
import { openDatabase } from "../app/db.server.ts";
import type { Database } from "../app/db.server.ts";
import { createSessionStorage, createShopRegistry } from "../app/sessions.server.ts";
import type { DemoShop, DemoShopify } from "./demo-store/shopify/shopify.ts";
import { createDemoShopify } from "./demo-store/shopify/shopify.ts";
import { useDatabase } from "./postgres-for-tests.ts";

export const owner: Actor = { kind: "staff", userId: "901", accountOwner: true, collaborator: false };

export const shopA: DemoShop = {
  domain: "candor-demo.myshopify.com",
  name: "Shop A",
  timeZone: "Europe/Berlin",
  countryCode: "US",
  customers: 300,
  orders: 900,
  seed: 7,
};
export const shopB: DemoShop = {
  ...shopA,
  domain: "other-shop.myshopify.com",
  name: "Shop B",
  customers: 40,
  orders: 90,
  seed: 8,
};

export type Mail = { to: string; from: string; raw: Buffer };

export type Joint = {
  url: string;
  database: Database;
  shopify: DemoShopify;
  /** Host:port pairs the guard must let through: the demo store's files and the sink. */
  allow: string[];
  mails: Mail[];
  smtpPort: number;
  wakes: Wake[];
  registry: ReturnType<typeof createShopRegistry>;
  sessions: ReturnType<typeof createSessionStorage>;
  masterKey: string;
  token(shop: string): Promise<string>;
  caller(shop: DemoShop, actor?: Actor): Promise<Caller>;
  close(): Promise<void>;
};

export type JointOptions = { shops?: DemoShop[]; scopes?: string[]; bulkRate?: number; now?: () => Date };

const apiKey = "9f2c4d6e8a0b1c3d5e7f90a1b2c3d4e5";
const apiSecret = randomBytes(24).toString("hex");

async function listen(server: ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

export async function openJoint(options: JointOptions = {}): Promise<Joint> {
  const shops = options.shops ?? [shopA, shopB];
  const { url } = await useDatabase();
  const database = openDatabase(url, 10);
  let shopify: DemoShopify | null = null;
  const wire = createServer((req, res) => shopify?.handle(req, res));
  const wirePort = await listen(wire);
  const origin = `http://127.0.0.1:${wirePort}`;
  shopify = createDemoShopify({
    apiKey,
    apiSecret,
    appUrl: "http://127.0.0.1:9",
    appOrigin: "http://127.0.0.1:9",
    shops,
    scopes: options.scopes ?? ["read_customers", "read_orders", "write_app_proxy", "read_all_orders"],
    wireOrigin: origin,
    bulkRate: options.bulkRate ?? 1_000_000,
  });
  process.env["DEMO_STORE_ORIGIN"] = origin;
  await import(String(new URL("./demo-store/preload.mjs", import.meta.url)));

  const mails: Mail[] = [];
  const sink = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const to = session.envelope.rcptTo.map((each) => each.address).join();
        mails.push({
          to,
          from: session.envelope.mailFrom === false ? "" : session.envelope.mailFrom.address,
          raw: Buffer.concat(chunks),
        });
        done();
      });
    },
  });
  sink.on("error", () => undefined);
  await new Promise<void>((resolve) => sink.listen(0, "127.0.0.1", resolve));
  const smtpPort = (sink.server.address() as AddressInfo).port;
  const allow = [`127.0.0.1:${wirePort}`, `127.0.0.1:${smtpPort}`];

  const masterKey = randomBytes(32).toString("base64");
  const registry = createShopRegistry(database, masterKey);
  const wakes: Wake[] = [];
  const tokens = new Map<string, string>();

  async function token(shop: string): Promise<string> {
    const known = tokens.get(shop);
    if (known !== undefined) return known;
    const response = await fetch(`${origin}/admin/oauth/access_token`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-demo-shop": shop },
      body: JSON.stringify({
        client_id: apiKey,
        client_secret: apiSecret,
        grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
        subject_token: shopify!.idToken(shop, shopify!.staff(shop)[0]!.id),
        subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
        requested_token_type: "urn:shopify:params:oauth:token-type:offline-access-token",
        expiring: "1",
      }),
    });
    const answer = (await response.json()) as { access_token: string };
    tokens.set(shop, answer.access_token);
    return answer.access_token;
  }

  async function caller(shop: DemoShop, actor: Actor = owner): Promise<Caller> {
    const { keys } = await registry.ensure(shop.domain);
    const call = createAdminCall({ shop: shop.domain, token: () => token(shop.domain) });
    const made = createCaller({
      database,
      shop: { id: shop.domain, name: shop.name, timeZone: shop.timeZone },
      keys,
      actor,
      records: createStoreRecords(call, createLineReader(allow)),
      storefront: createStorefront(call),
      mail: createMailTransport({ allow }),
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      now: options.now ?? (() => new Date()),
      wakes: (_shop, asked) => {
        wakes.push(...asked);
        return Promise.resolve();
      },
    });
    const facts = await made.records.readStore();
    await made.transact((ctx) => registerShop(ctx, facts));
    return made;
  }

  return {
    url,
    database,
    shopify,
    allow,
    mails,
    smtpPort,
    wakes,
    registry,
    sessions: createSessionStorage(database, registry),
    masterKey,
    token,
    caller,
    async close() {
      await database.close();
      await new Promise<void>((resolve) => sink.close(() => resolve()));
      await shopify?.close();
      await new Promise((resolve) => wire.close(resolve));
    },
  };
}

/** A key object for tests that look beneath the vault. */
export function masterKeyOf(joint: Joint) {
  return createSecretKey(Buffer.from(joint.masterKey, "base64"));
}
