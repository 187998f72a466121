/**
 * The whole demo as one object: PostgreSQL, the demo store, the app's web and worker processes. The `npm run demo` command and the
 * browser tests both start it here, so that what a person sees is what is tested.
 */
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { build } from "../build.ts";
import { root } from "../install.mjs";
import { endOrphan, startPostgres } from "./postgres.ts";
import type { Postgres } from "./postgres.ts";
import { Trouble, isAlive, pause, startProcess } from "./processes.ts";
import type { Running } from "./processes.ts";

export type DemoOptions = {
  /** First of seven ports in a row. */
  port: number;
  /** Keeps database, secrets, logs and the store's state. */
  dataDir: string;
  /** Of the demo shop; orders are two and a half times as many. Default: as last time in this folder, else 2,000. */
  customers?: number;
  /** Start over: remove everything that the folder keeps. */
  reset?: boolean;
  /** Let prisma/seed.ts take incidents through the steps, once per folder. */
  withIncidents?: boolean;
  /** Told what is going on, in short sentences. */
  say?: (line: string) => void;
  /** Ends an unfinished start; what had been started is taken down again. */
  signal?: AbortSignal;
  /** Told when a process ends that nobody asked to. */
  onLoss?: (name: string, ending: string, log: string) => void;
};

export type ProcessName = "store" | "web" | "worker";

export type Demo = {
  addresses: { admin: string; app: string; storefront: string; inbox: string; wire: string };
  databaseUrl: string;
  /** What web and worker run with. */
  env: NodeJS.ProcessEnv;
  start(name: ProcessName): Promise<void>;
  /** kill -9 of the process and all it started. */
  kill(name: ProcessName): Promise<void>;
  log(name: ProcessName): string;
  stop(): Promise<void>;
};

type Settings = { customers: number; installed: boolean; seeded: boolean };
type Secrets = { masterKey: string; apiKey: string; apiSecret: string };

const offsets = { admin: 0, app: 1, storefront: 2, inbox: 3, wire: 4, web: 5, mail: 6 };
/** The worker may be in the middle of a group of letters. */
const graceMs: Record<ProcessName, number> = { worker: 20_000, store: 3_000, web: 3_000 };
const ordersPerCustomer = 2.5;
const portCount = Object.keys(offsets).length;

