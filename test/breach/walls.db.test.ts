/** The walls hold for every table there is, also for one that is added tomorrow. */
import { readFileSync } from "node:fs";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { declareIncident, listIncidents, readIncident } from "../../app/breach/incident/incident.server.ts";
import { record } from "../../app/breach/evidence/evidence.server.ts";
import { openJoint, shopA, shopB } from "../joint.ts";
import type { Joint } from "../joint.ts";

let joint: Joint;
let client: pg.Client;

beforeAll(async () => {
  joint = await openJoint();
  client = new pg.Client({ connectionString: joint.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await joint.close();
});

type Column = { table_name: string; column_name: string; data_type: string; is_nullable: string };

async function columns(): Promise<Column[]> {
  const result = await client.query<Column>(
    `SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name <> '_prisma_migrations' ORDER BY 1, 2`,
  );
  return result.rows;
}

/**
 * Every column that is neither an identifier, a moment, a number, a yes or no, a hash nor sealed: each was looked at, and holds no
 * customer's data. A new column is not on this list and fails the test until somebody has looked at it too.
 */
const plainText = new Set(
  `access_log.actor access_log.purpose access_log.subject
  affected_person.categories affected_person.country affected_person.locale affected_person.region affected_person.residence_source
  assessment.result clock_start.kind clock_start.reason clock_start.recorded_by clock_start.zone
  delivery.reason delivery.reply_status delivery.stage delivery.state
  evidence_event.actor evidence_event.payload evidence_event.stream evidence_event.type
  exposure_group.categories exposure_group.criteria exposure_group.name
  incident.created_by incident.encrypted incident.malicious incident.measures incident.narrative incident.ongoing incident.playbook
  incident.recipients incident.state incident.title
  notice.approved_by notice.kind notice.pause_reason notice.state notice_version.letter notice_version.saved_by
  obligation.detail obligation.done_by obligation.duty obligation.jurisdiction obligation.law_id obligation.reference obligation.status
  privacy_request.outcome privacy_request.topic
  publication.banner_state publication.message publication.statement publication.sync_failure
  scope_export.kind scope_export.query scope_export.state scope_export.bulk_id
  scope_run.basis scope_run.confirmed_by scope_run.failure scope_run.phase scope_run.started_by scope_run.state
  scope_tally.country scope_tally.region
  session.id shop.id shop.name shop.time_zone shop.country_code shop.granted_scopes
  webhook_receipt.topic webhook_receipt.webhook_id`.split(/\s+/),
);
const harmless = new Set(["uuid", "timestamp with time zone", "integer", "bigint", "boolean"]);

describe("walls", () => {
  test("every table names its shop and stands behind forced row-level security that speaks of it", async () => {
    const tables = [...new Set((await columns()).map((column) => column.table_name))];
    expect(tables.length).toBeGreaterThan(15);
    for (const table of tables) {
      const shopColumn = table === "shop" ? "id" : "shop_id";
      const found = (await columns()).find(
        (column) => column.table_name === table && column.column_name === shopColumn,
      );
      expect(found, `${table} names its shop`).toMatchObject({ is_nullable: "NO" });
      const security = await client.query<{ relrowsecurity: boolean; relforcerowsecurity: boolean }>(
        "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = $1::regclass",
        [`public."${table}"`],
      );
      expect(security.rows[0], table).toEqual({ relrowsecurity: true, relforcerowsecurity: true });
      const policies = await client.query<{ qual: string; with_check: string }>(
        "SELECT qual, with_check FROM pg_policies WHERE schemaname = 'public' AND tablename = $1 AND 'candor_app' = ANY (roles)",
        [table],
      );
      expect(policies.rows, table).toHaveLength(1);
      expect(policies.rows[0]!.qual).toBe(`(${shopColumn} = current_setting('app.shop_id'::text))`);
      expect(policies.rows[0]!.with_check).toBe(policies.rows[0]!.qual);
    }
  });

  test("every column is an identifier, a number, a hash, sealed, or was looked at", async () => {
    const open = (await columns())
      .filter((column) => !harmless.has(column.data_type))
      .map((column) => ({ name: `${column.table_name}.${column.column_name}`, column }))
      .filter(({ name, column }) => {
        if (column.data_type === "bytea")
          return !/(^|_)(sealed|sealed_key|hash|person_key)$/.test(column.column_name);
        if (/^(shop_id|hash|prev|.*sha256|store_digest|user_id)$/.test(column.column_name)) return false;
        return !plainText.has(name);
      });
    expect(open.map(({ name }) => name)).toEqual([]);
  });

  test("the Prisma model and the migrated database are the same", async () => {
    const schema = readFileSync(path.resolve("prisma/schema.prisma"), "utf8");
    const model = [...schema.matchAll(/model \w+ \{(.*?)\n\}/gs)].flatMap(([, body]) => {
      const table = /@@map\("(\w+)"\)/.exec(body!)![1]!;
      return body!
        .split("\n")
        .map((line) => line.trim())
        .filter((line) => /^[a-z]\w* +\w/.test(line))
        .map((line) => {
          const [field, type] = line.split(/\s+/) as [string, string];
          return `${table}.${/@map\("(\w+)"\)/.exec(line)?.[1] ?? field} ${type.endsWith("?") ? "null" : "not null"}`;
        });
    });
    const real = (await columns()).map(
      (column) =>
        `${column.table_name}.${column.column_name} ${column.is_nullable === "YES" ? "null" : "not null"}`,
    );
    expect(model.toSorted()).toEqual(real.toSorted());
  });

  test("the app's role owns nothing, cannot log in, and cannot pass the policies", async () => {
    const role = await client.query(
      "SELECT rolcanlogin, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = 'candor_app'",
    );
    expect(role.rows).toEqual([{ rolcanlogin: false, rolsuper: false, rolbypassrls: false }]);
    const owned = await client.query(
      "SELECT 1 FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname = 'candor_app'",
    );
    expect(owned.rows).toEqual([]);
  });

  test("without a shop the database answers with an error, not with rows", async () => {
    await client.query("BEGIN");
    await client.query("SET LOCAL ROLE candor_app");
    await expect(client.query("SELECT * FROM incident")).rejects.toThrow(/app\.shop_id/);
    await client.query("ROLLBACK");
  });

  test("shop B sees, changes and reaches nothing of shop A's, by id or at large", async () => {
    const a = await joint.caller(shopA);
    const b = await joint.caller(shopB);
    const declaration = {
      playbook: "app_leak",
      title: "Only A's",
      narrative: "",
      noticed: "2026-01-02T10:00",
      aware: "",
      ongoing: "no",
    } as const;
    const incident = await a.transact((ctx) => declareIncident(ctx, declaration));
    await expect(b.transact((ctx) => readIncident(ctx, incident))).rejects.toThrow("incident.notFound");
    expect(await b.transact(listIncidents)).toEqual([]);
    const rows = await b.transact((ctx) => ctx.db.$executeRaw`UPDATE incident SET title = 'taken'`);
    expect(rows).toBe(0);
    await expect(
      b.transact(
        (ctx) => ctx.db
          .$executeRaw`INSERT INTO exposure_group (id, shop_id, incident_id, name, criteria, categories, updated_at)
        VALUES (gen_random_uuid(), ${shopA.domain}, ${incident}::uuid, 'x', '{}', '{}', now())`,
      ),
    ).rejects.toThrow(/row-level security/);
    await expect(
      b.transact(
        (ctx) => ctx.db
          .$executeRaw`INSERT INTO exposure_group (id, shop_id, incident_id, name, criteria, categories, updated_at)
        VALUES (gen_random_uuid(), ${shopB.domain}, ${incident}::uuid, 'x', '{}', '{}', now())`,
      ),
    ).rejects.toThrow(/foreign key/);
  });

  test("the app may add to the record and read it, never change or remove it", async () => {
    const a = await joint.caller(shopA);
    await a.transact((ctx) => record(ctx, "shop", "test.event", {}));
    for (const sql of [
      "UPDATE evidence_event SET type = 'x'",
      "DELETE FROM evidence_event",
      "UPDATE access_log SET rows = 0",
      "DELETE FROM clock_start",
    ])
      await expect(
        a.transact((ctx) => ctx.db.$executeRawUnsafe(sql)),
        sql,
      ).rejects.toThrow(/permission denied/);
  });

  test("the sweep sees identifiers of every shop's due work and nothing else", async () => {
    const a = await joint.caller(shopA);
    const incident = await a.transact(async (ctx) => {
      const [first] = await listIncidents(ctx);
      await ctx.db.incident.updateMany({ data: { nextWakeAt: new Date(0) } });
      return first!.id;
    });
    expect(await joint.database.dueIncidents(10)).toContainEqual({
      shopId: shopA.domain,
      reference: incident,
    });
    await client.query("BEGIN");
    await client.query("SET LOCAL ROLE candor_sweep");
    await expect(client.query("SELECT title FROM incident")).rejects.toThrow(/permission denied/);
    await client.query("ROLLBACK");
  });
});
