/** What the sender believes, against a server that fails in every known way; the expected verdicts are typed by hand. */
import { afterEach, expect, test } from "vitest";
import type { MailConnection, MailSettings, Verdict } from "../../app/breach/ports.ts";
import type { MailTransportOptions } from "../../app/adapters/smtp.server.ts";
import { createMailTransport } from "../../app/adapters/smtp.server.ts";
import type { Fault, FaultServer, FaultServerOptions } from "../faults/smtp-fault-server.ts";
import { faults, startFaultServer } from "../faults/smtp-fault-server.ts";

const servers: FaultServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function start(options: FaultServerOptions): Promise<FaultServer> {
  const server = await startFaultServer(options);
  servers.push(server);
  return server;
}

function connectTo(
  server: FaultServer,
  options: Partial<MailTransportOptions> = {},
  settings: Partial<MailSettings> = {},
): Promise<MailConnection> {
  const transport = createMailTransport({ allow: [`127.0.0.1:${server.port}`], ...options });
  return transport.connect({
    host: "127.0.0.1",
    port: server.port,
    security: "none",
    username: null,
    password: null,
    ...settings,
  });
}

const envelope = { from: "shop@shop.test", to: "person@home.test" };
const message = Buffer.from("Subject: hello\r\n\r\n.dot\r\nbye\r\n");
const yes = async () => true;

const map: [Fault, Verdict, string][] = [
  ["none", { outcome: "accepted", code: 250, status: "2.0.0", stage: "done" }, "stays"],
  ["fin-at-rcpt", { outcome: "retry", code: null, status: null, stage: "rcpt" }, "gone"],
  ["fin-at-data", { outcome: "retry", code: null, status: null, stage: "data" }, "gone"],
  ["421-at-mail", { outcome: "refused", code: 421, status: "4.7.0", stage: "mail" }, "gone"],
  ["454-at-mail", { outcome: "refused", code: 454, status: "4.7.0", stage: "mail" }, "stays"],
  [
    "450-at-rcpt",
    { outcome: "deferred", code: 450, status: "4.7.1", stage: "rcpt", retryAfterSeconds: 300 },
    "stays",
  ],
  ["550-at-rcpt", { outcome: "rejected", code: 550, status: "5.1.1", stage: "rcpt" }, "stays"],
  ["451-after-dot", { outcome: "deferred", code: 451, status: "4.3.0", stage: "dot" }, "stays"],
  ["421-after-dot", { outcome: "deferred", code: 421, status: "4.3.2", stage: "dot" }, "gone"],
  ["garbage-after-dot", { outcome: "unknown", code: null, status: null, stage: "dot" }, "gone"],
  ["fin-after-dot", { outcome: "unknown", code: null, status: null, stage: "dot" }, "gone"],
  ["rst-after-dot", { outcome: "unknown", code: null, status: null, stage: "dot" }, "gone"],
  ["silence-after-dot", { outcome: "unknown", code: null, status: null, stage: "dot" }, "gone"],
  ["fin-mid-body", { outcome: "unknown", code: null, status: null, stage: "dot" }, "gone"],
  ["deaf-mid-body", { outcome: "unknown", code: null, status: null, stage: "dot" }, "gone"],
  ["250-then-rst", { outcome: "accepted", code: 250, status: "2.0.0", stage: "done" }, "gone"],
];

test("the map covers every fault the server knows", () => {
  expect(map.map(([fault]) => fault).sort()).toEqual([...faults].sort());
});

test.each(map)("%s", async (fault, expected, afterwards) => {
  const server = await start({ fault: (n) => (n === 0 ? fault : "none") });
  const connection = await connectTo(server, { timeouts: { dot: 200 } });
  expect(await connection.deliver(envelope, message, yes)).toEqual(expected);
  if (fault === "250-then-rst") await new Promise((resolve) => setTimeout(resolve, 50));
  const next = await connection.deliver(envelope, message, yes);
  expect(next.outcome).toBe(afterwards === "stays" ? "accepted" : "retry");
  if (afterwards === "gone") expect(next.stage).toBe("connect");
  await connection.close();
});

test("a body cut off half-way is unknown, whatever part of it went out", async () => {
  const server = await start({ fault: () => "fin-mid-body" });
  const connection = await connectTo(server, { timeouts: { dot: 500 } });
  const large = Buffer.alloc(8_000_000, "line of text\r\n");
  const verdict = await connection.deliver(envelope, large, yes);
  expect(verdict).toMatchObject({ outcome: "unknown", code: null });
  expect(["body", "dot"]).toContain(verdict.stage);
});

