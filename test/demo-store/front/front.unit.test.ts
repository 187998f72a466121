import { createHash } from "node:crypto";
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import nodemailer from "nodemailer";
import { afterEach, expect, test } from "vitest";
import { createInbox } from "./inbox.ts";
import { listen } from "./http.ts";
import { createProxy, createSwapper } from "./proxy.ts";
import { decodeWords, startSink } from "./sink.ts";

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).toReversed()) await step();
});

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "candor-sink-"));
  undo.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test("the proxy replaces hosts wherever a chunk ends, and no other byte", async () => {
  const text = "ähttps://admin.shopify.com/xhttps://cdn.shopify.com/y https://admin.shopify.co https://admin";
  const bytes = Buffer.from(text);
  for (let cut = 0; cut <= bytes.length; cut++) {
    const swapper = createSwapper([
      ["https://cdn.shopify.com", "C"],
      ["https://admin.shopify.com", "A"],
    ]);
    swapper.write(bytes.subarray(0, cut));
    swapper.end(bytes.subarray(cut));
    const parts: Buffer[] = [];
    for await (const part of swapper) parts.push(part as Buffer);
    expect(Buffer.concat(parts).toString()).toBe("äA/xC/y https://admin.shopify.co https://admin");
  }
});

test("the proxy rewrites headers, keeps the demo's cookies to itself, and says calmly when the app is away", async () => {
  const seen: Record<string, unknown>[] = [];
  const app = createServer((req, res) => {
    seen.push(req.headers);
    res.writeHead(200, {
      "content-type": "text/html",
      "content-security-policy": "frame-ancestors https://admin.shopify.com;",
      location: "https://admin.shopify.com/store/x",
    });
    res.end('<script src="https://cdn.shopify.com/shopifycloud/app-bridge.js"></script>');
  });
  await new Promise<void>((resolve) => app.listen(0, "127.0.0.1", resolve));
  undo.push(() => app.close());
  const door = await listen(0);
  undo.push(() => door.close());
  const publicOrigin = `http://localhost:${door.port}`;
  const proxy = createProxy({
    appOrigin: `http://127.0.0.1:${(app.address() as AddressInfo).port}`,
    publicOrigin,
    adminOrigin: "http://localhost:1",
    appBridge: "/* bridge */",
  });
  undo.push(() => proxy.close());
  door.open(proxy.handle);

  const here = `http://127.0.0.1:${door.port}`;
  const headers = { cookie: "demo_locale=fr; mine=1; demo_customer=7", "user-agent": "Browser/1" };
  const answer = await fetch(`${here}/app`, { headers, redirect: "manual" });
  expect(answer.headers.get("content-security-policy")).toBe("frame-ancestors http://localhost:1;");
  expect(answer.headers.get("location")).toBe("http://localhost:1/store/x");
  const source = /src="([^"]+)"/.exec(await answer.text())![1]!;
  expect(source.startsWith(publicOrigin)).toBe(true);
  expect(await (await fetch(source.replace("localhost", "127.0.0.1"))).text()).toBe("/* bridge */");
  expect(seen[0]).toMatchObject({ cookie: "mine=1", "user-agent": "Browser/1" });
  expect(seen[0]).not.toHaveProperty("accept-encoding");

  app.closeAllConnections();
  await new Promise((resolve) => app.close(resolve));
  const away = await fetch(`${here}/app`, { headers: { accept: "text/html" } });
  expect(away.status).toBe(502);
  expect(await away.text()).toContain("tries again");
});

test("the sink keeps what it acknowledged, also across a restart that finds a torn line", async () => {
  const file = join(makeFolder(), "inbox.jsonl");
  let sink = await startSink({ port: 0, file });
  const transport = nodemailer.createTransport({ host: "127.0.0.1", port: sink.port, pool: true });
  const send = (n: number) =>
    transport.sendMail({
      from: "Shop – Datenschutz <privacy@shop.example>",
      to: `person${n}@example.com`,
      subject: `Ihre persönlichen Daten, Brief ${n}`,
      messageId: `<letter-${n}@shop.example>`,
      text: "x",
    });
  await Promise.all([1, 2, 3, 4, 5].map(send));
  const kept = readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, string>);
  expect(kept.flatMap((mail) => mail["rcpt"]).toSorted()).toEqual(
    [1, 2, 3, 4, 5].map((n) => `person${n}@example.com`),
  );
  for (const mail of kept) {
    const raw = Buffer.from(mail["raw"]!, "base64");
    expect(createHash("sha256").update(raw).digest("hex")).toBe(mail["sha256"]);
    expect(raw.toString()).toContain(`To: ${String(mail["rcpt"])}`);
  }
  transport.close();
  await sink.close();

  appendFileSync(file, '{"n":6,"rcpt":["torn@exam');
  sink = await startSink({ port: 0, file });
  undo.push(() => sink.close());
  const door = await listen(0);
  undo.push(() => door.close());
  door.open(createInbox(sink).handle);
  const api = `http://127.0.0.1:${door.port}/api/messages`;
  const ask = async (query: string) =>
    (await (await fetch(`${api}?${query}`)).json()) as {
      total: number;
      kept: number;
      messages: { n: number; messageId: string; subject: string }[];
    };
  expect((await ask("")).total).toBe(5);
  const found = await ask("rcpt=Person3@example.com");
  expect(found.messages).toMatchObject([
    { messageId: "<letter-3@shop.example>", subject: "Ihre persönlichen Daten, Brief 3" },
  ]);
  expect((await ask(`messageId=${encodeURIComponent("<letter-4@shop.example>")}`)).total).toBe(1);
  expect((await ask("limit=2&offset=4")).messages).toHaveLength(1);
  const raw = await (await fetch(`${api}/${found.messages[0]!.n}/raw`)).text();
  expect(raw).toContain("To: person3@example.com");
  await fetch(api, { method: "DELETE" });
  expect(await ask("")).toMatchObject({ total: 0, kept: 0 });
});

test("the sink can insist on a login", async () => {
  const sink = await startSink({ port: 0, file: join(makeFolder(), "inbox.jsonl") });
  undo.push(() => sink.close());
  sink.behaviour.login = { user: "shop", password: "right" };
  const mail = { from: "a@shop.example", to: "b@example.com", text: "x" };
  const code = (auth?: { user: string; pass: string }) =>
    nodemailer
      .createTransport({ host: "127.0.0.1", port: sink.port, ...(auth ? { auth } : {}) })
      .sendMail(mail)
      .then(
        () => 250,
        (error: { responseCode: number }) => error.responseCode,
      );
  expect(await code()).toBe(530);
  expect(await code({ user: "shop", pass: "wrong" })).toBe(535);
  expect(await code({ user: "shop", pass: "right" })).toBe(250);
  expect(sink.list()).toHaveLength(1);
});

test.each([
  ["=?utf-8?Q?caf=C3=A9_noir?=", "café noir"],
  ["=?UTF-8?B?w6Q=?= =?UTF-8?B?w7Y=?=", "äö"],
  ["=?utf-8?b?8J+Y?= =?utf-8?b?gA==?=", "😀"],
  ["=?iso-8859-1?q?=E4?= plain", "ä plain"],
  ["no words here", "no words here"],
])("decodes %s", (encoded, plain) => {
  expect(decodeWords(encoded)).toBe(plain);
});
