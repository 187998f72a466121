/** From the greeting to the login: what is refused, what is never said in the clear. */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { afterEach, expect, test } from "vitest";
import type { MailConnection, MailSettings } from "../../app/breach/ports.ts";
import { Outage } from "../../app/breach/ports.ts";
import type { MailTransportOptions } from "../../app/adapters/smtp.server.ts";
import { createMailTransport, MailRefused } from "../../app/adapters/smtp.server.ts";
import { makeCertificate } from "../faults/certificate.ts";
import type { FaultServer, FaultServerOptions } from "../faults/smtp-fault-server.ts";
import { startFaultServer } from "../faults/smtp-fault-server.ts";

const tls = makeCertificate(["localhost", "127.0.0.1"]);
const servers: FaultServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function start(options: FaultServerOptions = {}): Promise<FaultServer> {
  const server = await startFaultServer(options);
  servers.push(server);
  return server;
}

function connectTo(
  server: FaultServer,
  settings: Partial<MailSettings> = {},
  options: Partial<MailTransportOptions> = {},
): Promise<MailConnection> {
  const host = settings.host ?? "127.0.0.1";
  return createMailTransport({ allow: [`${host}:${server.port}`], ...options }).connect({
    host,
    port: server.port,
    security: "none",
    username: null,
    password: null,
    ...settings,
  });
}

async function refusal(connecting: Promise<MailConnection>): Promise<MailRefused> {
  const error = await connecting.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof MailRefused)) throw new Error("was not refused");
  return error;
}

const envelope = { from: "shop@shop.test", to: "person@home.test" };
const yes = async () => true;
async function deliverOne(connection: MailConnection): Promise<string> {
  const { outcome } = await connection.deliver(envelope, Buffer.from("hello\r\n"), yes);
  await connection.close();
  return outcome;
}

test("a refusal is an outage of mail that names stage and code", async () => {
  const server = await start({ greeting: "554 5.7.1 go away\r\n" });
  const error = await refusal(connectTo(server));
  expect(error).toBeInstanceOf(Outage);
  expect(error).toMatchObject({
    party: "mail",
    reason: "greeting 554",
    stage: "greeting",
    code: 554,
    status: "5.7.1",
  });
});

test.each<[string, FaultServerOptions, Partial<MailRefused>]>([
  ["421 as a greeting", { greeting: "421 busy\r\n" }, { stage: "greeting", code: 421 }],
  ["a greeting that is no SMTP", { greeting: "SSH-2.0-OpenSSH\r\n" }, { stage: "greeting", code: null }],
  ["no greeting", { greeting: "" }, { stage: "greeting", code: null }],
  ["421 to EHLO", { replies: { EHLO: "421 later\r\n" } }, { stage: "ehlo", code: 421 }],
  [
    "neither EHLO nor HELO",
    { extensions: null, replies: { HELO: "550 no\r\n" } },
    { stage: "ehlo", code: 550 },
  ],
])("%s", async (_name, options, expected) => {
  const server = await start(options);
  expect(await refusal(connectTo(server, {}, { timeouts: { greeting: 80 } }))).toMatchObject(expected);
});

test("HELO when EHLO is not known", async () => {
  const server = await start({ extensions: null });
  expect(await deliverOne(await connectTo(server))).toBe("accepted");
  expect(server.commands.slice(0, 3)).toEqual([
    "EHLO [127.0.0.1]",
    "HELO [127.0.0.1]",
    "MAIL FROM:<shop@shop.test>",
  ]);
});

test("our name in EHLO, which can't carry a second command", async () => {
  const server = await start();
  await deliverOne(await connectTo(server, {}, { hostname: "mail.candor.test" }));
  expect(server.commands[0]).toBe("EHLO mail.candor.test");
  expect(() => createMailTransport({ allow: [], hostname: "a\r\nQUIT" })).toThrow();
});

test("STARTTLS: the certificate is checked, then the extensions are asked anew", async () => {
  const server = await start({
    tls,
    extensions: ["STARTTLS", "AUTH PLAIN"],
    secureExtensions: ["AUTH LOGIN", "SIZE 99"],
  });
  const settings = { security: "starttls", username: "u", password: "p" } as const;
  const connection = await connectTo(server, settings, { ca: tls.cert });
  expect(await deliverOne(connection)).toBe("accepted");
  expect(server.commands).toEqual([
    "EHLO [127.0.0.1]",
    "STARTTLS",
    "EHLO [127.0.0.1]",
    "AUTH LOGIN",
    "dQ==",
    "cA==",
    "MAIL FROM:<shop@shop.test> SIZE=7",
    "RCPT TO:<person@home.test>",
    "DATA",
    "QUIT",
  ]);
});

test("implicit TLS", async () => {
  const server = await start({ tls: { ...tls, implicit: true } });
  expect(await deliverOne(await connectTo(server, { security: "implicit" }, { ca: tls.cert }))).toBe(
    "accepted",
  );
});

test("a name is checked against the certificate, not only an address", async () => {
  const server = await start({ tls: { ...tls, implicit: true } });
  const named = { security: "implicit", host: "localhost" } as const;
  expect(await deliverOne(await connectTo(server, named, { ca: tls.cert }))).toBe("accepted");
  const other = makeCertificate(["elsewhere.test"]);
  const wrong = await start({ tls: { ...other, implicit: true } });
  expect(await refusal(connectTo(wrong, named, { ca: other.cert }))).toMatchObject({ stage: "starttls" });
});

test.each(["starttls", "implicit"] as const)(
  "%s with a certificate nobody vouches for is refused before any credentials",
  async (security) => {
    const server = await start({
      tls: { ...tls, implicit: security === "implicit" },
      extensions: ["STARTTLS", "AUTH PLAIN"],
    });
    const error = await refusal(connectTo(server, { security, username: "u", password: "p" }));
    expect(error).toMatchObject({ stage: "starttls", code: null, status: null });
    expect(server.commands.join()).not.toContain("AUTH");
  },
);

