/**
 * One look at a run that is not finished: ask for the exports, watch them, then read them. Nothing waits inside: a look that finds Shopify
 * still at work ends, and the next one comes with the webhook or the sweep. Leases and fencing use the database's clock.
 */
import { randomUUID } from "node:crypto";
import type { Prisma } from "@prisma/client";
import type { PoolClient } from "pg";
import { z } from "zod";
import { Outage } from "../ports.ts";
import type { Caller, Context, ExportRequest } from "../ports.ts";
import { record } from "../evidence/evidence.server.ts";
import { RunFailure } from "./failure.ts";
import { ingestExports } from "./ingest.server.ts";
import type { Basis, FinishedExport, IngestResult } from "./ingest.server.ts";
import { categoriesSchema, criteriaSchema, openRunStates, windowOfDays } from "./scope.ts";
import type { RunState } from "./scope.ts";

export const basisSchema: z.ZodType<Basis> = z.object({
  name: z.string(),
  criteria: criteriaSchema,
  categories: categoriesSchema,
});

const leaseSeconds = 15;
const heartbeatMs = 1000;
/** A link that broke is asked for anew this often before the run fails. */
const downloadTries = 3;

/** The run was taken over, canceled, or finished by somebody else. */
class LeaseLost extends Error {}

type Claimed = { id: string; incidentId: string; basis: Basis; attempt: string };

async function claim(ctx: Context, runId: string): Promise<Claimed | null> {
  const attempt = randomUUID();
  const rows = await ctx.db.$queryRaw<{ incident_id: string; basis: unknown }[]>`
    UPDATE scope_run SET attempt = ${attempt}::uuid, lease_until = clock_timestamp() + make_interval(secs => ${leaseSeconds})
    WHERE shop_id = ${ctx.shop.id} AND id = ${runId}::uuid AND state = ANY (${openRunStates})
      AND (lease_until IS NULL OR lease_until < clock_timestamp())
    RETURNING incident_id, basis`;
  const [row] = rows;
  return row === undefined
    ? null
    : { id: runId, incidentId: row.incident_id, basis: basisSchema.parse(row.basis), attempt };
}

type Change = Partial<{
  state: RunState;
  phase: string;
  objects: number;
  expected: number | null;
  rowsRead: number;
  release: boolean;
}>;

/** Writes progress if the lease is still ours. Throws `LeaseLost` otherwise. */
async function renew(ctx: Context, run: Claimed, change: Change): Promise<void> {
  const changed = await ctx.db.$executeRaw`
    UPDATE scope_run SET
      lease_until = ${change.release === true ? null : leaseSeconds}::int * interval '1 second' + clock_timestamp(),
      state = coalesce(${change.state ?? null}, state), phase = coalesce(${change.phase ?? null}, phase),
      objects = coalesce(${change.objects ?? null}::bigint, objects), expected = coalesce(${change.expected ?? null}::bigint, expected),
      rows_read = coalesce(${change.rowsRead ?? null}::bigint, rows_read)
    WHERE shop_id = ${ctx.shop.id} AND id = ${run.id}::uuid AND attempt = ${run.attempt}::uuid AND state = ANY (${openRunStates})`;
  if (changed !== 1) throw new LeaseLost();
}

/** Throws `LeaseLost` unless the run is still ours; nobody can take it until this transaction has ended. */
async function holdRun(client: PoolClient, shopId: string, run: Claimed): Promise<void> {
  const held = await client.query(
    "SELECT 1 FROM scope_run WHERE shop_id = $1 AND id = $2 AND attempt = $3 AND state = ANY ($4) FOR SHARE",
    [shopId, run.id, run.attempt, openRunStates],
  );
  if (held.rowCount !== 1) throw new LeaseLost();
}

function requestOf(kind: string, basis: Basis, zone: string): ExportRequest {
  if (kind === "customers") return { kind };
  return basis.criteria.kind === "orders"
    ? { kind: "orders", placed: windowOfDays(basis.criteria.from, basis.criteria.to, zone) }
    : { kind: "orders" };
}

