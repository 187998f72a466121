/**
 * The worker: looks at what it is woken for, and sweeps for what nobody was told of. Any number of them share one database.
 */
import type { Caller, Wake } from "./breach/ports.ts";
import { advance } from "./breach/checklist/checklist.server.ts";
import { dispatchNotice } from "./breach/notice/notice.server.ts";
import { syncBanner } from "./breach/publication/publication.server.ts";
import { findIncidentOfRun, workRun } from "./breach/scope/scope.server.ts";
import { findCaller } from "./context.server.ts";
import { database } from "./db.server.ts";
import { isEntryPoint } from "./entry-point.server.ts";
import { queue, queues } from "./jobs.server.ts";
import type { WakeJob } from "./jobs.server.ts";
import { describeError, log } from "./log.server.ts";
import { onEnding } from "./shutdown.server.ts";

const sweepMs = 1000;
const sweepRows = 200;

async function work(caller: Caller, kind: Wake["kind"], reference: string): Promise<void> {
  switch (kind) {
    case "advance":
      return caller.transact((ctx) => advance(ctx, reference));
    case "scope": {
      await workRun(caller, reference);
      const incident = await caller.transact((ctx) => findIncidentOfRun(ctx, reference));
      if (incident !== null) await caller.transact((ctx) => advance(ctx, incident));
      return;
    }
    case "send": {
      const incident = await dispatchNotice(caller, reference);
      if (incident !== null) await caller.transact((ctx) => advance(ctx, incident));
      return;
    }
    case "banner":
      return syncBanner(caller, reference);
  }
}

/** Sends under way in this process: the sweep asks again all the while, and one long send must not take every slot and more connections. */
const sending = new Set<string>();

async function handle(kind: Wake["kind"], job: WakeJob): Promise<void> {
  const send = kind === "send" ? `${job.shop}|${job.reference}` : null;
  if (send !== null && sending.has(send)) return;
  if (send !== null) sending.add(send);
  const started = Date.now();
  try {
    const caller = await findCaller(job.shop, { kind: "system", part: "worker" });
    if (caller === null) return;
    await work(caller, kind, job.reference);
    log().info("worked", { kind, reference: job.reference, ms: Date.now() - started });
  } catch (error) {
    log().error("work failed", {
      kind,
      reference: job.reference,
      ms: Date.now() - started,
      error: describeError(error),
    });
  } finally {
    if (send !== null) sending.delete(send);
  }
}

/** Starts a worker; the returned function lets what is under way finish and ends it. */
export async function startWorker(): Promise<() => Promise<void>> {
  const boss = await queue();
  // Several at once, because a mail server or a store that hangs must not hold up the others.
  for (const kind of queues)
    await boss.work<WakeJob>(kind, { pollingIntervalSeconds: 0.5, localConcurrency: 4 }, async (jobs) => {
      for (const job of jobs) await handle(kind, job.data);
    });

  let stopped = false;
  let sweeping: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    sweeping = sweeping.then(sweep, sweep);
  }, sweepMs);

  async function sweep(): Promise<void> {
    if (stopped) return;
    try {
      for (const due of await database().dueIncidents(sweepRows))
        await handle("advance", { shop: due.shopId, reference: due.reference });
    } catch (error) {
      log().error("sweep failed", { error: describeError(error) });
    }
  }

  return async () => {
    stopped = true;
    clearInterval(timer);
    await sweeping;
    await boss.stop({ graceful: true, timeout: 20_000 });
    await database().close();
  };
}

if (isEntryPoint(import.meta.url)) {
  try {
    const stop = await startWorker();
    log().info("worker started");
    onEnding(stop);
  } catch (error) {
    console.error(error instanceof Error ? error.message : "The worker could not start.");
    process.exit(1);
  }
}
