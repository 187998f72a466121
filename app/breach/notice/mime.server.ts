/**
 * One letter as the bytes that go over the wire (RFC 5322, 2045–2047, 6532). The same input gives the same bytes, on any machine and
 * after any restart: Date, Message-ID and boundary are given or derived, nothing is drawn. So a sent letter need not be kept; it can be
 * made again and its hash compared.
 */
import { createHash } from "node:crypto";
import { parseAddress } from "../scope/scope.ts";

export type Mailbox = { name: string | null; address: string };

export type Message = {
  from: Mailbox;
  to: Mailbox;
  replyTo: Mailbox | null;
  subject: string;
  html: string;
  text: string;
  /** `local@domain`, with or without angle brackets. */
  messageId: string;
  date: Date;
  /** Further fields, such as `X-Candor-…`. Those that this builder writes itself are refused. */
  headers?: Readonly<Record<string, string>>;
};

/** The input can't become a message. Carries no address and no name. */
export class MessageInvalid extends Error {
  constructor(what: string) {
    super(`message invalid: ${what}`);
    this.name = "MessageInvalid";
  }
}

const ownFields = new Set([
  "from",
  "sender",
  "to",
  "cc",
  "bcc",
  "reply-to",
  "subject",
  "date",
  "message-id",
  "auto-submitted",
  "mime-version",
  "content-type",
  "content-transfer-encoding",
]);

/** A multipart/alternative of text and HTML, both quoted-printable, CRLF throughout; one From, one To. */
export function buildMessage(message: Message): Buffer {
  const messageId = readMessageId(message.messageId);
  // "=_" never occurs in quoted-printable text, so no body can hold the boundary.
  const boundary = `=_${createHash("sha256").update(messageId).digest("hex").slice(0, 32)}`;
  const fields = [
    field("From", writeMailbox(message.from)),
    field("To", writeMailbox(message.to)),
    ...(message.replyTo ? [field("Reply-To", writeMailbox(message.replyTo))] : []),
    field("Subject", writeUnstructured(message.subject, "Subject".length)),
    `Message-ID: <${messageId}>`,
    `Date: ${writeDate(message.date)}`,
    // RFC 3834: nobody's out-of-office answers a breach notice.
    "Auto-Submitted: auto-generated",
    ...Object.entries(message.headers ?? {}).map(([name, value]) => {
      if (!/^[A-Za-z][A-Za-z0-9-]{0,60}$/.test(name) || ownFields.has(name.toLowerCase()))
        throw new MessageInvalid("header name");
      return field(name, writeUnstructured(value, name.length));
    }),
    "MIME-Version: 1.0",
    `Content-Type: multipart/alternative;\r\n boundary="${boundary}"`,
  ];
  return Buffer.from(
    `${fields.join("\r\n")}\r\n\r\n${writePart(boundary, "text/plain", message.text)}${writePart(boundary, "text/html", message.html)}--${boundary}--\r\n`,
    "utf8",
  );
}

function writePart(boundary: string, type: string, body: string): string {
  return `--${boundary}\r\nContent-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${encodeQuotedPrintable(body)}\r\n`;
}

function field(name: string, value: string): string {
  return `${name}: ${value}`;
}

function readMessageId(text: string): string {
  const id = /^<?([A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,120}@[A-Za-z0-9.-]{1,120})>?$/.exec(text)?.[1];
  if (id === undefined) throw new MessageInvalid("message id");
  return id;
}

const days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** "Sun, 06 Sep 2026 15:00:00 +0000". */
function writeDate(date: Date): string {
  if (Number.isNaN(date.getTime())) throw new MessageInvalid("date");
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${days[date.getUTCDay()]}, ${two(date.getUTCDate())} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
  return `${day} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} +0000`;
}

// ------------------------------------------------------------------------------------------------ names and addresses

const longestName = 120;

function writeMailbox({ name, address }: Mailbox): string {
  const parsed = parseAddress(address);
  if (!parsed.ok) throw new MessageInvalid("address");
  const shown = Array.from(cleanHeader(name ?? ""))
    .slice(0, longestName)
    .join("")
    .trim();
  if (shown === "") return parsed.address;
  const phrase = writePhrase(shown);
  const between = phrase.length + parsed.address.length > 60 ? "\r\n " : " ";
  return `${phrase}${between}<${parsed.address}>`;
}

