/** Declares incidents and keeps their facts and clocks, each change with its record. */
import { randomUUID } from "node:crypto";
import type { Prisma } from "@prisma/client";
import { Refused } from "../ports.ts";
import type { Context } from "../ports.ts";
import { commitTyped, holdStream, record } from "../evidence/evidence.server.ts";
import type { Json } from "../evidence/evidence.ts";
import { factsSchema, playbookIds, readLocalTime, referenceOf } from "./incident.ts";
import type {
  ClockAmendment,
  ClockKind,
  Clocks,
  Declaration,
  Facts,
  IncidentFacts,
  PlaybookId,
} from "./incident.ts";

/** How far ahead of now a clock may be set: typing takes a moment, time zones do not. */
const toleranceMs = 5 * 60_000;

function refuseFuture(ctx: Context, at: Date, field: string): void {
  if (at.getTime() > ctx.now().getTime() + toleranceMs)
    throw new Refused("incident.clockInFuture", {}, field);
}

async function addClock(
  ctx: Context,
  incidentId: string,
  kind: ClockKind,
  at: Date | null,
  reason: string | null,
): Promise<number> {
  const before = await ctx.db.clockStart.count({ where: { shopId: ctx.shop.id, incidentId, kind } });
  await ctx.db.clockStart.create({
    data: {
      id: randomUUID(),
      shopId: ctx.shop.id,
      incidentId,
      kind,
      at,
      zone: ctx.shop.timeZone,
      reason,
      recordedAt: ctx.now(),
      recordedBy: ctx.actor as Prisma.InputJsonValue,
      version: before + 1,
    },
  });
  return before + 1;
}

