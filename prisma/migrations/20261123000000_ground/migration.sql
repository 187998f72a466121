-- Everything the main job needs: tables, keys between them, and the walls between shops.

CREATE TABLE "shop" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "sealed_key" BYTEA,
  "name" TEXT NOT NULL,
  "time_zone" TEXT NOT NULL,
  "country_code" TEXT,
  "granted_scopes" TEXT[] NOT NULL,
  "installed_at" TIMESTAMPTZ(3) NOT NULL,
  "uninstalled_at" TIMESTAMPTZ(3),
  "erased_at" TIMESTAMPTZ(3)
);

CREATE TABLE "session" (
  "id" TEXT NOT NULL PRIMARY KEY,
  "shop_id" TEXT NOT NULL,
  "is_online" BOOLEAN NOT NULL,
  "user_id" BIGINT,
  "expires" TIMESTAMPTZ(3),
  "sealed" BYTEA NOT NULL,
  "updated_at" TIMESTAMPTZ(3) NOT NULL
);

CREATE TABLE "webhook_receipt" (
  "shop_id" TEXT NOT NULL,
  "topic" TEXT NOT NULL,
  "webhook_id" TEXT NOT NULL,
  "triggered_at" TIMESTAMPTZ(3),
  "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY ("shop_id", "topic", "webhook_id")
);

CREATE TABLE "privacy_request" (
  "id" UUID NOT NULL PRIMARY KEY,
  "shop_id" TEXT NOT NULL,
  "topic" TEXT NOT NULL,
  "customer_id" BIGINT,
  "address_hash" BYTEA,
  "received_at" TIMESTAMPTZ(3) NOT NULL,
  "due_at" TIMESTAMPTZ(3) NOT NULL,
  "done_at" TIMESTAMPTZ(3),
  "outcome" JSONB
);

CREATE TABLE "evidence_event" (
  "shop_id" TEXT NOT NULL,
  "stream" TEXT NOT NULL,
  "seq" INTEGER NOT NULL,
  "prev" TEXT NOT NULL,
  "hash" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "actor" JSONB NOT NULL,
  "type" TEXT NOT NULL,
  "payload" JSONB NOT NULL,
  PRIMARY KEY ("shop_id", "stream", "seq")
);

CREATE TABLE "evidence_cell" (
  "id" UUID NOT NULL PRIMARY KEY,
  "shop_id" TEXT NOT NULL,
  "sealed" BYTEA,
  "erased_at" TIMESTAMPTZ(3)
);

CREATE TABLE "access_log" (
  "id" UUID NOT NULL PRIMARY KEY,
  "shop_id" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "actor" JSONB NOT NULL,
  "purpose" TEXT NOT NULL,
  "subject" TEXT NOT NULL,
  "rows" INTEGER NOT NULL
);

CREATE TABLE "team_contacts" (
  "shop_id" TEXT NOT NULL PRIMARY KEY,
  "sealed" BYTEA NOT NULL,
  "updated_at" TIMESTAMPTZ(3) NOT NULL
);

CREATE TABLE "staff_member" (
  "shop_id" TEXT NOT NULL,
  "user_id" TEXT NOT NULL,
  "sealed" BYTEA NOT NULL,
  "account_owner" BOOLEAN NOT NULL,
  "seen_at" TIMESTAMPTZ(3) NOT NULL,
  PRIMARY KEY ("shop_id", "user_id")
);

CREATE TABLE "incident" (
  "id" UUID NOT NULL PRIMARY KEY,
  "shop_id" TEXT NOT NULL,
  "number" INTEGER NOT NULL,
  "playbook" TEXT NOT NULL,
  "title" TEXT NOT NULL,
  "narrative" TEXT NOT NULL,
  "measures" TEXT NOT NULL,
  "encrypted" TEXT NOT NULL,
  "malicious" TEXT NOT NULL,
  "recipients" TEXT NOT NULL,
  "ongoing" TEXT NOT NULL,
  "state" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  "created_by" JSONB NOT NULL,
  "next_wake_at" TIMESTAMPTZ(3)
);