/**
 * A display name. Whatever a careless parser could take for syntax goes into encoded words, also where a quoted string would be legal:
 * `Bob" <evil@z>, "x` must stay one name everywhere.
 */
function writePhrase(name: string): string {
  if (name.length <= 60 && !name.includes("=?")) {
    if (/^[A-Za-z0-9'&+_-]+(?: [A-Za-z0-9'&+_-]+)*$/.test(name)) return name;
    if (/^[A-Za-z0-9'&+_. ,()!/-]+$/.test(name)) return `"${name}"`;
  }
  return encodeWords(name);
}

function cleanHeader(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ")
    .replace(/[\u202a-\u202e\u2066-\u2069\ufeff]/gu, "")
    .trim();
}

/** Subject and the like: ASCII folded at spaces, anything else as encoded words. */
function writeUnstructured(value: string, nameLength: number): string {
  const clean = cleanHeader(value);
  const words = clean.split(" ");
  if (!/^[\x20-\x7e]*$/.test(clean) || clean.includes("=?") || words.some((word) => word.length > 70))
    return encodeWords(clean);
  let folded = "";
  let width = nameLength + 2;
  for (const [index, word] of words.entries()) {
    if (index > 0 && width + 1 + word.length > 76) {
      folded += `\r\n ${word}`;
      width = 1 + word.length;
    } else {
      folded += index === 0 ? word : ` ${word}`;
      width += word.length + (index === 0 ? 0 : 1);
    }
  }
  return folded;
}

/** RFC 2047 B words of at most 75 characters, each a whole number of characters; the first leaves room for the field's name. */
function encodeWords(text: string): string {
  const words: string[] = [];
  let chunk = "";
  let bytes = 0;
  for (const sign of text) {
    const size = Buffer.byteLength(sign, "utf8");
    if (bytes + size > (words.length === 0 ? 30 : 45)) {
      words.push(chunk);
      chunk = "";
      bytes = 0;
    }
    chunk += sign;
    bytes += size;
  }
  words.push(chunk);
  return words.map((word) => `=?UTF-8?B?${Buffer.from(word, "utf8").toString("base64")}?=`).join("\r\n ");
}

// ------------------------------------------------------------------------------------------------ bodies

const hex = Array.from({ length: 256 }, (_, byte) => `=${byte.toString(16).toUpperCase().padStart(2, "0")}`);

/** RFC 2045 section 6.7: lines of at most 76, line breaks CRLF. A first dot and a first "From " are hidden from careless relays. */
export function encodeQuotedPrintable(text: string): string {
  return text
    .toWellFormed()
    .split(/\r\n|\r|\n/)
    .map(encodeLine)
    .join("\r\n");
}

function encodeLine(line: string): string {
  if (!/^[\x20-\x7e]*$/.test(line)) return encodeBytes(line);
  const ends = line.endsWith(" ")
    ? `${line.slice(0, -1).replaceAll("=", "=3D")}=20`
    : line.replaceAll("=", "=3D");
  return breakSoftly(hideStart(ends));
}

function hideStart(encoded: string): string {
  if (encoded.startsWith(".")) return `=2E${encoded.slice(1)}`;
  return encoded.startsWith("From ") ? `=46${encoded.slice(1)}` : encoded;
}

/** Lines of at most 76 with the "=" of the soft break, none cut inside an escape, none that begins with a dot. */
function breakSoftly(encoded: string): string {
  let rest = encoded;
  let text = "";
  while (rest.length > 76) {
    const cut = rest[74] === "=" ? 74 : rest[73] === "=" ? 73 : 75;
    text += `${rest.slice(0, cut)}=\r\n`;
    rest = hideStart(rest.slice(cut));
  }
  return text + rest;
}

function encodeBytes(line: string): string {
  let encoded = "";
  for (const byte of Buffer.from(line, "utf8"))
    encoded += byte >= 0x20 && byte < 0x7f && byte !== 0x3d ? String.fromCharCode(byte) : hex[byte];
  return breakSoftly(hideStart(encoded.endsWith(" ") ? `${encoded.slice(0, -1)}=20` : encoded));
}
