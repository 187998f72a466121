/**
 * Finds the affected people: keeps the criteria, starts and stops runs, freezes the list, and answers questions about it. The search itself
 * is `workRun`, which a worker calls until the run is done.
 */
import { randomUUID } from "node:crypto";
import type { Prisma, ScopeRun } from "@prisma/client";
import { z } from "zod";
import { Refused } from "../ports.ts";
import type { Caller, Context, StoreCount } from "../ports.ts";
import { record } from "../evidence/evidence.server.ts";
import { readIncident } from "../incident/incident.server.ts";
import { maskEmail, maskName, maskPhone } from "../vault/vault.ts";
import { openMany } from "../vault/vault.server.ts";
import type { Basis, PersonData } from "./ingest.server.ts";
import { basisSchema } from "./run.server.ts";
import { invisibleBefore, openRunStates, progressOf, recordCategories, windowOfDays } from "./scope.ts";
import type { Criteria, DataCategory, Progress, RunState } from "./scope.ts";

export { workRun } from "./run.server.ts";
export type { Basis, PersonData };

export type Group = { id: string; name: string; criteria: Criteria; categories: DataCategory[] };

/** The incident's exposure group; null before criteria were chosen. */
export async function readGroup(ctx: Context, incidentId: string): Promise<Group | null> {
  const row = await ctx.db.exposureGroup.findFirst({ where: { shopId: ctx.shop.id, incidentId } });
  return row === null ? null : { id: row.id, ...basisSchema.parse(row) };
}

/** Keeps who is meant and what was exposed about them. */
export async function saveGroup(
  ctx: Context,
  incidentId: string,
  criteria: Criteria,
  categories: DataCategory[],
): Promise<void> {
  await readIncident(ctx, incidentId);
  const before = await readGroup(ctx, incidentId);
  const data = {
    name: "affected",
    criteria: criteria as Prisma.InputJsonValue,
    categories,
    updatedAt: ctx.now(),
  };
  if (before === null)
    await ctx.db.exposureGroup.create({
      data: { id: randomUUID(), shopId: ctx.shop.id, incidentId, ...data },
    });
  else await ctx.db.exposureGroup.update({ where: { id: before.id }, data });
  await record(ctx, `incident:${incidentId}`, "scope.criteria_saved", { criteria, categories });
}

export type Preview = {
  customers: StoreCount | null;
  orders: StoreCount;
  /** Orders before this moment are invisible to the app; null when none are. */
  invisibleBefore: Date | null;
  /** The criteria reach further back than the app can see. */
  reachesTooFar: boolean;
};

/** What Shopify can count before anything is run. */
export async function previewScope(
  caller: Caller,
  criteria: Criteria,
  grantedScopes: string[],
): Promise<Preview> {
  const unseen = invisibleBefore(grantedScopes, caller.now());
  if (criteria.kind === "everyone")
    return {
      customers: await caller.records.countCustomers(),
      orders: await caller.records.countOrders(),
      invisibleBefore: unseen,
      reachesTooFar: unseen !== null,
    };
  const window = windowOfDays(criteria.from, criteria.to, caller.shop.timeZone);
  return {
    customers: null,
    orders: await caller.records.countOrders(window),
    invisibleBefore: unseen,
    reachesTooFar: unseen !== null && window.from < unseen,
  };
}