CREATE TABLE "clock_start" (
  "id" UUID NOT NULL PRIMARY KEY,
  "shop_id" TEXT NOT NULL,
  "incident_id" UUID NOT NULL,
  "kind" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3),
  "zone" TEXT NOT NULL,
  "reason" TEXT,
  "recorded_at" TIMESTAMPTZ(3) NOT NULL,
  "recorded_by" JSONB NOT NULL,
  "version" INTEGER NOT NULL
);

CREATE TABLE "exposure_group" (
  "id" UUID NOT NULL PRIMARY KEY,
  "shop_id" TEXT NOT NULL,
  "incident_id" UUID NOT NULL,
  "name" TEXT NOT NULL,
  "criteria" JSONB NOT NULL,
  "categories" TEXT[] NOT NULL,
  "updated_at" TIMESTAMPTZ(3) NOT NULL
);

CREATE TABLE "scope_run" (
  "id" UUID NOT NULL PRIMARY KEY,
  "shop_id" TEXT NOT NULL,
  "incident_id" UUID NOT NULL,
  "version" INTEGER NOT NULL,
  "state" TEXT NOT NULL,
  "basis" JSONB NOT NULL,
  "failure" JSONB,
  "attempt" UUID,
  "lease_until" TIMESTAMPTZ(3),
  "phase" TEXT NOT NULL,
  "objects" BIGINT NOT NULL DEFAULT 0,
  "expected" BIGINT,
  "rows_read" BIGINT NOT NULL DEFAULT 0,
  "rows_matched" BIGINT NOT NULL DEFAULT 0,
  "people" INTEGER,
  "merged" INTEGER,
  "without_email" INTEGER,
  "list_sha256" TEXT,
  "started_at" TIMESTAMPTZ(3) NOT NULL,
  "started_by" JSONB NOT NULL,
  "finished_at" TIMESTAMPTZ(3),
  "confirmed_at" TIMESTAMPTZ(3),
  "confirmed_by" JSONB
);

CREATE TABLE "scope_export" (
  "id" UUID NOT NULL PRIMARY KEY,
  "shop_id" TEXT NOT NULL,
  "run_id" UUID NOT NULL,
  "kind" TEXT NOT NULL,
  "bulk_id" TEXT,
  "query" TEXT,
  "state" TEXT NOT NULL,
  "object_count" BIGINT NOT NULL DEFAULT 0,
  "root_object_count" BIGINT NOT NULL DEFAULT 0,
  "file_size" BIGINT,
  "sha256" TEXT,
  "started_at" TIMESTAMPTZ(3),
  "completed_at" TIMESTAMPTZ(3)
);

CREATE TABLE "affected_person" (
  "id" UUID NOT NULL PRIMARY KEY,
  "shop_id" TEXT NOT NULL,
  "run_id" UUID NOT NULL,
  "person_key" BYTEA NOT NULL,
  "customer_id" BIGINT,
  "email_hash" BYTEA,
  "country" TEXT,
  "region" TEXT,
  "residence_source" TEXT NOT NULL,
  "locale" TEXT,
  "orders" INTEGER NOT NULL,
  "records" INTEGER NOT NULL,
  "categories" TEXT[] NOT NULL,
  "sealed" BYTEA NOT NULL
);

CREATE TABLE "scope_tally" (
  "shop_id" TEXT NOT NULL,
  "run_id" UUID NOT NULL,
  "country" TEXT NOT NULL,
  "region" TEXT NOT NULL,
  "people" INTEGER NOT NULL,
  "with_email" INTEGER NOT NULL,
  PRIMARY KEY ("shop_id", "run_id", "country", "region")
);

CREATE TABLE "obligation" (
  "id" UUID NOT NULL PRIMARY KEY,
  "shop_id" TEXT NOT NULL,
  "incident_id" UUID NOT NULL,
  "law_id" TEXT NOT NULL,
  "jurisdiction" TEXT NOT NULL,
  "duty" TEXT NOT NULL,
  "status" TEXT NOT NULL,
  "people" INTEGER NOT NULL,
  "act_by" TIMESTAMPTZ(3),
  "detail" JSONB NOT NULL,
  "assessed_at" TIMESTAMPTZ(3) NOT NULL,
  "done_at" TIMESTAMPTZ(3),
  "done_by" JSONB,
  "reference" TEXT
);

