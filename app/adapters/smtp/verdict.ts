/**
 * What a reply means for the message and for the account. The rule: the reply code if there is one after the final dot; else
 * "unknown" once 354 was seen, "retry" before.
 */
import type { Verdict } from "../../breach/ports.ts";
import type { Reply } from "./reply.ts";
import { readDelay } from "./reply.ts";

export type Stage = Verdict["stage"];

// Login wanted, failed, too weak or unencrypted (RFC 4954 section 6), and Postfix's "relay access denied": the account, not the message.
const accountCodes = new Set([421, 454, 530, 534, 535, 538]);
// RFC 3463: the message is too big, for this account or for the server.
const sizeStatuses = new Set(["5.2.3", "5.3.4"]);

function decide(stage: Stage, reply: Reply): Verdict["outcome"] {
  const { code, status } = reply;
  if (stage === "dot") {
    if (code < 300) return "accepted";
    if (code < 400) return "unknown";
    return code < 500 ? "deferred" : "rejected";
  }
  if (accountCodes.has(code)) return "refused";
  if (code >= 500) {
    // Before RCPT the server knows only the sender, so every recipient would meet the same answer; but for size.
    const ofMessage = code === 552 || (status !== null && sizeStatuses.has(status));
    return stage === "mail" && !ofMessage ? "refused" : "rejected";
  }
  // A 2xx or 3xx that does not belong here: client and server are out of step, and nothing was sent.
  return code >= 400 ? "deferred" : "retry";
}

/** The verdict of a reply that ends the transaction, given to the command of `stage`. */
export function judgeReply(stage: "mail" | "rcpt" | "data" | "dot", reply: Reply): Verdict {
  const outcome = decide(stage, reply);
  const delay = readDelay(reply);
  return {
    outcome,
    code: reply.code,
    status: reply.status,
    stage: outcome === "accepted" ? "done" : stage,
    ...(delay === null ? {} : { retryAfterSeconds: delay }),
  };
}

/** The verdict when no reply came; `sawGoAhead` = 354 was seen in this transaction. */
export function judgeSilence(stage: Stage, sawGoAhead: boolean): Verdict {
  return { outcome: sawGoAhead ? "unknown" : "retry", code: null, status: null, stage };
}

/** Ours, before the server was asked; `status` borrows RFC 3463's word for it, and code stays null. */
export function judgeOurselves(outcome: "rejected" | "refused", status: string, stage: Stage): Verdict {
  return { outcome, code: null, status, stage };
}
