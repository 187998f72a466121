/** Builds the app for production when its inputs have changed since it was last built. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { Trouble, root, takeTurn } from "./install.mjs";

const mark = path.join(root, "build/.made-from");

/** Returns whether it had to. Two that start together take turns. */
export async function build(signal?: AbortSignal): Promise<boolean> {
  const release = await takeTurn("build", () => undefined);
  try {
    return await buildIfChanged(signal);
  } finally {
    release();
  }
}

async function buildIfChanged(signal?: AbortSignal): Promise<boolean> {
  const wanted = hashInputs();
  if (fs.existsSync(mark) && fs.readFileSync(mark, "utf8") === wanted) return false;
  checkPermission();
  fs.rmSync(mark, { force: true });
  const cli = path.join(root, "node_modules/@remix-run/dev/dist/cli.js");
  try {
    await promisify(execFile)(process.execPath, [cli, "vite:build", "--config", "app/vite.config.ts"], {
      cwd: root,
      env: { ...process.env, NODE_ENV: "production" },
      maxBuffer: 64 * 1024 * 1024,
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    if (signal?.aborted === true) throw new Trouble("Stopped while building.");
    const said = error instanceof Error && "stderr" in error ? String(error.stderr) : String(error);
    const reason = said.slice(Math.max(0, said.indexOf("✗ Build failed"))).split(/\n {4}at /)[0];
    throw new Trouble(`The app could not be built:\n${reason?.trim()}`);
  }
  fs.writeFileSync(mark, wanted);
  return true;
}

function checkPermission(): void {
  const folder = path.dirname(mark);
  try {
    fs.mkdirSync(folder, { recursive: true });
    fs.accessSync(folder, fs.constants.W_OK);
  } catch {
    throw new Trouble(
      `No permission to write in ${folder}, where the built app goes: make the folder yours.`,
    );
  }
}

function hashInputs(): string {
  const hash = createHash("sha256");
  for (const file of ["package-lock.json", "prisma/schema.prisma", ...listFiles("app")]) {
    hash
      .update(`${file}\0`)
      .update(fs.readFileSync(path.join(root, file)))
      .update("\0");
  }
  return hash.digest("hex");
}

function listFiles(folder: string): string[] {
  return fs
    .readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .toSorted();
}

if (process.argv[1] !== undefined && fs.realpathSync(process.argv[1]) === import.meta.filename) {
  try {
    console.log((await build()) ? "Built." : "Nothing to build.");
  } catch (error) {
    console.error(error instanceof Trouble ? error.message : error);
    process.exitCode = 1;
  }
}
