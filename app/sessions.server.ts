/**
 * Shopify's sessions in our own database: tokens, names and addresses sealed under the shop's key, rows behind the shop's walls. The shop
 * is derived from the session's id before anything is read, so that a forged id meets an empty table.
 */
import { createSecretKey } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { Session } from "@shopify/shopify-api";
import type { SessionStorage } from "@shopify/shopify-app-session-storage";
import type { ShopKeys } from "./breach/ports.ts";
import { createShopKey, openSecret, openShopKey, seal } from "./breach/vault/vault.server.ts";
import { database } from "./db.server.ts";
import type { Database } from "./db.server.ts";
import { env } from "./env.server.ts";

const offline = /^offline_([a-z0-9][a-z0-9-]*\.myshopify\.com)$/;
const online = /^([a-z0-9][a-z0-9-]*\.myshopify\.com)_\d+$/;

/** `offline_{shop}` or `{shop}_{user}`, as Shopify's library makes them; null for anything else. */
export function shopOfSession(id: string): string | null {
  return offline.exec(id)?.[1] ?? online.exec(id)?.[1] ?? null;
}

export type ShopRow = {
  id: string;
  name: string;
  timeZone: string;
  grantedScopes: string[];
  uninstalledAt: Date | null;
};

export type ShopRegistry = {
  /** The shop and its keys; null when it was never installed or its key is erased. */
  find(shopId: string): Promise<{ row: ShopRow; keys: ShopKeys } | null>;
  /** The same, made when absent (or made anew after an erasure). */
  ensure(shopId: string): Promise<{ row: ShopRow; keys: ShopKeys }>;
};

export function createShopRegistry(database: Database, masterKey: string): ShopRegistry {
  const master: KeyObject = createSecretKey(Buffer.from(masterKey, "base64"));

  async function find(shopId: string) {
    const row = await database.transact(shopId, (db) => db.shop.findUnique({ where: { id: shopId } }));
    if (row === null || row.sealedKey === null) return null;
    return { row, keys: openShopKey(master, shopId, row.sealedKey) };
  }

  return {
    find,
    async ensure(shopId) {
      const known = await find(shopId);
      if (known !== null) return known;
      await database.transact(shopId, async (db) => {
        const sealedKey = createShopKey(master, shopId);
        await db.$executeRaw`
          INSERT INTO shop (id, sealed_key, name, time_zone, granted_scopes, installed_at)
          VALUES (${shopId}, ${sealedKey}, ${shopId}, 'UTC', ARRAY[]::text[], clock_timestamp())
          ON CONFLICT (id) DO UPDATE SET sealed_key = EXCLUDED.sealed_key, erased_at = NULL, installed_at = EXCLUDED.installed_at
          WHERE shop.sealed_key IS NULL`;
      });
      const made = await find(shopId);
      if (made === null) throw new Error("a shop could not be registered");
      return made;
    },
  };
}

type Stored = ReturnType<Session["toObject"]>;

function revive(stored: Stored): Session {
  const date = (value: unknown) => (typeof value === "string" ? new Date(value) : undefined);
  return new Session({
    ...stored,
    expires: date(stored.expires),
    refreshTokenExpires: date(stored.refreshTokenExpires),
  });
}

export function createSessionStorage(database: Database, registry: ShopRegistry): SessionStorage {
  async function deleteOne(id: string): Promise<void> {
    const shopId = shopOfSession(id);
    if (shopId === null) return;
    await database.transact(shopId, (db) => db.session.deleteMany({ where: { id, shopId } }));
  }

  return {
    async storeSession(session) {
      const shopId = shopOfSession(session.id);
      if (shopId === null || shopId !== session.shop) return false;
      const { keys } = await registry.ensure(shopId);
      const row = {
        shopId,
        isOnline: session.isOnline,
        userId:
          session.onlineAccessInfo === undefined ? null : BigInt(session.onlineAccessInfo.associated_user.id),
        expires: session.expires ?? null,
        sealed: seal({ shop: { id: shopId }, keys }, "session", session.id, session.toObject()),
      };
      await database.transact(shopId, (db) =>
        db.session.upsert({ where: { id: session.id }, create: { id: session.id, ...row }, update: row }),
      );
      return true;
    },
    async loadSession(id) {
      const shopId = shopOfSession(id);
      if (shopId === null) return undefined;
      const known = await registry.find(shopId);
      if (known === null) return undefined;
      const row = await database.transact(shopId, (db) => db.session.findUnique({ where: { id } }));
      if (row === null) return undefined;
      return revive(
        openSecret<Stored>({ shop: { id: shopId }, keys: known.keys }, "session", id, row.sealed),
      );
    },
    async deleteSession(id) {
      await deleteOne(id);
      return true;
    },
    async deleteSessions(ids) {
      for (const id of ids) await deleteOne(id);
      return true;
    },
    async findSessionsByShop(shop) {
      const known = await registry.find(shop);
      if (known === null) return [];
      const rows = await database.transact(shop, (db) => db.session.findMany({ where: { shopId: shop } }));
      return rows.map((row) =>
        revive(openSecret<Stored>({ shop: { id: shop }, keys: known.keys }, "session", row.id, row.sealed)),
      );
    },
  };
}

let shared: { registry: ShopRegistry; storage: SessionStorage } | undefined;

/** The process's shop registry and session storage, on its own database. */
export function sessions(): { registry: ShopRegistry; storage: SessionStorage } {
  if (shared === undefined) {
    const registry = createShopRegistry(database(), env().CANDOR_MASTER_KEY);
    shared = { registry, storage: createSessionStorage(database(), registry) };
  }
  return shared;
}
