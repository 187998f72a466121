/**
 * Drafts, versions, approval and the send. A letter is assembled from what the rooms to the left know, edited in versions, checked against
 * what the laws of this incident ask for, and frozen by approval: bytes and list are hashed, and nothing else is ever sent.
 */
import { createHash, randomUUID } from "node:crypto";
import { Prisma } from "@prisma/client";
import type { Notice } from "@prisma/client";
import canonicalize from "canonicalize";
import { Refused } from "../ports.ts";
import type { Context } from "../ports.ts";
import { record } from "../evidence/evidence.server.ts";
import { readIncident } from "../incident/incident.server.ts";
import { contentRules } from "../obligation/obligation.ts";
import type { ContentRules } from "../obligation/obligation.ts";
import { readAssessment } from "../obligation/obligation.server.ts";
import { hashList, readConfirmedRun, readGroup } from "../scope/scope.server.ts";
import type { PersonData } from "../scope/scope.server.ts";
import { progressOf, recordCategories } from "../scope/scope.ts";
import type { Progress } from "../scope/scope.ts";
import { readContacts } from "../team/team.server.ts";
import { maskEmail, maskName } from "../vault/vault.ts";
import { openMany } from "../vault/vault.server.ts";
import { dispatchNotice } from "./dispatch.server.ts";
import { hashContent, readLetter, sharedValues } from "./frozen.server.ts";
import {
  contentCheck,
  draftLetter,
  fillPlaceholders,
  findProblems,
  inventAddressee,
  missingContent,
  readLetter as readGrade,
  renderSample,
} from "./notice.ts";
import type {
  Finding,
  Letter,
  LetterFacts,
  LetterKind,
  LetterProblem,
  MissingItem,
  Readability,
  RenderedLetter,
} from "./notice.ts";
import type { DeliveryState, NoticeState } from "./outbox.ts";
import { isSenderVerified, openSender } from "./sender.server.ts";

export { dispatchNotice };
export { checkSender, isSenderVerified, readSender, saveSender } from "./sender.server.ts";

const noRules: ContentRules = { required: [], forbidden: [], titles: [], headings: [] };

/** What is known for a letter now. */
async function gatherFacts(
  ctx: Context,
  incidentId: string,
  nextUpdateAt: Date | null,
): Promise<{ facts: LetterFacts; rules: ContentRules }> {
  const incident = await readIncident(ctx, incidentId);
  const confirmed = await readConfirmedRun(ctx, incidentId);
  const group = await readGroup(ctx, incidentId);
  const categories = confirmed?.basis.categories ?? group?.categories ?? recordCategories;
  const assessment = await readAssessment(ctx, incidentId);
  const rules = assessment === null ? noRules : contentRules(assessment);
  const zone = ctx.shop.timeZone;
  return {
    rules,
    facts: {
      incidentDates: {
        occurredFrom: incident.clocks.occurred_from ?? null,
        occurredTo: incident.clocks.occurred_to ?? null,
        discovered: incident.clocks.discovered ?? null,
        aware: incident.clocks.aware ?? null,
        zone,
      },
      categories,
      // Nobody has checked what was not involved; the merchant says so in the letter, or nobody does.
      notInvolved: [],
      narrative: incident.narrative,
      measures: incident.measures,
      contacts: await readContacts(ctx),
      nextUpdate: nextUpdateAt === null ? null : { at: nextUpdateAt, zone },
      statementUrl: null,
      requiredTitle: rules.titles[0]?.title ?? null,
      requiredHeadings: rules.headings.flatMap((each) => each.headings),
      elements: rules.required.map((each) => each.element),
    },
  };
}

function hashLetter(letter: Letter): string {
  const text = canonicalize(letter);
  if (text === undefined) throw new Error("a letter that cannot be written as JSON");
  return createHash("sha256").update(text).digest("hex");
}

