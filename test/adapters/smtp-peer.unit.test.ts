/** Against a mail server that others wrote (npm smtp-server), read back by a parser that others wrote (mailparser). */
import { createHash } from "node:crypto";
import type { AddressInfo } from "node:net";
import { simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createMailTransport } from "../../app/adapters/smtp.server.ts";
import { makeCertificate } from "../faults/certificate.ts";

type Received = { from: string; to: string; secure: boolean; user: unknown; bytes: Buffer };
const received: Received[] = [];
const certificate = makeCertificate(["localhost", "127.0.0.1"]);

const server = new SMTPServer({
  ...certificate,
  size: 1_000_000,
  authMethods: ["PLAIN", "LOGIN"],
  onAuth(auth, _session, done) {
    if (auth.username === "shop" && auth.password === "gehe im?") done(null, { user: "shop" });
    else done(new Error("no"));
  },
  onData(stream, session, done) {
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("end", () => {
      received.push({
        from: session.envelope.mailFrom === false ? "" : session.envelope.mailFrom.address,
        to: session.envelope.rcptTo.map((rcpt) => rcpt.address).join(),
        secure: session.secure,
        user: session.user,
        bytes: Buffer.concat(chunks),
      });
      done();
    });
  },
});
server.on("error", () => {});

let port = 0;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.server.address() as AddressInfo).port;
});
afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())));

/** Deterministic noise: the n-th message of this test is the same in every run. */
function noise(seed: number, length: number): Buffer {
  const blocks: Buffer[] = [];
  for (let n = 0; n * 32 < length; n += 1) blocks.push(createHash("sha256").update(`${seed}.${n}`).digest());
  return Buffer.concat(blocks).subarray(0, length);
}

function writeMessage(n: number): { bytes: Buffer; subject: string; text: string } {
  const subject = `Message ${n}`;
  const bodies = [
    "a plain line\r\n",
    ".\r\n..\r\n...\r\n.hidden\r\n",
    `${"long ".repeat(2000)}\r\n.${"x".repeat(5000)}\r\n`,
    "żółć, ελληνικά, 日本語, 🙂\r\n",
    "\r\n\r\n.\r\n\r\n",
    "no line break at the end",
    "ends in a dot\r\n.",
    `${noise(n, 3000).toString("base64")}\r\n`,
    ".\r\n".repeat(5000),
    `${"0123456789".repeat(6)}\r\n`.repeat(2000),
  ];
  const text = bodies[n % bodies.length] ?? "";
  const head = [
    "From: Shop <shop@shop.test>",
    `To: person${n}@home.test`,
    `Subject: ${subject}`,
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: 8bit",
  ];
  return { bytes: Buffer.from(`${head.join("\r\n")}\r\n\r\n${text}`), subject, text };
}

test("200 messages over one encrypted connection arrive byte for byte", async () => {
  const transport = createMailTransport({ allow: [`localhost:${port}`], ca: certificate.cert });
  const connection = await transport.connect({
    host: "localhost",
    port,
    security: "starttls",
    username: "shop",
    password: "gehe im?",
  });
  const sent = Array.from({ length: 200 }, (_, n) => writeMessage(n));
  for (const [n, { bytes }] of sent.entries()) {
    const verdict = await connection.deliver(
      { from: "bounce@shop.test", to: `person${n}@home.test` },
      bytes,
      async () => true,
    );
    expect(verdict).toMatchObject({ outcome: "accepted", code: 250, stage: "done" });
  }
  await connection.close();
  expect(received).toHaveLength(200);
  for (const [n, { bytes, subject, text }] of sent.entries()) {
    const got = received[n];
    expect(got).toMatchObject({
      from: "bounce@shop.test",
      to: `person${n}@home.test`,
      secure: true,
      user: "shop",
    });
    // SMTP ends a message in CRLF (RFC 5321 section 4.1.1.4): a last line without one gets it.
    const whole = bytes.subarray(-2).equals(Buffer.from("\r\n"))
      ? bytes
      : Buffer.concat([bytes, Buffer.from("\r\n")]);
    expect(got?.bytes.equals(whole)).toBe(true);
    const parsed = await simpleParser(got?.bytes ?? Buffer.alloc(0));
    expect(parsed.subject).toBe(subject);
    expect(parsed.text?.trimEnd()).toBe(text.replace(/\r\n/g, "\n").trimEnd());
  }
});

test("a wrong password is refused, and so is a message beyond SIZE, before it is sent", async () => {
  const transport = createMailTransport({ allow: [`localhost:${port}`], ca: certificate.cert });
  const settings = { host: "localhost", port, security: "starttls", username: "shop" } as const;
  await expect(transport.connect({ ...settings, password: "guess" })).rejects.toMatchObject({
    name: "MailRefused",
    stage: "auth",
    code: 535,
  });
  const connection = await transport.connect({ ...settings, password: "gehe im?" });
  const envelope = { from: "bounce@shop.test", to: "person@home.test" };
  expect(await connection.deliver(envelope, Buffer.alloc(1_000_001, "x"), async () => true)).toMatchObject({
    outcome: "rejected",
    status: "5.3.4",
  });
  await connection.close();
});