CREATE TABLE "assessment" (
  "incident_id" UUID NOT NULL PRIMARY KEY,
  "shop_id" TEXT NOT NULL,
  "run_id" UUID NOT NULL,
  "result" JSONB NOT NULL,
  "assessed_at" TIMESTAMPTZ(3) NOT NULL
);

CREATE TABLE "sender" (
  "shop_id" TEXT NOT NULL PRIMARY KEY,
  "sealed" BYTEA NOT NULL,
  "verified_at" TIMESTAMPTZ(3),
  "updated_at" TIMESTAMPTZ(3) NOT NULL
);

CREATE TABLE "notice" (
  "id" UUID NOT NULL PRIMARY KEY,
  "shop_id" TEXT NOT NULL,
  "incident_id" UUID NOT NULL,
  "kind" TEXT NOT NULL,
  "state" TEXT NOT NULL,
  "version" INTEGER NOT NULL,
  "next_update_at" TIMESTAMPTZ(3),
  "approved_version" INTEGER,
  "run_id" UUID,
  "content_sha256" TEXT,
  "list_sha256" TEXT,
  "mail_date" TIMESTAMPTZ(3),
  "approved_at" TIMESTAMPTZ(3),
  "approved_by" JSONB,
  "pause_reason" TEXT,
  "started_at" TIMESTAMPTZ(3),
  "finished_at" TIMESTAMPTZ(3),
  "created_at" TIMESTAMPTZ(3) NOT NULL
);

CREATE TABLE "notice_version" (
  "shop_id" TEXT NOT NULL,
  "notice_id" UUID NOT NULL,
  "version" INTEGER NOT NULL,
  "letter" JSONB NOT NULL,
  "sha256" TEXT NOT NULL,
  "saved_at" TIMESTAMPTZ(3) NOT NULL,
  "saved_by" JSONB NOT NULL,
  PRIMARY KEY ("shop_id", "notice_id", "version")
);

CREATE TABLE "delivery" (
  "id" UUID NOT NULL PRIMARY KEY,
  "shop_id" TEXT NOT NULL,
  "notice_id" UUID NOT NULL,
  "person_id" UUID NOT NULL,
  "address_hash" BYTEA,
  "state" TEXT NOT NULL,
  "reason" TEXT,
  "covered_by" UUID,
  "attempt" UUID,
  "lease_until" TIMESTAMPTZ(3),
  "next_attempt_at" TIMESTAMPTZ(3),
  "attempts" INTEGER NOT NULL DEFAULT 0,
  "content_sha256" TEXT,
  "reply_code" INTEGER,
  "reply_status" TEXT,
  "stage" TEXT,
  "updated_at" TIMESTAMPTZ(3) NOT NULL
);

CREATE TABLE "publication" (
  "incident_id" UUID NOT NULL PRIMARY KEY,
  "shop_id" TEXT NOT NULL,
  "banner_state" TEXT NOT NULL,
  "message" JSONB NOT NULL,
  "statement" JSONB NOT NULL,
  "version" INTEGER NOT NULL,
  "wanted_live" BOOLEAN NOT NULL,
  "store_digest" TEXT,
  "synced_version" INTEGER,
  "sync_failure" TEXT,
  "published_at" TIMESTAMPTZ(3),
  "withdrawn_at" TIMESTAMPTZ(3),
  "updated_at" TIMESTAMPTZ(3) NOT NULL
);

