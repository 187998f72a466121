/**
 * Takes incidents through the steps by calling the rooms, never by raw insert, so that the screens have something to show: a small one that
 * is told to the end, a large one whose letter is being written, and one that was declared a moment ago. The worker does its part as always.
 */
import { advance } from "../app/breach/checklist/checklist.server.ts";
import {
  amendClock,
  declareIncident,
  listIncidents,
  saveFacts,
} from "../app/breach/incident/incident.server.ts";
import { writeLocalTime } from "../app/breach/incident/incident.ts";
import type { Declaration, Facts } from "../app/breach/incident/incident.ts";
import {
  approveNotice,
  readNotice,
  saveLetter,
  sendNotice,
  startNotice,
} from "../app/breach/notice/notice.server.ts";
import { readDuties, recordTold } from "../app/breach/obligation/obligation.server.ts";
import type { Caller } from "../app/breach/ports.ts";
import { confirmScope, readLatestRun, saveGroup, startScope } from "../app/breach/scope/scope.server.ts";
import { recordCategories } from "../app/breach/scope/scope.ts";
import type { Criteria } from "../app/breach/scope/scope.ts";
import { findCaller } from "../app/context.server.ts";
import { database } from "../app/db.server.ts";
import { queue } from "../app/jobs.server.ts";

const hour = 3_600_000;

const shop = process.env["SEED_SHOP"] ?? "candor-demo.myshopify.com";
const owner = { kind: "staff", userId: "901", accountOwner: true, collaborator: false } as const;

async function waitFor<T>(what: string, look: () => Promise<T | null>): Promise<T> {
  for (let tries = 0; tries < 600; tries += 1) {
    const found = await look();
    if (found !== null) return found;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`Waited too long: ${what}. Is the worker running?`);
}

function localDay(caller: Caller, daysAgo: number): string {
  return writeLocalTime(new Date(caller.now().getTime() - daysAgo * 24 * hour), caller.shop.timeZone).slice(
    0,
    10,
  );
}

function localTime(caller: Caller, hoursAgo: number): string {
  return writeLocalTime(new Date(caller.now().getTime() - hoursAgo * hour), caller.shop.timeZone);
}

async function declare(caller: Caller, declaration: Declaration, facts: Partial<Facts>): Promise<string> {
  return caller.transact(async (ctx) => {
    const id = await declareIncident(ctx, declaration);
    await saveFacts(ctx, id, {
      title: declaration.title,
      narrative: declaration.narrative,
      measures: "",
      encrypted: "unknown",
      malicious: "unknown",
      recipients: "unknown",
      ongoing: declaration.ongoing,
      ...facts,
    });
    await advance(ctx, id);
    return id;
  });
}

async function findPeople(caller: Caller, incident: string, criteria: Criteria): Promise<void> {
  const scopes = await caller.transact((ctx) =>
    ctx.db.shop.findUniqueOrThrow({ where: { id: ctx.shop.id }, select: { grantedScopes: true } }),
  );
  await caller.transact(async (ctx) => {
    await saveGroup(ctx, incident, criteria, recordCategories);
    await startScope(ctx, incident, scopes.grantedScopes);
    await advance(ctx, incident);
  });
  const run = await waitFor("the search for affected people", async () => {
    const latest = await caller.transact((ctx) => readLatestRun(ctx, incident));
    if (latest?.state === "failed")
      throw new Error(`The search failed: ${latest.failure?.code ?? "unknown"}.`);
    return latest?.state === "ready" ? latest : null;
  });
  await caller.transact(async (ctx) => {
    await confirmScope(ctx, incident, run.id);
    await advance(ctx, incident);
  });
}

/** Drafts the letter and answers its open questions in one plain sentence each. */
async function writeLetter(caller: Caller, incident: string): Promise<string> {
  const notice = await caller.transact((ctx) => startNotice(ctx, incident, "personal_data", null));
  await caller.transact(async (ctx) => {
    const { letter, version } = await readNotice(ctx, incident, notice);
    const fill = (text: string) => text.replace(/\[\[[^\]]*\]\]/g, "We have nothing more to add today.");
    const blocks = letter.blocks.map((block) => ({ ...block, body: fill(block.body) }));
    await saveLetter(ctx, incident, notice, { ...letter, blocks }, version);
  });
  return notice;
}

async function tellRegulators(caller: Caller, incident: string): Promise<void> {
  const duties = await caller.transact((ctx) => readDuties(ctx, incident));
  for (const duty of duties)
    if (duty.duty.duty !== "individuals" && duty.status === "due")
      await caller.transact((ctx) =>
        recordTold(ctx, incident, duty.id, { at: localTime(caller, 0), reference: "filed online" }),
      );
}

async function takeSmallToTheEnd(caller: Caller): Promise<void> {
  const incident = await declare(
    caller,
    {
      playbook: "app_leak",
      title: "A returns app showed orders to strangers",
      narrative: "A returns app that we used showed the order details of some customers to other people.",
      noticed: localTime(caller, 30),
      aware: localTime(caller, 28),
      ongoing: "no",
    },
    {
      measures: "We removed the app. Its maker closed the gap and confirmed that the copies are deleted.",
      malicious: "no",
    },
  );
  await findPeople(caller, incident, {
    kind: "orders",
    from: localDay(caller, 12),
    to: localDay(caller, 10),
    leaveOutTests: true,
  });
  await caller.transact((ctx) =>
    amendClock(ctx, incident, { kind: "contained", at: localTime(caller, 26), reason: "" }),
  );
  await tellRegulators(caller, incident);
  const notice = await writeLetter(caller, incident);
  await caller.transact(async (ctx) => {
    await approveNotice(ctx, incident, notice, (await readNotice(ctx, incident, notice)).version);
    await sendNotice(ctx, incident, notice);
    await advance(ctx, incident);
  });
  await waitFor("the letters", async () =>
    (await caller.transact((ctx) => readNotice(ctx, incident, notice))).state === "finished" ? true : null,
  );
}

async function startLarge(caller: Caller): Promise<void> {
  const incident = await declare(
    caller,
    {
      playbook: "staff_account_takeover",
      title: "Somebody exported our customers from a staff account",
      narrative:
        "Somebody signed in to a staff account with a stolen password and exported the customer list.",
      noticed: localTime(caller, 20),
      aware: localTime(caller, 18),
      ongoing: "no",
    },
    {
      measures: "We signed the account out, changed its password and turned on two-step sign-in.",
      malicious: "yes",
    },
  );
  await findPeople(caller, incident, { kind: "everyone", leaveOutTests: true });
  await writeLetter(caller, incident);
  await caller.transact((ctx) => advance(ctx, incident));
}

const caller = await findCaller(shop, owner);
if (caller === null) throw new Error(`${shop} has not installed Candor.`);
if ((await caller.transact(listIncidents)).length === 0) {
  await takeSmallToTheEnd(caller);
  await startLarge(caller);
  await declare(
    caller,
    {
      playbook: "something_else",
      title: "Customers report fake order e-mails",
      narrative: "",
      noticed: localTime(caller, 1),
      aware: "",
      ongoing: "unknown",
    },
    {},
  );
}
await (await queue()).stop({ graceful: false });
await database().close();