test.each<[string, FaultServerOptions, Partial<MailRefused>]>([
  ["not offered", { extensions: ["AUTH PLAIN"] }, { stage: "starttls", code: null }],
  ["taken out by HELO", { extensions: null }, { stage: "starttls", code: null }],
  [
    "refused",
    { extensions: ["STARTTLS"], replies: { STARTTLS: "454 4.7.0 not now\r\n" } },
    { stage: "starttls", code: 454, status: "4.7.0" },
  ],
])("STARTTLS %s: no way back to plaintext", async (_name, options, expected) => {
  const server = await start(options);
  const settings = { security: "starttls", username: "u", password: "p" } as const;
  expect(await refusal(connectTo(server, settings))).toMatchObject(expected);
  expect(server.commands.join()).not.toContain("AUTH");
});

test("replies slipped in before TLS are thrown away", async () => {
  const server = await start({
    tls,
    extensions: ["STARTTLS"],
    secureExtensions: ["SIZE 50"],
    // Were it believed, the forged answer to EHLO would offer AUTH, and MAIL would carry no SIZE.
    replies: { STARTTLS: "220 go ahead\r\n250-forged\r\n250 AUTH PLAIN\r\n250-half a reply" },
  });
  const connection = await connectTo(server, { security: "starttls" }, { ca: tls.cert });
  expect(await deliverOne(connection)).toBe("accepted");
  expect(server.commands).toContain("MAIL FROM:<shop@shop.test> SIZE=7");
});

test("a server that can't do the handshake it promised", async () => {
  const server = await start({
    extensions: ["STARTTLS"],
    replies: { STARTTLS: "220 go\r\n" },
    tls: undefined,
  });
  expect(
    await refusal(connectTo(server, { security: "starttls" }, { timeouts: { tls: 500 }, ca: tls.cert })),
  ).toMatchObject({ stage: "starttls", code: null });
});

test.each([
  [["AUTH PLAIN LOGIN"], ["AUTH PLAIN AHVzZXIAcMOkc3M="]],
  [["AUTH=PLAIN"], ["AUTH PLAIN AHVzZXIAcMOkc3M="]],
  [["AUTH CRAM-MD5 LOGIN"], ["AUTH LOGIN", "dXNlcg==", "cMOkc3M="]],
])("login with %j", async (extensions, expected) => {
  const server = await start({ extensions });
  const connection = await connectTo(server, { username: "user", password: "päss" });
  expect(server.commands.slice(1)).toEqual(expected);
  expect(await deliverOne(connection)).toBe("accepted");
});

test.each<[string, FaultServerOptions, Partial<MailRefused>]>([
  [
    "wrong password",
    { extensions: ["AUTH PLAIN"], authReply: "535 5.7.8 no, user@secret.test\r\n" },
    { stage: "auth", code: 535, status: "5.7.8" },
  ],
  [
    "wrong password by LOGIN",
    { extensions: ["AUTH LOGIN"], authReply: "535 5.7.8 no\r\n" },
    { stage: "auth", code: 535 },
  ],
  [
    "throttled login",
    { extensions: ["AUTH PLAIN"], authReply: "454 4.7.0 later\r\n" },
    { stage: "auth", code: 454 },
  ],
  ["no way to log in", { extensions: ["AUTH GSSAPI"] }, { stage: "auth", code: null }],
  ["no login at all", { extensions: [] }, { stage: "auth", code: null }],
])("%s", async (_name, options, expected) => {
  const server = await start(options);
  const error = await refusal(connectTo(server, { username: "user", password: "pass" }));
  expect(error).toMatchObject(expected);
  expect(String(error) + JSON.stringify(error)).not.toContain("secret");
});

test("NUL can't be smuggled into the login", async () => {
  const server = await start({ extensions: ["AUTH PLAIN"] });
  expect(await refusal(connectTo(server, { username: "a\0b", password: "c" }))).toMatchObject({
    stage: "auth",
  });
  expect(server.commands.join()).not.toContain("AUTH");
});

test.each(["none", "starttls", "implicit"] as const)(
  "a private host that is not on the allow-list is not even connected to (%s)",
  async (security) => {
    const server = await start({ tls });
    for (const host of ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]"]) {
      const connecting = createMailTransport({ allow: ["127.0.0.1:1", "mail.test:25"] }).connect({
        host,
        port: server.port,
        security,
        username: null,
        password: null,
      });
      expect(await refusal(connecting)).toMatchObject({ stage: "connect", code: null, reason: "connect" });
    }
    expect(server.connections).toBe(0);
  },
);

test("no plaintext to a public host: not a socket is opened", async () => {
  let opened = 0;
  const count = () => {
    opened += 1;
  };
  subscribe("net.client.socket", count);
  try {
    const connecting = createMailTransport({ allow: ["127.0.0.1:587"], timeouts: { connect: 500 } }).connect({
      host: "8.8.8.8",
      port: 587,
      security: "none",
      username: "user",
      password: "pass",
    });
    expect(await refusal(connecting)).toMatchObject({ stage: "connect", code: null });
  } finally {
    unsubscribe("net.client.socket", count);
  }
  expect(opened).toBe(0);
});

test("a closed port and a forbidden host read the same", async () => {
  const server = await start();
  await server.close();
  const closed = await refusal(connectTo(server));
  const forbidden = await refusal(
    connectTo(server, { host: "10.0.0.1", security: "starttls" }, { allow: [] }),
  );
  expect(closed.message).toBe(forbidden.message);
  expect({ ...closed }).toEqual({ ...forbidden });
});
