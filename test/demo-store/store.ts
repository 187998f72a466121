import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createAdmin } from "./front/admin.ts";
import { createEmbeds } from "./front/embeds.ts";
import { readThemeExtension } from "./front/extension.ts";
import { listen } from "./front/http.ts";
import type { Door } from "./front/http.ts";
import { createInbox } from "./front/inbox.ts";
import { createProxy } from "./front/proxy.ts";
import { startSink } from "./front/sink.ts";
import type { Sink } from "./front/sink.ts";
import { createStorefront } from "./front/storefront.ts";
import { createDemoShopify } from "./shopify/shopify.ts";
import type { DemoShop, DemoShopify } from "./shopify/shopify.ts";

/**
 * The demo store process: Shopify's wire, the admin page, the app's public address (a reverse proxy), the storefront and the inbox.
 * Nothing of it is part of the app.
 */

export type StoreOptions = {
  /** The first of seven ports in a row; 0 takes any free ones. */
  basePort: number;
  /** Where the web process listens. With `basePort` 0 it must be given; else it is basePort + 5. */
  appOrigin?: string;
  apiKey: string;
  apiSecret: string;
  customers: number;
  orders: number;
  /** Folder that keeps metafields, theme settings and mail (`inbox.jsonl`). */
  stateDir: string;
  /** Seed of the generator. */
  seed?: number;
  now?: () => Date;
  /** Objects per second of a bulk operation; see DemoShopifyOptions. */
  bulkRate?: number;
  /** Milliseconds the mail server waits before it acknowledges a message. */
  mailDelay?: number;
};

export type StorePorts = {
  admin: number;
  app: number;
  storefront: number;
  inbox: number;
  wire: number;
  smtp: number;
};

export type StoreUrls = {
  /** The Shopify admin. */
  admin: string;
  /** The app as the browser sees it: SHOPIFY_APP_URL. */
  app: string;
  storefront: string;
  inbox: string;
  /** DEMO_STORE_ORIGIN of the app's fetch preload. */
  wire: string;
};

export type Store = {
  ports: StorePorts;
  urls: StoreUrls;
  shops: DemoShop[];
  shopify: DemoShopify;
  inbox: Sink;
  stop(): Promise<void>;
};

const root = join(import.meta.dirname, "..", "..");

/** What shopify.app.toml says about access and the app proxy. */
export function readAppToml() {
  const toml = readFileSync(join(root, "shopify.app.toml"), "utf8");
  const section = (name: string) => toml.split(`\n[${name}]`)[1]?.split(/\n\[[a-z]/)[0] ?? "";
  const text = (from: string, key: string) =>
    new RegExp(`^${key}\\s*=\\s*"([^"]*)"`, "m").exec(from)?.[1] ?? "";
  const access = section("access_scopes");
  const proxy = section("app_proxy");
  const optional = /^optional_scopes\s*=\s*\[([^\]]*)\]/m.exec(access)?.[1] ?? "";
  return {
    required: text(access, "scopes").split(",").filter(Boolean),
    optional: [...optional.matchAll(/"([^"]+)"/g)].map((match) => match[1]!),
    appProxy: { path: `/${text(proxy, "prefix")}/${text(proxy, "subpath")}`, url: text(proxy, "url") },
  };
}

