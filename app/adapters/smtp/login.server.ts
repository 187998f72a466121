/** From the greeting to a connection that takes mail: EHLO, STARTTLS, AUTH. Every failure is a `MailRefused`. */
import type { MailSettings } from "../../breach/ports.ts";
import { MailRefused } from "./refused.ts";
import type { Reply } from "./reply.ts";
import type { Timeouts } from "./timeouts.ts";
import type { Stage } from "./verdict.ts";
import type { Wire } from "./wire.server.ts";
import { WireBroken } from "./wire.server.ts";

/** What the server offers, by keyword in capitals, with its parameters. Empty after HELO. */
export type Extensions = ReadonlyMap<string, string[]>;

export type LoginOptions = {
  settings: MailSettings;
  timeouts: Timeouts;
  /** What we call ourselves in EHLO; null = our address as a literal. */
  hostname: string | null;
  ca: string | Buffer | undefined;
};

function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}

async function readAt(wire: Wire, stage: Stage, timeoutMs: number): Promise<Reply> {
  try {
    return await wire.read(timeoutMs);
  } catch (error) {
    throw error instanceof WireBroken ? new MailRefused(stage) : error;
  }
}

async function ask(wire: Wire, stage: Stage, line: string, timeoutMs: number): Promise<Reply> {
  // A reply before its question is out of step; but 421 may come at any time and answers whatever would be asked next.
  if (wire.waitingCode !== null && wire.waitingCode !== 421) throw new MailRefused(stage);
  wire.writeLine(line);
  return readAt(wire, stage, timeoutMs);
}

function refuse(stage: Stage, reply: Reply): never {
  throw new MailRefused(stage, reply.code, reply.status);
}

function readExtensions(reply: Reply): Extensions {
  const extensions = new Map<string, string[]>();
  for (const line of reply.lines.slice(1)) {
    // "AUTH=PLAIN" is how servers of the nineties wrote it, and some still do.
    const [keyword = "", ...parameters] = line
      .trim()
      .toUpperCase()
      .split(/[\s=]+/);
    if (/^[A-Z0-9-]+$/.test(keyword)) {
      extensions.set(keyword, [...(extensions.get(keyword) ?? []), ...parameters]);
    }
  }
  return extensions;
}

async function greet(wire: Wire, options: LoginOptions): Promise<Extensions> {
  const address = wire.localAddress;
  const name = options.hostname ?? (address.includes(":") ? `[IPv6:${address}]` : `[${address}]`);
  const reply = await ask(wire, "ehlo", `EHLO ${name}`, options.timeouts.ehlo);
  if (reply.code === 250) return readExtensions(reply);
  if (reply.code < 500) refuse("ehlo", reply);
  const plain = await ask(wire, "ehlo", `HELO ${name}`, options.timeouts.ehlo);
  return plain.code === 250 ? new Map() : refuse("ehlo", plain);
}

async function secure(wire: Wire, options: LoginOptions): Promise<void> {
  try {
    await wire.startTls({ host: options.settings.host, ca: options.ca, timeoutMs: options.timeouts.tls });
  } catch (error) {
    throw error instanceof WireBroken ? new MailRefused("starttls") : error;
  }
}

async function authenticate(wire: Wire, extensions: Extensions, options: LoginOptions): Promise<void> {
  const { username, password } = options.settings;
  if (username === null) return;
  const offered = extensions.get("AUTH") ?? [];
  if (password === null || /\0/.test(username + password)) throw new MailRefused("auth");
  const patience = options.timeouts.auth;
  let reply: Reply;
  if (offered.includes("PLAIN")) {
    reply = await ask(wire, "auth", `AUTH PLAIN ${base64(`\0${username}\0${password}`)}`, patience);
  } else if (offered.includes("LOGIN")) {
    reply = await ask(wire, "auth", "AUTH LOGIN", patience);
    if (reply.code === 334) reply = await ask(wire, "auth", base64(username), patience);
    if (reply.code === 334) reply = await ask(wire, "auth", base64(password), patience);
  } else {
    throw new MailRefused("auth");
  }
  if (reply.code !== 235) refuse("auth", reply);
}

/**
 * Brings a fresh connection to where MAIL may be sent, and answers what the server offers. `starttls` that is not offered or fails
 * ends here: there is no way back to plaintext, and credentials never go out before TLS unless `security` is "none", which the
 * transport lets through for allow-listed hosts only.
 */
export async function login(wire: Wire, options: LoginOptions): Promise<Extensions> {
  const { security } = options.settings;
  if (security === "implicit") await secure(wire, options);
  const greeting = await readAt(wire, "greeting", options.timeouts.greeting);
  if (greeting.code !== 220) refuse("greeting", greeting);
  let extensions = await greet(wire, options);
  if (security === "starttls") {
    if (!extensions.has("STARTTLS")) throw new MailRefused("starttls");
    const reply = await ask(wire, "starttls", "STARTTLS", options.timeouts.tls);
    if (reply.code !== 220) refuse("starttls", reply);
    await secure(wire, options);
    // What was offered in the clear may have been forged; RFC 3207 section 4.2 asks to forget it.
    extensions = await greet(wire, options);
  }
  await authenticate(wire, extensions, options);
  return extensions;
}
