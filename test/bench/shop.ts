/** A shop on a real PostgreSQL whose exports lie ready as files: everything behind them is the product's own. */
import { randomBytes } from "node:crypto";
import { chmodSync, createReadStream, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { exportQuery } from "../../app/adapters/admin-api.server.ts";
import { splitLines } from "../../app/adapters/bulk-export.server.ts";
import { createMailTransport } from "../../app/adapters/smtp.server.ts";
import type { Actor, Caller, StoreRecords } from "../../app/breach/ports.ts";
import { registerShop } from "../../app/breach/team/team.server.ts";
import { createCaller } from "../../app/caller.server.ts";
import { openDatabase } from "../../app/db.server.ts";
import { migrate } from "../../app/migrate.server.ts";
import { createShopRegistry } from "../../app/sessions.server.ts";
import { writeBulkFiles } from "../demo-store/generator.ts";
import type { BulkFile } from "../demo-store/generator.ts";
import { startPostgres } from "../demo-store/postgres.ts";

const domain = "bench-shop.myshopify.com";
const timeZone = "Europe/Berlin";
const actor: Actor = { kind: "staff", userId: "901", accountOwner: true, collaborator: false };

/** All that another process needs to be in the same shop. */
export type ShopAddress = {
  url: string;
  masterKey: string;
  files: Record<string, BulkFile>;
  allow: string[];
};

function readFiles(files: ShopAddress["files"]): StoreRecords {
  const never = () => Promise.reject(new Error("a bench does not ask the store for this"));
  const find = (kind: string): BulkFile => {
    const file = files[kind];
    if (file === undefined) throw new Error(`no file of ${kind}`);
    return file;
  };
  return {
    readStore: () =>
      Promise.resolve({
        name: "Bench shop",
        timeZone,
        countryCode: "DE",
        grantedScopes: ["read_customers", "read_orders", "read_all_orders"],
      }),
    countCustomers: never,
    countOrders: never,
    startExport: (request) => Promise.resolve({ bulkId: request.kind, query: exportQuery(request) }),
    readExport(kind) {
      const { path: url, objectCount, rootObjectCount, bytes } = find(kind);
      return Promise.resolve({
        state: "completed",
        errorCode: null,
        objectCount,
        rootObjectCount,
        fileSize: bytes,
        url,
        hasPartialData: false,
      });
    },
    cancelExport: never,
    readLines: (url) => splitLines(createReadStream(url)),
  };
}

/** Enters the shop from any process. */
export async function enterShop(address: ShopAddress): Promise<{ caller: Caller; close(): Promise<void> }> {
  const database = openDatabase(address.url, 10);
  const { keys } = await createShopRegistry(database, address.masterKey).ensure(domain);
  const caller = createCaller({
    database,
    shop: { id: domain, name: "Bench shop", timeZone },
    keys,
    actor,
    records: readFiles(address.files),
    storefront: {
      publishBanner: () => Promise.reject(new Error("no storefront")),
      readBanner: () => Promise.reject(new Error("no storefront")),
    },
    mail: createMailTransport({ allow: address.allow }),
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    now: () => new Date(),
    wakes: () => Promise.resolve(),
  });
  return { caller, close: () => database.close() };
}

/** A new shop: a PostgreSQL that keeps what it is told as in production, and files of so many customers and orders. */
export async function makeShop(size: { customers: number; orders: number }) {
  const folder = mkdtempSync(path.join(os.tmpdir(), "candor-bench-"));
  // PostgreSQL, as a user of its own when this is root, has to get through to its folder inside.
  chmodSync(folder, 0o711);
  const server = await startPostgres({ dataDir: path.join(folder, "postgres"), throwAway: true }).catch(
    (error: unknown) => {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    },
  );
  async function close(): Promise<void> {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  try {
    await server.createDatabase("bench");
    await migrate(server.url("bench"));
    const files = writeBulkFiles(
      { domain, seed: 5, timeZone, countryCode: "DE", ...size },
      path.join(folder, "files"),
      {
        customers: exportQuery({ kind: "customers" }),
        orders: exportQuery({ kind: "orders" }),
      },
    );
    const address: ShopAddress = {
      url: server.url("bench"),
      masterKey: randomBytes(32).toString("base64"),
      files,
      allow: [],
    };
    const { caller, close: leave } = await enterShop(address);
    const facts = await caller.records.readStore();
    await caller.transact((ctx) => registerShop(ctx, facts));
    return {
      address,
      caller,
      folder,
      async close() {
        await leave();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
