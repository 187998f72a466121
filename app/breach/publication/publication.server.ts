/**
 * Keeps the words, and brings the store in line with what the merchant wants. Publishing has two halves: the wish, in one transaction with
 * its record, and the store's confirmation, which `syncBanner` asks for until it has it.
 */
import { createHash } from "node:crypto";
import type { Prisma, Publication } from "@prisma/client";
import { z } from "zod";
import { Outage, Refused } from "../ports.ts";
import type { BannerContent, Caller, Context } from "../ports.ts";
import { commitTyped, record } from "../evidence/evidence.server.ts";
import { readIncident } from "../incident/incident.server.ts";
import { readConfirmedRun, readGroup } from "../scope/scope.server.ts";
import {
  bannerContent,
  bannerSchema,
  draftPublication,
  publicationState,
  statementSchema,
} from "./publication.ts";
import type { BannerForm, PublicationState, Statement } from "./publication.ts";

export type PublicationView = {
  banner: BannerForm;
  statement: Statement;
  version: number;
  state: PublicationState;
  syncFailure: string | null;
  publishedAt: Date | null;
  withdrawnAt: Date | null;
  updatedAt: Date;
};

function view(row: Publication): PublicationView {
  const message = z.record(z.string(), z.string()).parse(row.message);
  return {
    banner: bannerSchema.parse({ bannerState: row.bannerState, message: message["en"] }),
    statement: statementSchema.parse(row.statement),
    version: row.version,
    state: publicationState(row),
    syncFailure: row.syncFailure,
    publishedAt: row.publishedAt,
    withdrawnAt: row.withdrawnAt,
    updatedAt: row.updatedAt,
  };
}

export async function readPublication(ctx: Context, incidentId: string): Promise<PublicationView | null> {
  const row = await ctx.db.publication.findFirst({ where: { shopId: ctx.shop.id, incidentId } });
  return row === null ? null : view(row);
}

/** First words for an incident that has none yet, from what it holds. Nothing is saved. */
export async function readPublicationDraft(
  ctx: Context,
  incidentId: string,
): Promise<{ banner: BannerForm; statement: Statement }> {
  const incident = await readIncident(ctx, incidentId);
  const confirmed = await readConfirmedRun(ctx, incidentId);
  const group = await readGroup(ctx, incidentId);
  return draftPublication({
    incidentDates: {
      occurredFrom: incident.clocks.occurred_from ?? null,
      occurredTo: incident.clocks.occurred_to ?? null,
      discovered: incident.clocks.discovered ?? null,
      aware: incident.clocks.aware ?? null,
      zone: ctx.shop.timeZone,
    },
    narrative: incident.narrative,
    measures: incident.measures,
    categories: confirmed?.basis.categories ?? group?.categories ?? [],
    listConfirmed: confirmed !== null,
  });
}

function sha256(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}

/** Keeps banner and statement as a new version. While the banner is live, the store is brought to it at once. */
export async function savePublication(
  ctx: Context,
  incidentId: string,
  banner: BannerForm,
  statement: Statement,
): Promise<void> {
  await readIncident(ctx, incidentId);
  const before = await ctx.db.publication.findFirst({ where: { shopId: ctx.shop.id, incidentId } });
  const version = (before?.version ?? 0) + 1;
  const data = {
    bannerState: banner.bannerState,
    message: { en: banner.message },
    statement: statement as Prisma.InputJsonValue,
    version,
    updatedAt: ctx.now(),
  };
  await ctx.db.publication.upsert({
    where: { incidentId },
    create: { incidentId, shopId: ctx.shop.id, wantedLive: false, ...data },
    update: data,
  });
  await record(ctx, `incident:${incidentId}`, "banner.saved", { version, banner, statement });
  if (before?.wantedLive === true) ctx.wake({ kind: "banner", reference: incidentId });
}

/** Asks for the banner to go live. A shop has one banner: another incident's must be withdrawn first. */
export async function publishBanner(ctx: Context, incidentId: string): Promise<void> {
  const row = await ctx.db.publication.findFirst({ where: { shopId: ctx.shop.id, incidentId } });
  if (row === null) throw new Refused("banner.nothingSaved");
  const other = await ctx.db.publication.findFirst({
    where: {
      shopId: ctx.shop.id,
      incidentId: { not: incidentId },
      OR: [{ wantedLive: true }, { storeDigest: { not: null } }],
    },
  });
  if (other !== null) throw new Refused("banner.anotherIsLive");
  if (row.wantedLive) return;
  await ctx.db.publication.update({ where: { incidentId }, data: { wantedLive: true, syncFailure: null } });
  await record(ctx, `incident:${incidentId}`, "banner.publish_asked", { version: row.version });
  ctx.wake({ kind: "banner", reference: incidentId });
}