async function addVersion(
  ctx: Context,
  notice: { id: string; incidentId: string },
  version: number,
  letter: Letter,
): Promise<void> {
  const sha256 = hashLetter(letter);
  await ctx.db.noticeVersion.create({
    data: {
      shopId: ctx.shop.id,
      noticeId: notice.id,
      version,
      letter: letter as Prisma.InputJsonValue,
      sha256,
      savedAt: ctx.now(),
      savedBy: ctx.actor as Prisma.InputJsonValue,
    },
  });
  await record(ctx, `incident:${notice.incidentId}`, "notice.saved", {
    notice: notice.id,
    kind: letter.kind,
    version,
    sha256,
  });
}

/** Drafts a letter from what is known. `nextUpdateAt` is the promise that a holding statement makes. */
export async function startNotice(
  ctx: Context,
  incidentId: string,
  kind: LetterKind,
  nextUpdateAt: Date | null,
): Promise<string> {
  const { facts } = await gatherFacts(ctx, incidentId, nextUpdateAt);
  const letter = draftLetter(kind, facts);
  const id = randomUUID();
  await ctx.db.notice.create({
    data: {
      id,
      shopId: ctx.shop.id,
      incidentId,
      kind,
      state: "draft",
      version: 1,
      nextUpdateAt,
      createdAt: ctx.now(),
    },
  });
  await addVersion(ctx, { id, incidentId }, 1, letter);
  return id;
}

async function findNotice(ctx: Context, incidentId: string, noticeId: string): Promise<Notice> {
  const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(noticeId);
  const notice = isId
    ? await ctx.db.notice.findFirst({ where: { shopId: ctx.shop.id, incidentId, id: noticeId } })
    : null;
  if (notice === null) throw new Refused("notice.notFound");
  return notice;
}

/** Keeps the letter as a new version. Only a draft can be edited; `seen` is the version the editor started from. */
export async function saveLetter(
  ctx: Context,
  incidentId: string,
  noticeId: string,
  letter: Letter,
  seen: number,
): Promise<void> {
  await ctx.db
    .$executeRaw`SELECT id FROM notice WHERE shop_id = ${ctx.shop.id} AND id = ${noticeId}::uuid FOR UPDATE`;
  const notice = await findNotice(ctx, incidentId, noticeId);
  if (notice.state !== "draft") throw new Refused("notice.notDraft");
  if (notice.version !== seen) throw new Refused("notice.editedElsewhere");
  if (letter.kind !== notice.kind) throw new Refused("notice.notFound");
  const before = await readLetter(ctx, noticeId, notice.version);
  if (hashLetter(before) === hashLetter(letter)) return;
  await ctx.db.notice.update({
    where: { shopId_id: { shopId: ctx.shop.id, id: noticeId } },
    data: { version: notice.version + 1 },
  });
  await addVersion(ctx, notice, notice.version + 1, letter);
}

/** Drafts the letter again from what is known now, as a new version. */
export async function redraftLetter(ctx: Context, incidentId: string, noticeId: string): Promise<void> {
  const notice = await findNotice(ctx, incidentId, noticeId);
  const { facts } = await gatherFacts(ctx, incidentId, notice.nextUpdateAt);
  await saveLetter(ctx, incidentId, noticeId, draftLetter(notice.kind as LetterKind, facts), notice.version);
}

/** The letter with its placeholders filled from what is known now; whatever the merchant has written stays. Nothing is saved. */
export async function fillLetter(
  ctx: Context,
  incidentId: string,
  noticeId: string,
  letter: Letter,
): Promise<Letter> {
  const notice = await findNotice(ctx, incidentId, noticeId);
  const { facts } = await gatherFacts(ctx, incidentId, notice.nextUpdateAt);
  return fillPlaceholders(letter, facts);
}

