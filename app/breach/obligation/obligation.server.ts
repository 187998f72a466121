/**
 * Applies the law to a confirmed list and keeps each duty's status. An assessment is made again whenever a clock, a fact or the list has
 * changed; what it changed is recorded. A duty is done when somebody says that the authority was told, or when the notice to the people
 * was sent to the end.
 */
import { createHash, randomUUID } from "node:crypto";
import type { Obligation, Prisma } from "@prisma/client";
import canonicalize from "canonicalize";
import { z } from "zod";
import { Refused } from "../ports.ts";
import type { Context } from "../ports.ts";
import { commitTyped, holdStream, record } from "../evidence/evidence.server.ts";
import { readLocalTime } from "../incident/incident.ts";
import { readIncident, startClock } from "../incident/incident.server.ts";
import type { IncidentFacts } from "../incident/incident.ts";
import { readConfirmedRun, readTally } from "../scope/scope.server.ts";
import type { RunView } from "../scope/scope.server.ts";
import { recordCategories } from "../scope/scope.ts";
import { assess, dueMoments } from "./obligation.ts";
import type { Assessment, Circumstances, Duty, Exposure } from "./obligation.ts";

async function readCircumstances(ctx: Context, incident: IncidentFacts): Promise<Circumstances> {
  const shop = await ctx.db.shop.findUniqueOrThrow({
    where: { id: ctx.shop.id },
    select: { countryCode: true },
  });
  return {
    encrypted: incident.encrypted,
    malicious: incident.malicious,
    recipients: incident.recipients,
    // The store's own address stands for its establishment; a place outside the EU and EEA has no lead authority there.
    merchantEstablishment: shop.countryCode,
    zone: ctx.shop.timeZone,
    clocks: incident.clocks,
    at: ctx.now(),
  };
}

function isAfter(moment: Date | null, other: Date): boolean {
  return moment !== null && moment > other;
}

/** JSON as the database gives it back: instants are text. */
function revive(result: unknown): Assessment {
  const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
  return JSON.parse(JSON.stringify(result), (_key, value: unknown) =>
    typeof value === "string" && instant.test(value) ? new Date(value) : value,
  ) as Assessment;
}

/** Digest of an assessment without the moment it was made: equal when nothing changed. */
function digest(assessment: Assessment): string {
  const { at: _at, ...rest } = assessment;
  const text = canonicalize(JSON.parse(JSON.stringify(rest)));
  if (text === undefined) throw new Error("an assessment that cannot be written as JSON");
  return createHash("sha256").update(text).digest("hex");
}

async function keepDuty(
  ctx: Context,
  incident: IncidentFacts,
  run: RunView,
  duty: Duty,
  people: number,
): Promise<void> {
  const key = {
    incidentId: incident.id,
    lawId: duty.lawId,
    jurisdiction: duty.jurisdiction,
    duty: duty.duty,
  };
  const before = await ctx.db.obligation.findFirst({ where: { shopId: ctx.shop.id, ...key } });
  // People on a list confirmed after the notice was sent have not been told by it.
  const outdated =
    duty.duty === "individuals" && before?.doneAt != null && isAfter(run.confirmedAt, before.doneAt);
  const done = outdated ? null : (before?.doneAt ?? null);
  const data = {
    status: done === null ? duty.status : "done",
    people,
    actBy: duty.due?.actBy ?? null,
    detail: JSON.parse(JSON.stringify(duty)) as Prisma.InputJsonValue,
    assessedAt: ctx.now(),
    doneAt: done,
  };
  if (before === null)
    await ctx.db.obligation.create({ data: { id: randomUUID(), shopId: ctx.shop.id, ...key, ...data } });
  else await ctx.db.obligation.update({ where: { id: before.id }, data });
}

