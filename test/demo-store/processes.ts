/**
 * Child processes that end with the one that started them, however it ends. Each runs in its own process group, so that Ctrl-C in a
 * terminal reaches the starter alone, which then stops them in order; and each is on a leash, so that `kill -9` of the starter
 * reaches them too.
 */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import fs from "node:fs";
import { Trouble, isAlive } from "../install.mjs";

export { Trouble, isAlive };

export type ProcessOptions = {
  command: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** Where its output goes; emptied first. */
  log: string;
  uid?: number;
  gid?: number;
  /** What asks it to end in good order. PostgreSQL wants SIGINT, which closes its sessions. */
  signal?: "SIGTERM" | "SIGINT";
  /** A folder to remove should the starter be killed. */
  litter?: string;
};

export type Running = {
  pid: number;
  log: string;
  /** How it ended, e.g. "code 1" or "SIGKILL"; undefined while it runs. */
  ending(): string | undefined;
  exited: Promise<string>;
  /** Asks it to end, and kills its whole group after `graceMs`. */
  stop(graceMs?: number): Promise<void>;
  /** Pulls the plug, as a crash would. */
  kill(): Promise<void>;
};

export function startProcess(options: ProcessOptions): Promise<Running> {
  const output = fs.openSync(options.log, "w", 0o600);
  const signal = options.signal ?? "SIGTERM";
  const child = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ["ignore", output, output],
    detached: true,
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.gid }),
  });
  fs.closeSync(output);
  let ending: string | undefined;
  const exited = new Promise<string>((resolve) => {
    child.on("exit", (code, by) => {
      ending = by ?? `code ${code}`;
      resolve(ending);
    });
  });
  return new Promise((resolve, reject) => {
    child.on("error", (error) =>
      reject(new Trouble(`${options.command} could not be started (${error.message}).`)),
    );
    child.on("spawn", () => {
      const pid = child.pid;
      if (pid === undefined) return;
      const leash = tie(pid, signal, options.litter);
      void exited.then(() => leash.kill("SIGKILL"));
      resolve({
        pid,
        log: options.log,
        ending: () => ending,
        exited,
        async stop(graceMs = 10_000) {
          if (ending !== undefined) return;
          signalGroup(pid, signal);
          const timer = setTimeout(() => signalGroup(pid, "SIGKILL"), graceMs);
          await exited;
          clearTimeout(timer);
          // What the process itself had started.
          signalGroup(pid, "SIGKILL");
        },
        async kill() {
          signalGroup(pid, "SIGKILL");
          await exited;
        },
      });
    });
  });
}

/** A shell that waits for its input to close, which happens when this process ends in whatever way, and then ends the group. */
function tie(pid: number, signal: string, litter?: string): ChildProcess {
  const group = `-${pid}`;
  const script = `cat >/dev/null; kill -s "$1" -- "$2"; n=0
while kill -0 -- "$2" && [ $n -lt 50 ]; do sleep 0.1; n=$((n+1)); done
kill -s KILL -- "$2"; [ -z "$3" ] || rm -rf -- "$3"`;
  const leash = spawn("sh", ["-c", script, "leash", signal.slice(3), group, litter ?? ""], {
    cwd: "/",
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  leash.on("error", () => undefined);
  leash.unref();
  const input = leash.stdin;
  input?.on("error", () => undefined);
  if (input !== null && "unref" in input && typeof input.unref === "function") input.unref();
  return leash;
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // Already gone.
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
