/** Keeps the shop's sender sealed, and proves that it answers before anything is sent through it. */
import { Outage, Refused } from "../ports.ts";
import type { Caller, Context, MailSettings } from "../ports.ts";
import { record } from "../evidence/evidence.server.ts";
import { openSecret, seal } from "../vault/vault.server.ts";
import { senderSchema } from "./sender.ts";
import type { Sender, SenderView } from "./sender.ts";

export async function openSender(ctx: Context): Promise<Sender | null> {
  const row = await ctx.db.sender.findUnique({ where: { shopId: ctx.shop.id } });
  return row === null ? null : senderSchema.parse(openSecret(ctx, "sender", ctx.shop.id, row.sealed));
}

export function mailSettings(sender: Sender): MailSettings {
  return {
    host: sender.host,
    port: sender.port,
    security: sender.security,
    username: sender.username === "" ? null : sender.username,
    password: sender.password === "" ? null : sender.password,
  };
}

export async function readSender(ctx: Context): Promise<SenderView | null> {
  const sender = await openSender(ctx);
  if (sender === null) return null;
  const row = await ctx.db.sender.findUniqueOrThrow({
    where: { shopId: ctx.shop.id },
    select: { verifiedAt: true },
  });
  const { password, ...rest } = sender;
  return { ...rest, hasPassword: password !== "", verifiedAt: row.verifiedAt };
}

export async function isSenderVerified(ctx: Context): Promise<boolean> {
  const row = await ctx.db.sender.findUnique({
    where: { shopId: ctx.shop.id },
    select: { verifiedAt: true },
  });
  return row?.verifiedAt != null;
}

/** Keeps the sender; an empty password keeps the one before, on the same server and for the same user. It counts as unproved until `checkSender` succeeds. */
export async function saveSender(ctx: Context, sender: Sender): Promise<void> {
  const before = await openSender(ctx);
  // A kept password goes to the server it was given for and to no other.
  const isSameLogin = before !== null && sender.username === before.username && sender.host === before.host;
  const kept = sender.password === "" && isSameLogin ? { ...sender, password: before.password } : sender;
  const sealed = seal(ctx, "sender", ctx.shop.id, kept);
  await ctx.db.sender.upsert({
    where: { shopId: ctx.shop.id },
    create: { shopId: ctx.shop.id, sealed, updatedAt: ctx.now() },
    update: { sealed, verifiedAt: null, updatedAt: ctx.now() },
  });
  const changed = Object.keys(kept).filter(
    (key) => before?.[key as keyof Sender] !== kept[key as keyof Sender],
  );
  await record(ctx, "shop", "sender.saved", {
    fields: changed.toSorted(),
    fromDomain: kept.fromAddress.split("@")[1] ?? "",
  });
}

/** Connects, logs in and leaves. Throws `Refused("sender.unreachable")` with the stage that failed. */
export async function checkSender(caller: Caller): Promise<void> {
  const { sender, updatedAt } = await caller.transact(async (ctx) => ({
    updatedAt: (await ctx.db.sender.findUnique({ where: { shopId: ctx.shop.id } }))?.updatedAt,
    sender: await openSender(ctx),
  }));
  if (sender === null || updatedAt === undefined) throw new Refused("sender.missing");
  try {
    const connection = await caller.mail.connect(mailSettings(sender));
    await connection.close();
  } catch (error) {
    if (!(error instanceof Outage)) throw error;
    throw new Refused("sender.unreachable", { stage: error.reason }, "host");
  }
  await caller.transact(async (ctx) => {
    // What was saved meanwhile has not been tried.
    const proved = await ctx.db.sender.updateMany({
      where: { shopId: ctx.shop.id, updatedAt },
      data: { verifiedAt: ctx.now() },
    });
    if (proved.count === 0) throw new Refused("notice.notPossibleNow");
    await record(ctx, "shop", "sender.verified", {});
  });
}