/** The duties to the people are done once the notice was sent to the end. */
async function settleIndividuals(ctx: Context, incident: IncidentFacts, run: RunView): Promise<void> {
  const told = incident.clocks.individuals_notified;
  if (told === undefined || isAfter(run.confirmedAt, told)) return;
  const settled = await ctx.db.obligation.updateMany({
    where: { shopId: ctx.shop.id, incidentId: incident.id, duty: "individuals", doneAt: null },
    data: { status: "done", doneAt: told, doneBy: { kind: "system", part: "notice" } },
  });
  if (settled.count > 0)
    await record(ctx, `incident:${incident.id}`, "obligation.people_told", {
      duties: settled.count,
      at: told.toISOString(),
    });
}

async function assessAgain(ctx: Context, incident: IncidentFacts, run: RunView): Promise<void> {
  const incidentId = incident.id;
  const tally = await readTally(ctx, run.id);
  const exposure: Exposure = {
    residence: tally.map((row) => ({
      country: row.country,
      region: row.region,
      people: row.people,
      categories: run.basis.categories,
    })),
  };
  const result = assess(await readCircumstances(ctx, incident), exposure);
  const before = await ctx.db.assessment.findUnique({ where: { incidentId } });
  if (before !== null && before.runId === run.id && digest(revive(before.result)) === digest(result)) return;

  const data = {
    shopId: ctx.shop.id,
    runId: run.id,
    result: JSON.parse(JSON.stringify(result)) as Prisma.InputJsonValue,
    assessedAt: ctx.now(),
  };
  await ctx.db.assessment.upsert({ where: { incidentId }, create: { incidentId, ...data }, update: data });
  const owed: string[] = [];
  for (const place of result.jurisdictions)
    for (const duty of place.duties) {
      await keepDuty(ctx, incident, run, duty, place.peopleCovered);
      owed.push(duty.id);
    }
  const rows = await ctx.db.obligation.findMany({ where: { shopId: ctx.shop.id, incidentId, doneAt: null } });
  const gone = rows.filter((row) => !owed.includes(`${row.lawId}:${row.jurisdiction}:${row.duty}`));
  await ctx.db.obligation.deleteMany({ where: { id: { in: gone.map((row) => row.id) } } });
  await record(ctx, `incident:${incidentId}`, "obligations.assessed", {
    run: run.id,
    severity: result.severity.band,
    score: result.severity.score,
    duties: result.jurisdictions.flatMap((place) =>
      place.duties.map((duty) => ({
        id: duty.id,
        actBy: duty.due === null ? null : duty.due.actBy.toISOString(),
      })),
    ),
    noDuty: result.jurisdictions
      .filter((place) => place.duties.length === 0)
      .map((place) => `${place.lawId}:${place.jurisdiction}`),
    unknownResidence: result.unknownResidence,
    uncovered: result.uncovered.reduce((sum, place) => sum + place.people, 0),
  });
}

/**
 * Brings the duties up to date with the confirmed list, the facts and the clocks. Does nothing without a confirmed list. Duties that are no
 * longer owed leave the list unless they were already done.
 */
export async function reassess(ctx: Context, incidentId: string): Promise<void> {
  // Facts read before another's change must not overwrite an assessment made after it.
  await holdStream(ctx, `incident:${incidentId}`);
  const run = await readConfirmedRun(ctx, incidentId);
  if (run === null) return;
  const incident = await readIncident(ctx, incidentId);
  await assessAgain(ctx, incident, run);
  await settleIndividuals(ctx, incident, run);
}

export type DutyView = {
  id: string;
  duty: Duty;
  status: "due" | "pending_anchor" | "done";
  people: number;
  doneAt: Date | null;
  reference: string | null;
};

function viewDuty(row: Obligation): DutyView {
  return {
    id: row.id,
    duty: revive(row.detail) as unknown as Duty,
    status: row.status as DutyView["status"],
    people: row.people,
    doneAt: row.doneAt,
    reference: row.reference,
  };
}

/** Every duty of an incident, soonest first; those that wait for a clock last. */
export async function readDuties(ctx: Context, incidentId: string): Promise<DutyView[]> {
  const rows = await ctx.db.obligation.findMany({
    where: { shopId: ctx.shop.id, incidentId },
    orderBy: [{ actBy: { sort: "asc", nulls: "last" } }, { duty: "asc" }, { jurisdiction: "asc" }],
  });
  return rows.map(viewDuty);
}

