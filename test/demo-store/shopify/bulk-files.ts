/** The same lines as a bulk operation would give, written straight to disk for benches. */
import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { parse } from "graphql";
import { createRecords, type StoreSize } from "../generator/records.ts";
import { bulkLines, openListings, planBulk } from "./bulk-lines.ts";
import type { FieldContext } from "./fields.ts";
import { loadAdminSchema } from "./schema.ts";

export type BulkFile = { path: string; objectCount: number; rootObjectCount: number; bytes: number };

/**
 * `request`: inner bulk queries by file name, e.g. `{ customers: "{ customers { edges { node { id } } } }" }` writes
 * `customers.jsonl` into `dir`. All scopes are granted, so orders of any age are there.
 */
export function writeBulkFiles(
  shop: StoreSize & { name?: string },
  dir: string,
  request: Record<string, string>,
): Record<string, BulkFile> {
  const records = createRecords(shop);
  const schema = loadAdminSchema();
  const ctx: FieldContext = {
    accessDenied: false,
    primaryUrl: `https://${shop.domain}`,
    bulk: null,
    store: {
      id: 1,
      shop: { name: shop.domain, ...shop },
      records,
      now: () => new Date(records.size.anchor),
      save: () => {},
      state: {
        installed: true,
        installationId: 1,
        anchor: records.size.anchor,
        scopes: ["read_customers", "read_orders", "read_all_orders"],
        metafields: [],
        access: {},
        refresh: {},
        nextId: 1,
      },
    },
  };
  mkdirSync(dir, { recursive: true });
  return Object.fromEntries(
    Object.entries(request).map(([name, query]) => {
      const plan = planBulk(schema, parse(query));
      const file: BulkFile = {
        path: join(dir, `${name}.jsonl`),
        objectCount: 0,
        rootObjectCount: 0,
        bytes: 0,
      };
      const descriptor = openSync(file.path, "w");
      let pending: string[] = [];
      let held = 0;
      const flush = () => {
        file.bytes += writeSync(descriptor, pending.join(""));
        pending = [];
        held = 0;
      };
      for (const line of bulkLines(plan, openListings(plan, ctx), ctx)) {
        if (!line) continue;
        pending.push(line.text);
        held += line.text.length;
        file.objectCount += 1;
        if (line.root) file.rootObjectCount += 1;
        if (held > 1_000_000) flush();
      }
      flush();
      closeSync(descriptor);
      return [name, file];
    }),
  );
}