/** Starts a search over the group as it stands. Refused while one is under way, or when the store's orders are not visible far enough back. */
export async function startScope(ctx: Context, incidentId: string, grantedScopes: string[]): Promise<string> {
  const group = await readGroup(ctx, incidentId);
  if (group === null) throw new Refused("scope.noCriteria");
  await ctx.db.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`scope|${incidentId}`}, 0))`;
  const open = await ctx.db.scopeRun.count({
    where: { shopId: ctx.shop.id, incidentId, state: { in: openRunStates } },
  });
  if (open > 0) throw new Refused("scope.alreadyRunning");
  const unseen = invisibleBefore(grantedScopes, ctx.now());
  const { criteria } = group;
  if (criteria.kind === "orders") {
    const window = windowOfDays(criteria.from, criteria.to, ctx.shop.timeZone);
    if (unseen !== null && window.from < unseen) throw new Refused("scope.ordersInvisible", {}, "from");
  }
  const last = await ctx.db.scopeRun.aggregate({
    where: { shopId: ctx.shop.id, incidentId },
    _max: { version: true },
  });
  const id = randomUUID();
  const version = (last._max.version ?? 0) + 1;
  const basis: Basis = { name: group.name, criteria, categories: group.categories };
  await forgetUnconfirmed(ctx, incidentId);
  await ctx.db.scopeRun.create({
    data: {
      id,
      shopId: ctx.shop.id,
      incidentId,
      version,
      state: "waiting",
      phase: "waiting",
      basis: basis as Prisma.InputJsonValue,
      startedAt: ctx.now(),
      startedBy: ctx.actor as Prisma.InputJsonValue,
    },
  });
  const kinds = criteria.kind === "everyone" ? ["customers", "orders"] : ["orders"];
  for (const kind of kinds)
    await ctx.db.scopeExport.create({
      data: { id: randomUUID(), shopId: ctx.shop.id, runId: id, kind, state: "waiting" },
    });
  await record(ctx, `incident:${incidentId}`, "scope.started", {
    run: id,
    version,
    criteria,
    categories: group.categories,
    olderOrdersInvisible: criteria.kind === "everyone" && unseen !== null,
  });
  ctx.wake({ kind: "scope", reference: id });
  return id;
}

/** People of lists that nobody confirmed are not kept once a new search starts. */
async function forgetUnconfirmed(ctx: Context, incidentId: string): Promise<void> {
  const old = await ctx.db.scopeRun.findMany({
    where: { shopId: ctx.shop.id, incidentId, confirmedAt: null },
    select: { id: true },
  });
  await ctx.db.affectedPerson.deleteMany({
    where: { shopId: ctx.shop.id, runId: { in: old.map((run) => run.id) } },
  });
  await ctx.db.scopeRun.updateMany({
    where: { shopId: ctx.shop.id, id: { in: old.map((run) => run.id) }, state: "ready" },
    data: { state: "canceled" },
  });
}

async function findRun(ctx: Context, incidentId: string, runId: string): Promise<ScopeRun> {
  const run = await ctx.db.scopeRun.findFirst({ where: { shopId: ctx.shop.id, incidentId, id: runId } });
  if (run === null) throw new Refused("scope.runNotFound");
  return run;
}

/** Stops a search. What Shopify is still writing is cancelled by the caller with `cancelExports`. Returns the bulk operations concerned. */
export async function cancelScope(ctx: Context, incidentId: string, runId: string): Promise<string[]> {
  const run = await findRun(ctx, incidentId, runId);
  if (!openRunStates.includes(run.state as RunState)) throw new Refused("scope.notRunning");
  await ctx.db.scopeRun.update({
    where: { shopId_id: { shopId: ctx.shop.id, id: runId } },
    data: { state: "canceled", phase: "canceled", finishedAt: ctx.now() },
  });
  await ctx.db.affectedPerson.deleteMany({ where: { shopId: ctx.shop.id, runId } });
  await record(ctx, `incident:${incidentId}`, "scope.canceled", { run: runId });
  const exports = await ctx.db.scopeExport.findMany({ where: { shopId: ctx.shop.id, runId } });
  return exports.flatMap((row) => (row.bulkId !== null && row.state !== "completed" ? [row.bulkId] : []));
}

/** Freezes a found list: from here on it is what the law is applied to and what notices go to. */
export async function confirmScope(ctx: Context, incidentId: string, runId: string): Promise<void> {
  await ctx.db.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`scope|${incidentId}`}, 0))`;
  const run = await findRun(ctx, incidentId, runId);
  if (run.state === "confirmed") return;
  if (run.state !== "ready" || run.listSha256 === null) throw new Refused("scope.notConfirmable");
  await ctx.db.scopeRun.update({
    where: { shopId_id: { shopId: ctx.shop.id, id: runId } },
    data: {
      state: "confirmed",
      phase: "confirmed",
      confirmedAt: ctx.now(),
      confirmedBy: ctx.actor as Prisma.InputJsonValue,
    },
  });
  await record(ctx, `incident:${incidentId}`, "scope.confirmed", {
    run: runId,
    version: run.version,
    people: run.people ?? 0,
    withoutEmail: run.withoutEmail ?? 0,
    listSha256: run.listSha256,
  });
}

export type RunView = {
  id: string;
  version: number;
  state: RunState;
  basis: Basis;
  progress: Progress;
  rowsMatched: number;
  people: number | null;
  merged: number | null;
  withoutEmail: number | null;
  listSha256: string | null;
  failure: { code: string; values: Record<string, string | number> } | null;
  startedAt: Date;
  finishedAt: Date | null;
  confirmedAt: Date | null;
};

function viewRun(run: ScopeRun, now: Date): RunView {
  const reading = run.state === "reading";
  const done = Number(reading ? run.rowsRead : run.objects);
  return {
    id: run.id,
    version: run.version,
    state: run.state as RunState,
    basis: basisSchema.parse(run.basis),
    progress: progressOf(
      done,
      reading && run.expected !== null ? Number(run.expected) : null,
      run.startedAt,
      now,
    ),
    rowsMatched: Number(run.rowsMatched),
    people: run.people,
    merged: run.merged,
    withoutEmail: run.withoutEmail,
    listSha256: run.listSha256,
    failure: run.failure as RunView["failure"],
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    confirmedAt: run.confirmedAt,
  };
}

/** The latest search of an incident. */
export async function readLatestRun(ctx: Context, incidentId: string): Promise<RunView | null> {
  const run = await ctx.db.scopeRun.findFirst({
    where: { shopId: ctx.shop.id, incidentId },
    orderBy: { version: "desc" },
  });
  return run === null ? null : viewRun(run, ctx.now());
}

