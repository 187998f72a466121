import type { ChildProcess } from "node:child_process";

export const root: string;
export class Trouble extends Error {}
export function checkMachine(): void;
export function nodeBinary(): string;
export function toolEnv(extra?: NodeJS.ProcessEnv): NodeJS.ProcessEnv;
export function install(say: (line: string) => void): Promise<boolean>;
export function runNpm(args: string[], folder: string): Promise<void>;
export function takeTurn(what: string, onWait: () => void): Promise<() => void>;
export function isAlive(pid: number): boolean;
export function passSignals(child: ChildProcess, graceMs: number): () => boolean;