export async function startDemo(options: DemoOptions): Promise<Demo> {
  const say = options.say ?? (() => undefined);
  const { port: base, dataDir } = options;
  prepareFolder(dataDir);
  const release = await claimFolder(dataDir, base);
  const running = new Map<ProcessName, Running>();
  let postgres: Postgres | undefined;
  let stopping = false;

  async function stop(): Promise<void> {
    stopping = true;
    await Promise.all([...running].map(([name, process]) => process.stop(graceMs[name])));
    await postgres?.stop();
    release();
  }

  function checkWanted(): void {
    if (options.signal?.aborted === true) throw new Trouble("Stopped before it was ready.");
  }

  try {
    await checkPorts(base);
    if (options.reset === true) await emptyFolder(dataDir);
    const settingsFile = path.join(dataDir, "settings.json");
    const settings = readSettings(settingsFile, options.customers);
    const [, server] = await Promise.all([
      build(options.signal).then((built) => built && say("App built.")),
      startPostgres({ dataDir: path.join(dataDir, "postgres") }),
    ]);
    postgres = server;
    void server.exited.then((ending) => {
      if (!stopping) options.onLoss?.("PostgreSQL", ending, path.join(dataDir, "postgres/postgres.log"));
    });
    checkWanted();
    await server.createDatabase("candor");
    const env = makeEnv(base, dataDir, server.url("candor"), settings.customers);
    await runOnce("app/migrate.server.ts", env, dataDir);

    const addresses = {
      admin: `http://localhost:${base + offsets.admin}`,
      app: `http://localhost:${base + offsets.app}`,
      storefront: `http://localhost:${base + offsets.storefront}`,
      inbox: `http://localhost:${base + offsets.inbox}`,
      wire: `http://127.0.0.1:${base + offsets.wire}`,
    };
    async function start(name: ProcessName): Promise<void> {
      const made = await startProcess({
        ...commandOf(name, env, base),
        cwd: root,
        log: path.join(dataDir, `logs/${name}.log`),
      });
      running.set(name, made);
      void made.exited.then((ending) => {
        if (!stopping && running.get(name) === made) options.onLoss?.(name, ending, made.log);
      });
      await waitUntilReady(name, { process: made, checkWanted }, base);
    }
    checkWanted();
    const starts = await Promise.allSettled([start("store"), start("web"), start("worker")]);
    for (const result of starts) if (result.status === "rejected") throw result.reason;
    await waitForHttp(addresses.app, { process: running.get("store"), checkWanted });
    checkWanted();

    if (!settings.installed && fs.existsSync(path.join(root, "test/demo-store/install-app.ts"))) {
      await runOnce("test/demo-store/install-app.ts", env, dataDir);
      settings.installed = true;
    }
    if (options.withIncidents === true && !settings.seeded) {
      say("Taking three incidents through their steps …");
      await runOnce("prisma/seed.ts", env, dataDir);
      settings.seeded = true;
    }
    fs.writeFileSync(settingsFile, `${JSON.stringify(settings)}\n`, { mode: 0o600 });

    return {
      addresses,
      databaseUrl: server.url("candor"),
      env,
      start,
      async kill(name) {
        const process = running.get(name);
        running.delete(name);
        await process?.kill();
      },
      log: (name) => path.join(dataDir, `logs/${name}.log`),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function prepareFolder(dataDir: string): void {
  try {
    // Others may pass through, because PostgreSQL may have to run as another user; what lies inside is closed to them.
    fs.mkdirSync(dataDir, { recursive: true, mode: 0o711 });
    fs.chmodSync(dataDir, 0o711);
    for (const name of ["logs", "store"])
      fs.mkdirSync(path.join(dataDir, name), { recursive: true, mode: 0o700 });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new Trouble(
      `No permission to keep the demo's data in ${dataDir} (${code}): set TMPDIR to a folder of yours.`,
    );
  }
}

/** One demo per data folder. Returns what gives it free again. */
async function claimFolder(dataDir: string, base: number): Promise<() => void> {
  const file = path.join(dataDir, "running.json");
  const before = readJson<{ pid: number; port: number }>(file);
  if (before !== undefined && before.pid !== process.pid) {
    if (isAlive(before.pid) && isDemo(before.pid)) {
      throw new Trouble(
        `The demo already runs at http://localhost:${before.port} (process ${before.pid}): stop it, or start another with ` +
          `npm run demo -- --port ${base + 1000}`,
      );
    }
    // It was killed; what it had started is ending this moment.
    await pause(1_000);
  }
  fs.writeFileSync(file, JSON.stringify({ pid: process.pid, port: base }), { mode: 0o600 });
  return () => fs.rmSync(file, { force: true });
}

async function emptyFolder(dataDir: string): Promise<void> {
  await endOrphan(path.join(dataDir, "postgres/cluster"));
  for (const name of fs.readdirSync(dataDir)) {
    if (name !== "running.json") fs.rmSync(path.join(dataDir, name), { recursive: true, force: true });
  }
  prepareFolder(dataDir);
}

/** A number may have gone to another program since. */
function isDemo(pid: number): boolean {
  try {
    return /node|vitest/.test(fs.readFileSync(`/proc/${pid}/cmdline`, "utf8"));
  } catch {
    return process.platform !== "linux";
  }
}

async function checkPorts(base: number): Promise<void> {
  for (let port = base; port < base + portCount; port++) {
    const problem = await tryPort(port);
    if (problem === "EACCES")
      throw new Trouble(
        `No permission to listen on port ${port}: choose another with npm run demo -- --port 4900`,
      );
    if (problem !== undefined) {
      const other = base + 1000 > 60_000 ? 4900 : base + 1000;
      throw new Trouble(
        `Port ${port} is taken by another program: choose others with npm run demo -- --port ${other} ` +
          `(the demo uses ${portCount} in a row).`,
      );
    }
  }
}

function tryPort(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.on("error", (error: NodeJS.ErrnoException) => resolve(error.code));
    // Without a host: every address, IPv6 too, since a browser tries both for "localhost".
    server.listen({ port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

function readSettings(file: string, customers: number | undefined): Settings {
  const before = readJson<Settings>(file) ?? { customers: 2_000, installed: false, seeded: false };
  return { ...before, customers: customers ?? before.customers };
}

function readJson<T>(file: string): T | undefined {
  return fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, "utf8")) as T) : undefined;
}

/** Random ones, made on the first run and kept for this folder alone. */
function readSecrets(dataDir: string): Secrets {
  const file = path.join(dataDir, "secrets.json");
  const before = readJson<Secrets>(file);
  if (before !== undefined) return before;
  const made: Secrets = {
    masterKey: randomBytes(32).toString("base64"),
    apiKey: randomBytes(16).toString("hex"),
    apiSecret: `demo_${randomBytes(16).toString("hex")}`,
  };
  fs.writeFileSync(file, JSON.stringify(made), { mode: 0o600 });
  return made;
}

function makeEnv(base: number, dataDir: string, databaseUrl: string, customers: number): NodeJS.ProcessEnv {
  const secrets = readSecrets(dataDir);
  const loopback = [offsets.wire, offsets.mail].flatMap((offset) => [
    `127.0.0.1:${base + offset}`,
    `localhost:${base + offset}`,
  ]);
  return {
    ...process.env,
    NODE_ENV: "production",
    DATABASE_URL: databaseUrl,
    CANDOR_MASTER_KEY: secrets.masterKey,
    SHOPIFY_API_KEY: secrets.apiKey,
    SHOPIFY_API_SECRET: secrets.apiSecret,
    SHOPIFY_APP_URL: `http://localhost:${base + offsets.app}`,
    CANDOR_NET_ALLOW: loopback.join(","),
    DEMO_BASE_PORT: String(base),
    DEMO_CUSTOMERS: String(customers),
    DEMO_ORDERS: String(Math.round(customers * ordersPerCustomer)),
    DEMO_STATE_DIR: path.join(dataDir, "store"),
    DEMO_STORE_ORIGIN: `http://127.0.0.1:${base + offsets.wire}`,
    NODE_OPTIONS: preload,
  };
}

/** A file address, so that a folder with a space in its name stays one option. */
const preload = `--import=${new URL("./preload.mjs", import.meta.url).href}`;

function commandOf(
  name: ProcessName,
  env: NodeJS.ProcessEnv,
  base: number,
): { command: string; args: string[]; env: NodeJS.ProcessEnv } {
  const command = process.execPath;
  if (name === "store")
    return {
      command,
      args: [path.join(root, "test/demo-store/store.ts")],
      env: { ...env, NODE_OPTIONS: "" },
    };
  if (name === "worker") return { command, args: [path.join(root, "app/worker.server.ts")], env };
  return {
    command,
    args: [path.join(root, "app/web.server.ts")],
    env: { ...env, PORT: String(base + offsets.web), HOST: "127.0.0.1" },
  };
}

/** Runs a script to its end. */
async function runOnce(script: string, env: NodeJS.ProcessEnv, dataDir: string): Promise<void> {
  const log = path.join(dataDir, `logs/${path.basename(script).split(".")[0]}.log`);
  const made = await startProcess({
    command: process.execPath,
    args: [path.join(root, script)],
    env,
    cwd: root,
    log,
  });
  const ending = await made.exited;
  if (ending !== "code 0") throw new Trouble(`${script} failed (${ending}). Its log: ${log}`);
}

/** Whom to wait for, and a check that throws when nobody waits any more. */
type Wait = { process: Running | undefined; checkWanted: () => void };

async function waitUntilReady(name: ProcessName, wait: Wait, base: number): Promise<void> {
  if (name === "web") return waitForHttp(`http://127.0.0.1:${base + offsets.web}/`, wait);
  if (name === "worker") return waitForFirstLine(wait);
  for (const offset of [offsets.admin, offsets.storefront, offsets.inbox]) {
    await waitForHttp(`http://localhost:${base + offset}/`, wait);
  }
}

const patienceMs = 60_000;

/** Any answer will do: what it says is the tests' matter. */
async function waitForHttp(url: string, wait: Wait): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    try {
      const response = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(10_000) });
      await response.body?.cancel();
      if (response.status !== 502) return;
    } catch {
      // Not yet.
    }
    giveUpOn(wait, url, deadline);
    await pause(50);
  }
}

/** The worker listens nowhere; it writes a line once it takes jobs. */
async function waitForFirstLine(wait: Wait): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (wait.process !== undefined && fs.statSync(wait.process.log).size === 0) {
    giveUpOn(wait, "The worker", deadline);
    await pause(50);
  }
}

function giveUpOn({ process, checkWanted }: Wait, what: string, deadline: number): void {
  checkWanted();
  const ending = process?.ending();
  if (ending !== undefined)
    throw new Trouble(`${what} does not answer: its process ended (${ending}). Its log: ${process?.log}`);
  if (Date.now() > deadline)
    throw new Trouble(`${what} does not answer after ${patienceMs / 1000} s. Its log: ${process?.log}`);
}
