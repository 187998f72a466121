/** The joint: a request, webhook or job becomes a `Caller`, with the adapters as its ports. */
import { createAdminCall, createStoreRecords } from "./adapters/admin-api.server.ts";
import { createLineReader } from "./adapters/bulk-export.server.ts";
import { createMailTransport } from "./adapters/smtp.server.ts";
import { createStorefront } from "./adapters/storefront.server.ts";
import { Outage } from "./breach/ports.ts";
import type { Actor, Caller } from "./breach/ports.ts";
import { advanceAll } from "./breach/checklist/checklist.server.ts";
import { registerShop, rememberStaff } from "./breach/team/team.server.ts";
import { createCaller } from "./caller.server.ts";
import { database } from "./db.server.ts";
import { env } from "./env.server.ts";
import { sendWakes } from "./jobs.server.ts";
import { log } from "./log.server.ts";
import { sessions } from "./sessions.server.ts";
import { isEnding } from "./shutdown.server.ts";
import { authenticate, offlineToken } from "./shopify.server.ts";

/** A caller for a shop that is installed here; null when it is not, or its key is erased. */
export async function findCaller(shopId: string, actor: Actor): Promise<Caller | null> {
  const known = await sessions().registry.find(shopId);
  if (known === null) return null;
  const call = createAdminCall({ shop: shopId, token: () => offlineToken(shopId) });
  const allow = env().CANDOR_NET_ALLOW;
  return createCaller({
    database: database(),
    shop: { id: known.row.id, name: known.row.name, timeZone: known.row.timeZone },
    keys: known.keys,
    actor,
    records: createStoreRecords(call, createLineReader(allow)),
    storefront: createStorefront(call),
    mail: createMailTransport({ allow }),
    log: log(),
    now: () => new Date(),
    isEnding,
    wakes: sendWakes,
  });
}

async function requireShop(shopId: string, actor: Actor): Promise<Caller> {
  const caller = await findCaller(shopId, actor);
  if (caller === null) throw new Response("This store is not installed.", { status: 401 });
  return caller;
}

/** Asks the store for its name, zone and granted scopes, and keeps them. On installation, on return, and when scopes change. */
export async function readStore(caller: Caller): Promise<void> {
  const facts = await caller.records.readStore();
  await caller.transact(async (ctx) => {
    await registerShop(ctx, facts);
    await advanceAll(ctx);
  });
}

export type MerchantCaller = Caller & {
  grantedScopes: string[];
  /** Redirects inside the embedded app. */
  redirect(url: string): Response;
};

/** The staff member behind a request of the embedded app. Throws Shopify's own responses (bounce, 401, 302) when there is none. */
export async function requireCaller(request: Request): Promise<MerchantCaller> {
  const { session, redirect } = await authenticate.admin(request);
  const user = session.onlineAccessInfo?.associated_user;
  if (user === undefined) throw new Response("A staff member's session is needed.", { status: 401 });
  const actor: Actor = {
    kind: "staff",
    userId: String(user.id),
    accountOwner: user.account_owner,
    collaborator: user.collaborator,
  };
  const { row } = await sessions().registry.ensure(session.shop);
  let caller = await requireShop(session.shop, actor);
  if (row.grantedScopes.length === 0 || row.uninstalledAt !== null) {
    await readStore(caller).catch((error: unknown) => {
      // The app was removed while a page was open.
      if (error instanceof Outage && error.reason === "unauthorized")
        throw new Response("This store is not installed.", { status: 401 });
      throw error;
    });
    caller = await requireShop(session.shop, actor);
  }
  const merchant = caller;
  const known = await merchant.transact(async (ctx) => {
    const seen = await ctx.db.staffMember.findUnique({
      where: { shopId_userId: { shopId: ctx.shop.id, userId: actor.userId } },
      select: { seenAt: true },
    });
    if (seen === null || ctx.now().getTime() - seen.seenAt.getTime() > 3_600_000)
      await rememberStaff(ctx, {
        userId: actor.userId,
        name: `${user.first_name} ${user.last_name}`.trim(),
        email: user.email,
        accountOwner: user.account_owner,
      });
    return ctx.db.shop.findUniqueOrThrow({ where: { id: ctx.shop.id }, select: { grantedScopes: true } });
  });
  return { ...merchant, grantedScopes: known.grantedScopes, redirect: (url) => redirect(url) };
}