/** Shopify user ids of those who wrote versions of this letter. */
export async function readWriters(ctx: Context, incidentId: string, noticeId: string): Promise<string[]> {
  const notice = await findNotice(ctx, incidentId, noticeId);
  const versions = await ctx.db.noticeVersion.findMany({
    where: { shopId: ctx.shop.id, noticeId: notice.id },
    select: { savedBy: true },
    orderBy: { version: "asc" },
  });
  const ids = versions.map(({ savedBy }) => (savedBy as { userId?: string } | null)?.userId ?? "");
  return [...new Set(ids.filter(Boolean))];
}

/** What approval would plan for a list: one letter per address, the people it covers with another's letter, and those without an address. */
export async function countLetters(
  ctx: Context,
  runId: string,
): Promise<{ letters: number; covered: number; withoutEmail: number }> {
  const [counts] = await ctx.db.$queryRaw<{ people: bigint; addressed: bigint; addresses: bigint }[]>`
    SELECT count(*) AS people, count(email_hash) AS addressed, count(DISTINCT email_hash) AS addresses
    FROM affected_person WHERE shop_id = ${ctx.shop.id} AND run_id = ${runId}::uuid`;
  const [people, addressed, addresses] = [counts?.people, counts?.addressed, counts?.addresses].map(Number);
  return { letters: addresses!, covered: addressed! - addresses!, withoutEmail: people! - addressed! };
}

export type NoticeView = {
  id: string;
  kind: LetterKind;
  state: NoticeState;
  version: number;
  letter: Letter;
  createdAt: Date;
  approvedAt: Date | null;
  approvedBy: string | null;
  startedAt: Date | null;
  finishedAt: Date | null;
  pauseReason: string | null;
  contentSha256: string | null;
  listSha256: string | null;
};

async function viewNotice(ctx: Context, notice: Notice): Promise<NoticeView> {
  const approver = notice.approvedBy as { kind?: string; userId?: string } | null;
  return {
    id: notice.id,
    kind: notice.kind as LetterKind,
    state: notice.state as NoticeState,
    version: notice.version,
    letter: await readLetter(ctx, notice.id, notice.version),
    createdAt: notice.createdAt,
    approvedAt: notice.approvedAt,
    approvedBy: approver?.userId ?? null,
    startedAt: notice.startedAt,
    finishedAt: notice.finishedAt,
    pauseReason: notice.pauseReason,
    contentSha256: notice.contentSha256,
    listSha256: notice.listSha256,
  };
}

export async function readNotice(ctx: Context, incidentId: string, noticeId: string): Promise<NoticeView> {
  return viewNotice(ctx, await findNotice(ctx, incidentId, noticeId));
}

export async function listNotices(ctx: Context, incidentId: string): Promise<NoticeView[]> {
  const rows = await ctx.db.notice.findMany({
    where: { shopId: ctx.shop.id, incidentId },
    orderBy: { createdAt: "asc" },
  });
  const views: NoticeView[] = [];
  for (const row of rows) views.push(await viewNotice(ctx, row));
  return views;
}

export type LetterCheck = {
  problems: LetterProblem[];
  missing: MissingItem[];
  findings: Finding[];
  readability: Readability;
  /** Rendered for an invented person; null while the letter has problems. */
  sample: RenderedLetter | null;
};

/** Everything that can be said about a letter before it is approved; also for one that is not saved yet. */
export async function checkLetter(
  ctx: Context,
  incidentId: string,
  noticeId: string,
  letter: Letter,
): Promise<LetterCheck> {
  const notice = await findNotice(ctx, incidentId, noticeId);
  const { facts, rules } = await gatherFacts(ctx, incidentId, notice.nextUpdateAt);
  const problems = findProblems(letter);
  return {
    problems,
    missing: missingContent(letter, facts),
    findings: contentCheck(letter, rules, facts.categories),
    readability: readGrade(letter),
    sample:
      problems.length > 0
        ? null
        : renderSample(
            letter,
            sharedValues(ctx, notice.mailDate ?? ctx.now()),
            inventAddressee(facts.categories),
          ),
  };
}

