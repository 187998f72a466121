/** A process of its own, so that its time and memory are its own too. It is told what to do in one message, and answers in messages. */
import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../..");

export type Child<Answer> = {
  process: ChildProcess;
  /** Its next message. Rejects when it ends without one. */
  next(): Promise<Answer>;
  tell(message: unknown): void;
  stop(): Promise<void>;
};

export function startChild<Answer>(file: string, task: unknown, flags: string[] = []): Child<Answer> {
  const child = fork(path.join(root, "test/bench", file), [], {
    execArgv: flags,
    cwd: root,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const answers: Answer[] = [];
  const waiting: { resolve(answer: Answer): void; reject(error: Error): void }[] = [];
  let ended = false;
  child.on("message", (answer) => {
    const waiter = waiting.shift();
    if (waiter) waiter.resolve(answer as Answer);
    else answers.push(answer as Answer);
  });
  const gone = new Promise<void>((resolve) => {
    child.on("exit", () => {
      ended = true;
      for (const waiter of waiting.splice(0)) waiter.reject(new Error(`${file} ended without an answer`));
      resolve();
    });
  });
  child.send(task as object);
  return {
    process: child,
    next() {
      const ready = answers.shift();
      if (ready !== undefined) return Promise.resolve(ready);
      if (ended) return Promise.reject(new Error(`${file} ended without an answer`));
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
    },
    tell: (message) => child.send(message as object),
    async stop() {
      if (!ended) child.kill("SIGKILL");
      await gone;
    },
  };
}

/** The child's side: its task, and how it answers. */
export function receiveTask<Task>(): Promise<Task> {
  return new Promise((resolve) => process.once("message", (task) => resolve(task as Task)));
}

export function answer(message: unknown): Promise<void> {
  return new Promise((resolve, reject) =>
    process.send?.(message, (error: Error | null) => (error ? reject(error) : resolve())),
  );
}

/** Most memory this process has held so far, in MB. */
export function peakMb(): number {
  return process.resourceUsage().maxRSS / 1024;
}
