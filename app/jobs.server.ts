/**
 * The job queue carries wake-ups only: what to look at, never what to do or about whom. A lost or doubled wake-up is harmless, because the
 * rows say what is open, leases keep workers apart, and the sweep finds what nobody was told of.
 */
import { PgBoss } from "pg-boss";
import type { Wake } from "./breach/ports.ts";
import { env } from "./env.server.ts";
import { describeError, log } from "./log.server.ts";

export const queues = ["advance", "scope", "send", "banner"] as const;

export type WakeJob = { shop: string; reference: string };

let boss: Promise<PgBoss> | undefined;

async function startBoss(): Promise<PgBoss> {
  const made = new PgBoss({ connectionString: env().DATABASE_URL, max: 3, schedule: false });
  made.on("error", (error) => log().error("queue", { error: describeError(error) }));
  await made.start();
  for (const queue of queues)
    await made.createQueue(queue, { policy: "short", retryLimit: 0, expireInSeconds: 3600 });
  return made;
}

/** The process's queue, connected on first use. */
export function queue(): Promise<PgBoss> {
  boss ??= startBoss();
  return boss;
}

/** Tells the workers. One wake-up of a kind waits per reference, however often it is asked for. */
export async function sendWakes(shopId: string, wakes: Wake[]): Promise<void> {
  try {
    const sender = await queue();
    for (const wake of wakes) {
      const job: WakeJob = { shop: shopId, reference: wake.reference };
      await sender.send(wake.kind, job, { singletonKey: `${shopId}|${wake.reference}` });
    }
  } catch (error) {
    // The act is committed; the sweep will find its row. Failing the request now would make the merchant do it twice.
    log().warn("wake-up not sent", { error: describeError(error) });
  }
}
