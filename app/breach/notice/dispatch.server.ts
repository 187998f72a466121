/**
 * Sends an approved notice from its outbox, one transaction and one recipient at a time, several lanes at once, any number of workers.
 *
 * What is kept: nobody is missed, nobody is knowingly mailed twice, the doubtful ones are marked. A group of rows is committed as
 * `attempting` before the first of them goes to the wire and settled in one update after the last; whoever dies in between leaves exactly
 * that group in doubt. Leases and fencing use the database's clock; presence tells a dead worker from a slow one.
 */
import { createHash, randomUUID } from "node:crypto";
import { Prisma } from "@prisma/client";
import { Outage } from "../ports.ts";
import type { Caller, Context, MailConnection, Verdict } from "../ports.ts";
import { record } from "../evidence/evidence.server.ts";
import { startClock } from "../incident/incident.server.ts";
import { hashList, readConfirmedRun } from "../scope/scope.server.ts";
import type { PersonData } from "../scope/scope.server.ts";
import { openMany } from "../vault/vault.server.ts";
import type { DataCategory } from "../scope/scope.ts";
import { readFrozen } from "./frozen.server.ts";
import type { Frozen } from "./frozen.server.ts";
import { buildMessage } from "./mime.server.ts";
import { compileLetter, renderLetter } from "./notice.ts";
import type { CompiledLetter } from "./notice.ts";
import { referenceOfDelivery, settle } from "./outbox.ts";
import { mailSettings } from "./sender.server.ts";

const lanes = 4;
const groupSize = 25;
/** Longer than the ten minutes RFC 5321 section 4.5.3.2.6 gives a server for its last reply. */
const leaseSeconds = 15 * 60;
/** No message of a group is started when this little of its lease is left. */
const leaseReserveMs = 11 * 60_000;
const connectTries = 3;
const settleTries = 5;
/** The send stops and asks when more than this share of the last messages was refused for good. */
const rejectionWindow = 50;
const rejectionShare = 0.3;

type Row = {
  id: string;
  personId: string;
  attempts: number;
  reason: string | null;
  contentSha256: string | null;
  categories: DataCategory[];
  sealed: Uint8Array;
};
type Prepared = Row & { message: Buffer; to: string; sha256: string };
type Settled = { id: string; verdict: Verdict; attempts: number; doubtful: boolean; sha256: string };

/** Rows whose worker is gone: what was only claimed goes back, what may be on the wire becomes `unknown`. */
async function reap(ctx: Context, noticeId: string): Promise<void> {
  await ctx.db.$executeRaw`
    WITH lost AS (
      SELECT id FROM delivery
      WHERE shop_id = ${ctx.shop.id} AND notice_id = ${noticeId}::uuid AND state IN ('claimed', 'attempting')
        AND (lease_until < clock_timestamp() OR pg_try_advisory_xact_lock(hashtextextended('presence|' || attempt::text, 0)))
      FOR UPDATE SKIP LOCKED
    )
    UPDATE delivery d SET
      state = CASE WHEN d.state = 'attempting' OR d.reason = 'possible_double' THEN 'unknown' ELSE 'planned' END,
      reason = CASE WHEN d.state = 'attempting' THEN 'possible_double' ELSE d.reason END,
      attempts = d.attempts + CASE WHEN d.state = 'attempting' THEN 1 ELSE 0 END,
      next_attempt_at = CASE
        WHEN d.state = 'attempting' AND d.reason = 'possible_double' THEN NULL
        ELSE clock_timestamp() END,
      attempt = NULL, lease_until = NULL, updated_at = clock_timestamp()
    FROM lost WHERE d.id = lost.id`;
}

/**
 * The next rows to send: those whose wait is over, then those never tried. Two walks along the index of open rows, because one over both
 * would sort everything that is still to be sent for each group.
 */
