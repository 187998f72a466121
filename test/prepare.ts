/** Brings an incident to a given point by calling the rooms' doors, as a merchant would. */
import { declareIncident, saveFacts } from "../app/breach/incident/incident.server.ts";
import { reassess } from "../app/breach/obligation/obligation.server.ts";
import {
  approveNotice,
  checkLetter,
  checkSender,
  readNotice,
  saveLetter,
  saveSender,
  startNotice,
} from "../app/breach/notice/notice.server.ts";
import type { Caller } from "../app/breach/ports.ts";
import {
  confirmScope,
  readLatestRun,
  saveGroup,
  startScope,
  workRun,
} from "../app/breach/scope/scope.server.ts";
import type { Criteria, DataCategory } from "../app/breach/scope/scope.ts";
import { saveContacts } from "../app/breach/team/team.server.ts";

export const allScopes = ["read_customers", "read_orders", "read_all_orders"];

export function declare(caller: Caller): Promise<string> {
  return caller.transact(async (ctx) => {
    const id = await declareIncident(ctx, {
      playbook: "app_leak",
      title: "An app leaked our orders",
      narrative:
        "A connected app copied our order records to a server of its own, and that server was open to anyone.",
      noticed: "2026-01-02T10:00",
      aware: "2026-01-02T11:00",
      ongoing: "no",
    });
    await saveFacts(ctx, id, {
      title: "An app leaked our orders",
      narrative:
        "A connected app copied our order records to a server of its own, and that server was open to anyone.",
      measures: "We removed the app and had its copy deleted.",
      encrypted: "no",
      malicious: "yes",
      recipients: "unknown",
      ongoing: "no",
    });
    return id;
  });
}

/** Looks until the run is over, as sweep and webhook do. */
export async function finishRun(caller: Caller, incident: string, run: string): Promise<void> {
  for (let look = 0; look < 400; look += 1) {
    await workRun(caller, run);
    const view = await caller.transact((ctx) => readLatestRun(ctx, incident));
    if (view !== null && !["waiting", "exporting", "reading"].includes(view.state)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("the run did not end");
}

export async function findAndConfirm(
  caller: Caller,
  incident: string,
  criteria: Criteria,
  categories?: DataCategory[],
): Promise<string> {
  const run = await caller.transact(async (ctx) => {
    await saveGroup(
      ctx,
      incident,
      criteria,
      categories ?? ["name", "email", "postal_address", "order_history"],
    );
    return startScope(ctx, incident, allScopes);
  });
  await finishRun(caller, incident, run);
  await caller.transact(async (ctx) => {
    await confirmScope(ctx, incident, run);
    await reassess(ctx, incident);
  });
  return run;
}

/** Contacts and a sender that points at the sink. */
export async function setUp(caller: Caller, smtpPort: number): Promise<void> {
  await caller.transact(async (ctx) => {
    await saveContacts(ctx, {
      hotline: "+49 30 5550100",
      hotlineHours: "Mon to Fri, 9:00 to 17:00 Europe/Berlin",
      faqUrl: "https://shop.example/faq",
      chatUrl: "",
      chatHours: "",
      replyEmail: "help@shop.example",
      postalAddress: "1 Sample Street, 10115 Berlin",
      dpoName: "",
      dpoEmail: "privacy@shop.example",
      signerName: "Robin Ahlers",
      signerTitle: "Owner",
    });
    await saveSender(ctx, {
      host: "127.0.0.1",
      port: smtpPort,
      security: "none",
      username: "",
      password: "",
      fromName: "Shop A",
      fromAddress: "letters@shop.example",
      replyTo: "help@shop.example",
    });
  });
  await checkSender(caller);
}

/** A personal-data notice with every gap filled, approved. */
export async function approveLetter(caller: Caller, incident: string): Promise<string> {
  const notice = await caller.transact((ctx) => startNotice(ctx, incident, "personal_data", null));
  await caller.transact(async (ctx) => {
    const view = await readNotice(ctx, incident, notice);
    const blocks = view.letter.blocks.map((block) => ({
      ...block,
      body: block.body.replace(/\[\[[^\]]*\]\]/g, "We know this much and will tell you more."),
    }));
    await saveLetter(ctx, incident, notice, { ...view.letter, blocks }, view.version);
  });
  await caller.transact(async (ctx) => {
    const view = await readNotice(ctx, incident, notice);
    const check = await checkLetter(ctx, incident, notice, view.letter);
    const blocking = check.findings.filter((finding) => finding.blocking);
    if (blocking.length > 0 || check.missing.length > 0 || check.problems.length > 0)
      throw new Error(
        `the letter is not complete: ${JSON.stringify({ blocking, missing: check.missing, problems: check.problems })}`,
      );
    await approveNotice(ctx, incident, notice, view.version);
  });
  return notice;
}
