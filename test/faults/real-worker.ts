/** The worker as it runs in production: its own process, found by the database alone, killed without warning. */
import { randomBytes, randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { advance } from "../../app/breach/checklist/checklist.server.ts";
import type { Caller } from "../../app/breach/ports.ts";
import { isAlive, pause, startProcess } from "../demo-store/processes.ts";
import type { Running } from "../demo-store/processes.ts";
import type { Joint } from "../joint.ts";

const root = path.resolve(import.meta.dirname, "../..");

export type Workers = {
  /** Starts one more; resolves when it says that it is at work. */
  start(): Promise<Running>;
  /** kill -9, and sees to it that the process is gone. */
  kill(worker: Running): Promise<void>;
  /** All that any of them has written so far. */
  logs(): string;
  /** Ends what still runs and removes the logs. */
  close(): Promise<void>;
};

export function openWorkers(joint: Joint, allow: string[]): Workers {
  const folder = mkdtempSync(path.join(tmpdir(), "candor-workers-"));
  const started: Running[] = [];
  // The same for all of them, as for the workers of one installation.
  const secret = randomBytes(24).toString("hex");
  const text = (worker: Running) => readFileSync(worker.log, "utf8");
  return {
    async start() {
      const worker = await startProcess({
        command: process.execPath,
        args: [
          `--import=${path.join(root, "test/demo-store/preload.mjs")}`,
          path.join(root, "app/worker.server.ts"),
        ],
        cwd: root,
        log: path.join(folder, `${randomUUID()}.log`),
        env: {
          PATH: process.env["PATH"],
          TZ: "UTC",
          NODE_ENV: "production",
          DATABASE_URL: joint.url,
          CANDOR_MASTER_KEY: joint.masterKey,
          SHOPIFY_API_KEY: "9f2c4d6e8a0b1c3d5e7f90a1b2c3d4e5",
          SHOPIFY_API_SECRET: secret,
          SHOPIFY_APP_URL: "http://127.0.0.1:9",
          CANDOR_NET_ALLOW: [...joint.allow, ...allow].join(","),
          DEMO_STORE_ORIGIN: process.env["DEMO_STORE_ORIGIN"],
        },
      });
      started.push(worker);
      for (let look = 0; !text(worker).includes("worker started"); look += 1) {
        if (worker.ending() !== undefined || look === 400)
          throw new Error(`the worker did not start:\n${text(worker)}`);
        await pause(50);
      }
      return worker;
    },
    async kill(worker) {
      await worker.kill();
      if (isAlive(worker.pid)) throw new Error("a worker survived kill -9");
    },
    logs: () => started.map(text).join(""),
    async close() {
      await Promise.all(started.map((worker) => worker.stop(5000)));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Lets the workers' sweep find the incident, as after any act of a merchant. */
export function hand(caller: Caller, incident: string): Promise<void> {
  return caller.transact((ctx) => advance(ctx, incident));
}

/** Asks until the answer is true. Throws after `seconds`. */
export async function until(what: string, seconds: number, ask: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await ask())) {
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
    await pause(50);
  }
}
