/** One search as a worker does it: from the finished export to the frozen list. */
import { readLatestRun, workRun } from "../../app/breach/scope/scope.server.ts";
import { answer, peakMb, receiveTask } from "./child.ts";
import { enterShop } from "./shop.ts";
import type { ShopAddress } from "./shop.ts";

export type IngestTask = { address: ShopAddress; incident: string; run: string };
export type IngestAnswer = { ms: number; rows: number; people: number; peakMb: number; cpuMs: number };

const task = await receiveTask<IngestTask>();
const { caller, close } = await enterShop(task.address);
const started = performance.now();
await workRun(caller, task.run);
const ms = performance.now() - started;
const view = await caller.transact((ctx) => readLatestRun(ctx, task.incident));
if (view?.state !== "ready") throw new Error(`the run ended as ${view?.state}`);
const { user, system } = process.cpuUsage();
await answer({
  ms,
  rows: view.progress.done,
  people: view.people ?? 0,
  peakMb: peakMb(),
  cpuMs: (user + system) / 1000,
} satisfies IngestAnswer);
await close();
process.disconnect();