async function requestExports(caller: Caller, run: Claimed): Promise<void> {
  const missing = await caller.transact((ctx) =>
    ctx.db.scopeExport.findMany({ where: { shopId: ctx.shop.id, runId: run.id, bulkId: null } }),
  );
  for (const row of missing) {
    const started = await caller.records.startExport(requestOf(row.kind, run.basis, caller.shop.timeZone));
    await caller.transact(async (ctx) => {
      await renew(ctx, run, { state: "exporting", phase: "exporting" });
      await ctx.db.scopeExport.update({
        where: { id: row.id },
        data: { bulkId: started.bulkId, query: started.query, state: "created", startedAt: ctx.now() },
      });
      await record(ctx, `incident:${run.incidentId}`, "scope.export_started", {
        run: run.id,
        kind: row.kind,
        bulkOperation: started.bulkId,
        query: started.query,
      });
    });
  }
}

/** Asks Shopify about every export. Null while one is still being written. */
async function readExports(caller: Caller, run: Claimed): Promise<FinishedExport[] | null> {
  const rows = await caller.transact((ctx) =>
    ctx.db.scopeExport.findMany({ where: { shopId: ctx.shop.id, runId: run.id } }),
  );
  const finished: FinishedExport[] = [];
  let objects = 0;
  let pending = false;
  for (const row of rows.toSorted((a, b) => a.kind.localeCompare(b.kind))) {
    if (row.bulkId === null) throw new Error("an export without an operation");
    const status = await caller.records.readExport(row.bulkId);
    objects += status.objectCount;
    await caller.transact((ctx) =>
      ctx.db.scopeExport.update({
        where: { id: row.id },
        data: {
          state: status.state,
          objectCount: status.objectCount,
          rootObjectCount: status.rootObjectCount,
          fileSize: status.fileSize,
          ...(status.state === "completed" && row.completedAt === null ? { completedAt: ctx.now() } : {}),
        },
      }),
    );
    if (status.state === "failed") {
      if (status.errorCode === "ACCESS_DENIED") throw new RunFailure("accessDenied");
      throw new RunFailure(status.hasPartialData ? "exportPartial" : "exportFailed", {
        objects: status.objectCount,
      });
    }
    if (status.state === "canceled" || status.state === "canceling") throw new RunFailure("exportCanceled");
    if (status.state === "expired") throw new RunFailure("exportExpired");
    if (status.state !== "completed") pending = true;
    if (status.url === null && status.objectCount > 0 && status.state === "completed")
      throw new RunFailure("exportExpired");
    finished.push({
      kind: row.kind === "customers" ? "customers" : "orders",
      url: status.url,
      objectCount: status.objectCount,
      rootObjectCount: status.rootObjectCount,
      fileSize: status.fileSize,
    });
  }
  await caller.transact((ctx) => renew(ctx, run, { objects }));
  return pending ? null : finished;
}

async function finish(caller: Caller, run: Claimed, result: IngestResult): Promise<void> {
  await caller.transact(async (ctx) => {
    await renew(ctx, run, { rowsRead: result.rowsRead });
    for (const file of result.files)
      await ctx.db.scopeExport.updateMany({
        where: { shopId: ctx.shop.id, runId: run.id, kind: file.kind },
        data: { sha256: file.sha256 },
      });
    await ctx.db.scopeRun.update({
      where: { shopId_id: { shopId: ctx.shop.id, id: run.id } },
      data: {
        state: "ready",
        phase: "ready",
        leaseUntil: null,
        rowsMatched: result.rowsMatched,
        people: result.people,
        merged: result.rowsMatched - result.people,
        withoutEmail: result.withoutEmail,
        listSha256: result.listSha256,
        finishedAt: ctx.now(),
      },
    });
    await record(ctx, `incident:${run.incidentId}`, "scope.found", {
      run: run.id,
      rowsRead: result.rowsRead,
      rowsMatched: result.rowsMatched,
      people: result.people,
      merged: result.rowsMatched - result.people,
      withoutEmail: result.withoutEmail,
      listSha256: result.listSha256,
      files: result.files,
    });
  });
}