async function claimGroup(ctx: Context, frozen: Frozen, attempt: string): Promise<Row[]> {
  const sending = Prisma.sql`EXISTS (SELECT 1 FROM notice WHERE shop_id = ${ctx.shop.id} AND id = ${frozen.noticeId}::uuid AND state = 'sending')`;
  const rows = await ctx.db.$queryRaw<
    {
      id: string;
      person_id: string;
      attempts: number;
      reason: string | null;
      content_sha256: string | null;
      categories: string[];
      sealed: Uint8Array;
    }[]
  >`
    WITH again AS (
      SELECT d.id FROM delivery d
      WHERE d.shop_id = ${ctx.shop.id} AND d.notice_id = ${frozen.noticeId}::uuid AND d.next_attempt_at <= now()
        AND d.state IN ('planned', 'deferred', 'unknown') AND ${sending}
      ORDER BY d.next_attempt_at, d.id LIMIT ${groupSize} FOR UPDATE SKIP LOCKED
    ), fresh AS (
      SELECT d.id FROM delivery d
      WHERE d.shop_id = ${ctx.shop.id} AND d.notice_id = ${frozen.noticeId}::uuid AND d.next_attempt_at IS NULL
        AND d.state = 'planned' AND ${sending}
      ORDER BY d.id LIMIT ${groupSize} - (SELECT count(*) FROM again) FOR UPDATE SKIP LOCKED
    ), free AS (
      SELECT id FROM again UNION ALL SELECT id FROM fresh
    )
    UPDATE delivery d SET state = 'claimed', attempt = ${attempt}::uuid,
      lease_until = clock_timestamp() + make_interval(secs => ${leaseSeconds}), updated_at = clock_timestamp()
    FROM free, affected_person p WHERE d.id = free.id AND p.id = d.person_id
    RETURNING d.id, d.person_id, d.attempts, d.reason, d.content_sha256, p.categories, p.sealed`;
  return rows.map((row) => ({
    id: row.id,
    personId: row.person_id,
    attempts: row.attempts,
    reason: row.reason,
    contentSha256: row.content_sha256,
    categories: row.categories as DataCategory[],
    sealed: row.sealed,
  }));
}

/** The exact bytes for one person; the same on every try, because everything in them is frozen. */
function prepare(
  frozen: Frozen,
  compiled: CompiledLetter,
  row: Row,
  person: PersonData,
  email: string,
): Prepared {
  const rendered = renderLetter(compiled, {
    name: `${person.firstName} ${person.lastName}`.trim() || null,
    reference: referenceOfDelivery(row.id),
    categories: row.categories,
  });
  const domain = frozen.sender.fromAddress.split("@")[1] ?? "localhost";
  const message = buildMessage({
    from: { name: frozen.sender.fromName, address: frozen.sender.fromAddress },
    to: { name: null, address: email },
    replyTo: frozen.sender.replyTo === "" ? null : { name: null, address: frozen.sender.replyTo },
    subject: rendered.subject,
    html: rendered.html,
    text: rendered.text,
    messageId: `<${row.id}.${frozen.version}@${domain}>`,
    date: frozen.mailDate,
  });
  return { ...row, message, to: email, sha256: createHash("sha256").update(message).digest("hex") };
}

/** Claims a group, makes its letters and marks it as about to go to the wire, all in one: none of it holds before the commit. */
async function prepareGroup(
  ctx: Context,
  frozen: Frozen,
  compiled: CompiledLetter,
  attempt: string,
): Promise<{ claimed: number; group: Prepared[] }> {
  const rows = await claimGroup(ctx, frozen, attempt);
  if (rows.length === 0) return { claimed: 0, group: [] };
  const sealed = rows.map((row) => ({ id: row.personId, sealed: row.sealed }));
  const people = await openMany<PersonData>(
    ctx,
    "affected_person",
    sealed,
    "send",
    `notice:${frozen.noticeId}`,
  );
  const reachable = rows.flatMap((row, index) => {
    const person = people[index]!;
    return person.email === null ? [] : [{ row, person, email: person.email }];
  });
  const kept = new Set(reachable.map(({ row }) => row.id));
  await setAsideErased(
    ctx,
    rows.filter((row) => !kept.has(row.id)).map((row) => row.id),
  );
  const prepared = reachable.map(({ row, person, email }) => prepare(frozen, compiled, row, person, email));
  if (prepared.some((row) => row.contentSha256 !== null && row.contentSha256 !== row.sha256))
    throw new ContentChanged();
  return { claimed: rows.length, group: await markAttempting(ctx, prepared, attempt) };
}

/** A letter that was tried before would no longer be the same, to the byte. */
class ContentChanged extends Error {}

/** People who had their data erased since the approval: there is no address left to write to. */
async function setAsideErased(ctx: Context, ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  await ctx.db.delivery.updateMany({
    where: { shopId: ctx.shop.id, id: { in: ids }, state: "claimed" },
    data: { state: "needs_alternative", reason: "erased", attempt: null, leaseUntil: null },
  });
}