CREATE INDEX "session_shop_id_idx" ON "session" ("shop_id");
CREATE INDEX "privacy_request_shop_id_received_at_idx" ON "privacy_request" ("shop_id", "received_at");
CREATE INDEX "evidence_cell_shop_id_idx" ON "evidence_cell" ("shop_id");
CREATE INDEX "access_log_shop_id_at_idx" ON "access_log" ("shop_id", "at");
CREATE UNIQUE INDEX "incident_shop_id_id_key" ON "incident" ("shop_id", "id");
CREATE UNIQUE INDEX "incident_shop_id_number_key" ON "incident" ("shop_id", "number");
CREATE UNIQUE INDEX "clock_start_shop_id_incident_id_kind_version_key" ON "clock_start" ("shop_id", "incident_id", "kind", "version");
CREATE INDEX "exposure_group_shop_id_incident_id_idx" ON "exposure_group" ("shop_id", "incident_id");
CREATE UNIQUE INDEX "scope_run_shop_id_id_key" ON "scope_run" ("shop_id", "id");
CREATE UNIQUE INDEX "scope_run_shop_id_incident_id_version_key" ON "scope_run" ("shop_id", "incident_id", "version");
CREATE UNIQUE INDEX "scope_export_shop_id_run_id_kind_key" ON "scope_export" ("shop_id", "run_id", "kind");
CREATE INDEX "scope_export_bulk_id_idx" ON "scope_export" ("bulk_id");
CREATE UNIQUE INDEX "affected_person_run_id_person_key_key" ON "affected_person" ("run_id", "person_key");
CREATE INDEX "affected_person_shop_id_run_id_id_idx" ON "affected_person" ("shop_id", "run_id", "id");
CREATE INDEX "affected_person_shop_id_run_id_country_region_idx" ON "affected_person" ("shop_id", "run_id", "country", "region");
CREATE INDEX "affected_person_shop_id_customer_id_idx" ON "affected_person" ("shop_id", "customer_id");
CREATE UNIQUE INDEX "obligation_shop_id_incident_id_law_id_jurisdiction_duty_key" ON "obligation" ("shop_id", "incident_id", "law_id", "jurisdiction", "duty");
CREATE INDEX "assessment_shop_id_idx" ON "assessment" ("shop_id");
CREATE UNIQUE INDEX "notice_shop_id_id_key" ON "notice" ("shop_id", "id");
CREATE INDEX "notice_shop_id_incident_id_idx" ON "notice" ("shop_id", "incident_id");
CREATE UNIQUE INDEX "delivery_notice_id_person_id_key" ON "delivery" ("notice_id", "person_id");
CREATE INDEX "delivery_shop_id_notice_id_state_next_attempt_at_idx" ON "delivery" ("shop_id", "notice_id", "state", "next_attempt_at");
CREATE INDEX "delivery_shop_id_person_id_idx" ON "delivery" ("shop_id", "person_id");
CREATE INDEX "publication_shop_id_idx" ON "publication" ("shop_id");

-- Foreign keys carry the shop, so that no row can point into another shop's data.
ALTER TABLE "clock_start" ADD CONSTRAINT "clock_start_incident_id_fkey" FOREIGN KEY ("shop_id", "incident_id") REFERENCES "incident" ("shop_id", "id") ON DELETE CASCADE;
ALTER TABLE "exposure_group" ADD CONSTRAINT "exposure_group_incident_id_fkey" FOREIGN KEY ("shop_id", "incident_id") REFERENCES "incident" ("shop_id", "id") ON DELETE CASCADE;
ALTER TABLE "scope_run" ADD CONSTRAINT "scope_run_incident_id_fkey" FOREIGN KEY ("shop_id", "incident_id") REFERENCES "incident" ("shop_id", "id") ON DELETE CASCADE;
ALTER TABLE "scope_export" ADD CONSTRAINT "scope_export_run_id_fkey" FOREIGN KEY ("shop_id", "run_id") REFERENCES "scope_run" ("shop_id", "id") ON DELETE CASCADE;
ALTER TABLE "affected_person" ADD CONSTRAINT "affected_person_run_id_fkey" FOREIGN KEY ("shop_id", "run_id") REFERENCES "scope_run" ("shop_id", "id") ON DELETE CASCADE;
ALTER TABLE "scope_tally" ADD CONSTRAINT "scope_tally_run_id_fkey" FOREIGN KEY ("shop_id", "run_id") REFERENCES "scope_run" ("shop_id", "id") ON DELETE CASCADE;
ALTER TABLE "obligation" ADD CONSTRAINT "obligation_incident_id_fkey" FOREIGN KEY ("shop_id", "incident_id") REFERENCES "incident" ("shop_id", "id") ON DELETE CASCADE;
ALTER TABLE "assessment" ADD CONSTRAINT "assessment_incident_id_fkey" FOREIGN KEY ("shop_id", "incident_id") REFERENCES "incident" ("shop_id", "id") ON DELETE CASCADE;
ALTER TABLE "notice" ADD CONSTRAINT "notice_incident_id_fkey" FOREIGN KEY ("shop_id", "incident_id") REFERENCES "incident" ("shop_id", "id") ON DELETE CASCADE;
ALTER TABLE "notice_version" ADD CONSTRAINT "notice_version_notice_id_fkey" FOREIGN KEY ("shop_id", "notice_id") REFERENCES "notice" ("shop_id", "id") ON DELETE CASCADE;
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_notice_id_fkey" FOREIGN KEY ("shop_id", "notice_id") REFERENCES "notice" ("shop_id", "id") ON DELETE CASCADE;
ALTER TABLE "publication" ADD CONSTRAINT "publication_incident_id_fkey" FOREIGN KEY ("shop_id", "incident_id") REFERENCES "incident" ("shop_id", "id") ON DELETE CASCADE;