async function fail(caller: Caller, run: Claimed, failure: RunFailure): Promise<void> {
  await caller.transact(async (ctx) => {
    await renew(ctx, run, { release: true });
    await ctx.db.affectedPerson.deleteMany({ where: { shopId: ctx.shop.id, runId: run.id } });
    await ctx.db.scopeRun.update({
      where: { shopId_id: { shopId: ctx.shop.id, id: run.id } },
      data: {
        state: "failed",
        phase: "failed",
        failure: { code: failure.code, values: failure.values } as Prisma.InputJsonValue,
        finishedAt: ctx.now(),
      },
    });
    await record(ctx, `incident:${run.incidentId}`, "scope.failed", { run: run.id, code: failure.code });
  });
}

/** Renews the lease every second while `work` runs, whatever it waits for. `check` throws once the lease is lost. */
async function keepLease<T>(
  caller: Caller,
  run: Claimed,
  work: (progress: { rowsRead: number; check(): void }) => Promise<T>,
): Promise<T> {
  let lost = false;
  const progress = {
    rowsRead: 0,
    check() {
      if (lost || caller.isEnding()) throw new LeaseLost();
    },
  };
  let beat: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    beat = beat
      .then(() => caller.transact((ctx) => renew(ctx, run, { rowsRead: progress.rowsRead })))
      .catch((error: unknown) => {
        if (error instanceof LeaseLost) lost = true;
        else caller.log.warn("scope heartbeat failed", { run: run.id });
      });
  }, heartbeatMs);
  try {
    return await work(progress);
  } finally {
    clearInterval(timer);
    await beat;
  }
}

async function readPeople(caller: Caller, run: Claimed, exports: FinishedExport[]): Promise<void> {
  const expected = exports.reduce((sum, file) => sum + file.objectCount, 0);
  await caller.transact((ctx) =>
    renew(ctx, run, { state: "reading", phase: "reading", expected, rowsRead: 0 }),
  );
  for (let attempt = 1; ; attempt += 1) {
    try {
      const result = await keepLease(caller, run, (progress) =>
        ingestExports(
          caller,
          run.id,
          run.basis,
          exports,
          (rowsRead) => {
            progress.rowsRead = rowsRead;
            progress.check();
          },
          (client) => holdRun(client, caller.shop.id, run),
        ),
      );
      return await finish(caller, run, result);
    } catch (error) {
      if (!(error instanceof Outage) || error.party !== "download") throw error;
      if (attempt === downloadTries)
        throw new RunFailure(error.reason === "expired" ? "linkExpired" : "truncated");
      const again = await readExports(caller, run);
      if (again === null) throw new RunFailure("exportFailed");
      exports = again;
    }
  }
}

/** Moves a run on as far as it goes now. Safe to call at any time, by any number of workers. */
export async function workRun(caller: Caller, runId: string): Promise<void> {
  const run = await caller.transact((ctx) => claim(ctx, runId));
  if (run === null) return;
  try {
    await requestExports(caller, run);
    const exports = await readExports(caller, run);
    if (exports === null) await caller.transact((ctx) => renew(ctx, run, { release: true }));
    else await readPeople(caller, run, exports);
  } catch (error) {
    if (error instanceof LeaseLost) return;
    const failure =
      error instanceof RunFailure
        ? error
        : error instanceof Outage && error.reason === "access_denied"
          ? new RunFailure("accessDenied")
          : null;
    try {
      if (failure !== null) return await fail(caller, run, failure);
      await caller.transact((ctx) => renew(ctx, run, { release: true }));
    } catch (second) {
      if (!(second instanceof LeaseLost)) throw second;
    }
    throw error;
  }
}