/** Why a notice cannot be approved yet, as keys under `notice.blocker`. Empty: it can. */
export async function findBlockers(ctx: Context, incidentId: string, noticeId: string): Promise<string[]> {
  const notice = await findNotice(ctx, incidentId, noticeId);
  const check = await checkLetter(ctx, incidentId, noticeId, await readLetter(ctx, noticeId, notice.version));
  const run = await readConfirmedRun(ctx, incidentId);
  // Whom it has not reached yet nobody can tell from those it is about to reach.
  const sending = await ctx.db.notice.count({
    where: { shopId: ctx.shop.id, incidentId, kind: notice.kind, state: "sending" },
  });
  return [
    ...(sending > 0 ? ["anotherSending"] : []),
    ...(run === null
      ? ["noList"]
      : run.people === 0 || run.people === run.withoutEmail
        ? ["nobodyToMail"]
        : []),
    ...(check.problems.length > 0 ? ["problems"] : []),
    ...(check.missing.length > 0 ? ["missing"] : []),
    ...(check.findings.some((finding) => finding.blocking) ? ["findings"] : []),
    ...((await isSenderVerified(ctx)) ? [] : ["sender"]),
  ];
}

/**
 * Freezes the letter and the list, and plans one delivery per person: people without an address are marked for another way, a second
 * person with the same address is covered by the first.
 */
export async function approveNotice(
  ctx: Context,
  incidentId: string,
  noticeId: string,
  seen: number,
): Promise<void> {
  await ctx.db
    .$executeRaw`SELECT id FROM notice WHERE shop_id = ${ctx.shop.id} AND id = ${noticeId}::uuid FOR UPDATE`;
  const notice = await findNotice(ctx, incidentId, noticeId);
  if (notice.state !== "draft") throw new Refused("notice.notDraft");
  if (notice.version !== seen) throw new Refused("notice.editedElsewhere");
  if ((await findBlockers(ctx, incidentId, noticeId)).length > 0) throw new Refused("notice.notApprovable");
  const run = await readConfirmedRun(ctx, incidentId);
  const sender = await openSender(ctx);
  if (run === null || sender === null || run.listSha256 === null) throw new Refused("notice.notApprovable");
  if ((await hashList(ctx, run.id)) !== run.listSha256) throw new Refused("notice.listChanged");
  const letter = await readLetter(ctx, noticeId, notice.version);
  // The Date header has whole seconds.
  const mailDate = new Date(Math.floor(ctx.now().getTime() / 1000) * 1000);
  const contentSha256 = hashContent(letter, sharedValues(ctx, mailDate), sender);
  await ctx.db.notice.update({
    where: { shopId_id: { shopId: ctx.shop.id, id: noticeId } },
    data: {
      state: "approved",
      approvedVersion: notice.version,
      runId: run.id,
      contentSha256,
      listSha256: run.listSha256,
      mailDate,
      approvedAt: ctx.now(),
      approvedBy: ctx.actor as Prisma.InputJsonValue,
    },
  });
  const planned = await planDeliveries(ctx, notice, run.id);
  await record(ctx, `incident:${incidentId}`, "notice.approved", {
    notice: noticeId,
    version: notice.version,
    run: run.id,
    contentSha256,
    listSha256: run.listSha256,
    ...planned,
  });
}

/**
 * One row per person of the list. Whoever got this kind of letter from an earlier list of the incident is covered by that one: a longer
 * list mails only the new people, unless more data is known to be exposed than that letter spoke of.
 */