test("a server that stops reading is unknown at the deadline of the body, not of the dot", async () => {
  const server = await start({ fault: () => "deaf-mid-body", extensions: [] });
  const connection = await connectTo(server, { timeouts: { body: 200, dot: 60_000 } });
  expect(await connection.deliver(envelope, Buffer.alloc(30_000_000, "x"), yes)).toEqual({
    outcome: "unknown",
    code: null,
    status: null,
    stage: "body",
  });
}, 5_000);

test("faults mixed at random: nothing accepted is untaken, nothing retried is taken", async () => {
  const seen: Fault[] = [];
  let seed = 42;
  const server = await start({
    fault: () => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      const fault = faults[Math.floor((seed / 2147483648) * faults.length)] ?? "none";
      seen.push(fault);
      return fault;
    },
  });
  let connection = await connectTo(server, { timeouts: { dot: 60 } });
  const believed = new Map<string, Verdict["outcome"]>();
  for (let n = 0; n < 300; n += 1) {
    const to = `person${n}@home.test`;
    let verdict = await connection.deliver({ from: envelope.from, to }, message, yes);
    if (verdict.stage === "connect") {
      connection = await connectTo(server, { timeouts: { dot: 60 } });
      verdict = await connection.deliver({ from: envelope.from, to }, message, yes);
    }
    believed.set(`RCPT TO:<${to}>`, verdict.outcome);
  }
  expect(new Set(seen).size).toBe(faults.length);
  expect(believed.size).toBe(300);
  const takenBy = new Map(server.transactions.map((one) => [one.rcpt, one.taken]));
  for (const [rcpt, outcome] of believed) {
    const taken = takenBy.get(rcpt) ?? false;
    if (outcome === "accepted") expect(taken).toBe(true);
    else if (outcome !== "unknown") expect(taken).toBe(false);
  }
  // No message went out twice.
  const rcpts = server.transactions.filter((one) => one.taken).map((one) => one.rcpt);
  expect(new Set(rcpts).size).toBe(rcpts.length);
  await connection.close();
});

const account: [string, Record<string, string>, Partial<Verdict>][] = [
  ["530 at MAIL", { MAIL: "530 5.7.0 authentication required\r\n" }, { outcome: "refused", code: 530 }],
  ["535 at RCPT", { RCPT: "535 5.7.8 no\r\n" }, { outcome: "refused", code: 535, stage: "rcpt" }],
  ["421 at RCPT", { RCPT: "421 4.7.0 no\r\n" }, { outcome: "refused", code: 421, stage: "rcpt" }],
  ["421 at DATA", { DATA: "421 4.7.0 no\r\n" }, { outcome: "refused", code: 421, stage: "data" }],
  ["454 at RCPT", { RCPT: "454 4.7.1 relay access denied\r\n" }, { outcome: "refused", code: 454 }],
  [
    "553 at MAIL",
    { MAIL: "553 5.7.1 sender not yours\r\n" },
    { outcome: "refused", code: 553, stage: "mail" },
  ],
  ["552 at MAIL", { MAIL: "552 5.3.4 too big\r\n" }, { outcome: "rejected", code: 552, stage: "mail" }],
  ["451 at MAIL", { MAIL: "451 4.3.0 later\r\n" }, { outcome: "deferred", code: 451, stage: "mail" }],
  ["554 at DATA", { DATA: "554 5.6.0 no\r\n" }, { outcome: "rejected", code: 554, stage: "data" }],
  ["452 at DATA", { DATA: "452 4.3.1 full\r\n" }, { outcome: "deferred", code: 452, stage: "data" }],
  ["250 at DATA is out of step", { DATA: "250 ok\r\n" }, { outcome: "retry", code: 250, stage: "data" }],
  ["another class in the status", { RCPT: "550 2.1.1 odd\r\n" }, { outcome: "rejected", status: null }],
  ["two answers to RCPT", { RCPT: "250 ok\r\n250 ok\r\n" }, { outcome: "retry", code: null, stage: "data" }],
  [
    "two codes in one reply",
    { RCPT: "250-ok\r\n550 no\r\n" },
    { outcome: "retry", code: null, stage: "rcpt" },
  ],
  ["no SMTP at MAIL", { MAIL: "HTTP/1.1 400 Bad Request\r\n" }, { outcome: "retry", stage: "mail" }],
  ["an endless line", { MAIL: `250 ${"x".repeat(5000)}` }, { outcome: "retry", stage: "mail" }],
  ["an endless reply", { MAIL: "250-x\r\n".repeat(500) }, { outcome: "retry", stage: "mail" }],
  [
    "an acceptance sent along with 354, before there was a message",
    { DATA: "354 go\r\n250 taken\r\n" },
    { outcome: "unknown", code: null, stage: "body" },
  ],
  [
    "a refusal sent along with 354",
    { DATA: "354 go\r\n552 5.3.4 too big after all\r\n" },
    { outcome: "rejected", code: 552, stage: "dot" },
  ],
];

