import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { SMTPServer } from "smtp-server";

/** One message that the sink has taken: what a list shows. Numbers count up from 1 and are never given twice. */
export type MailHeader = {
  n: number;
  /** ISO 8601. */
  at: string;
  /** Envelope addresses. */
  from: string;
  rcpt: string[];
  /** Decoded header fields. */
  sender: string;
  subject: string;
  /** With its angle brackets, as written. */
  messageId: string;
  sha256: string;
  /** Octets. */
  size: number;
};

/** How the mail server behaves. */
export type SinkBehaviour = {
  /** Refuse mail from anyone who did not log in so; null takes any login, and none. */
  login: { user: string; password: string } | null;
  /** Milliseconds between the end of a message and the answer to it. */
  delay: number;
  /** Whether a message is fsynced before it is acknowledged. Without it, it survives the end of this process but not of the machine. */
  durable: boolean;
};

export type Sink = {
  port: number;
  behaviour: SinkBehaviour;
  /** Oldest first. */
  list(): readonly MailHeader[];
  raw(n: number): Promise<Buffer | null>;
  clear(): Promise<void>;
  close(): Promise<void>;
};

type Place = { header: MailHeader; offset: number; length: number };

/**
 * A mail server on 127.0.0.1 that keeps everything it is given. A message is answered with 250 only when its line in `file` has
 * been fsynced, so what a test finds in the file after any kill is what the sender was told.
 * File: one JSON object a line: MailHeader's fields and `raw` (base64).
 */
export async function startSink(options: { port: number; file: string; delay?: number }): Promise<Sink> {
  await mkdir(dirname(options.file), { recursive: true });
  const places: Place[] = [];
  let end = await readExisting(options.file, places);
  let lastNumber = places.at(-1)?.header.n ?? 0;
  const handle = await open(options.file, "a+");
  await handle.truncate(end);
  const behaviour: SinkBehaviour = { login: null, delay: options.delay ?? 0, durable: true };

  // One write and one fsync for all that came in while the last one was running.
  let waiting: { line: Buffer; header: MailHeader; done(error?: Error): void }[] = [];
  let writing: Promise<void> | null = null;
  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        await handle.appendFile(Buffer.concat(batch.map((entry) => entry.line)));
        if (behaviour.durable) await handle.datasync();
        for (const { line, header, done } of batch) {
          places.push({ header, offset: end, length: line.length });
          end += line.length;
          done();
        }
      } catch (error) {
        batch.forEach(({ done }) => done(error as Error));
      }
    }
    writing = null;
  }
  function keep(raw: Buffer, from: string, rcpt: string[]): Promise<number> {
    const header: MailHeader = {
      n: ++lastNumber,
      at: new Date().toISOString(),
      from,
      rcpt,
      ...readHeader(raw),
      sha256: createHash("sha256").update(raw).digest("hex"),
      size: raw.length,
    };
    const json = JSON.stringify({ ...header, raw: raw.toString("base64") });
    // Readers of lines take these two for line ends.
    const line = Buffer.from(`${json.replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029")}\n`);
    return new Promise((resolve, reject) => {
      waiting.push({ line, header, done: (error) => (error ? reject(error) : resolve(header.n)) });
      writing ??= drain();
    });
  }

  const server = new SMTPServer({
    banner: "demo inbox",
    authOptional: true,
    allowInsecureAuth: true,
    authMethods: ["PLAIN", "LOGIN"],
    disabledCommands: ["STARTTLS"],
    disableReverseLookup: true,
    hidePIPELINING: false,
    size: 30_000_000,
    closeTimeout: 500,
    onAuth(auth, _session, done) {
      const { login } = behaviour;
      const good = login === null || (auth.username === login.user && auth.password === login.password);
      if (good) done(null, { user: auth.username ?? "anyone" });
      else done(refusal(535, "5.7.8 Authentication credentials invalid"));
    },
    onMailFrom(_address, session, done) {
      if (behaviour.login !== null && !session.user) done(refusal(530, "5.7.0 Authentication required"));
      else done();
    },
    onData(stream, session, done) {
      const parts: Buffer[] = [];
      stream.on("data", (part: Buffer) => parts.push(part));
      stream.on("error", (error) => done(error));
      stream.on("end", () => {
        const { mailFrom, rcptTo } = session.envelope;
        const from = mailFrom === false ? "" : mailFrom.address;
        keep(
          Buffer.concat(parts),
          from,
          rcptTo.map((one) => one.address),
        ).then(
          (n) => {
            const answer = () => done(null, `2.0.0 Kept as number ${n}`);
            if (behaviour.delay > 0) setTimeout(answer, behaviour.delay);
            else answer();
          },
          (error: Error) => done(error),
        );
      });
    },
  });
  // A client that goes away in the middle of a session is nothing to report.
  server.on("error", () => undefined);
  await new Promise<void>((resolve, reject) => {
    const failed = (error: Error) => reject(error);
    server.server.once("error", failed);
    server.listen(options.port, "127.0.0.1", () => {
      server.server.removeListener("error", failed);
      resolve();
    });
  });
  const address = server.server.address();

  return {
    port: typeof address === "object" && address !== null ? address.port : options.port,
    behaviour,
    list: () => places.map((place) => place.header),
    async raw(n) {
      const place = places.find((one) => one.header.n === n);
      return place ? readRaw(handle, place) : null;
    },
    async clear() {
      await writing;
      await handle.truncate(0);
      await handle.datasync();
      places.length = 0;
      end = 0;
    },
    async close() {
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await writing;
      await handle.close();
    },
  };
}

