/**
 * From the lines of finished exports to people: read, match, seal, COPY into a temporary staging table without a shop column (PostgreSQL
 * refuses COPY into a table under row-level security), then merge by one INSERT … SELECT under the policy. One transaction: a crash leaves
 * nothing behind, and doing it again gives the same people.
 */
import { createHash, randomFillSync } from "node:crypto";
import type { Hash } from "node:crypto";
import { once } from "node:events";
import { finished } from "node:stream/promises";
import type { PoolClient } from "pg";
import { from as copyFrom } from "pg-copy-streams";
import type { Caller } from "../ports.ts";
import { hashKeyed, seal } from "../vault/vault.server.ts";
import { CopyBuffer } from "./binary-copy.server.ts";
import { RunFailure } from "./failure.ts";
import { windowOfDays } from "./scope.ts";
import type { Criteria, DataCategory } from "./scope.ts";
import {
  createEmailReader,
  customerLine,
  matchRecord,
  numberOfGid,
  orderLine,
  residenceSources,
  sightCustomer,
  sightOrder,
} from "./sighting.ts";
import type { ReadEmail, Sighting } from "./sighting.ts";

export type FinishedExport = {
  kind: "customers" | "orders";
  url: string | null;
  objectCount: number;
  rootObjectCount: number;
  fileSize: number | null;
};

export type Basis = { name: string; criteria: Criteria; categories: DataCategory[] };

export type IngestResult = {
  rowsRead: number;
  rowsMatched: number;
  people: number;
  withoutEmail: number;
  listSha256: string;
  files: { kind: string; lines: number; sha256: string }[];
};

/** A sealed person: what a letter and a look at the list need, and nothing else. */
export type PersonData = { firstName: string; lastName: string; email: string | null; phone: string | null };

const staging = `CREATE TEMPORARY TABLE sighting (
  id uuid, person_key bytea, basis smallint, customer_id bigint, email_hash bytea, phone_hash bytea,
  country text, region text, residence_rank smallint, locale text, seen_at bigint, is_order boolean, record_number bigint, sealed bytea
) ON COMMIT DROP`;

const columns = 14;
const newline = 10;
const chunkBytes = 512 * 1024;
/** So much may wait for PostgreSQL while the next lines are read. */
const backlogBytes = 4 * 1024 * 1024;

/** A random UUID as 16 bytes (RFC 9562, version 4), drawn from a pool. */
function createIdSource(): () => Buffer {
  const pool = Buffer.alloc(16 * 1024);
  let at = pool.length;
  return () => {
    if (at === pool.length) {
      randomFillSync(pool);
      at = 0;
    }
    const id = Buffer.from(pool.subarray(at, at + 16));
    at += 16;
    id[6] = (id[6]! & 0x0f) | 0x40;
    id[8] = (id[8]! & 0x3f) | 0x80;
    return id;
  };
}