test.each(account)("%s", async (_name, replies, expected) => {
  const server = await start({ replies });
  // The lawful deadlines of minutes: none of these verdicts may come from waiting.
  const connection = await connectTo(server);
  expect(await connection.deliver(envelope, message, yes)).toMatchObject(expected);
  await connection.close();
});

test.each([
  ["mail", { MAIL: "" }],
  ["rcpt", { RCPT: "" }],
  ["data", { DATA: "" }],
] as const)("silence at %s ends in retry at its own deadline", async (stage, replies) => {
  const server = await start({ replies });
  const connection = await connectTo(server, { timeouts: { [stage]: 80 } });
  expect(await connection.deliver(envelope, message, yes)).toEqual({
    outcome: "retry",
    code: null,
    status: null,
    stage,
  });
});

test.each([
  ["450 4.2.0 please try again in 5 minutes", 300],
  ["451 4.7.1 Greylisting in action, please come back in 00:04:30", 270],
  ["450 4.7.1 Greylisted for 60 seconds", 60],
  ["450 retry after 2h", 7200],
  ["450 try again in 999999 hours", 86_400],
  ["450 4.2.0 mailbox busy", undefined],
  ["550 5.2.1 disabled, try again in 5 minutes", undefined],
])("delay of %s", async (text, seconds) => {
  const server = await start({ replies: { RCPT: `${text}\r\n` } });
  const connection = await connectTo(server);
  expect((await connection.deliver(envelope, message, yes)).retryAfterSeconds).toBe(seconds);
  await connection.close();
});

test("beforeData runs after RCPT and before DATA", async () => {
  const server = await start({});
  const connection = await connectTo(server);
  let commands: string[] = [];
  const verdict = await connection.deliver(envelope, message, async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    commands = [...server.commands];
    return true;
  });
  expect(verdict.outcome).toBe("accepted");
  expect(commands.at(-1)).toBe("RCPT TO:<person@home.test>");
  expect(server.transactions[0]?.body?.equals(message)).toBe(true);
  await connection.close();
});

test("beforeData is not asked when RCPT fails", async () => {
  const server = await start({ fault: () => "550-at-rcpt" });
  const connection = await connectTo(server);
  let asked = 0;
  await connection.deliver(envelope, message, async () => {
    asked += 1;
    return true;
  });
  expect(asked).toBe(0);
  await connection.close();
});

test("beforeData answering false resets, retries later, and leaves the connection usable", async () => {
  const server = await start({});
  const connection = await connectTo(server);
  expect(await connection.deliver(envelope, message, async () => false)).toEqual({
    outcome: "retry",
    code: null,
    status: null,
    stage: "rcpt",
  });
  expect(server.commands.at(-1)).toBe("RSET");
  expect((await connection.deliver(envelope, message, yes)).outcome).toBe("accepted");
  expect(server.commands.filter((line) => line === "DATA")).toHaveLength(1);
  await connection.close();
});

test("what beforeData throws goes through, nothing was sent, and the connection is usable", async () => {
  const server = await start({});
  const connection = await connectTo(server);
  const trouble = new Error("lost the lease");
  await expect(connection.deliver(envelope, message, () => Promise.reject(trouble))).rejects.toBe(trouble);
  expect(server.commands).not.toContain("DATA");
  expect((await connection.deliver(envelope, message, yes)).outcome).toBe("accepted");
  await connection.close();
});

test("a connection lost while beforeData runs ends in retry", async () => {
  const server = await start({});
  const connection = await connectTo(server);
  const verdict = await connection.deliver(envelope, message, async () => {
    await server.close();
    await new Promise((resolve) => setTimeout(resolve, 20));
    return true;
  });
  expect(verdict).toEqual({ outcome: "retry", code: null, status: null, stage: "data" });
});

test("one connection carries many messages; goodbye between two of them is a retry", async () => {
  const server = await start({});
  const connection = await connectTo(server);
  for (let n = 0; n < 20; n += 1) {
    expect((await connection.deliver(envelope, message, yes)).outcome).toBe("accepted");
  }
  expect(server.connections).toBe(1);
  server.interject("421 4.4.2 idle too long\r\n");
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await connection.deliver(envelope, message, yes)).toEqual({
    outcome: "retry",
    code: null,
    status: null,
    stage: "connect",
  });
  expect(server.transactions).toHaveLength(20);
  await connection.close();
});

