/** One worker that sends one notice, to its end or until it is killed. */
import { dispatchNotice, readNotice } from "../../app/breach/notice/notice.server.ts";
import { answer, peakMb, receiveTask } from "./child.ts";
import { enterShop } from "./shop.ts";
import type { ShopAddress } from "./shop.ts";

export type DispatchTask = { address: ShopAddress; incident: string; notice: string };
export type DispatchAnswer = { ms: number; peakMb: number; cpuMs: number };

const task = await receiveTask<DispatchTask>();
const { caller, close } = await enterShop(task.address);
const started = performance.now();
await dispatchNotice(caller, task.notice);
const ms = performance.now() - started;
const view = await caller.transact((ctx) => readNotice(ctx, task.incident, task.notice));
if (view.state !== "finished") throw new Error(`the notice is ${view.state} ${view.pauseReason ?? ""}`);
const { user, system } = process.cpuUsage();
await answer({ ms, peakMb: peakMb(), cpuMs: (user + system) / 1000 } satisfies DispatchAnswer);
await close();
process.disconnect();
