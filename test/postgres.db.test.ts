/** The launcher's promises: a run that was killed is taken over, a crash is waited through, nothing listens beyond loopback. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, expect, it } from "vitest";
import { startPostgres } from "./demo-store/postgres.ts";
import { isAlive } from "./demo-store/processes.ts";
import { useDatabase } from "./postgres-for-tests.ts";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "candor-launcher-"));
fs.chmodSync(folder, 0o711);
const dataDir = path.join(folder, "postgres");
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const result = await client.query<Record<string, unknown>>(text);
    return result.rows;
  } finally {
    await client.end();
  }
}

async function eventually(holds: () => boolean): Promise<boolean> {
  for (let tick = 0; tick < 100 && !holds(); tick++) await new Promise((resolve) => setTimeout(resolve, 100));
  return holds();
}

it("gives every caller a migrated, empty database of its own", async () => {
  const [first, second] = await Promise.all([useDatabase(), useDatabase()]);
  expect(first.url).not.toBe(second.url);
  await query(first.url, "CREATE TABLE only_here ()");
  expect(await query(second.url, "SELECT to_regclass('only_here') AS found")).toEqual([{ found: null }]);
  expect(await query(second.url, "SELECT count(*)::int AS shops FROM shop")).toEqual([{ shops: 0 }]);
});

it("keeps acknowledged rows through a crash and orders text by code point, in UTF-8", async () => {
  const before = await startPostgres({ dataDir });
  await before.createDatabase("kept");
  await before.createDatabase("kept");
  await query(before.url("kept"), "CREATE TABLE word AS SELECT unnest(ARRAY['é', 'Z', 'a', '名']) AS text");
  await before.kill();
  const after = await startPostgres({ dataDir });
  try {
    expect(await query(after.url("kept"), "SELECT text FROM word ORDER BY text")).toEqual(
      ["Z", "a", "é", "名"].map((text) => ({ text })),
    );
    const [settings] = await query(
      after.url("kept"),
      "SELECT current_setting('listen_addresses') AS l, upper('é') AS u",
    );
    expect(settings).toEqual({ l: "127.0.0.1", u: "É" });
    await expect(query(after.url("kept").replace(/:[0-9a-f]+@/, ":wrong@"), "SELECT 1")).rejects.toThrow(
      /password/,
    );
  } finally {
    await after.stop();
  }
  expect(isAlive(after.pid)).toBe(false);
});

it("ends with a starter that is killed, and takes over where even that failed", async () => {
  const starter = `import { startPostgres } from ${JSON.stringify(path.join(import.meta.dirname, "demo-store/postgres.ts"))};
    const server = await startPostgres({ dataDir: ${JSON.stringify(dataDir)} });
    console.log(server.pid);
    setInterval(() => undefined, 1000);`;
  async function startThenKill(alsoLeash: boolean): Promise<number> {
    const child = spawn(process.execPath, ["--input-type=module", "-e", starter], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    const postmaster = Number(line.toString());
    if (alsoLeash) killLeashOf(postmaster);
    child.kill("SIGKILL");
    await once(child, "exit");
    return postmaster;
  }

  const leashed = await startThenKill(false);
  expect(await eventually(() => !isAlive(leashed))).toBe(true);

  if (process.platform !== "linux") return;
  const orphan = await startThenKill(true);
  expect(isAlive(orphan)).toBe(true);
  const successor = await startPostgres({ dataDir });
  expect(isAlive(orphan)).toBe(false);
  expect(await query(successor.url("kept"), "SELECT count(*)::int AS words FROM word")).toEqual([
    { words: 4 },
  ]);
  await successor.stop();
});

/** Kills the shell that holds the other end, found by its arguments: `sh -c … leash INT -<pid>`. */
function killLeashOf(postmaster: number): void {
  for (const entry of fs.readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const file = `/proc/${entry}/cmdline`;
    const parts = fs.existsSync(file) ? fs.readFileSync(file, "utf8").split("\0") : [];
    if (parts.includes("leash") && parts.includes(`-${postmaster}`)) process.kill(Number(entry), "SIGKILL");
  }
}
