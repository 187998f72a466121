import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import type { DemoShopify, ListedCustomer } from "../shopify/shopify.ts";
import type { Embeds } from "./embeds.ts";
import type { ThemeExtension } from "./extension.ts";
import { readBody, redirect, send, sendHtml, sendJson } from "./http.ts";
import { products } from "./products.ts";

export type DeclaredScopes = { required: string[]; optional: string[] };

export type AdminOptions = {
  shopify: DemoShopify;
  /** Domains, the first one being what `/` opens. */
  shops: string[];
  scopes: DeclaredScopes;
  embeds: Embeds;
  extension: ThemeExtension;
  adminOrigin: string;
  /** The app as the browser sees it. */
  appUrl: string;
  inboxUrl: string;
  /** Where the browser finds a shop's storefront. */
  storefrontOf(shop: string): string;
};

const here = join(import.meta.dirname, "admin");
const themeId = "gid://shopify/OnlineStoreTheme/150600000001";

/** The page that plays Shopify's admin, and the questions its script asks. */
export function createAdmin(options: AdminOptions) {
  const { shopify, embeds, extension } = options;
  const files: Record<string, [type: string, text: string]> = {
    "/__demo/admin.css": ["text/css; charset=utf-8", readFileSync(join(here, "admin.css"), "utf8")],
    "/__demo/admin.js": ["text/javascript; charset=utf-8", readFileSync(join(here, "admin.js"), "utf8")],
  };
  const settings = {
    appUrl: options.appUrl,
    inboxUrl: options.inboxUrl,
    shops: options.shops.map((domain) => {
      const shop = shopify.shop(domain);
      if (shop === null) throw new Error(`the demo Shopify has no shop ${domain}`);
      const { name, timeZone, customers, orders } = shop;
      const handle = domain.replace(/\.myshopify\.com$/, "");
      return {
        domain,
        handle,
        name,
        timeZone,
        customers,
        orders,
        storefront: options.storefrontOf(domain),
        staff: shopify.staff(domain),
      };
    }),
  };
  const first = settings.shops[0]!;
  const page = readFileSync(join(here, "admin.html"), "utf8").replace('"__SETTINGS__"', () =>
    JSON.stringify(settings).replaceAll("<", "\\u003c"),
  );

  const readScopes = (shop: string) => ({ granted: shopify.grantedScopes(shop), ...options.scopes });
  const readEmbed = (shop: string) => {
    const { active, settings: saved } = embeds.read(shop, extension.block.handle);
    const { handle, name, defaults, settings: schema } = extension.block;
    return { handle, name, active, settings: { ...defaults, ...saved }, schema };
  };

  const answers: Record<string, (shop: string, input: Record<string, unknown>) => unknown> = {
    "POST id-token": (shop, input) => ({ token: shopify.idToken(shop, String(input["user"])) }),
    "GET products": () => ({
      products: products.map(({ id, handle, title, price }) => ({
        id,
        handle,
        title,
        status: "ACTIVE",
        variants: [],
        images: [],
        price: new Intl.NumberFormat("en", { style: "currency", currency: "USD" }).format(price / 100),
      })),
    }),
    "GET scopes": readScopes,
    "POST scopes": (shop, input) => {
      const declared = (scope: unknown): scope is string =>
        typeof scope === "string" && options.scopes.optional.includes(scope);
      const add = ((input["add"] ?? []) as unknown[]).filter(declared);
      const remove = ((input["remove"] ?? []) as unknown[]).filter(declared);
      if (add.length > 0) shopify.grantScopes(shop, add);
      if (remove.length > 0) shopify.revokeScopes(shop, remove);
      return readScopes(shop);
    },
    "GET extensions": (shop) => {
      const { handle, name, target } = extension.block;
      const active = embeds.read(shop, handle).active;
      const activations = active ? [{ target, themeId }] : [];
      return {
        extensions: [
          {
            handle: extension.handle,
            type: "theme_app_extension",
            activations: [{ target, handle, name, status: active ? "active" : "available", activations }],
          },
        ],
      };
    },
    "GET embeds": (shop) => ({ embeds: [readEmbed(shop)] }),
    "POST embeds": (shop, input) => {
      const known = new Set(Object.keys(extension.block.defaults));
      for (const embed of input["embeds"] as { handle: string; active: boolean; settings: object }[]) {
        if (embed.handle !== extension.block.handle) continue;
        const kept = Object.entries(embed.settings).filter(([id]) => known.has(id));
        embeds.write(shop, embed.handle, {
          active: embed.active === true,
          settings: Object.fromEntries(kept),
        });
      }
      return { embeds: [readEmbed(shop)] };
    },
    "GET customers": async (shop, input) => {
      const query = String(input["query"] ?? "");
      const after = typeof input["after"] === "string" ? input["after"] : null;
      const found = await shopify.customers(shop, { first: 50, query, after });
      return { ...found, customers: found.customers.map(describeCustomer) };
    },
  };

  async function answer(req: IncomingMessage, res: ServerResponse, url: URL): Promise<void> {
    const name = url.pathname.slice("/__demo/".length);
    const input: Record<string, unknown> =
      req.method === "POST"
        ? (JSON.parse((await readBody(req)).toString("utf8")) as Record<string, unknown>)
        : Object.fromEntries(url.searchParams);
    const shop = typeof input["shop"] === "string" ? input["shop"] : first.domain;
    if (!options.shops.includes(shop)) return sendJson(res, 404, { error: "There is no such store here." });
    const one = /^customers\/(\d+)$/.exec(name);
    if (one) {
      const customer = shopify.customer(shop, one[1]!);
      if (customer === null) sendJson(res, 404, { error: "There is no such customer in this store." });
      else
        sendJson(res, 200, { customer: { ...describeCustomer(customer), details: listDetails(customer) } });
      return;
    }
    const reply = answers[`${req.method} ${name}`];
    if (reply === undefined) sendJson(res, 404, { error: "The demo admin has no such page." });
    else sendJson(res, 200, await reply(shop, input));
  }

  return {
    async handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
      const url = new URL(req.url ?? "/", options.adminOrigin);
      // The app's frame is only admitted into this origin, so another name for this machine would show an empty page.
      if (req.headers.host?.startsWith("127.0.0.1")) return redirect(res, url.href);
      const file = files[url.pathname];
      if (file) return send(res, 200, file[0], file[1]);
      if (url.pathname.startsWith("/__demo/")) return answer(req, res, url);
      if (url.pathname === "/") return redirect(res, `/store/${first.handle}`);
      if (url.pathname.startsWith("/admin")) {
        return redirect(res, `/store/${first.handle}${url.pathname.slice("/admin".length)}${url.search}`);
      }
      if (!url.pathname.startsWith("/store/"))
        return sendHtml(res, 404, "<!doctype html><p>Nothing here.</p>");
      sendHtml(res, 200, page);
    },
  };
}

function describeCustomer(customer: ListedCustomer) {
  const { displayName, email, phone, city, provinceCode, countryCode, numberOfOrders } = customer;
  return {
    number: customer.id.split("/").at(-1),
    name: displayName,
    email,
    phone,
    location: [city, provinceCode, countryCode].filter(Boolean).join(", ") || "No address",
    orders: numberOfOrders,
  };
}

function listDetails(customer: ListedCustomer): [name: string, value: string][] {
  return [
    ["Email", customer.email ?? "None"],
    ["Phone", customer.phone ?? "None"],
    ["Location", describeCustomer(customer).location],
    ["Orders", String(customer.numberOfOrders)],
    ["Customer since", customer.createdAt.slice(0, 10)],
    ["Tags", customer.tags.join(", ") || "None"],
  ];
}