/** Asks for the banner to be taken down. The reason becomes part of the record. */
export async function withdrawBanner(ctx: Context, incidentId: string, reason: string): Promise<void> {
  const row = await ctx.db.publication.findFirst({ where: { shopId: ctx.shop.id, incidentId } });
  if (row === null || !row.wantedLive) throw new Refused("banner.notLive");
  await ctx.db.publication.update({ where: { incidentId }, data: { wantedLive: false, syncFailure: null } });
  await record(ctx, `incident:${incidentId}`, "banner.withdraw_asked", {
    version: row.version,
    reason: await commitTyped(ctx, reason),
  });
  ctx.wake({ kind: "banner", reference: incidentId });
}

/**
 * Brings the store to what is wanted, and reads it back. Safe to call at any time: one at a time per shop, because an older wish that
 * arrives at the store late would stand there while the record says otherwise.
 */
export async function syncBanner(caller: Caller, incidentId: string): Promise<void> {
  const turn = await caller.showPresence(`banner|${caller.shop.id}`);
  try {
    await bringStoreInLine(caller, incidentId);
  } finally {
    await turn.end();
  }
}

async function bringStoreInLine(caller: Caller, incidentId: string): Promise<void> {
  const row = await caller.transact(async (ctx) => {
    // From here on the store may hold it, whatever becomes of us: a withdrawal has something to take down.
    await ctx.db.publication.updateMany({
      where: { shopId: ctx.shop.id, incidentId, wantedLive: true, storeDigest: null },
      data: { storeDigest: "asked" },
    });
    return ctx.db.publication.findFirst({ where: { shopId: ctx.shop.id, incidentId } });
  });
  if (row === null) return;
  const state = publicationState(row);
  if (state === "off" || state === "live") return;
  const wanted: BannerContent | null = row.wantedLive ? bannerContent(view(row).banner, row.version) : null;
  try {
    await caller.storefront.publishBanner(wanted);
    const held = await caller.storefront.readBanner();
    if ((held.content?.version ?? null) !== (wanted?.version ?? null)) throw new Outage("store", "rejected");
    await caller.transact(async (ctx) => {
      const changed = await ctx.db.publication.updateMany({
        where: { shopId: ctx.shop.id, incidentId, version: row.version, wantedLive: row.wantedLive },
        data: {
          storeDigest: held.digest,
          syncedVersion: wanted === null ? null : row.version,
          syncFailure: null,
          ...(wanted === null
            ? { withdrawnAt: ctx.now() }
            : { publishedAt: row.publishedAt ?? ctx.now(), withdrawnAt: null }),
        },
      });
      // Somebody changed their mind meanwhile: the next look brings the store to the newer wish.
      if (changed.count === 0) return ctx.wake({ kind: "banner", reference: incidentId });
      await record(ctx, `incident:${incidentId}`, wanted === null ? "banner.withdrawn" : "banner.live", {
        version: row.version,
        content: wanted === null ? null : { ...wanted },
        contentSha256: sha256(wanted),
      });
    });
  } catch (error) {
    if (!(error instanceof Outage)) throw error;
    await caller.transact((ctx) =>
      ctx.db.publication.updateMany({
        where: { shopId: ctx.shop.id, incidentId },
        data: { syncFailure: error.reason },
      }),
    );
  }
}

/** The incident of the shop whose statement is public now; null when none is. */
export async function findPublicStatement(
  ctx: Context,
): Promise<{ view: PublicationView; number: number } | null> {
  const row = await ctx.db.publication.findFirst({
    where: { shopId: ctx.shop.id, wantedLive: true },
    orderBy: { updatedAt: "desc" },
  });
  if (row === null) return null;
  const incident = await readIncident(ctx, row.incidentId);
  return { view: view(row), number: incident.number };
}

/** Whether the store still has to be brought in line. */
export async function needsSync(ctx: Context, incidentId: string): Promise<boolean> {
  const row = await ctx.db.publication.findFirst({ where: { shopId: ctx.shop.id, incidentId } });
  if (row === null) return false;
  const state = publicationState(row);
  return state === "publishing" || state === "withdrawing";
}
