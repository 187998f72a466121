/** A production database is given to an ordinary user, not to a superuser: it must be able to migrate and to run, behind the same walls. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDatabase } from "../app/db.server.ts";
import { migrate } from "../app/migrate.server.ts";
import { startPostgres } from "./demo-store/postgres.ts";
import type { Postgres } from "./demo-store/postgres.ts";

const dataDir = mkdtempSync(path.join(tmpdir(), "candor-migrate-"));
let server: Postgres;
let url: string;

beforeAll(async () => {
  server = await startPostgres({ dataDir, fast: true, throwAway: true });
  const admin = new pg.Client({ connectionString: server.url("postgres") });
  await admin.connect();
  await admin.query("CREATE ROLE merchant_owner LOGIN CREATEROLE PASSWORD 'for-this-test'");
  await admin.query("CREATE DATABASE production OWNER merchant_owner");
  await admin.end();
  const address = new URL(server.url("production"));
  address.username = "merchant_owner";
  address.password = "for-this-test";
  url = address.href;
});
afterAll(async () => {
  await server?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

test("an owner who is no superuser migrates, twice without harm, and is itself behind the walls", async () => {
  expect((await migrate(url)).length).toBeGreaterThan(0);
  expect(await migrate(url)).toEqual([]);
  const database = openDatabase(url, 2);
  try {
    const shop = "walls.myshopify.com";
    await database.transact(shop, (db) =>
      db.shop.create({
        data: { id: shop, name: "Walls", timeZone: "UTC", grantedScopes: [], installedAt: new Date() },
      }),
    );
    expect(await database.transact(shop, (db) => db.shop.count())).toBe(1);
    expect(await database.transact("other.myshopify.com", (db) => db.shop.count())).toBe(0);
    expect(await database.dueIncidents(5)).toEqual([]);
    await database.transact(shop, (db) => db.$executeRaw`SELECT refresh_statistics()`);
  } finally {
    await database.close();
  }
  const owner = new pg.Client({ connectionString: url });
  await owner.connect();
  // Row-level security is forced: even the owner gets an error instead of rows when no shop is named.
  await expect(owner.query("SELECT * FROM shop")).rejects.toThrow(/app\.shop_id/);
  await owner.end();
});

test("a migration that was changed after it was applied is refused by name", async () => {
  const owner = new pg.Client({ connectionString: url });
  await owner.connect();
  await owner.query(`UPDATE "_prisma_migrations" SET checksum = 'x' WHERE migration_name LIKE '%_ground'`);
  await owner.end();
  await expect(migrate(url)).rejects.toThrow(/_ground was changed after it was applied/);
});
