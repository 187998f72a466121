/**
 * The one place that opens transactions. Each runs as `candor_app`, sees one shop, and ends with the call it was opened for.
 */
import { PrismaPg } from "@prisma/adapter-pg";
import { Prisma, PrismaClient } from "@prisma/client";
import pg from "pg";
import type { PoolClient } from "pg";
import type { Db } from "./breach/ports.ts";
import { env } from "./env.server.ts";

export type Database = {
  /** One transaction inside the walls of `shopId`. */
  transact<T>(shopId: string, work: (db: Db) => Promise<T>): Promise<T>;
  /** The same walls on a plain connection, for COPY and million-row SQL. */
  bulk<T>(shopId: string, work: (client: PoolClient) => Promise<T>): Promise<T>;
  /** A session-level advisory lock on `presence|<token>`, held by a connection of its own until `end` or death. */
  showPresence(token: string): Promise<{ end(): Promise<void> }>;
  /** Incidents of any shop whose next wake-up has come: identifiers only. */
  dueIncidents(limit: number): Promise<{ shopId: string; reference: string }[]>;
  close(): Promise<void>;
};

/** How long one transaction may run: planning a letter for a million people takes the better part of a minute. */
const transactionMs = 120_000;

export function openDatabase(url: string, size = 10): Database {
  const prisma = new PrismaClient({
    adapter: new PrismaPg({ connectionString: url, max: size }),
    transactionOptions: {
      timeout: transactionMs,
      maxWait: 10_000,
      isolationLevel: Prisma.TransactionIsolationLevel.ReadCommitted,
    },
  });
  const pool = new pg.Pool({ connectionString: url, max: Math.max(4, Math.floor(size / 2)) });
  pool.on("error", () => undefined);

  return {
    transact(shopId, work) {
      return prisma.$transaction(async (db) => {
        await db.$executeRaw`SELECT set_config('role', 'candor_app', true), set_config('app.shop_id', ${shopId}, true)`;
        return work(db);
      });
    },
    async bulk(shopId, work) {
      const client = await pool.connect();
      let broken: Error | undefined;
      try {
        await client.query("BEGIN");
        await client.query(
          "SELECT set_config('role', 'candor_app', true), set_config('app.shop_id', $1, true)",
          [shopId],
        );
        const result = await work(client);
        await client.query("COMMIT");
        return result;
      } catch (error) {
        await client.query("ROLLBACK").catch((rollback: Error) => {
          broken = rollback;
        });
        throw error;
      } finally {
        client.release(broken);
      }
    },
    async showPresence(token) {
      const client = new pg.Client({ connectionString: url, keepAlive: true });
      client.on("error", () => undefined);
      await client.connect();
      await client.query("SELECT pg_advisory_lock(hashtextextended($1, 0))", [`presence|${token}`]);
      return { end: () => client.end() };
    },
    async dueIncidents(limit) {
      const rows = await prisma.$transaction(async (db) => {
        await db.$executeRaw`SELECT set_config('role', 'candor_app', true)`;
        return db.$queryRaw<
          { shop_id: string; reference: string }[]
        >`SELECT shop_id, reference FROM due_incidents(${limit}::int)`;
      });
      return rows.map((row) => ({ shopId: row.shop_id, reference: row.reference }));
    },
    async close() {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}

let opened: Database | undefined;

/** The process's database, opened on first use. */
export function database(): Database {
  opened ??= openDatabase(env().DATABASE_URL);
  return opened;
}