export async function startStore(options: StoreOptions): Promise<Store> {
  const port = (step: number) => (options.basePort === 0 ? 0 : options.basePort + step);
  const doors: Door[] = [];
  let sink: Sink | null = null;
  try {
    for (const step of [0, 1, 2, 3, 4]) doors.push(await listen(port(step)));
    sink = await startSink({
      port: port(6),
      file: join(options.stateDir, "inbox.jsonl"),
      delay: options.mailDelay ?? 0,
    });
    const [admin, app, storefront, inbox, wire] = doors as [Door, Door, Door, Door, Door];
    const urls: StoreUrls = {
      admin: `http://localhost:${admin.port}`,
      app: `http://localhost:${app.port}`,
      storefront: `http://localhost:${storefront.port}`,
      inbox: `http://localhost:${inbox.port}`,
      wire: `http://127.0.0.1:${wire.port}`,
    };
    const appOrigin =
      options.appOrigin ?? (options.basePort === 0 ? null : `http://127.0.0.1:${options.basePort + 5}`);
    if (appOrigin === null) throw new Error("appOrigin must be given when the ports are random");

    const { required, optional, appProxy } = readAppToml();
    const shops: DemoShop[] = [
      {
        domain: "candor-demo.myshopify.com",
        name: "Alder Lane Ceramics",
        timeZone: "America/New_York",
        countryCode: "US",
        customers: options.customers,
        orders: options.orders,
        seed: options.seed ?? 1,
        storefrontUrl: urls.storefront,
      },
      {
        domain: "other-shop.myshopify.com",
        name: "Other Shop",
        timeZone: "America/New_York",
        countryCode: "US",
        customers: 50,
        orders: 100,
        seed: 2,
        // Browsers take every name under localhost for this machine.
        storefrontUrl: urls.storefront.replace("localhost", "other-shop.localhost"),
      },
    ];
    const shopify = createDemoShopify({
      apiKey: options.apiKey,
      apiSecret: options.apiSecret,
      appUrl: urls.app,
      appOrigin,
      shops,
      scopes: required,
      wireOrigin: urls.wire,
      statePath: join(options.stateDir, "shopify.json"),
      ...(options.now ? { now: options.now } : {}),
      ...(options.bulkRate === undefined ? {} : { bulkRate: options.bulkRate }),
    });
    const extension = readThemeExtension(join(root, "extensions", "storefront-notice"), "banner");
    const embeds = createEmbeds(join(options.stateDir, "theme.json"));
    const domains = shops.map((shop) => shop.domain);
    const storefrontOf = (domain: string) =>
      shops.find((shop) => shop.domain === domain)?.storefrontUrl ?? urls.storefront;
    const prelude = {
      adminOrigin: urls.admin,
      shops: Object.fromEntries(domains.map((domain) => [domain, storefrontOf(domain)])),
    };
    const appBridge = `window.__demoStore = ${JSON.stringify(prelude)};\n${readFileSync(join(import.meta.dirname, "front", "app-bridge.js"), "utf8")}`;
    const proxy = createProxy({ appOrigin, publicOrigin: urls.app, adminOrigin: urls.admin, appBridge });

    admin.open(
      createAdmin({
        shopify,
        embeds,
        extension,
        storefrontOf,
        shops: domains,
        scopes: { required, optional },
        adminOrigin: urls.admin,
        appUrl: urls.app,
        inboxUrl: urls.inbox,
      }).handle,
    );
    app.open(proxy.handle);
    storefront.open(
      createStorefront({
        shopify,
        embeds,
        extension,
        appOrigin,
        appProxy,
        shops: domains,
        adminOrigin: urls.admin,
      }).handle,
    );
    inbox.open(createInbox(sink).handle);
    wire.open((req, res) => shopify.handle(req, res));

    const mail = sink;
    return {
      ports: {
        admin: admin.port,
        app: app.port,
        storefront: storefront.port,
        inbox: inbox.port,
        wire: wire.port,
        smtp: mail.port,
      },
      urls,
      shops,
      shopify,
      inbox: mail,
      async stop() {
        await Promise.all(doors.map((door) => door.close()));
        proxy.close();
        await mail.close();
        await shopify.close();
      },
    };
  } catch (error) {
    await Promise.all(doors.map((door) => door.close()));
    await sink?.close();
    throw error;
  }
}

function readNumber(name: string, fallback: number): number {
  const text = process.env[name];
  const value = text === undefined || text === "" ? fallback : Number(text);
  if (!Number.isInteger(value) || value < 0)
    throw new Error(`${name} must be a whole number, not "${text}".`);
  return value;
}
function readText(name: string): string {
  const text = process.env[name];
  if (!text) throw new Error(`${name} is missing.`);
  return text;
}

async function main(): Promise<void> {
  const appOrigin = process.env["DEMO_APP_ORIGIN"];
  const store = await startStore({
    basePort: readNumber("DEMO_BASE_PORT", 3900),
    ...(appOrigin ? { appOrigin } : {}),
    apiKey: readText("SHOPIFY_API_KEY"),
    apiSecret: readText("SHOPIFY_API_SECRET"),
    customers: readNumber("DEMO_CUSTOMERS", 2000),
    orders: readNumber("DEMO_ORDERS", 5000),
    stateDir: readText("DEMO_STATE_DIR"),
  });
  let stopping = false;
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      void store.stop().then(() => process.exit(0));
    });
  }
  console.log(JSON.stringify({ ready: true, ports: store.ports, urls: store.urls }));
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  main().catch((error: unknown) => {
    const taken = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
    const port = (error as { port?: number }).port;
    console.error(
      taken
        ? `Port ${port} is taken by another program. Set DEMO_BASE_PORT to use others.`
        : `The demo store can't start: ${error instanceof Error ? error.message : String(error)}`,
    );
    process.exit(1);
  });
}