/** Marks rows as about to go to the wire. Rows that are no longer ours are left out. */
async function markAttempting(ctx: Context, group: Prepared[], attempt: string): Promise<Prepared[]> {
  const marked = await ctx.db.$queryRaw<{ id: string }[]>`
    UPDATE delivery d SET state = 'attempting', content_sha256 = g.sha256, updated_at = clock_timestamp()
    FROM unnest(${group.map((row) => row.id)}::uuid[], ${group.map((row) => row.sha256)}::text[]) AS g(id, sha256)
    WHERE d.id = g.id AND d.shop_id = ${ctx.shop.id} AND d.attempt = ${attempt}::uuid AND d.state = 'claimed'
      AND d.lease_until > clock_timestamp() + interval '12 minutes'
    RETURNING d.id`;
  const ids = new Set(marked.map((row) => row.id));
  return group.filter((row) => ids.has(row.id));
}

/** Writes what became of a group, and its record: count and SHA-256 of the ordered rows. */
async function settleGroup(ctx: Context, frozen: Frozen, attempt: string, settled: Settled[]): Promise<void> {
  if (settled.length === 0) return;
  const steps = settled.map((row) => settle(row.verdict, row.attempts, row.doubtful));
  const written = await ctx.db.$queryRaw<{ id: string }[]>`
    UPDATE delivery d SET state = s.state, reason = s.reason, attempts = d.attempts + s.counted,
      next_attempt_at = clock_timestamp() + make_interval(secs => s.wait), reply_code = s.code, reply_status = s.status, stage = s.stage,
      attempt = NULL, lease_until = NULL, updated_at = clock_timestamp()
    FROM unnest(
      ${settled.map((row) => row.id)}::uuid[], ${steps.map((step) => step.state)}::text[], ${steps.map((step) => step.reason)}::text[],
      ${steps.map((step) => (step.countsAsAttempt ? 1 : 0))}::int[], ${steps.map((step) => step.waitSeconds)}::float8[],
      ${settled.map((row) => row.verdict.code)}::int[], ${settled.map((row) => row.verdict.status)}::text[],
      ${settled.map((row) => row.verdict.stage)}::text[]
    ) AS s(id, state, reason, counted, wait, code, status, stage)
    WHERE d.id = s.id AND d.shop_id = ${ctx.shop.id} AND d.attempt = ${attempt}::uuid AND d.state = 'attempting'
    RETURNING d.id`;
  // Written before, when the answer to the commit was lost.
  if (written.length === 0) return;
  const ids = new Set(written.map((row) => row.id));
  const lines = settled
    .map((row, index) => ({ row, step: steps[index]! }))
    .filter(({ row }) => ids.has(row.id))
    .toSorted((a, b) => (a.row.id < b.row.id ? -1 : 1));
  const counts: Record<string, number> = {};
  for (const { step } of lines) counts[step.state] = (counts[step.state] ?? 0) + 1;
  const text = lines
    .map(({ row, step }) =>
      [row.id, step.state, row.verdict.code ?? "", row.verdict.status ?? "", row.sha256].join("|"),
    )
    .join("\n");
  await record(ctx, `incident:${frozen.incidentId}`, "notice.batch", {
    notice: frozen.noticeId,
    rows: lines.length,
    states: counts,
    rowsSha256: createHash("sha256").update(text).digest("hex"),
  });
}

export async function pauseSending(
  ctx: Context,
  noticeId: string,
  incidentId: string,
  reason: string,
): Promise<void> {
  const changed = await ctx.db.notice.updateMany({
    where: { shopId: ctx.shop.id, id: noticeId, state: "sending" },
    data: { state: "paused", pauseReason: reason },
  });
  if (changed.count === 1)
    await record(ctx, `incident:${incidentId}`, "notice.paused", { notice: noticeId, reason });
}

const certainlyNotSent: Verdict = { outcome: "retry", code: null, status: null, stage: "connect" };

type Dispatch = {
  caller: Caller;
  frozen: Frozen;
  compiled: CompiledLetter;
  attempt: string;
  /** Set by the first lane that finds a reason to stop all of them. */
  pauseReason: string | null;
  /** The last messages with a final answer: accepted or not. */
  recent: boolean[];
};

/** True when too many of the last messages were refused for good: something is wrong with the letter or the sender, not with the people. */
function tooManyRejected(dispatch: Dispatch, { outcome }: Verdict): boolean {
  if (outcome !== "accepted" && outcome !== "rejected") return false;
  dispatch.recent.push(outcome === "accepted");
  if (dispatch.recent.length > rejectionWindow) dispatch.recent.shift();
  const rejected = dispatch.recent.filter((accepted) => !accepted).length;
  return dispatch.recent.length === rejectionWindow && rejected > rejectionWindow * rejectionShare;
}

/**
 * Sends one group over a kept connection. Every row gets a verdict; those that were not tried, "certainly not sent". No message is started
 * once any lane has found a reason to stop.
 */