/** The list that counts: the latest confirmed one. */
export async function readConfirmedRun(ctx: Context, incidentId: string): Promise<RunView | null> {
  const run = await ctx.db.scopeRun.findFirst({
    where: { shopId: ctx.shop.id, incidentId, state: "confirmed" },
    orderBy: { version: "desc" },
  });
  return run === null ? null : viewRun(run, ctx.now());
}

/**
 * Whether a search could not see the store's orders older than `visibleOrderDays`, so that guests who ordered only before are missing. Told
 * by what was recorded when it started: the permission may have been given since.
 */
export async function missedOldOrders(ctx: Context, incidentId: string, runId: string): Promise<boolean> {
  const started = await ctx.db.evidenceEvent.findFirst({
    where: {
      shopId: ctx.shop.id,
      stream: `incident:${incidentId}`,
      type: "scope.started",
      payload: { path: ["run"], equals: runId },
    },
    select: { payload: true },
  });
  return (
    z.object({ olderOrdersInvisible: z.boolean() }).safeParse(started?.payload).data?.olderOrdersInvisible ??
    false
  );
}

export type Tally = { country: string | null; region: string | null; people: number; withEmail: number };

/** People by residence, most first. */
export async function readTally(ctx: Context, runId: string): Promise<Tally[]> {
  const rows = await ctx.db.scopeTally.findMany({
    where: { shopId: ctx.shop.id, runId },
    orderBy: [{ people: "desc" }, { country: "asc" }, { region: "asc" }],
  });
  return rows.map((row) => ({
    country: row.country === "" ? null : row.country,
    region: row.region === "" ? null : row.region,
    people: row.people,
    withEmail: row.withEmail,
  }));
}

export type MaskedPerson = {
  id: string;
  name: string;
  email: string | null;
  phone: string | null;
  country: string | null;
  region: string | null;
  residenceSource: string;
  orders: number;
  hasCustomerRecord: boolean;
};

/** One page of a list in stable order, masked. `after` is the last id of the page before. */
export async function listPeople(
  ctx: Context,
  runId: string,
  after: string | null,
  take = 50,
): Promise<MaskedPerson[]> {
  const rows = await ctx.db.affectedPerson.findMany({
    where: { shopId: ctx.shop.id, runId, ...(after === null ? {} : { id: { gt: after } }) },
    orderBy: { id: "asc" },
    take,
  });
  const people = await openMany<PersonData>(ctx, "affected_person", rows, "list", `run:${runId}`);
  return rows.map((row, index) => {
    const person = people[index]!;
    return {
      id: row.id,
      name: maskName(`${person.firstName} ${person.lastName}`),
      email: person.email === null ? null : maskEmail(person.email),
      phone: person.phone === null ? null : maskPhone(person.phone),
      country: row.country,
      region: row.region,
      residenceSource: row.residenceSource,
      orders: row.orders,
      hasCustomerRecord: row.customerId !== null,
    };
  });
}

/** The hash of a list as the rows stand now; equal to the one that was confirmed unless somebody changed them. */
export async function hashList(ctx: Context, runId: string): Promise<string> {
  const rows = await ctx.db.$queryRaw<{ hash: string }[]>`
    SELECT encode(sha256(coalesce(string_agg(person_key, ''::bytea ORDER BY person_key), ''::bytea)), 'hex') AS hash
    FROM affected_person WHERE shop_id = ${ctx.shop.id} AND run_id = ${runId}::uuid`;
  return rows[0]?.hash ?? "";
}

/** Searches that a worker should look at: open, and not in another worker's hands. */
export async function findOpenRuns(ctx: Context, incidentId: string): Promise<string[]> {
  const rows = await ctx.db.$queryRaw<{ id: string }[]>`
    SELECT id FROM scope_run WHERE shop_id = ${ctx.shop.id} AND incident_id = ${incidentId}::uuid AND state = ANY (${openRunStates})
      AND (lease_until IS NULL OR lease_until < clock_timestamp())`;
  return rows.map((row) => row.id);
}

/** Whether any search of the incident is under way, in whoever's hands. */
export async function isScoping(ctx: Context, incidentId: string): Promise<boolean> {
  return (
    (await ctx.db.scopeRun.count({
      where: { shopId: ctx.shop.id, incidentId, state: { in: openRunStates } },
    })) > 0
  );
}

/** The run a finished bulk operation belongs to. */
export async function findRunOfExport(ctx: Context, bulkId: string): Promise<string | null> {
  const row = await ctx.db.scopeExport.findFirst({
    where: { shopId: ctx.shop.id, bulkId },
    select: { runId: true },
  });
  return row?.runId ?? null;
}

export { recordCategories };

export async function findIncidentOfRun(ctx: Context, runId: string): Promise<string | null> {
  const run = await ctx.db.scopeRun.findFirst({
    where: { shopId: ctx.shop.id, id: runId },
    select: { incidentId: true },
  });
  return run?.incidentId ?? null;
}
