/**
 * The states of one delivery and what a server's verdict makes of it. RFC 5321 section 6.1 and RFC 1047: between the final dot and its
 * reply nobody can know, so `unknown` is a state of its own; by the shop's policy it is sent once more, marked as a possible double,
 * because a missed legal notice is worse than a repeated one.
 */
import type { Verdict } from "../ports.ts";

export const deliveryStates = [
  "planned",
  "claimed",
  "attempting",
  "deferred",
  "unknown",
  "accepted",
  "rejected",
  "needs_alternative",
  "covered",
] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** Tries with a 4xx answer before a person has to be reached another way. */
export const maxAttempts = 8;
/** An unknown delivery is sent once more after this long, unless its fate was learnt meanwhile. */
export const unknownWaitSeconds = 60;

export type Step = {
  state: DeliveryState;
  reason: string | null;
  /** Seconds until the next try; null when there is none. */
  waitSeconds: number | null;
  countsAsAttempt: boolean;
};

/** Minutes, doubling, at most four hours; the server's own "try again in" wins when it is longer. */
export function backoffSeconds(attempts: number, asked: number | undefined): number {
  return Math.max(Math.min(300 * 2 ** attempts, 14_400), asked ?? 0);
}

function settleUntried(doubtful: boolean): Step {
  return {
    state: doubtful ? "unknown" : "planned",
    reason: doubtful ? "possible_double" : null,
    waitSeconds: 5,
    countsAsAttempt: false,
  };
}

/** The connection broke after this message was begun and before it was taken: soon again, then ever later, not for ever. */
function settleBroken(attempts: number, doubtful: boolean): Step {
  const last = attempts + 1 >= maxAttempts;
  if (last && !doubtful)
    return {
      state: "needs_alternative",
      reason: "deferred_too_often",
      waitSeconds: null,
      countsAsAttempt: true,
    };
  return {
    state: doubtful ? "unknown" : "planned",
    reason: doubtful ? "possible_double" : null,
    waitSeconds: last ? null : Math.min(5 * 4 ** attempts, 14_400),
    countsAsAttempt: true,
  };
}

/** What becomes of a delivery that had `attempts` tries before this one; `doubtful` when an earlier try ended in the unknown. */
export function settle(verdict: Verdict, attempts: number, doubtful: boolean): Step {
  switch (verdict.outcome) {
    case "accepted":
      return {
        state: "accepted",
        reason: doubtful ? "possible_double" : null,
        waitSeconds: null,
        countsAsAttempt: true,
      };
    case "rejected":
      return { state: "rejected", reason: "refused_by_server", waitSeconds: null, countsAsAttempt: true };
    case "deferred":
      return attempts + 1 >= maxAttempts
        ? {
            state: "needs_alternative",
            reason: doubtful ? "possible_double" : "deferred_too_often",
            waitSeconds: null,
            countsAsAttempt: true,
          }
        : {
            state: doubtful ? "unknown" : "deferred",
            reason: doubtful ? "possible_double" : null,
            waitSeconds: backoffSeconds(attempts, verdict.retryAfterSeconds),
            countsAsAttempt: true,
          };
    case "unknown":
      return {
        state: "unknown",
        reason: "possible_double",
        // A second unknown waits for a person's decision.
        waitSeconds: doubtful ? null : unknownWaitSeconds,
        countsAsAttempt: true,
      };
    case "retry":
      // A message that breaks the connection each time would otherwise be tried for ever, and its group with it.
      return verdict.stage === "connect" ? settleUntried(doubtful) : settleBroken(attempts, doubtful);
    case "refused":
      return settleUntried(doubtful);
  }
}

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** What a person quotes when they write: eight characters of Crockford's base 32, from the delivery's id. */
export function referenceOfDelivery(id: string): string {
  let rest = BigInt(`0x${id.replaceAll("-", "").slice(0, 10)}`);
  let text = "";
  for (let index = 0; index < 8; index += 1) {
    text = alphabet[Number(rest & 31n)]! + text;
    rest >>= 5n;
  }
  return `${text.slice(0, 4)}-${text.slice(4)}`;
}

const mailStages = [
  "connect",
  "greeting",
  "ehlo",
  "starttls",
  "auth",
  "mail",
  "rcpt",
  "data",
  "body",
  "dot",
  "done",
] as const;
export type MailStage = (typeof mailStages)[number];

export type PauseCause = {
  key: "byHand" | "contentChanged" | "listChanged" | "rejections" | "sender" | "uninstalled" | "other";
  /** Where the mail server said no. */
  stage: MailStage | null;
  code: string | null;
};

/** Why a send stands still, from the reason that was kept with it. */
export function explainPause(reason: string | null): PauseCause {
  const plain = { stage: null, code: null };
  const [first = "", second = "", third = ""] = (reason ?? "").split(" ");
  if (first === "") return { key: "byHand", ...plain };
  if (reason === "content changed") return { key: "contentChanged", ...plain };
  if (reason === "list changed") return { key: "listChanged", ...plain };
  if (first === "rejections") return { key: "rejections", ...plain };
  if (first === "uninstalled") return { key: "uninstalled", ...plain };
  const stage = mailStages.find((each) => each === second) ?? null;
  if (first === "sender" && stage !== null)
    return { key: "sender", stage, code: third === "" ? null : third };
  return { key: "other", ...plain };
}

export type NoticeState = "draft" | "approved" | "sending" | "paused" | "finished";
