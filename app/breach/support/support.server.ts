/** Receives privacy requests and acts on them; each request and what became of it is evidence. */
import { randomUUID } from "node:crypto";
import type { AffectedPerson, Prisma } from "@prisma/client";
import type { Context } from "../ports.ts";
import { record } from "../evidence/evidence.server.ts";
import { eraseShop, hashKeyed, seal } from "../vault/vault.server.ts";
import { normalizeEmail } from "../scope/scope.ts";
import { pauseAll } from "../notice/notice.server.ts";
import { markUninstalled } from "../team/team.server.ts";
import { privacyDays } from "./support.ts";
import type { PrivacyOutcome, PrivacyTopic, Subject } from "./support.ts";

/**
 * True the first time a webhook is seen: Shopify delivers at least once, and its webhook id is the key. The receipt shares the
 * transaction of the work it lets through.
 */
export async function receiveOnce(
  ctx: Context,
  webhook: { topic: string; webhookId: string; triggeredAt: Date | null },
): Promise<boolean> {
  const inserted = await ctx.db.$executeRaw`
    INSERT INTO webhook_receipt (shop_id, topic, webhook_id, triggered_at)
    VALUES (${ctx.shop.id}, ${webhook.topic}, ${webhook.webhookId}, ${webhook.triggeredAt}) ON CONFLICT DO NOTHING`;
  return inserted === 1;
}

/** Shopify's 48 hours between uninstall and shop/redact, and two days of delivery. */
const redactDelayMs = 4 * 86_400_000;

function hashAddress(ctx: Context, email: string | null): Uint8Array<ArrayBuffer> | null {
  const address = email === null ? null : normalizeEmail(email);
  return address === null ? null : Uint8Array.from(hashKeyed(ctx, "email", address));
}

/** By customer number, and by address for those who bought as guests. */
async function findPeople(
  ctx: Context,
  customerId: bigint | null,
  emailHash: Uint8Array<ArrayBuffer> | null,
): Promise<AffectedPerson[]> {
  const either = [
    ...(customerId === null ? [] : [{ customerId }]),
    ...(emailHash === null ? [] : [{ emailHash }]),
  ];
  if (either.length === 0) return [];
  return ctx.db.affectedPerson.findMany({ where: { shopId: ctx.shop.id, OR: either } });
}

/** People on a list, found or confirmed, who are still to be told by a letter that is not finished. */
async function stillToTell(ctx: Context, people: AffectedPerson[]): Promise<AffectedPerson[]> {
  const open: AffectedPerson[] = [];
  for (const person of people) {
    const run = await ctx.db.scopeRun.findFirst({
      where: { shopId: ctx.shop.id, id: person.runId, state: { in: ["ready", "confirmed"] } },
    });
    if (run === null) continue;
    const told = await ctx.db.clockStart.count({
      where: {
        shopId: ctx.shop.id,
        incidentId: run.incidentId,
        kind: "individuals_notified",
        // A letter to an earlier list has not told the people of this one.
        at: { gte: run.confirmedAt ?? ctx.now() },
      },
    });
    const incident = await ctx.db.incident.findFirst({
      where: { shopId: ctx.shop.id, id: run.incidentId, state: "open" },
    });
    if (told === 0 && incident !== null) open.push(person);
  }
  return open;
}

async function erasePeople(ctx: Context, people: AffectedPerson[]): Promise<void> {
  for (const person of people)
    await ctx.db.affectedPerson.update({
      where: { id: person.id },
      data: {
        sealed: seal(ctx, "affected_person", person.id, {
          firstName: "",
          lastName: "",
          email: null,
          phone: null,
        }),
        customerId: null,
      },
    });
}