async function deliverGroup(
  dispatch: Dispatch,
  group: Prepared[],
  connection: MailConnection,
  claimedAt: number,
): Promise<{ settled: Settled[]; usable: boolean }> {
  const settled: Settled[] = [];
  let usable = true;
  const from = dispatch.frozen.sender.fromAddress;
  const stopAt = claimedAt + leaseSeconds * 1000 - leaseReserveMs;
  for (const row of group) {
    const mayStart: boolean = usable && dispatch.pauseReason === null && Date.now() < stopAt;
    const verdict: Verdict = mayStart
      ? await connection.deliver({ from, to: row.to }, row.message, () =>
          Promise.resolve(Date.now() < stopAt),
        )
      : certainlyNotSent;
    if (verdict.outcome === "refused")
      dispatch.pauseReason ??= `sender ${verdict.stage} ${verdict.code ?? ""}`.trim();
    else if (tooManyRejected(dispatch, verdict)) dispatch.pauseReason ??= "rejections";
    if (["retry", "unknown", "refused"].includes(verdict.outcome)) usable = false;
    settled.push({
      id: row.id,
      verdict,
      attempts: row.attempts,
      doubtful: row.reason === "possible_double",
      sha256: row.sha256,
    });
  }
  return { settled, usable };
}

async function connectLane(dispatch: Dispatch): Promise<MailConnection | null> {
  for (let attempt = 1; attempt <= connectTries; attempt += 1) {
    try {
      return await dispatch.caller.mail.connect(mailSettings(dispatch.frozen.sender));
    } catch (error) {
      if (!(error instanceof Outage)) throw error;
      dispatch.caller.log.warn("mail connection refused", {
        notice: dispatch.frozen.noticeId,
        reason: error.reason,
        attempt,
      });
      // A wrong password does not get better, and providers lock accounts that insist.
      if (attempt === connectTries || error.reason.startsWith("auth")) {
        dispatch.pauseReason ??= `sender ${error.reason}`;
        return null;
      }
      await new Promise((resolve) => setTimeout(resolve, 500 * attempt));
    }
  }
  return null;
}