async function planDeliveries(
  ctx: Context,
  notice: { id: string; incidentId: string; kind: string },
  runId: string,
): Promise<{ letters: number; covered: number; withoutEmail: number }> {
  await ctx.db.$executeRaw`
    WITH told AS (
      SELECT DISTINCT ON (d.address_hash) d.address_hash, d.id
      FROM delivery d JOIN notice n ON n.id = d.notice_id JOIN scope_run old ON old.id = n.run_id
      WHERE n.shop_id = ${ctx.shop.id} AND n.incident_id = ${notice.incidentId}::uuid AND n.kind = ${notice.kind}
        -- A letter to the same list follows a finished one on purpose; one that was stopped half way is gone on with.
        AND (n.run_id <> ${runId}::uuid OR n.state = 'paused') AND d.state = 'accepted'
        -- A letter that named less than is known now has not told of the rest.
        AND old.basis -> 'categories' @> (SELECT basis -> 'categories' FROM scope_run WHERE shop_id = ${ctx.shop.id} AND id = ${runId}::uuid)
      ORDER BY d.address_hash, d.id
    ), listed AS MATERIALIZED (
      SELECT id, email_hash, customer_id, gen_random_uuid() AS delivery
      FROM affected_person WHERE shop_id = ${ctx.shop.id} AND run_id = ${runId}::uuid
    ), ranked AS (
      SELECT id, email_hash, delivery, row_number() OVER same_address AS place, first_value(delivery) OVER same_address AS first
      FROM listed WINDOW same_address AS (PARTITION BY email_hash ORDER BY customer_id NULLS LAST, id)
    )
    INSERT INTO delivery (id, shop_id, notice_id, person_id, address_hash, state, reason, covered_by, updated_at)
    SELECT r.delivery, ${ctx.shop.id}, ${notice.id}::uuid, r.id, r.email_hash,
      CASE WHEN r.email_hash IS NULL THEN 'needs_alternative' WHEN t.id IS NOT NULL OR r.place > 1 THEN 'covered' ELSE 'planned' END,
      CASE WHEN r.email_hash IS NULL THEN 'no_email' WHEN t.id IS NOT NULL THEN 'told_before' WHEN r.place > 1 THEN 'same_address' END,
      CASE WHEN r.email_hash IS NULL THEN NULL WHEN t.id IS NOT NULL THEN t.id WHEN r.place > 1 THEN r.first END,
      clock_timestamp()
    FROM ranked r
      LEFT JOIN told t ON t.address_hash = r.email_hash`;
  await ctx.db.$executeRaw`SELECT refresh_statistics()`;
  const counts = await countStates(ctx, notice.id);
  return {
    letters: counts.planned ?? 0,
    covered: counts.covered ?? 0,
    withoutEmail: counts.needs_alternative ?? 0,
  };
}

async function countStates(ctx: Context, noticeId: string): Promise<Partial<Record<DeliveryState, number>>> {
  const rows = await ctx.db.delivery.groupBy({
    by: ["state"],
    where: { shopId: ctx.shop.id, noticeId },
    _count: true,
  });
  return Object.fromEntries(rows.map((row) => [row.state, row._count]));
}

/** Takes an approval back before anything was sent; the letter can be edited again. */
export async function withdrawApproval(ctx: Context, incidentId: string, noticeId: string): Promise<void> {
  await ctx.db
    .$executeRaw`SELECT id FROM notice WHERE shop_id = ${ctx.shop.id} AND id = ${noticeId}::uuid FOR UPDATE`;
  const notice = await findNotice(ctx, incidentId, noticeId);
  if (notice.state !== "approved") throw new Refused("notice.notApproved");
  await ctx.db.delivery.deleteMany({ where: { shopId: ctx.shop.id, noticeId } });
  await ctx.db.notice.update({
    where: { shopId_id: { shopId: ctx.shop.id, id: noticeId } },
    data: {
      state: "draft",
      approvedVersion: null,
      runId: null,
      contentSha256: null,
      listSha256: null,
      mailDate: null,
      approvedAt: null,
      approvedBy: Prisma.DbNull,
    },
  });
  await record(ctx, `incident:${incidentId}`, "notice.approval_withdrawn", { notice: noticeId });
}