function refusal(code: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode: code });
}

async function readRaw(handle: FileHandle, place: Place): Promise<Buffer> {
  const line = Buffer.alloc(place.length);
  await handle.read(line, 0, place.length, place.offset);
  return Buffer.from((JSON.parse(line.toString("utf8")) as { raw: string }).raw, "base64");
}

/** Reads what an earlier run kept; returns where the last whole line ends. A line cut short by a kill was never acknowledged. */
async function readExisting(file: string, places: Place[]): Promise<number> {
  let offset = 0;
  try {
    for await (const line of createInterface({
      input: createReadStream(file, "utf8"),
      crlfDelay: Infinity,
    })) {
      const length = Buffer.byteLength(line) + 1;
      try {
        const { raw: _raw, ...header } = JSON.parse(line) as MailHeader & { raw: string };
        places.push({ header, offset, length });
      } catch {
        break;
      }
      offset += length;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  return offset;
}

function readHeader(raw: Buffer): { sender: string; subject: string; messageId: string } {
  const stop = raw.indexOf("\r\n\r\n");
  const lines = raw
    .subarray(0, stop < 0 ? Math.min(raw.length, 64_000) : stop)
    .toString("utf8")
    .replace(/\r?\n[ \t]+/g, " ")
    .split(/\r?\n/);
  const find = (name: string) =>
    lines
      .find((line) => line.toLowerCase().startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trim() ?? "";
  return {
    sender: decodeWords(find("from")),
    subject: decodeWords(find("subject")),
    messageId: find("message-id"),
  };
}

/** RFC 2047 encoded words. */
export function decodeWords(text: string): string {
  return text
    .replace(/(=\?[^?]+\?[bq]\?[^?]*\?=)\s+(?==\?)/gi, "$1")
    .replace(/((?:=\?[^?]+\?[bq]\?[^?]*\?=)+)/gi, (run: string) => {
      // Neighbouring words may share a character between them, so the bytes of one charset are joined before they are decoded.
      let out = "";
      let charset = "";
      let bytes: Buffer[] = [];
      const flush = () => {
        if (bytes.length > 0) out += new TextDecoder(charset).decode(Buffer.concat(bytes));
        bytes = [];
      };
      for (const [, set = "utf-8", kind = "q", data = ""] of run.matchAll(
        /=\?([^?]+)\?([bq])\?([^?]*)\?=/gi,
      )) {
        const name = set.split("*")[0]!.toLowerCase();
        if (name !== charset) flush();
        charset = name;
        bytes.push(
          kind.toLowerCase() === "b"
            ? Buffer.from(data, "base64")
            : Buffer.from(
                data
                  .replaceAll("_", " ")
                  .replace(/=([0-9a-f]{2})/gi, (_match, hex: string) =>
                    String.fromCharCode(parseInt(hex, 16)),
                  ),
                "latin1",
              ),
        );
      }
      flush();
      return out;
    });
}
