/**
 * The seven steps, derived from the records and never ticked into disagreement with them, and the one thing to do next.
 */

export const stepIds = ["detect", "contain", "team", "regulators", "notice", "support", "review"] as const;
export type StepId = (typeof stepIds)[number];

/** What the steps are derived from. */
export type Records = {
  aware: boolean;
  factsKnown: boolean;
  contained: boolean;
  scope: "none" | "running" | "failed" | "ready" | "confirmed";
  contactsComplete: boolean;
  senderVerified: boolean;
  regulatorDuties: { open: number; done: number };
  individualDuties: { open: number; done: number };
  notice: "none" | "draft" | "approved" | "sending" | "paused" | "finished";
  deliveriesToMend: number;
  banner: "off" | "publishing" | "live" | "withdrawing";
};

export type StepState = "done" | "current" | "open" | "not_owed" | "by_hand";

/** `page` is the part of the incident where the act is done, "" for the overview. */
export type Action = { key: string; page: string; step: StepId };

export type Step = { id: StepId; state: StepState; notes: string[] };

export type Checklist = { steps: Step[]; done: number; next: Action | null };

function detect(records: Records): { done: boolean; notes: string[] } {
  return { done: records.aware, notes: [records.aware ? "aware" : "awareMissing"] };
}

/** The most urgent act first: clocks before the list, the list before the law, the law before the letter. */
function nextAction(records: Records): Action | null {
  if (!records.aware) return { key: "setAware", page: "facts", step: "detect" };
  if (records.scope === "none") return { key: "findPeople", page: "scope", step: "contain" };
  if (records.scope === "running") return { key: "watchSearch", page: "scope", step: "contain" };
  if (records.scope === "failed") return { key: "searchAgain", page: "scope", step: "contain" };
  if (records.scope === "ready") return { key: "confirmList", page: "scope", step: "contain" };
  if (!records.factsKnown) return { key: "completeFacts", page: "facts", step: "contain" };
  if (records.regulatorDuties.open > 0)
    return { key: "tellRegulators", page: "obligations", step: "regulators" };
  if (!records.contactsComplete) return { key: "completeContacts", page: "contacts", step: "team" };
  if (!records.senderVerified) return { key: "checkSender", page: "sender", step: "notice" };
  if (records.notice === "none") return { key: "draftNotice", page: "notices", step: "notice" };
  if (records.notice === "draft") return { key: "approveNotice", page: "notices", step: "notice" };
  if (records.notice === "approved") return { key: "sendNotice", page: "notices", step: "notice" };
  if (records.notice === "sending") return { key: "watchSend", page: "notices", step: "notice" };
  if (records.notice === "paused") return { key: "resumeSend", page: "notices", step: "notice" };
  if (records.banner === "off") return { key: "publishBanner", page: "banner", step: "notice" };
  if (records.deliveriesToMend > 0) return { key: "reachTheRest", page: "notices", step: "support" };
  if (!records.contained) return { key: "setContained", page: "facts", step: "contain" };
  return null;
}

/** Steps whose records live outside Candor are marked `by_hand`: it says so instead of claiming to know. */
export function deriveChecklist(records: Records): Checklist {
  const next = nextAction(records);
  const first = detect(records);
  const duties = records.regulatorDuties;
  const noticeDone = records.notice === "finished";
  const draft: Step[] = [
    { id: "detect", state: first.done ? "done" : "open", notes: first.notes },
    {
      id: "contain",
      state: records.scope === "confirmed" && records.contained ? "done" : "open",
      notes: [
        records.scope === "confirmed" ? "listConfirmed" : "listMissing",
        records.contained ? "contained" : "containedMissing",
      ],
    },
    {
      id: "team",
      // Who was called is not on record here, so nobody is told that the team was.
      state: records.contactsComplete ? "by_hand" : "open",
      notes: [records.contactsComplete ? "contactsComplete" : "contactsMissing", "teamByHand"],
    },
    {
      id: "regulators",
      state:
        records.scope !== "confirmed"
          ? "open"
          : duties.open > 0
            ? "open"
            : duties.done > 0
              ? "done"
              : "not_owed",
      notes: [records.scope === "confirmed" ? "dutiesKnown" : "dutiesUnknown"],
    },
    {
      id: "notice",
      state: noticeDone ? "done" : "open",
      notes: [`notice.${records.notice}`, `banner.${records.banner}`],
    },
    {
      id: "support",
      state: noticeDone && records.deliveriesToMend === 0 ? "by_hand" : "open",
      notes: noticeDone
        ? [records.deliveriesToMend > 0 ? "peopleToReach" : "supportByHand"]
        : ["afterNotice"],
    },
    {
      id: "review",
      state: noticeDone ? "by_hand" : "open",
      notes: [noticeDone ? "reviewByHand" : "afterNotice"],
    },
  ];
  const steps = draft.map((step) =>
    next?.step === step.id && step.state !== "done" ? { ...step, state: "current" as const } : step,
  );
  return {
    steps,
    done: steps.filter((step) => step.state === "done" || step.state === "not_owed").length,
    next,
  };
}