async function moveNotice(
  ctx: Context,
  incidentId: string,
  noticeId: string,
  from: NoticeState,
  to: NoticeState,
  act: string,
): Promise<void> {
  const notice = await findNotice(ctx, incidentId, noticeId);
  // What was approved for a list that no longer counts would reach people who are not on the new one, or reach others twice.
  if (to === "sending" && notice.state === from) {
    const list = await readConfirmedRun(ctx, incidentId);
    if (list?.id !== notice.runId) throw new Refused("notice.listReplaced");
  }
  const changed = await ctx.db.notice.updateMany({
    where: { shopId: ctx.shop.id, id: noticeId, state: from },
    data: {
      state: to,
      pauseReason: null,
      ...(to === "sending" && notice.startedAt === null ? { startedAt: ctx.now() } : {}),
    },
  });
  // A second click finds the notice where the first one put it.
  if (changed.count === 0) {
    if ((await findNotice(ctx, incidentId, noticeId)).state === to) return;
    throw new Refused("notice.notPossibleNow");
  }
  await record(ctx, `incident:${incidentId}`, act, { notice: noticeId });
  if (to === "sending") ctx.wake({ kind: "send", reference: noticeId });
}

export function sendNotice(ctx: Context, incidentId: string, noticeId: string): Promise<void> {
  return moveNotice(ctx, incidentId, noticeId, "approved", "sending", "notice.send_started");
}

/** No new groups are claimed; what is on the wire is finished. */
export function pauseNotice(ctx: Context, incidentId: string, noticeId: string): Promise<void> {
  return moveNotice(ctx, incidentId, noticeId, "sending", "paused", "notice.paused");
}

export function resumeNotice(ctx: Context, incidentId: string, noticeId: string): Promise<void> {
  return moveNotice(ctx, incidentId, noticeId, "paused", "sending", "notice.resumed");
}

export type SendProgress = {
  states: Partial<Record<DeliveryState, number>>;
  /** Letters to send in all, and those with a final answer. */
  letters: number;
  settled: number;
  progress: Progress;
};

export async function readSendProgress(
  ctx: Context,
  incidentId: string,
  noticeId: string,
): Promise<SendProgress> {
  const notice = await findNotice(ctx, incidentId, noticeId);
  const states = await countStates(ctx, noticeId);
  const unmailable = await ctx.db.delivery.count({
    where: { shopId: ctx.shop.id, noticeId, state: "needs_alternative", reason: "no_email" },
  });
  const total = Object.values(states).reduce((sum, count) => sum + count, 0);
  const letters = total - (states.covered ?? 0) - unmailable;
  const open =
    (states.planned ?? 0) + (states.claimed ?? 0) + (states.attempting ?? 0) + (states.deferred ?? 0);
  const settled = letters - open;
  return {
    states,
    letters,
    settled,
    progress: progressOf(settled, letters, notice.startedAt ?? ctx.now(), notice.finishedAt ?? ctx.now()),
  };
}

export type MendRow = {
  id: string;
  state: DeliveryState;
  reason: string | null;
  code: number | null;
  status: string | null;
  name: string;
  email: string | null;
};

const mendStates: DeliveryState[] = ["unknown", "rejected", "needs_alternative"];

/** `toReach`: the letter did not surely arrive. `doubles`: it arrived, perhaps twice. */
export type MendKind = "toReach" | "doubles";
const mendKinds = {
  toReach: { state: { in: mendStates } },
  doubles: { state: "accepted", reason: "possible_double" },
};

