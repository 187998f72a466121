/**
 * Gathers what the rooms know into the seven steps, and says what happens next. `advance` is idempotent and the only such place: it brings
 * derived records up to date, wakes whoever has open work, and keeps the moment of the next look. A crash is mended by calling it again.
 */
import type { Context } from "../ports.ts";
import { listIncidents, readIncident, setNextWake } from "../incident/incident.server.ts";
import { findOpenRuns, isScoping, readConfirmedRun, readLatestRun } from "../scope/scope.server.ts";
import { openRunStates } from "../scope/scope.ts";
import { readDueMoments, readDuties, reassess } from "../obligation/obligation.server.ts";
import {
  countToMend,
  findSendingNotices,
  isSenderVerified,
  readNoticeStage,
} from "../notice/notice.server.ts";
import { needsSync, readPublication } from "../publication/publication.server.ts";
import { readHeldUntil, releaseHeld } from "../support/support.server.ts";
import { hasEnoughContacts } from "../team/team.ts";
import { isUninstalled, readContacts } from "../team/team.server.ts";
import { deriveChecklist } from "./checklist.ts";
import type { Checklist, Records } from "./checklist.ts";

/** How soon to look again while a search, a send or a publication is under way. */
const watchMs = 1500;

async function gatherRecords(ctx: Context, incidentId: string): Promise<Records> {
  const incident = await readIncident(ctx, incidentId);
  const latest = await readLatestRun(ctx, incidentId);
  const confirmed = await readConfirmedRun(ctx, incidentId);
  const contacts = await readContacts(ctx);
  const duties = await readDuties(ctx, incidentId);
  const publication = await readPublication(ctx, incidentId);
  const count = (kind: string, done: boolean) =>
    duties.filter(
      (view) =>
        view.duty.duty === kind && (view.status === "done") === done && view.status !== "pending_anchor",
    ).length;
  const scope =
    latest !== null && openRunStates.includes(latest.state)
      ? "running"
      : latest?.state === "ready"
        ? "ready"
        : confirmed !== null
          ? "confirmed"
          : latest?.state === "failed"
            ? "failed"
            : "none";
  return {
    aware: incident.clocks.aware !== undefined,
    factsKnown:
      incident.malicious !== "unknown" || incident.recipients !== "unknown" || incident.measures !== "",
    contained: incident.clocks.contained !== undefined,
    scope,
    contactsComplete: hasEnoughContacts(contacts),
    senderVerified: await isSenderVerified(ctx),
    regulatorDuties: {
      open: count("regulator", false) + count("cra", false),
      done: count("regulator", true) + count("cra", true),
    },
    individualDuties: { open: count("individuals", false), done: count("individuals", true) },
    notice: await readNoticeStage(ctx, incidentId),
    deliveriesToMend: await countToMend(ctx, incidentId),
    banner: publication?.state ?? "off",
  };
}

export async function readChecklist(ctx: Context, incidentId: string): Promise<Checklist> {
  return deriveChecklist(await gatherRecords(ctx, incidentId));
}

/** What happens next with this incident. */
export async function advance(ctx: Context, incidentId: string): Promise<void> {
  // Without the store there is nothing to ask for and nobody to send for; its return looks again.
  if (await isUninstalled(ctx)) return setNextWake(ctx, incidentId, null);
  await reassess(ctx, incidentId);
  await releaseHeld(ctx);
  for (const run of await findOpenRuns(ctx, incidentId)) ctx.wake({ kind: "scope", reference: run });
  const sending = await findSendingNotices(ctx, incidentId);
  for (const notice of sending) ctx.wake({ kind: "send", reference: notice });
  const publishing = await needsSync(ctx, incidentId);
  if (publishing) ctx.wake({ kind: "banner", reference: incidentId });

  const busy = publishing || sending.length > 0 || (await isScoping(ctx, incidentId));
  const soon = new Date(Date.now() + watchMs);
  const now = ctx.now();
  const held = await readHeldUntil(ctx);
  const later = [...(await readDueMoments(ctx, incidentId)), ...(held === null ? [] : [held])]
    .filter((at) => at > now)
    .toSorted((a, b) => a.getTime() - b.getTime());
  await setNextWake(ctx, incidentId, busy ? soon : (later[0] ?? null));
}

/** Looks at every open incident of the shop again, as when something that concerns all of them has changed. */
export async function advanceAll(ctx: Context): Promise<void> {
  for (const incident of await listIncidents(ctx))
    if (incident.state === "open") await advance(ctx, incident.id);
}
