import "@shopify/shopify-app-remix/adapters/node";
import { LogSeverity, shopifyApi } from "@shopify/shopify-api";
import { ApiVersion, AppDistribution, shopifyApp } from "@shopify/shopify-app-remix/server";
import { Outage } from "./breach/ports.ts";
import { database } from "./db.server.ts";
import { env } from "./env.server.ts";
import { sessions } from "./sessions.server.ts";

/** What every shop must grant; the rest is asked for at the moment of use (shopify.app.toml, optional_scopes). */
export const requiredScopes = ["read_customers", "read_orders", "write_app_proxy"];

const shopify = shopifyApp({
  apiKey: env().SHOPIFY_API_KEY,
  apiSecretKey: env().SHOPIFY_API_SECRET,
  appUrl: env().SHOPIFY_APP_URL,
  apiVersion: ApiVersion.October26,
  scopes: requiredScopes,
  authPathPrefix: "/auth",
  distribution: AppDistribution.AppStore,
  useOnlineTokens: true,
  sessionStorage: sessions().storage,
  future: { unstable_newEmbeddedAuthStrategy: true, expiringOfflineAccessTokens: true },
});

export const { authenticate, unauthenticated, addDocumentResponseHeaders } = shopify;

const api = shopifyApi({
  apiKey: env().SHOPIFY_API_KEY,
  apiSecretKey: env().SHOPIFY_API_SECRET,
  hostName: new URL(env().SHOPIFY_APP_URL).host,
  apiVersion: ApiVersion.October26,
  isEmbeddedApp: true,
  logger: { level: LogSeverity.Warning },
});

/**
 * The shop whose storefront passed this request on, by the app proxy's signature (with its window of 90 seconds); throws 400 otherwise.
 * `authenticate.public.appProxy` would renew the offline token as well, outside the lock below, and a page for customers would then fall
 * with Shopify's token service.
 */
export async function readProxyShop(request: Request): Promise<string> {
  const query = new URL(request.url).searchParams;
  const signed = await api.utils.validateHmac(query, { signator: "appProxy" }).catch(() => false);
  const shop = signed ? api.utils.sanitizeShop(query.get("shop") ?? "") : null;
  if (shop === null) throw new Response(null, { status: 400 });
  return shop;
}

/** Shopify's library renews an offline token in its last five minutes. */
const renewalMs = 5 * 60_000;

/**
 * A valid offline access token of a shop. Renewal is serialised over all processes by a lock in the database, because Shopify's library
 * has none. Throws `Outage` when the shop is not installed or the refresh is refused.
 */
export async function offlineToken(shopId: string): Promise<string> {
  const id = `offline_${shopId}`;
  const session = await sessions().storage.loadSession(id);
  if (session?.accessToken === undefined) throw new Outage("store", "unauthorized");
  if (session.expires === undefined || session.expires.getTime() - Date.now() > renewalMs)
    return session.accessToken;
  return database().transact(shopId, async (db) => {
    await db.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`token|${shopId}`}, 0))`;
    try {
      const { session: renewed } = await unauthenticated.admin(shopId);
      if (renewed.accessToken === undefined) throw new Outage("store", "unauthorized");
      return renewed.accessToken;
    } catch (error) {
      if (error instanceof Outage) throw error;
      throw new Outage("store", "unauthorized");
    }
  });
}
