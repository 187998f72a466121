import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import type { DemoShopify, ListedCustomer } from "../shopify/shopify.ts";
import type { Embeds } from "./embeds.ts";
import type { ThemeExtension } from "./extension.ts";
import { readBody, readCookies, redirect, send, sendHtml } from "./http.ts";
import { createEngine, readTexts } from "./liquid.ts";
import { products } from "./products.ts";

export type StorefrontOptions = {
  shopify: DemoShopify;
  /** The first one answers every host name that names no other. */
  shops: string[];
  embeds: Embeds;
  extension: ThemeExtension;
  adminOrigin: string;
  /** The web process: the app proxy asks it directly, as Shopify's servers do. */
  appOrigin: string;
  /** `{prefix}/{subpath}` and `url` of shopify.app.toml's [app_proxy]. */
  appProxy: { path: string; url: string };
};

const theme = join(import.meta.dirname, "theme");
const locales = ["en", "de", "fr", "es", "it", "nl", "pt-BR", "ja"];
const pages: Record<string, string> = { about: "about", shipping: "shipping" };

/** A small theme for an invented pottery, which ends its body with the app's own embed, and the app proxy behind it. */
export function createStorefront(options: StorefrontOptions) {
  const { shopify } = options;
  const engine = createEngine({
    root: [join(theme, "templates"), join(theme, "snippets"), join(theme, "layout")],
    texts: readTexts(join(theme, "locales")),
  });

  type Visit = { shop: string; locale: string; customer: ListedCustomer | null; path: string };

  function readVisit(req: IncomingMessage, url: URL): Visit {
    const label = (req.headers.host ?? "").split(/[.:]/)[0];
    const shop = options.shops.find((domain) => domain.startsWith(`${label}.`)) ?? options.shops[0]!;
    const cookies = readCookies(req);
    const asked = url.searchParams.get("locale") ?? cookies.get("demo_locale") ?? "en";
    const locale =
      locales.find((known) => known.toLowerCase() === asked.toLowerCase()) ??
      locales.find((known) => known.split("-")[0] === asked.toLowerCase().split("-")[0]) ??
      "en";
    const id = cookies.get("demo_customer");
    return {
      shop,
      locale,
      customer: id === undefined ? null : shopify.customer(shop, id),
      path: url.pathname,
    };
  }

  function describe(visit: Visit) {
    const { customer } = visit;
    return {
      shop: { name: shopify.shop(visit.shop)?.name, permanent_domain: visit.shop },
      request: { locale: { iso_code: visit.locale }, path: visit.path, host: visit.shop },
      locales: locales.map((code) => ({
        code,
        name: new Intl.DisplayNames([code], { type: "language" }).of(code),
        current: code === visit.locale,
      })),
      customer:
        customer === null
          ? null
          : {
              id: customer.id.split("/").at(-1),
              name: customer.displayName,
              email: customer.email,
              orders_count: customer.numberOfOrders,
            },
      products,
    };
  }

  function renderLayout(visit: Visit, title: string, content: string): string {
    const { handle } = options.extension.block;
    const embed = options.embeds.read(visit.shop, handle);
    const context = describe(visit);
    const appEmbed = embed.active
      ? options.extension.render({
          banner: shopify.readAppMetafield(visit.shop, "candor", "banner"),
          locale: visit.locale,
          settings: embed.settings,
          customer: context.customer,
        })
      : "";
    return engine.renderFileSync(
      "theme",
      {
        ...context,
        page_title: title,
        content_for_layout: content,
        content_for_body_end: appEmbed,
      },
      { globals: context },
    ) as string;
  }

  function show(
    res: ServerResponse,
    visit: Visit,
    template: string,
    title: string,
    more: Record<string, unknown> = {},
    status = 200,
  ): void {
    const context = describe(visit);
    const content = engine.renderFileSync(template, { ...context, ...more }, { globals: context }) as string;
    const localeCookie = `demo_locale=${visit.locale}; Path=/; SameSite=Lax`;
    sendHtml(res, status, renderLayout(visit, title, content), { "set-cookie": localeCookie });
  }

  /** Asks the app as Shopify's servers do: signed, without cookies, following its redirects. */
  async function askApp(req: IncomingMessage, res: ServerResponse, visit: Visit, url: URL): Promise<void> {
    const { path, url: base } = options.appProxy;
    const body = req.method === "GET" || req.method === "HEAD" ? undefined : await readBody(req);
    let target = new URL(base + url.pathname.slice(path.length) + url.search, options.appOrigin);
    let method = req.method ?? "GET";
    let answer: Response | null = null;
    for (let hop = 0; hop < 4; hop++) {
      const query: Record<string, string> = {};
      for (const [name, value] of target.searchParams) if (name !== "signature") query[name] = value;
      query["shop"] = visit.shop;
      query["logged_in_customer_id"] = visit.customer?.id.split("/").at(-1) ?? "";
      query["path_prefix"] = path;
      delete query["timestamp"];
      target.search = new URLSearchParams(shopify.signProxyQuery(query)).toString();
      const headers = new Headers({
        accept: req.headers.accept ?? "*/*",
        "accept-language": visit.locale,
        "user-agent": req.headers["user-agent"] ?? "Mozilla/5.0 (demo storefront)",
        "x-forwarded-for": req.socket.remoteAddress ?? "127.0.0.1",
        "x-forwarded-host": visit.shop,
      });
      if (method !== "GET" && req.headers["content-type"])
        headers.set("content-type", req.headers["content-type"]);
      answer = await fetch(target, {
        method,
        headers,
        redirect: "manual",
        ...(method === "GET" || method === "HEAD" ? {} : { body: new Uint8Array(body ?? []) }),
      }).catch(() => null);
      const location = answer?.headers.get("location");
      if (!answer || answer.status < 300 || answer.status > 399 || !location) break;
      const next = new URL(location, target);
      if (next.origin !== target.origin) return redirect(res, next.href);
      if (answer.status === 303 || (method === "POST" && answer.status < 307)) method = "GET";
      target = next;
    }
    if (answer === null) {
      show(res, visit, "message", "Not available", { heading: "proxy.heading", text: "proxy.text" }, 502);
      return;
    }
    const type = answer.headers.get("content-type") ?? "application/octet-stream";
    const content = Buffer.from(await answer.arrayBuffer());
    if (!type.startsWith("application/liquid")) return send(res, answer.status, type, content);
    const source = content.toString("utf8");
    const bare = source.replace(/^\s*\{%-?\s*layout\s+none\s*-?%\}/, "");
    const context = describe(visit);
    const rendered = engine.parseAndRenderSync(bare, context, { globals: context }) as string;
    const title = /<h1[^>]*>([^<]*)<\/h1>/.exec(rendered)?.[1] ?? "";
    sendHtml(res, answer.status, bare === source ? renderLayout(visit, title, rendered) : rendered);
  }

  const routes: [RegExp, (res: ServerResponse, visit: Visit, part: string) => unknown][] = [
    [/^\/$/, (res, visit) => show(res, visit, "index", "")],
    [
      /^\/collections\/(table|home|all)$/,
      (res, visit, part) =>
        show(res, visit, "collection", "Collection", {
          collection: part,
          shown: products.filter((product) => part === "all" || product.collection === part),
        }),
    ],
    [
      /^\/products\/([\w-]+)$/,
      (res, visit, part) => {
        const product = products.find((one) => one.handle === part);
        return product ? show(res, visit, "product", product.title, { product }) : miss(res, visit);
      },
    ],
    [
      /^\/pages\/([\w-]+)$/,
      (res, visit, part) =>
        pages[part]
          ? show(res, visit, "page", part === "about" ? "About us" : "Shipping", { page: part })
          : miss(res, visit),
    ],
    [
      /^\/account$/,
      async (res, visit) => {
        const found = await shopify.customers(visit.shop, { first: 40 });
        const samples = found.customers
          .filter((customer) => customer.email !== null)
          .slice(0, 8)
          .map((one) => ({ id: one.id.split("/").at(-1), name: one.displayName, email: one.email }));
        show(res, visit, "account", "Account", { samples });
      },
    ],
  ];
  function miss(res: ServerResponse, visit: Visit): void {
    show(res, visit, "message", "Not found", { heading: "missing.heading", text: "missing.text" }, 404);
  }

  return {
    async handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
      const url = new URL(req.url ?? "/", "http://storefront");
      const visit = readVisit(req, url);
      if (url.pathname.startsWith("/admin")) {
        const handle = visit.shop.replace(/\.myshopify\.com$/, "");
        const rest = url.pathname.slice("/admin".length) + url.search;
        return redirect(res, `${options.adminOrigin}/store/${handle}${rest}`);
      }
      if (`${url.pathname}/`.startsWith(`${options.appProxy.path}/`)) return askApp(req, res, visit, url);
      if (req.method === "POST" && url.pathname === "/account") {
        const form = new URLSearchParams((await readBody(req)).toString("utf8"));
        const id = form.get("customer") ?? "";
        const known = id !== "" && shopify.customer(visit.shop, id) !== null;
        const cookie = known ? `demo_customer=${id}` : "demo_customer=; Max-Age=0";
        return redirect(res, "/account", { "set-cookie": `${cookie}; Path=/; SameSite=Lax; HttpOnly` });
      }
      for (const [pattern, answer] of routes) {
        const match = pattern.exec(url.pathname);
        if (match) {
          await answer(res, visit, match[1] ?? "");
          return;
        }
      }
      miss(res, visit);
    },
  };
}