test("two messages at once on one connection are a bug, and said so", async () => {
  const server = await start({});
  const connection = await connectTo(server);
  const first = connection.deliver(envelope, message, yes);
  await expect(connection.deliver(envelope, message, yes)).rejects.toThrow("one message at a time");
  expect((await first).outcome).toBe("accepted");
  await connection.close();
});

test.each([
  ["a line break", "person@home.test>\r\nRCPT TO:<spy@evil.test"],
  ["a bare LF", "person@home.test\nDATA"],
  ["NUL", "person\0@home.test"],
  ["a second address", "person@home.test,spy@evil.test"],
  ["angle brackets", "<person@home.test>"],
  ["a parameter", "person@home.test> NOTIFY=SUCCESS"],
  ["a quoted local part", '"person >"@home.test'],
  ["a source route", "@evil.test:person@home.test"],
  ["an address literal", "person@[127.0.0.1]"],
  ["a line break in the domain", "person@home.test\r\n"],
  ["a tab the URL parser would drop", "person@ho\tme.test"],
  ["nothing", ""],
])("an envelope with %s never reaches the wire", async (_name, bad) => {
  const server = await start({});
  const connection = await connectTo(server);
  const greeted = server.commands.length;
  const asked = async () => {
    throw new Error("must not be asked");
  };
  expect(await connection.deliver({ from: envelope.from, to: bad }, message, asked)).toEqual({
    outcome: "rejected",
    code: null,
    status: "5.1.3",
    stage: "rcpt",
  });
  expect(await connection.deliver({ from: bad, to: envelope.to }, message, asked)).toMatchObject({
    outcome: "refused",
    code: null,
    status: "5.1.7",
  });
  expect(server.commands).toHaveLength(greeted);
  expect((await connection.deliver(envelope, message, yes)).outcome).toBe("accepted");
  await connection.close();
});

test("parameters of MAIL follow what the server offers and the message needs", async () => {
  const server = await start({ extensions: ["SIZE 1000", "8BITMIME", "SMTPUTF8"] });
  const connection = await connectTo(server);
  await connection.deliver(envelope, Buffer.from("a\r\n"), yes);
  await connection.deliver(envelope, Buffer.from("ä\r\n"), yes);
  await connection.deliver({ from: envelope.from, to: "jörg@münchen.test" }, Buffer.from("a\r\n"), yes);
  expect(server.transactions.map((one) => [one.mail, one.rcpt])).toEqual([
    ["MAIL FROM:<shop@shop.test> SIZE=3", "RCPT TO:<person@home.test>"],
    ["MAIL FROM:<shop@shop.test> SIZE=4 BODY=8BITMIME", "RCPT TO:<person@home.test>"],
    ["MAIL FROM:<shop@shop.test> SIZE=3 SMTPUTF8", "RCPT TO:<jörg@xn--mnchen-3ya.test>"],
  ]);
  expect(await connection.deliver(envelope, Buffer.alloc(1001, "x"), yes)).toEqual({
    outcome: "rejected",
    code: null,
    status: "5.3.4",
    stage: "mail",
  });
  expect(server.transactions).toHaveLength(3);
  await connection.close();
});

test("a server without SMTPUTF8 or 8BITMIME is not handed what it can't carry", async () => {
  const server = await start({ extensions: [] });
  const connection = await connectTo(server);
  expect(await connection.deliver({ from: envelope.from, to: "jörg@home.test" }, message, yes)).toEqual({
    outcome: "rejected",
    code: null,
    status: "5.6.7",
    stage: "mail",
  });
  expect(await connection.deliver(envelope, Buffer.from("ä"), yes)).toEqual({
    outcome: "rejected",
    code: null,
    status: "5.6.3",
    stage: "mail",
  });
  expect(
    (await connection.deliver({ from: envelope.from, to: "jorg@münchen.test" }, message, yes)).outcome,
  ).toBe("accepted");
  expect(server.transactions[0]?.mail).toBe("MAIL FROM:<shop@shop.test>");
  await connection.close();
});

test("no verdict and no error holds the server's words", async () => {
  const words = "for user@secret.test";
  const server = await start({
    fault: (n) => (n === 0 ? "550-at-rcpt" : "421-at-mail"),
  });
  const connection = await connectTo(server);
  const verdicts = [
    await connection.deliver(envelope, message, yes),
    await connection.deliver(envelope, message, yes),
  ];
  expect(JSON.stringify(verdicts)).not.toContain("secret");
  const hostile = await start({ greeting: `554 5.7.1 no service ${words}\r\n` });
  const error = await connectTo(hostile).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ name: "MailRefused", stage: "greeting", code: 554, status: "5.7.1" });
  expect(String(error) + JSON.stringify(error)).not.toContain("secret");
});
