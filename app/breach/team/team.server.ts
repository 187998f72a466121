/** Keeps the shop's contacts and the names of staff, sealed; every change of contacts is evidence. */
import type { Context, StoreFacts } from "../ports.ts";
import { record } from "../evidence/evidence.server.ts";
import { openSecret, seal } from "../vault/vault.server.ts";
import { contactsSchema, noContacts } from "./team.ts";
import type { Contacts, StaffFacts } from "./team.ts";

export async function readContacts(ctx: Context): Promise<Contacts> {
  const row = await ctx.db.teamContacts.findUnique({ where: { shopId: ctx.shop.id } });
  if (row === null) return noContacts;
  return contactsSchema.parse(openSecret(ctx, "team_contacts", ctx.shop.id, row.sealed));
}

/** Replaces the contacts. The record names the fields that changed, not their content. */
export async function saveContacts(ctx: Context, contacts: Contacts): Promise<void> {
  const before = await readContacts(ctx);
  const changed = Object.keys(contacts).filter(
    (key) => contacts[key as keyof Contacts] !== before[key as keyof Contacts],
  );
  if (changed.length === 0) return;
  const sealed = seal(ctx, "team_contacts", ctx.shop.id, contacts);
  await ctx.db.teamContacts.upsert({
    where: { shopId: ctx.shop.id },
    create: { shopId: ctx.shop.id, sealed, updatedAt: ctx.now() },
    update: { sealed, updatedAt: ctx.now() },
  });
  await record(ctx, "shop", "contacts.saved", { fields: changed.toSorted() });
}

/** Remembers who opened the app, so that a timeline can show a name beside an act. */
export async function rememberStaff(ctx: Context, staff: StaffFacts): Promise<void> {
  const rowId = `${ctx.shop.id}|${staff.userId}`;
  const sealed = seal(ctx, "staff_member", rowId, { name: staff.name, email: staff.email });
  await ctx.db.staffMember.upsert({
    where: { shopId_userId: { shopId: ctx.shop.id, userId: staff.userId } },
    create: {
      shopId: ctx.shop.id,
      userId: staff.userId,
      sealed,
      accountOwner: staff.accountOwner,
      seenAt: ctx.now(),
    },
    update: { sealed, accountOwner: staff.accountOwner, seenAt: ctx.now() },
  });
}

/** Names by Shopify user id. */
export async function readStaffNames(ctx: Context): Promise<Map<string, string>> {
  const rows = await ctx.db.staffMember.findMany({ where: { shopId: ctx.shop.id } });
  return new Map(
    rows.map((row) => [
      row.userId,
      openSecret<{ name: string }>(ctx, "staff_member", `${ctx.shop.id}|${row.userId}`, row.sealed).name,
    ]),
  );
}

/** Keeps what the store says of itself; records the first installation and every return. */
export async function registerShop(ctx: Context, facts: StoreFacts): Promise<void> {
  const [before] = await ctx.db.$queryRaw<
    { time_zone: string; name: string; uninstalled_at: Date | null; granted_scopes: string[] }[]
  >`
    SELECT time_zone, name, uninstalled_at, granted_scopes FROM shop WHERE id = ${ctx.shop.id} FOR UPDATE`;
  if (before === undefined) throw new Error("an unknown shop");
  const isNew = before.granted_scopes.length === 0 || before.uninstalled_at !== null;
  const scopes = facts.grantedScopes.toSorted();
  await ctx.db.shop.update({
    where: { id: ctx.shop.id },
    data: {
      name: facts.name,
      timeZone: facts.timeZone,
      countryCode: facts.countryCode,
      grantedScopes: scopes,
      uninstalledAt: null,
      ...(isNew ? { installedAt: ctx.now() } : {}),
    },
  });
  if (isNew) await record(ctx, "shop", "app.installed", { scopes, timeZone: facts.timeZone });
  else if (before.granted_scopes.join() !== scopes.join())
    await record(ctx, "shop", "app.scopes_changed", { scopes });
}

/** The app was removed: sessions go, the data stays sealed until Shopify asks for erasure (48 hours later) or the store comes back. */
export async function markUninstalled(ctx: Context): Promise<void> {
  await ctx.db.session.deleteMany({ where: { shopId: ctx.shop.id } });
  const before = await ctx.db.shop.findUniqueOrThrow({
    where: { id: ctx.shop.id },
    select: { uninstalledAt: true },
  });
  if (before.uninstalledAt !== null) return;
  await ctx.db.shop.update({
    where: { id: ctx.shop.id },
    data: { uninstalledAt: ctx.now(), grantedScopes: [] },
  });
  await record(ctx, "shop", "app.uninstalled", {});
}

/** The merchant granted or took back a permission. */
export async function saveScopes(ctx: Context, scopes: string[]): Promise<void> {
  const before = await ctx.db.shop.findUniqueOrThrow({
    where: { id: ctx.shop.id },
    select: { grantedScopes: true },
  });
  const now = scopes.toSorted();
  if (before.grantedScopes.join() === now.join()) return;
  await ctx.db.shop.update({ where: { id: ctx.shop.id }, data: { grantedScopes: now } });
  await record(ctx, "shop", "app.scopes_changed", { scopes: now });
}

export async function isUninstalled(ctx: Context): Promise<boolean> {
  const shop = await ctx.db.shop.findUniqueOrThrow({
    where: { id: ctx.shop.id },
    select: { uninstalledAt: true },
  });
  return shop.uninstalledAt !== null;
}
