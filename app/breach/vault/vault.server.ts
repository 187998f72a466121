/**
 * Sealing, opening, hashing and erasing of personal data.
 *
 * Invariants: a sealed value opens only for the shop, table and row it was sealed for; `open` and `openMany` are the only way back to
 * readable text, and each call writes the access log (Shopify protected customer data, level 2, requirement 6); erasing a shop's key
 * makes every value of that shop unreadable.
 *
 * Format: version byte 1 | nonce (12) | ciphertext | tag (16). NIST SP 800-38D, 96-bit random nonce.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  randomBytes,
  randomUUID,
} from "node:crypto";
import type { KeyObject } from "node:crypto";
import type { Prisma } from "@prisma/client";
import type { Context, ShopKeys } from "../ports.ts";

const version = 1;

export type Keyed = { shop: { id: string }; keys: ShopKeys };

function encrypt(key: KeyObject, aad: string, plain: Buffer): Uint8Array<ArrayBuffer> {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  cipher.setAAD(Buffer.from(aad));
  const body = cipher.update(plain);
  cipher.final();
  return new Uint8Array(Buffer.concat([Buffer.of(version), nonce, body, cipher.getAuthTag()]));
}

function decrypt(key: KeyObject, aad: string, sealed: Uint8Array): Buffer {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  if (bytes[0] !== version) throw new Error("sealed value has an unknown version");
  const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(1, 13));
  decipher.setAAD(Buffer.from(aad));
  decipher.setAuthTag(bytes.subarray(bytes.length - 16));
  return Buffer.concat([decipher.update(bytes.subarray(13, bytes.length - 16)), decipher.final()]);
}

/** A new data key for a shop, wrapped by the master key; only this form is stored. */
export function createShopKey(master: KeyObject, shopId: string): Uint8Array<ArrayBuffer> {
  return encrypt(master, `shop-key|${shopId}`, randomBytes(32));
}

/** Unwraps a shop's data key and derives its sealing and hashing keys (HKDF, RFC 5869). Throws when the master key is not the one it was wrapped with. */
export function openShopKey(master: KeyObject, shopId: string, wrapped: Uint8Array): ShopKeys {
  const root = decrypt(master, `shop-key|${shopId}`, wrapped);
  const derive = (purpose: string) =>
    createSecretKey(Buffer.from(hkdfSync("sha256", root, Buffer.alloc(0), purpose, 32)));
  return { seal: derive("candor seal v1"), hash: derive("candor hash v1") };
}

/** Seals `value` (JSON) for one row. */
export function seal(by: Keyed, table: string, rowId: string, value: unknown): Uint8Array<ArrayBuffer> {
  return encrypt(by.keys.seal, `${by.shop.id}|${table}|${rowId}`, Buffer.from(JSON.stringify(value)));
}

/**
 * Keyed hash for look-up and uniqueness: HMAC-SHA-256 of kind and value. `value` must already be in its normal form.
 */
export function hashKeyed(by: Keyed, kind: string, value: string): Buffer {
  return createHmac("sha256", by.keys.hash).update(`${kind}\u0000${value}`).digest();
}

async function logAccess(ctx: Context, purpose: string, subject: string, rows: number): Promise<void> {
  await ctx.db.accessLog.create({
    data: {
      id: randomUUID(),
      shopId: ctx.shop.id,
      actor: ctx.actor as Prisma.InputJsonValue,
      purpose,
      subject,
      rows,
    },
  });
}

/** Opens one row's value. The type is the caller's claim: parse it where it matters. */
export async function open<T>(
  ctx: Context,
  table: string,
  rowId: string,
  sealed: Uint8Array,
  purpose: string,
): Promise<T> {
  await logAccess(ctx, purpose, `${table}:${rowId}`, 1);
  return JSON.parse(decrypt(ctx.keys.seal, `${ctx.shop.id}|${table}|${rowId}`, sealed).toString()) as T;
}

/** Opens many rows of one table with one access-log entry that carries their number. */
export async function openMany<T>(
  ctx: Context,
  table: string,
  rows: { id: string; sealed: Uint8Array }[],
  purpose: string,
  subject: string,
): Promise<T[]> {
  if (rows.length > 0) await logAccess(ctx, purpose, `${table} of ${subject}`, rows.length);
  return rows.map(
    (row) =>
      JSON.parse(decrypt(ctx.keys.seal, `${ctx.shop.id}|${table}|${row.id}`, row.sealed).toString()) as T,
  );
}

/**
 * Opens values that are no customer's data: access tokens and the shop's own mail login. They are used by the app itself on every
 * request and do not belong in the customer-data access log.
 */
export function openSecret<T>(by: Keyed, table: string, rowId: string, sealed: Uint8Array): T {
  return JSON.parse(decrypt(by.keys.seal, `${by.shop.id}|${table}|${rowId}`, sealed).toString()) as T;
}

/** Erases the shop's data key. Every sealed value of the shop is unreadable from here on. */
export async function eraseShop(ctx: Context): Promise<void> {
  await ctx.db.shop.update({ where: { id: ctx.shop.id }, data: { sealedKey: null, erasedAt: ctx.now() } });
}