/** The assessment as it stands; null before a list was confirmed. */
export async function readAssessment(ctx: Context, incidentId: string): Promise<Assessment | null> {
  const row = await ctx.db.assessment.findFirst({ where: { shopId: ctx.shop.id, incidentId } });
  return row === null ? null : revive(row.result);
}

export type NextMoment = {
  /** `possible`: no list is confirmed yet, and this is what the strictest clock would ask if one affected person lived in the EU. */
  certainty: "owed" | "possible";
  duty: Duty;
  actBy: Date;
  /** Other open duties that fall due no later than a day after this one. */
  alsoDue: number;
};

const sameDayMs = 86_400_000;

/** The next legal moment of an incident; null when nothing has a date or everything dated is done. */
export async function readNextMoment(ctx: Context, incident: IncidentFacts): Promise<NextMoment | null> {
  const assessment = await readAssessment(ctx, incident.id);
  if (assessment === null) {
    const circumstances = await readCircumstances(ctx, incident);
    const supposed = assess(
      { ...circumstances, malicious: "yes" },
      { residence: [{ country: "DE", region: null, people: 1, categories: recordCategories }] },
    );
    const duty = supposed.jurisdictions
      .flatMap((place) => place.duties)
      .find((each) => each.duty === "regulator");
    return duty?.due == null ? null : { certainty: "possible", duty, actBy: duty.due.actBy, alsoDue: 0 };
  }
  const open = (await readDuties(ctx, incident.id)).flatMap(({ status, duty }) =>
    status === "due" && duty.due !== null ? [{ duty, actBy: duty.due.actBy }] : [],
  );
  const [first] = open;
  if (first === undefined) return null;
  const soon = open.filter(({ actBy }) => actBy.getTime() <= first.actBy.getTime() + sameDayMs);
  return { certainty: "owed", ...first, alsoDue: soon.length - 1 };
}

export const toldSchema = z.object({
  at: z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/, "datetime"),
  reference: z.string().trim().max(200).default(""),
});

/** Somebody says that an authority, or another recipient the law names, was told. */
export async function recordTold(
  ctx: Context,
  incidentId: string,
  obligationId: string,
  told: z.infer<typeof toldSchema>,
): Promise<void> {
  const row = await ctx.db.obligation.findFirst({
    where: { shopId: ctx.shop.id, incidentId, id: obligationId },
  });
  if (row === null) throw new Refused("obligation.notFound");
  if (row.duty === "individuals") throw new Refused("obligation.doneBySending");
  if (row.doneAt !== null) throw new Refused("obligation.alreadyDone");
  const at = readLocalTime(told.at, ctx.shop.timeZone);
  if (at.getTime() > ctx.now().getTime() + 5 * 60_000) throw new Refused("incident.clockInFuture", {}, "at");
  const changed = await ctx.db.obligation.updateMany({
    where: { shopId: ctx.shop.id, id: row.id, doneAt: null },
    data: {
      status: "done",
      doneAt: at,
      doneBy: ctx.actor as Prisma.InputJsonValue,
      reference: told.reference === "" ? null : told.reference,
    },
  });
  if (changed.count === 0) throw new Refused("obligation.alreadyDone");
  await record(ctx, `incident:${incidentId}`, "obligation.told", {
    duty: `${row.lawId}:${row.jurisdiction}:${row.duty}`,
    at: at.toISOString(),
    reference: await commitTyped(ctx, told.reference),
    late: row.actBy !== null && at > row.actBy,
  });
  if (row.duty === "regulator") await startClock(ctx, incidentId, "regulator_notified", at);
}

/** When this room wants the incident looked at: each date on which a duty falls due. */
export async function readDueMoments(ctx: Context, incidentId: string): Promise<Date[]> {
  const assessment = await readAssessment(ctx, incidentId);
  if (assessment === null) return [];
  const done = new Set(
    (await readDuties(ctx, incidentId)).filter((view) => view.status === "done").map((view) => view.duty.id),
  );
  return dueMoments(assessment, done).map((moment) => moment.at);
}
