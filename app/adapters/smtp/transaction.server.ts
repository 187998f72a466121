/** One message to one recipient over a connection that is logged in. */
import type { Envelope, Verdict } from "../../breach/ports.ts";
import { parseAddress } from "../../breach/scope/scope.ts";
import { encodeBody, hasEightBit } from "./body.ts";
import type { Extensions } from "./login.server.ts";
import type { Reply } from "./reply.ts";
import type { Timeouts } from "./timeouts.ts";
import { judgeOurselves, judgeReply, judgeSilence } from "./verdict.ts";
import type { Wire } from "./wire.server.ts";
import { WireBroken } from "./wire.server.ts";

type Commands = { mail: string; rcpt: string };

/** The commands, or why they can't be sent: the envelope or the message asks for what the server does not offer. */
function prepare(envelope: Envelope, message: Buffer, extensions: Extensions): Commands | Verdict {
  const from = parseAddress(envelope.from);
  // Every recipient would meet the same sender: that is the account's trouble.
  if (!from.ok) return judgeOurselves("refused", "5.1.7", "mail");
  const to = parseAddress(envelope.to);
  if (!to.ok) return judgeOurselves("rejected", "5.1.3", "rcpt");
  const parameters: string[] = [];
  if (extensions.has("SIZE")) {
    const limit = Number(extensions.get("SIZE")?.[0] ?? 0);
    if (limit > 0 && message.length > limit) return judgeOurselves("rejected", "5.3.4", "mail");
    parameters.push(`SIZE=${message.length}`);
  }
  const international = from.needsSmtputf8 || to.needsSmtputf8;
  if (international && !extensions.has("SMTPUTF8")) {
    return from.needsSmtputf8
      ? judgeOurselves("refused", "5.6.7", "mail")
      : judgeOurselves("rejected", "5.6.7", "mail");
  }
  if (hasEightBit(message)) {
    if (!extensions.has("8BITMIME")) return judgeOurselves("rejected", "5.6.3", "mail");
    parameters.push("BODY=8BITMIME");
  }
  if (international) parameters.push("SMTPUTF8");
  return {
    mail: [`MAIL FROM:<${from.address}>`, ...parameters].join(" "),
    rcpt: `RCPT TO:<${to.address}>`,
  };
}

/** The next reply, or null when the connection ends before it. */
async function readOrNull(wire: Wire, timeoutMs: number): Promise<Reply | null> {
  try {
    return await wire.read(timeoutMs);
  } catch (error) {
    if (error instanceof WireBroken) return null;
    throw error;
  }
}

/** A stray 421 is left to answer the command; any other reply before its question puts us out of step. */
async function ask(wire: Wire, line: string, timeoutMs: number): Promise<Reply | null> {
  if (wire.waitingCode !== null && wire.waitingCode !== 421) {
    wire.destroy();
    return null;
  }
  wire.writeLine(line);
  return readOrNull(wire, timeoutMs);
}

/** RSET, so that the connection can serve the next message; broken off when the server does not agree. */
async function reset(wire: Wire, timeouts: Timeouts): Promise<void> {
  if (wire.broken) return;
  const reply = await ask(wire, "RSET", timeouts.farewell);
  if (reply?.code !== 250) wire.destroy();
}

async function sendBody(wire: Wire, message: Buffer, timeouts: Timeouts): Promise<Verdict> {
  // A server may refuse before it has read everything. But it can't have taken what it has not seen: "250" before the final dot
  // would be a reply to something else.
  const complete = await wire.writeBody(encodeBody(message), timeouts.body, () => {
    const early = wire.waitingCode;
    return early === null || early === 0 || early >= 400;
  });
  const reply = await readOrNull(wire, timeouts.dot);
  if (reply === null) return judgeSilence(complete ? "dot" : "body", true);
  if (!complete && reply.code < 400) return judgeSilence("body", true);
  return judgeReply("dot", reply);
}

/**
 * Takes one message through MAIL, RCPT and DATA. Afterwards the connection is either ready for the next one or broken. What
 * `beforeData` throws goes through, after a reset.
 */
export async function runTransaction(
  wire: Wire,
  extensions: Extensions,
  timeouts: Timeouts,
  envelope: Envelope,
  message: Buffer,
  beforeData: () => Promise<boolean>,
): Promise<Verdict> {
  const commands = prepare(envelope, message, extensions);
  if ("outcome" in commands) return commands;

  async function end(verdict: Verdict): Promise<Verdict> {
    // 421 announces the end of the connection; a reply of no meaning ends it for us.
    if (verdict.code === 421 || verdict.outcome === "retry" || verdict.outcome === "unknown") wire.destroy();
    else if (verdict.outcome !== "accepted") await reset(wire, timeouts);
    return verdict;
  }

  // Nothing here waits for more than its own reply: with PIPELINING both lines would be written before the first is read.
  const mailReply = await ask(wire, commands.mail, timeouts.mail);
  if (mailReply === null) return end(judgeSilence("mail", false));
  if (mailReply.code >= 300) return end(judgeReply("mail", mailReply));
  const rcptReply = await ask(wire, commands.rcpt, timeouts.rcpt);
  if (rcptReply === null) return end(judgeSilence("rcpt", false));
  if (rcptReply.code >= 300) return end(judgeReply("rcpt", rcptReply));

  let wanted = false;
  try {
    wanted = await beforeData();
  } finally {
    if (!wanted) await reset(wire, timeouts);
  }
  if (!wanted) return judgeSilence("rcpt", false);

  const dataReply = await ask(wire, "DATA", timeouts.data);
  if (dataReply === null) return end(judgeSilence("data", false));
  if (dataReply.code !== 354) return end(judgeReply("data", dataReply));
  return end(await sendBody(wire, message, timeouts));
}