async function act(ctx: Context, topic: PrivacyTopic, subject: Subject): Promise<PrivacyOutcome> {
  if (topic === "shop/redact") {
    // It is sent 48 hours after an uninstall. A store that came back in the meantime is at work on its breach, and its key stays.
    const shop = await ctx.db.shop.findUniqueOrThrow({ where: { id: ctx.shop.id } });
    const age = ctx.now().getTime() - shop.installedAt.getTime();
    if (shop.uninstalledAt === null && age < redactDelayMs) return { done: "store_returned" };
    await pauseAll(ctx, "uninstalled");
    // Sealed under the key that goes: a later return must not stumble over them.
    await ctx.db.teamContacts.deleteMany({ where: { shopId: ctx.shop.id } });
    await ctx.db.staffMember.deleteMany({ where: { shopId: ctx.shop.id } });
    await ctx.db.sender.deleteMany({ where: { shopId: ctx.shop.id } });
    await ctx.db.session.deleteMany({ where: { shopId: ctx.shop.id } });
    return { done: "shop_erased" };
  }
  const people = await findPeople(ctx, subject.customerId, hashAddress(ctx, subject.email));
  if (people.length === 0) return { done: "nothing_held" };
  if (topic === "customers/data_request") return { done: "reported", people: people.length };
  const held = await stillToTell(ctx, people);
  const heldIds = new Set(held.map((person) => person.id));
  await erasePeople(
    ctx,
    people.filter((person) => !heldIds.has(person.id)),
  );
  if (held.length === 0) return { done: "erased", people: people.length };
  return {
    done: "held",
    people: held.length,
    until: new Date(ctx.now().getTime() + privacyDays * 86_400_000).toISOString(),
  };
}

/** Keeps a request and acts on it as far as the law lets us now. */
export async function takePrivacyRequest(
  ctx: Context,
  topic: PrivacyTopic,
  subject: Subject,
): Promise<PrivacyOutcome> {
  const outcome = await act(ctx, topic, subject);
  const now = ctx.now();
  await ctx.db.privacyRequest.create({
    data: {
      id: randomUUID(),
      shopId: ctx.shop.id,
      topic,
      customerId: outcome.done === "held" ? subject.customerId : null,
      addressHash: outcome.done === "held" ? hashAddress(ctx, subject.email) : null,
      receivedAt: now,
      dueAt: new Date(now.getTime() + privacyDays * 86_400_000),
      doneAt: outcome.done === "held" ? null : now,
      outcome: outcome as Prisma.InputJsonValue,
    },
  });
  await record(ctx, "shop", "privacy.requested", { topic, outcome: { ...outcome } });
  if (outcome.done === "shop_erased") {
    await ctx.db.incident.updateMany({ where: { shopId: ctx.shop.id }, data: { nextWakeAt: null } });
    await eraseShop(ctx);
  }
  return outcome;
}

/** Erasures that waited for a notice: done once it was sent, or when their thirty days are over. */
export async function releaseHeld(ctx: Context): Promise<void> {
  const waiting = await ctx.db.privacyRequest.findMany({
    where: { shopId: ctx.shop.id, doneAt: null, topic: "customers/redact" },
    take: 200,
  });
  for (const request of waiting) {
    const people = await findPeople(
      ctx,
      request.customerId,
      request.addressHash && Uint8Array.from(request.addressHash),
    );
    const held = request.dueAt <= ctx.now() ? [] : await stillToTell(ctx, people);
    if (held.length > 0) continue;
    await erasePeople(ctx, people);
    const outcome: PrivacyOutcome = { done: "erased", people: people.length };
    await ctx.db.privacyRequest.update({
      where: { id: request.id },
      data: {
        doneAt: ctx.now(),
        customerId: null,
        addressHash: null,
        outcome: outcome as Prisma.InputJsonValue,
      },
    });
    await record(ctx, "shop", "privacy.released", {
      people: people.length,
      overdue: request.dueAt <= ctx.now(),
    });
  }
}

/** The latest moment by which a held erasure must be looked at; null when none waits. */
export async function readHeldUntil(ctx: Context): Promise<Date | null> {
  const next = await ctx.db.privacyRequest.findFirst({
    where: { shopId: ctx.shop.id, doneAt: null, topic: "customers/redact" },
    orderBy: { dueAt: "asc" },
  });
  return next?.dueAt ?? null;
}

/** The app was removed from the store: sends stop at once, sessions go. */
export async function leaveShop(ctx: Context): Promise<void> {
  await pauseAll(ctx, "uninstalled");
  // The app's metafields went with it: a banner that was live has to be put up again on return.
  await ctx.db.publication.updateMany({
    where: { shopId: ctx.shop.id },
    data: { storeDigest: null, syncedVersion: null },
  });
  await markUninstalled(ctx);
}
