/** SMTP replies as bytes come in (RFC 5321 section 4.2), with enhanced status codes (RFC 2034) and a limit on everything. */

export type Reply = {
  code: number;
  /** Enhanced status code of the same class as `code`, or null. */
  status: string | null;
  /** The server's own words, line by line. They stay inside this folder: they may hold an address. */
  lines: string[];
};

/** What came is no SMTP reply, or has no end. */
export class ReplyMalformed extends Error {
  constructor() {
    super("malformed reply");
    this.name = "ReplyMalformed";
  }
}

// RFC 5321 section 4.5.3.1.5 asks for 512 octets; servers exceed it, and Postfix reads up to 2,048.
const maxLineOctets = 2048;
const maxLines = 128;
const lineFeed = 10;
const replyLine = /^([2-5]\d\d)(?:([ -])(.*))?$/s;

function findStatus(code: number, lines: string[]): string | null {
  for (const line of lines) {
    const found = /^([245])\.\d{1,3}\.\d{1,3}(?=\s|$)/.exec(line);
    if (found && found[1] === String(code)[0]) return found[0];
  }
  return null;
}

/**
 * Cuts a byte stream into replies. `push` takes any split of the stream and returns the replies that it completed; once the
 * stream has shown something else, `broken` is true and nothing more is returned.
 */
export class ReplyParser {
  broken = false;
  #rest: Buffer = Buffer.alloc(0);
  #code: number | null = null;
  #lines: string[] = [];

  /** Bytes of an unfinished reply are waiting. */
  get partial(): boolean {
    return this.#rest.length > 0 || this.#code !== null;
  }

  push(chunk: Buffer): Reply[] {
    const replies: Reply[] = [];
    if (this.broken) return replies;
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (let end = bytes.indexOf(lineFeed); end >= 0; end = bytes.indexOf(lineFeed)) {
      const reply = end < maxLineOctets ? this.#takeLine(bytes.subarray(0, end)) : this.#break();
      if (this.broken) return replies;
      if (reply) replies.push(reply);
      bytes = bytes.subarray(end + 1);
    }
    if (bytes.length >= maxLineOctets) this.#break();
    else this.#rest = Buffer.from(bytes);
    return replies;
  }

  #break(): null {
    this.broken = true;
    this.#rest = Buffer.alloc(0);
    this.#lines = [];
    return null;
  }

  #takeLine(line: Buffer): Reply | null {
    const found = replyLine.exec(line.toString("utf8").replace(/\r$/, ""));
    if (!found) return this.#break();
    const code = Number(found[1]);
    if (this.#code !== null && this.#code !== code) return this.#break();
    this.#lines.push(found[3] ?? "");
    if (found[2] === "-") {
      this.#code = code;
      return this.#lines.length < maxLines ? null : this.#break();
    }
    const reply = { code, status: findStatus(code, this.#lines), lines: this.#lines };
    this.#code = null;
    this.#lines = [];
    return reply;
  }
}

const unitSeconds: Record<string, number> = { s: 1, m: 60, h: 3600 };

/** Seconds a 4xx reply asks to wait ("try again in 5 minutes", "come back in 00:05:00"), at most a day, or null. */
export function readDelay(reply: Reply): number | null {
  if (reply.code < 400 || reply.code > 499) return null;
  const text = reply.lines.join(" ");
  const clock = /\b(?:in|after|for|wait)\s+(\d{1,2}):(\d{2}):(\d{2})\b/i.exec(text);
  const words =
    /\b(?:in|after|for|wait)\s+(\d{1,6})\s*(s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?)\b/i.exec(text);
  let seconds: number;
  if (clock) seconds = Number(clock[1]) * 3600 + Number(clock[2]) * 60 + Number(clock[3]);
  else if (words) seconds = Number(words[1]) * (unitSeconds[words[2]?.[0]?.toLowerCase() ?? ""] ?? 1);
  else return null;
  return seconds > 0 ? Math.min(seconds, 86_400) : null;
}