/** Declares an incident and starts its first clocks. Returns its id. */
export async function declareIncident(ctx: Context, declaration: Declaration): Promise<string> {
  const noticed = readLocalTime(declaration.noticed, ctx.shop.timeZone);
  const aware = declaration.aware === "" ? null : readLocalTime(declaration.aware, ctx.shop.timeZone);
  refuseFuture(ctx, noticed, "noticed");
  if (aware !== null) {
    refuseFuture(ctx, aware, "aware");
    if (aware < noticed) throw new Refused("incident.awareBeforeNoticed", {}, "aware");
  }
  await ctx.db.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`incident|${ctx.shop.id}`}, 0))`;
  const last = await ctx.db.incident.aggregate({ where: { shopId: ctx.shop.id }, _max: { number: true } });
  const id = randomUUID();
  const number = (last._max.number ?? 0) + 1;
  await ctx.db.incident.create({
    data: {
      id,
      shopId: ctx.shop.id,
      number,
      playbook: declaration.playbook,
      title: declaration.title,
      narrative: declaration.narrative,
      measures: "",
      encrypted: "unknown",
      malicious: "unknown",
      recipients: "unknown",
      ongoing: declaration.ongoing,
      state: "open",
      createdAt: ctx.now(),
      createdBy: ctx.actor as Prisma.InputJsonValue,
    },
  });
  await addClock(ctx, id, "discovered", noticed, null);
  if (aware !== null) await addClock(ctx, id, "aware", aware, null);
  await record(ctx, `incident:${id}`, "incident.declared", {
    reference: referenceOf({ number }),
    playbook: declaration.playbook,
    title: declaration.title,
    narrative: await commitTyped(ctx, declaration.narrative),
    ongoing: declaration.ongoing,
    discovered: noticed.toISOString(),
    aware: aware === null ? null : aware.toISOString(),
    zone: ctx.shop.timeZone,
  });
  return id;
}

async function readClocks(ctx: Context, incidentId: string): Promise<Clocks> {
  const rows = await ctx.db.clockStart.findMany({
    where: { shopId: ctx.shop.id, incidentId },
    orderBy: { version: "asc" },
    select: { kind: true, at: true },
  });
  const clocks: Clocks = {};
  for (const row of rows) {
    if (row.at === null) delete clocks[row.kind as ClockKind];
    else clocks[row.kind as ClockKind] = row.at;
  }
  return clocks;
}

/** The incident with its clocks as they stand. Throws `Refused("incident.notFound")` for any id that is not this shop's. */
export async function readIncident(ctx: Context, incidentId: string): Promise<IncidentFacts> {
  const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(incidentId);
  const row = isId
    ? await ctx.db.incident.findFirst({ where: { shopId: ctx.shop.id, id: incidentId } })
    : null;
  if (row === null) throw new Refused("incident.notFound");
  const facts = factsSchema.parse(row);
  return {
    ...facts,
    id: row.id,
    number: row.number,
    playbook: playbookIds.find((id) => id === row.playbook) ?? ("something_else" satisfies PlaybookId),
    state: row.state === "closed" ? "closed" : "open",
    createdAt: row.createdAt,
    clocks: await readClocks(ctx, incidentId),
  };
}

/** The shop's incidents, newest first. */
export async function listIncidents(ctx: Context): Promise<IncidentFacts[]> {
  const rows = await ctx.db.incident.findMany({
    where: { shopId: ctx.shop.id },
    orderBy: { number: "desc" },
    select: { id: true },
    take: 100,
  });
  const incidents: IncidentFacts[] = [];
  for (const row of rows) incidents.push(await readIncident(ctx, row.id));
  return incidents;
}

/** What people write in their own words, and may name somebody in: the record commits to it and does not quote it. */
const typedFields = new Set<keyof Facts>(["title", "narrative", "measures"]);

/** Saves what is known now; the record holds each changed field, before and after. */
export async function saveFacts(ctx: Context, incidentId: string, facts: Facts): Promise<void> {
  await holdStream(ctx, `incident:${incidentId}`);
  const before = factsSchema.parse(await readIncident(ctx, incidentId));
  const fields = (Object.keys(facts) as (keyof Facts)[]).filter((field) => before[field] !== facts[field]);
  if (fields.length === 0) return;
  await ctx.db.incident.update({
    where: { shopId_id: { shopId: ctx.shop.id, id: incidentId } },
    data: facts,
  });
  const changes: Json[] = [];
  for (const field of fields) {
    const say = (text: string) => (typedFields.has(field) ? commitTyped(ctx, text) : text);
    changes.push({ field, from: await say(before[field]), to: await say(facts[field]) });
  }
  await record(ctx, `incident:${incidentId}`, "incident.facts_saved", { changes });
}

/** Sets, amends or withdraws a clock. Changing one that is already set needs a reason. */
export async function amendClock(ctx: Context, incidentId: string, amendment: ClockAmendment): Promise<void> {
  const { clocks } = await readIncident(ctx, incidentId);
  const before = clocks[amendment.kind];
  const at = amendment.at === "" ? null : readLocalTime(amendment.at, ctx.shop.timeZone);
  if (at === null && before === undefined) throw new Refused("incident.clockMissing", {}, "at");
  if (at !== null) refuseFuture(ctx, at, "at");
  if (at !== null && before?.getTime() === at.getTime()) return;
  if (before !== undefined && amendment.reason === "")
    throw new Refused("incident.reasonNeeded", {}, "reason");
  if (
    amendment.kind === "occurred_to" &&
    at !== null &&
    clocks.occurred_from !== undefined &&
    at < clocks.occurred_from
  )
    throw new Refused("incident.windowReversed", {}, "at");
  const version = await addClock(
    ctx,
    incidentId,
    amendment.kind,
    at,
    amendment.reason === "" ? null : amendment.reason,
  );
  await record(ctx, `incident:${incidentId}`, "clock.set", {
    kind: amendment.kind,
    at: at === null ? null : at.toISOString(),
    before: before === undefined ? null : before.toISOString(),
    zone: ctx.shop.timeZone,
    reason: await commitTyped(ctx, amendment.reason),
    version,
  });
}

/**
 * A clock that an act starts by itself: the first regulator told, the notice sent to the end. Kept once set, unless the act was done anew for
 * what came after `renewAfter` (a longer list).
 */
export async function startClock(
  ctx: Context,
  incidentId: string,
  kind: "regulator_notified" | "individuals_notified",
  at: Date,
  renewAfter: Date | null = null,
): Promise<void> {
  const before = (await readClocks(ctx, incidentId))[kind];
  if (before !== undefined && (renewAfter === null || before >= renewAfter)) return;
  const version = await addClock(ctx, incidentId, kind, at, null);
  await record(ctx, `incident:${incidentId}`, "clock.set", {
    kind,
    at: at.toISOString(),
    before: before === undefined ? null : before.toISOString(),
    zone: ctx.shop.timeZone,
    reason: null,
    version,
  });
}

export type ClockHistory = {
  kind: ClockKind;
  at: Date | null;
  zone: string;
  reason: string | null;
  recordedAt: Date;
  version: number;
};

/** Every setting of every clock, oldest first. */
export async function readClockHistory(ctx: Context, incidentId: string): Promise<ClockHistory[]> {
  const rows = await ctx.db.clockStart.findMany({
    where: { shopId: ctx.shop.id, incidentId },
    orderBy: [{ recordedAt: "asc" }, { version: "asc" }],
  });
  return rows.map((row) => ({ ...row, kind: row.kind as ClockKind }));
}

/** When the worker looks at this incident next; null when only people can move it on. */
export async function setNextWake(ctx: Context, incidentId: string, at: Date | null): Promise<void> {
  await ctx.db.incident.update({
    where: { shopId_id: { shopId: ctx.shop.id, id: incidentId } },
    data: { nextWakeAt: at },
  });
}