/** People whom the letter did not surely reach, masked, with the reason. */
export async function listToMend(
  ctx: Context,
  noticeId: string,
  what: MendKind,
  take = 100,
): Promise<MendRow[]> {
  const rows = await ctx.db.delivery.findMany({
    where: { shopId: ctx.shop.id, noticeId, ...mendKinds[what] },
    orderBy: [{ state: "asc" }, { id: "asc" }],
    take,
  });
  const people = await ctx.db.affectedPerson.findMany({
    where: { shopId: ctx.shop.id, id: { in: rows.map((row) => row.personId) } },
  });
  const opened = await openMany<PersonData>(ctx, "affected_person", people, "list", `notice:${noticeId}`);
  const byId = new Map(people.map((person, index) => [person.id, opened[index]!]));
  return rows.map((row) => {
    const person = byId.get(row.personId);
    return {
      id: row.id,
      state: row.state as DeliveryState,
      reason: row.reason,
      code: row.replyCode,
      status: row.replyStatus,
      name: maskName(`${person?.firstName ?? ""} ${person?.lastName ?? ""}`),
      email: person?.email == null ? null : maskEmail(person.email),
    };
  });
}

/** How many people of one notice `listToMend` would name in all. */
export function countToMendOf(ctx: Context, noticeId: string, what: MendKind): Promise<number> {
  return ctx.db.delivery.count({ where: { shopId: ctx.shop.id, noticeId, ...mendKinds[what] } });
}

/** How many people of the incident's notices still have to be reached another way. */
export async function countToMend(ctx: Context, incidentId: string): Promise<number> {
  const finished = await ctx.db.notice.findMany({
    where: { shopId: ctx.shop.id, incidentId, state: "finished", kind: "personal_data" },
    select: { id: true },
  });
  return ctx.db.delivery.count({
    where: {
      shopId: ctx.shop.id,
      noticeId: { in: finished.map((notice) => notice.id) },
      state: { in: mendStates },
    },
  });
}

/** People of the incident whose letter a mail server has accepted, those who share an address with one of them included. */
export async function countNotified(ctx: Context, incidentId: string): Promise<number> {
  const notice = await ctx.db.notice.findFirst({
    where: { shopId: ctx.shop.id, incidentId, kind: "personal_data" },
    orderBy: { createdAt: "desc" },
    select: { id: true },
  });
  if (notice === null) return 0;
  const [row] = await ctx.db.$queryRaw<{ people: number }[]>`
    SELECT count(*)::int AS people FROM delivery d
      LEFT JOIN delivery first ON first.shop_id = d.shop_id AND first.id = d.covered_by
    WHERE d.shop_id = ${ctx.shop.id} AND d.notice_id = ${notice.id}::uuid
      AND coalesce(first.state, d.state) = 'accepted'`;
  return row?.people ?? 0;
}

/** How far the incident's letter to the affected people is. */
export async function readNoticeStage(ctx: Context, incidentId: string): Promise<NoticeState | "none"> {
  const notice = await ctx.db.notice.findFirst({
    where: { shopId: ctx.shop.id, incidentId, kind: "personal_data" },
    orderBy: { createdAt: "desc" },
    select: { state: true, runId: true },
  });
  if (notice === null) return "none";
  // A letter that went to an earlier list has not reached the people who were added since.
  const list = await readConfirmedRun(ctx, incidentId);
  if (notice.state === "finished" && list !== null && notice.runId !== list.id) return "none";
  return notice.state as NoticeState;
}

/** Notices that a worker should look at. */
export async function findSendingNotices(ctx: Context, incidentId: string): Promise<string[]> {
  const rows = await ctx.db.notice.findMany({
    where: { shopId: ctx.shop.id, incidentId, state: "sending" },
    select: { id: true },
  });
  return rows.map((row) => row.id);
}

/** Stops every send of the shop, as when the app is removed. */
export async function pauseAll(ctx: Context, reason: string): Promise<void> {
  const sending = await ctx.db.notice.findMany({ where: { shopId: ctx.shop.id, state: "sending" } });
  for (const notice of sending) {
    await ctx.db.notice.update({
      where: { shopId_id: { shopId: ctx.shop.id, id: notice.id } },
      data: { state: "paused", pauseReason: reason },
    });
    await record(ctx, `incident:${notice.incidentId}`, "notice.paused", { notice: notice.id, reason });
  }
}
