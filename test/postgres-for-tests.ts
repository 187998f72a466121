/**
 * One PostgreSQL for a run of the `db` tests, migrated once; every test file gets a copy of its own, so that files can run side by
 * side. CANDOR_TEST_PG=installed takes Debian's PostgreSQL 15 in place of npm's 18.
 */
import { randomUUID } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { inject } from "vitest";
import type { TestProject } from "vitest/node";
import { migrate } from "../app/migrate.server.ts";
import { installedBinaries, startPostgres } from "./demo-store/postgres.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** postgresql:// address of the migrated template's server, ending in the database `postgres`. */
    postgresUrl: string;
  }
}

const template = "candor_template";

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgres({
    dataDir: fs.mkdtempSync(path.join(os.tmpdir(), "candor-test-")),
    fast: true,
    throwAway: true,
    ...(process.env["CANDOR_TEST_PG"] === "installed" ? { binaries: installedBinaries } : {}),
  });
  await server.createDatabase(template);
  await migrate(server.url(template));
  project.provide("postgresUrl", server.url("postgres"));
  return () => server.stop();
}

/** A migrated, empty database of the caller's own. It goes when the run ends, with the server. */
export async function useDatabase(): Promise<{ url: string }> {
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  const url = new URL(inject("postgresUrl"));
  await copyTemplate(url.href, name);
  url.pathname = `/${name}`;
  return { url: url.href };
}

async function copyTemplate(url: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (let attempt = 1; ; attempt++) {
      try {
        await client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
        return;
      } catch (error) {
        // Another file is copying the template at this moment.
        const busy = error instanceof Error && "code" in error && error.code === "55006";
        if (!busy || attempt === 100) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  } finally {
    await client.end();
  }
}