/** Tries again when the database does: what the server said is known nowhere else, and without it these people are written to twice. */
async function settleSurely({ caller, frozen, attempt }: Dispatch, settled: Settled[]): Promise<void> {
  for (let left = settleTries; ; left -= 1) {
    try {
      return await caller.transact((ctx) => settleGroup(ctx, frozen, attempt, settled));
    } catch (error) {
      if (left === 1) throw error;
      caller.log.warn("verdicts not written", { notice: frozen.noticeId, rows: settled.length, left });
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}

async function runLane(dispatch: Dispatch, opened: MailConnection | null): Promise<void> {
  const { caller, frozen, compiled, attempt } = dispatch;
  let connection = opened;
  try {
    while (dispatch.pauseReason === null && !caller.isEnding()) {
      connection ??= await connectLane(dispatch);
      if (connection === null) return;
      const claimedAt = Date.now();
      const { claimed, group } = await caller.transact((ctx) => prepareGroup(ctx, frozen, compiled, attempt));
      if (claimed === 0) return;
      const { settled, usable } = await deliverGroup(dispatch, group, connection, claimedAt);
      await settleSurely(dispatch, settled);
      if (!usable) {
        await connection.close();
        connection = null;
      }
    }
  } catch (error) {
    if (!(error instanceof ContentChanged)) throw error;
    dispatch.pauseReason ??= "content changed";
  } finally {
    await connection?.close();
  }
}

/** Rows that this worker claimed and did not try go back at once. */
async function releaseClaims(ctx: Context, noticeId: string, attempt: string): Promise<void> {
  await ctx.db.$executeRaw`
    UPDATE delivery SET state = CASE WHEN reason = 'possible_double' THEN 'unknown' ELSE 'planned' END,
      next_attempt_at = clock_timestamp(), attempt = NULL, lease_until = NULL, updated_at = clock_timestamp()
    WHERE shop_id = ${ctx.shop.id} AND notice_id = ${noticeId}::uuid AND attempt = ${attempt}::uuid AND state = 'claimed'`;
}

async function finishIfDone(ctx: Context, frozen: Frozen): Promise<void> {
  const open = await ctx.db.$queryRaw<{ one: number }[]>`
    SELECT 1 AS one FROM delivery WHERE shop_id = ${ctx.shop.id} AND notice_id = ${frozen.noticeId}::uuid
      AND (state IN ('planned', 'claimed', 'attempting', 'deferred') OR (state = 'unknown' AND next_attempt_at IS NOT NULL)) LIMIT 1`;
  if (open.length > 0) return;
  // Who shares an address that could not be reached was not reached either.
  await ctx.db.$executeRaw`
    UPDATE delivery d SET state = f.state, reason = f.reason, updated_at = clock_timestamp()
    FROM delivery f
    WHERE d.shop_id = ${ctx.shop.id} AND d.notice_id = ${frozen.noticeId}::uuid AND d.state = 'covered'
      AND f.shop_id = d.shop_id AND f.id = d.covered_by AND f.state IN ('rejected', 'needs_alternative')`;
  const changed = await ctx.db.notice.updateMany({
    where: { shopId: ctx.shop.id, id: frozen.noticeId, state: "sending" },
    data: { state: "finished", finishedAt: ctx.now() },
  });
  if (changed.count === 0) return;
  const counts = await ctx.db.delivery.groupBy({
    by: ["state"],
    where: { shopId: ctx.shop.id, noticeId: frozen.noticeId },
    _count: true,
  });
  await record(ctx, `incident:${frozen.incidentId}`, "notice.finished", {
    notice: frozen.noticeId,
    states: Object.fromEntries(counts.map((row) => [row.state, row._count])),
  });
  if (frozen.kind !== "personal_data") return;
  // A send that reached nobody has notified nobody.
  const reached = await ctx.db.delivery.count({
    where: {
      shopId: ctx.shop.id,
      noticeId: frozen.noticeId,
      OR: [{ state: "accepted" }, { reason: "told_before" }],
    },
  });
  if (reached === 0) return;
  const list = await readConfirmedRun(ctx, frozen.incidentId);
  // A longer list was confirmed meanwhile: its new people are still to be told.
  if (list?.id === frozen.runId)
    await startClock(ctx, frozen.incidentId, "individuals_notified", ctx.now(), list.confirmedAt);
}

/** Whether anything could be claimed now. */
async function hasWork(ctx: Context, noticeId: string): Promise<boolean> {
  const rows = await ctx.db.$queryRaw<{ one: number }[]>`
    SELECT 1 AS one FROM delivery WHERE shop_id = ${ctx.shop.id} AND notice_id = ${noticeId}::uuid
      AND (state IN ('planned', 'deferred') OR (state = 'unknown' AND next_attempt_at IS NOT NULL))
      AND coalesce(next_attempt_at, '-infinity') <= clock_timestamp() LIMIT 1`;
  return rows.length > 0;
}

/**
 * Sends what can be sent now. Returns the incident's id, or null when the notice is not sending. Safe to call at any time, by any number of
 * workers. A notice whose letter, sender or list is no longer what was approved is paused, not sent.
 */
export async function dispatchNotice(caller: Caller, noticeId: string): Promise<string | null> {
  const start = await caller.transact(async (ctx) => {
    const frozen = await readFrozen(ctx, noticeId);
    if (frozen === null) return null;
    await reap(ctx, noticeId);
    if (!(await hasWork(ctx, noticeId))) {
      await finishIfDone(ctx, frozen);
      return { frozen, work: false };
    }
    const changed =
      frozen.contentNow !== frozen.contentSha256
        ? "content changed"
        : (await hashList(ctx, frozen.runId)) !== frozen.listSha256
          ? "list changed"
          : null;
    if (changed !== null) {
      await pauseSending(ctx, noticeId, frozen.incidentId, changed);
      return { frozen, work: false };
    }
    return { frozen, work: true };
  });
  if (start === null) return null;
  const { frozen } = start;
  if (!start.work) return frozen.incidentId;

  const dispatch: Dispatch = {
    caller,
    frozen,
    compiled: compileLetter(frozen.letter, frozen.shared),
    attempt: randomUUID(),
    pauseReason: null,
    recent: [],
  };
  const presence = await caller.showPresence(dispatch.attempt);
  try {
    // The first connection shows whether the others are worth opening.
    const first = await connectLane(dispatch);
    const ended = await Promise.allSettled(
      Array.from({ length: lanes }, (_, lane) => runLane(dispatch, lane === 0 ? first : null)),
    );
    await caller.transact(async (ctx) => {
      await releaseClaims(ctx, noticeId, dispatch.attempt);
      if (dispatch.pauseReason !== null)
        await pauseSending(ctx, noticeId, frozen.incidentId, dispatch.pauseReason);
      await finishIfDone(ctx, frozen);
    });
    for (const lane of ended) if (lane.status === "rejected") throw lane.reason;
  } finally {
    await presence.end();
  }
  return frozen.incidentId;
}