-- One address gets one letter: a second person with the same address is covered by the first.
CREATE UNIQUE INDEX "delivery_notice_address_key" ON "delivery" ("notice_id", "address_hash") WHERE "address_hash" IS NOT NULL AND "covered_by" IS NULL;
-- What a sender looks for: open rows only, so that the index stays small as a send finishes.
CREATE INDEX "delivery_open_idx" ON "delivery" ("notice_id", "next_attempt_at", "id") WHERE "state" IN ('planned', 'claimed', 'attempting', 'deferred', 'unknown');

-- ---------------------------------------------------------------- walls
-- `candor_app` is what every request and job runs as: it owns nothing and sees one shop, named by app.shop_id for the transaction.
-- `candor_sweep` sees only what names due work. Neither can log in. A missing app.shop_id is an error, so it fails closed.
DO $$ BEGIN CREATE ROLE candor_app NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
DO $$ BEGIN CREATE ROLE candor_sweep NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
GRANT candor_app, candor_sweep TO CURRENT_USER;
GRANT USAGE ON SCHEMA public TO candor_app, candor_sweep;

DO $$
DECLARE
  t TEXT;
BEGIN
  FOREACH t IN ARRAY ARRAY['session', 'webhook_receipt', 'privacy_request', 'evidence_event', 'evidence_cell', 'access_log', 'team_contacts', 'staff_member', 'incident', 'clock_start', 'exposure_group', 'scope_run', 'scope_export', 'affected_person', 'scope_tally', 'obligation', 'assessment', 'sender', 'notice', 'notice_version', 'delivery', 'publication'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY one_shop ON %I TO candor_app USING (shop_id = current_setting(''app.shop_id'')) WITH CHECK (shop_id = current_setting(''app.shop_id''))', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO candor_app', t);
  END LOOP;
END $$;
ALTER TABLE "shop" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "shop" FORCE ROW LEVEL SECURITY;
CREATE POLICY one_shop ON "shop" TO candor_app USING (id = current_setting('app.shop_id')) WITH CHECK (id = current_setting('app.shop_id'));
GRANT SELECT, INSERT, UPDATE ON "shop" TO candor_app;

-- Proof is written once: the app may add and read, never change or remove.
REVOKE UPDATE, DELETE ON "evidence_event", "access_log", "webhook_receipt", "clock_start" FROM candor_app;

-- The one look across shops. It yields identifiers and a moment, nothing else.
GRANT SELECT ("shop_id", "id", "next_wake_at") ON "incident" TO candor_sweep;
CREATE POLICY sweep ON "incident" FOR SELECT TO candor_sweep USING (true);
CREATE FUNCTION due_incidents(max_rows INTEGER) RETURNS TABLE (shop_id TEXT, reference UUID, due TIMESTAMPTZ)
LANGUAGE sql SECURITY DEFINER SET search_path = public STABLE AS $$
  SELECT shop_id, id, next_wake_at FROM incident WHERE next_wake_at <= clock_timestamp() ORDER BY next_wake_at LIMIT max_rows
$$;
GRANT CREATE ON SCHEMA public TO candor_sweep;
ALTER FUNCTION due_incidents(INTEGER) OWNER TO candor_sweep;
REVOKE CREATE ON SCHEMA public FROM candor_sweep;
REVOKE ALL ON FUNCTION due_incidents(INTEGER) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION due_incidents(INTEGER) TO candor_app;
CREATE INDEX "incident_next_wake_at_idx" ON "incident" ("next_wake_at") WHERE "next_wake_at" IS NOT NULL;