function formatId(id: Buffer): string {
  const hex = id.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The lines as they stand in the file, in one piece: a call for each would cost more than the hash. */
function hashLines(hash: Hash, lines: Buffer[]): void {
  const whole = Buffer.allocUnsafe(lines.reduce((sum, line) => sum + line.length + 1, 0));
  let at = 0;
  for (const line of lines) {
    at += line.copy(whole, at);
    at = whole.writeUInt8(newline, at);
  }
  hash.update(whole);
}

function writeSighting(by: Caller, rows: CopyBuffer, id: Buffer, sighting: Sighting): void {
  const emailHash = sighting.email === null ? null : hashKeyed(by, "email", sighting.email);
  const phoneHash =
    sighting.email === null && sighting.phone !== null ? hashKeyed(by, "phone", sighting.phone) : null;
  const basis = sighting.customerId !== null ? 0 : emailHash !== null ? 1 : phoneHash !== null ? 2 : 3;
  const key =
    sighting.customerId !== null
      ? hashKeyed(by, "customer", String(sighting.customerId))
      : (emailHash ?? phoneHash ?? hashKeyed(by, "record", sighting.recordId));
  const person: PersonData = {
    firstName: sighting.firstName,
    lastName: sighting.lastName,
    email: sighting.email,
    phone: sighting.phone,
  };
  rows.startRow();
  rows.bytes(id);
  rows.bytes(key);
  rows.smallint(basis);
  rows.bigint(sighting.customerId);
  rows.bytes(emailHash);
  rows.bytes(phoneHash);
  rows.text(sighting.country);
  rows.text(sighting.region);
  rows.smallint(sighting.residenceRank);
  rows.text(sighting.locale);
  rows.bigint(sighting.seenAt);
  rows.boolean(sighting.isOrder);
  rows.bigint(numberOfGid(sighting.recordId));
  rows.bytes(seal(by, "affected_person", formatId(id), person));
}

/** Reads one line; null when it does not match the criteria. Throws `RunFailure` when it is not what Shopify writes. */
export function readLine(
  kind: FinishedExport["kind"],
  criteria: Criteria,
  window: { from: number; to: number } | null,
  line: Buffer,
  readEmail: ReadEmail,
): Sighting | null {
  let value: unknown;
  try {
    value = JSON.parse(line.toString());
  } catch {
    throw new RunFailure("badLine");
  }
  if (kind === "customers") {
    const parsed = customerLine.safeParse(value);
    if (!parsed.success) throw new RunFailure("badLine");
    return sightCustomer(parsed.data, readEmail);
  }
  const parsed = orderLine.safeParse(value);
  if (!parsed.success) throw new RunFailure("badLine");
  return matchRecord(criteria, window, parsed.data) ? sightOrder(parsed.data, readEmail) : null;
}

/**
 * A guest with the e-mail address that a customer is written to at is that customer; a guest with only a phone number is the customer who has
 * the same number and no e-mail address either. Nobody else is merged across keys: a guest whose address stands only on some older order of
 * a customer keeps a letter of their own.
 */
const merge = `
  CREATE TEMPORARY TABLE person ON COMMIT DROP AS
  WITH own AS (
    SELECT DISTINCT ON (person_key) person_key, email_hash FROM sighting
    WHERE basis = 0 ORDER BY person_key, (email_hash IS NULL), is_order, seen_at DESC, record_number DESC
  ), by_email AS (
    SELECT DISTINCT ON (email_hash) email_hash, person_key FROM own
    WHERE email_hash IS NOT NULL ORDER BY email_hash, person_key
  ), by_phone AS (
    SELECT DISTINCT ON (phone_hash) phone_hash, person_key FROM sighting s
    WHERE basis = 0 AND phone_hash IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM sighting o WHERE o.basis = 0 AND o.person_key = s.person_key AND o.email_hash IS NOT NULL)
    ORDER BY phone_hash, person_key
  ), keyed AS (
    SELECT coalesce(e.person_key, p.person_key, s.person_key) AS key, s.id, s.basis, s.customer_id, (s.email_hash IS NULL) AS unmailed,
      s.country, s.region, s.residence_rank, s.seen_at, s.is_order, s.record_number
    FROM sighting s
    LEFT JOIN by_email e ON s.basis = 1 AND e.email_hash = s.email_hash
    LEFT JOIN by_phone p ON s.basis = 2 AND p.phone_hash = s.phone_hash
  ), contact AS (
    SELECT DISTINCT ON (key) key, id FROM keyed ORDER BY key, unmailed, basis, is_order, seen_at DESC, record_number DESC
  ), home AS (
    SELECT DISTINCT ON (key) key, country, region, residence_rank FROM keyed
    ORDER BY key, residence_rank, seen_at DESC, record_number DESC
  ), tally AS (
    SELECT key, max(customer_id) AS customer_id, count(*) FILTER (WHERE is_order) AS orders, count(*) AS records FROM keyed GROUP BY key
  )
  SELECT c.id, c.key, t.customer_id, s.email_hash, h.country, h.region, h.residence_rank, s.locale, t.orders, t.records, s.sealed
  FROM contact c JOIN home h USING (key) JOIN tally t USING (key) JOIN sighting s ON s.id = c.id`;

async function insertPeople(
  client: PoolClient,
  shopId: string,
  runId: string,
  categories: string[],
): Promise<void> {
  await client.query("DELETE FROM affected_person WHERE shop_id = $1 AND run_id = $2", [shopId, runId]);
  await client.query("DELETE FROM scope_tally WHERE shop_id = $1 AND run_id = $2", [shopId, runId]);
  await client.query("SET LOCAL work_mem = '256MB'");
  await client.query("ANALYZE sighting (id, person_key, basis, email_hash, phone_hash)");
  await client.query(merge);
  await client.query(
    `INSERT INTO affected_person (id, shop_id, run_id, person_key, customer_id, email_hash, country, region, residence_source, locale, orders, records, categories, sealed)
     SELECT id, $1, $2, key, customer_id, email_hash, country, region, ($4::text[])[residence_rank + 1], locale, orders, records, $3::text[], sealed
     FROM person ORDER BY id`,
    [shopId, runId, categories, residenceSources],
  );
  await client.query(
    `INSERT INTO scope_tally (shop_id, run_id, country, region, people, with_email)
     SELECT $1, $2, coalesce(country, ''), coalesce(region, ''), count(*), count(email_hash) FROM person GROUP BY 3, 4`,
    [shopId, runId],
  );
  await client.query("SELECT refresh_statistics()");
}

/**
 * Reads every export whole and writes the run's people. `onRows` is told of the rows read so far and may throw to stop the work; `fence`
 * has the last word inside the transaction, so that a worker that slept past its lease leaves another one's people alone.
 * Throws `RunFailure` when an export is not what Shopify announced: other line count, other number of roots, a line that is not a record.
 */
export async function ingestExports(
  caller: Caller,
  runId: string,
  basis: Basis,
  exports: FinishedExport[],
  onRows: (rows: number) => void,
  fence: (client: PoolClient) => Promise<void>,
): Promise<IngestResult> {
  const window =
    basis.criteria.kind === "orders"
      ? windowOfDays(basis.criteria.from, basis.criteria.to, caller.shop.timeZone)
      : null;
  const span = window === null ? null : { from: window.from.getTime(), to: window.to.getTime() };
  const nextId = createIdSource();
  const readEmail = createEmailReader();
  return caller.bulk(async (client) => {
    await client.query(staging);
    const copy = client.query(copyFrom("COPY sighting FROM STDIN (FORMAT binary)"));
    const done = finished(copy);
    done.catch(() => undefined);
    const rows = new CopyBuffer(columns);
    const files: IngestResult["files"] = [];
    let rowsRead = 0;
    let rowsMatched = 0;
    try {
      for (const file of exports) {
        const hash = createHash("sha256");
        let lines = 0;
        if (file.url !== null) {
          for await (const batch of caller.records.readLines(file.url, { bytes: file.fileSize })) {
            hashLines(hash, batch);
            for (const line of batch) {
              lines += 1;
              const sighting = readLine(file.kind, basis.criteria, span, line, readEmail);
              if (sighting === null) continue;
              rowsMatched += 1;
              writeSighting(caller, rows, nextId(), sighting);
            }
            if (rows.size > chunkBytes && !copy.write(rows.take()) && copy.writableLength > backlogBytes)
              await once(copy, "drain");
            rowsRead += batch.length;
            onRows(rowsRead);
          }
        }
        // Neither export nests a connection, so every line is a root and both counts must agree with the lines.
        if (lines !== file.objectCount || lines !== file.rootObjectCount)
          throw new RunFailure("countMismatch", { lines, announced: file.objectCount });
        files.push({ kind: file.kind, lines, sha256: hash.digest("hex") });
      }
      copy.end(rows.finish());
      await done;
    } catch (error) {
      copy.destroy();
      throw error;
    }
    await insertPeople(client, caller.shop.id, runId, basis.categories);
    const totals = await client.query<{ people: number; without_email: number; list_sha256: string }>(
      `SELECT count(*)::int AS people, (count(*) - count(email_hash))::int AS without_email,
         encode(sha256(coalesce(string_agg(key, ''::bytea ORDER BY key), ''::bytea)), 'hex') AS list_sha256
       FROM person`,
    );
    const [total] = totals.rows;
    if (total === undefined) throw new Error("no totals");
    await fence(client);
    return {
      rowsRead,
      rowsMatched,
      people: total.people,
      withoutEmail: total.without_email,
      listSha256: total.list_sha256,
      files,
    };
  });
}
