import type { AddressInfo } from "node:net";
import { createServer } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  assertPublicUrl,
  dial,
  guardedFetch,
  isAllowListed,
  isPublicAddress,
  mailPorts,
  NetRefused,
  resolvePublic,
} from "../../app/adapters/net-guard.server.ts";

test.each([
  "127.0.0.1",
  "127.255.255.254",
  "0.0.0.0",
  "10.1.2.3",
  "172.16.0.1",
  "172.31.255.255",
  "192.168.1.1",
  "169.254.169.254",
  "100.64.0.1",
  "100.100.100.200",
  "100.127.255.255",
  "168.63.129.16",
  "192.0.0.192",
  "198.18.0.1",
  "192.0.2.1",
  "224.0.0.1",
  "240.0.0.1",
  "255.255.255.255",
  "::",
  "::1",
  "::7f00:1",
  "::ffff:10.0.0.1",
  "::ffff:127.0.0.1",
  "::ffff:8.8.8.8",
  "64:ff9b::a00:1",
  "2002:a00:1::",
  "2001::1",
  "fe80::1",
  "fec0::1",
  "fc00::1",
  "fd00:ec2::254",
  "ff02::1",
  "2001:db8::1",
  "2130706433",
  "0x7f.1",
  "not an address",
])("%s is not public", (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each(["8.8.8.8", "172.32.0.1", "100.128.0.1", "169.253.0.1", "2606:4700::1111", "2a00:1450:4001::1"])(
  "%s is public",
  (address) => {
    expect(isPublicAddress(address)).toBe(true);
  },
);

test.each([
  "127.0.0.1",
  "localhost",
  "LOCALHOST",
  "localhost.",
  "2130706433",
  "0x7f000001",
  "0177.0.0.1",
  "127.1",
  "169.254.169.254",
  "::1",
  "[::1]",
  "::ffff:10.0.0.1",
  "100.64.0.1",
  "",
  "a b",
  "a\r\nb",
  "host/path",
  "no-such-host.invalid",
])("mail host %j is refused", async (host) => {
  await expect(resolvePublic(host, 587, [], mailPorts)).rejects.toBeInstanceOf(NetRefused);
});

test("a public address passes on mail ports only", async () => {
  expect(await resolvePublic("8.8.8.8", 587, [], mailPorts)).toEqual(["8.8.8.8"]);
  for (const port of [25, 22, 80, 443, 6379]) {
    await expect(resolvePublic("8.8.8.8", port, [], mailPorts)).rejects.toBeInstanceOf(NetRefused);
  }
});

test("the allow-list is host and port together, and nothing that resolves the same", async () => {
  expect(await resolvePublic("127.0.0.1", 3906, ["127.0.0.1:3906"], mailPorts)).toEqual(["127.0.0.1"]);
  expect(isAllowListed("[::1]", 25, ["[::1]:25"])).toBe(true);
  expect(isAllowListed("Mail.Test", 25, ["mail.test:25"])).toBe(true);
  expect(isAllowListed("127.0.0.1", 25, ["127.0.0.1:255"])).toBe(false);
  for (const [host, port] of [
    ["127.0.0.1", 3907],
    ["localhost", 3906],
    ["127.0.0.2", 3906],
  ] as const) {
    await expect(resolvePublic(host, port, ["127.0.0.1:3906"], mailPorts)).rejects.toBeInstanceOf(NetRefused);
  }
});

test("a closed port ends in the same refusal as a forbidden one", async () => {
  const spare = createServer();
  await new Promise<void>((resolve) => spare.listen(0, "127.0.0.1", resolve));
  const { port } = spare.address() as AddressInfo;
  await new Promise((resolve) => spare.close(resolve));
  const target = { host: "127.0.0.1", port, ports: mailPorts, timeoutMs: 1000 };
  const closed: unknown = await dial({ ...target, allow: [`127.0.0.1:${port}`] }).catch(
    (error: unknown) => error,
  );
  const forbidden: unknown = await dial({ ...target, allow: [] }).catch((error: unknown) => error);
  expect(closed).toBeInstanceOf(NetRefused);
  expect(String(closed)).toBe(String(forbidden));
});

test.each([
  "http://8.8.8.8/",
  "https://8.8.8.8:8443/",
  "https://user:secret@8.8.8.8/",
  "https://127.0.0.1/",
  "https://2130706433/",
  "https://0x7f.1/",
  "https://[::1]/",
  "https://[::ffff:10.0.0.1]/",
  "https://localhost/",
  "https://169.254.169.254/latest/meta-data/",
  "ftp://8.8.8.8/",
  "file:///etc/passwd",
  "gopher://8.8.8.8/",
  "//8.8.8.8/",
  "",
])("URL %j is refused", async (url) => {
  await expect(assertPublicUrl(url, [])).rejects.toBeInstanceOf(NetRefused);
});

test("a public https URL passes", async () => {
  expect(await assertPublicUrl("https://8.8.8.8/file?x=1", [])).toMatchObject({
    port: 443,
    addresses: ["8.8.8.8"],
  });
});

let hits: string[] = [];
const web = createServer((request, response) => {
  hits.push(`${request.headers.host}${request.url}`);
  if (request.url === "/redirect") {
    response.writeHead(302, { location: "http://169.254.169.254/" }).end();
  } else if (request.url === "/short") {
    response.writeHead(200, { "content-length": "100" });
    response.write("0123456789", () => setTimeout(() => response.destroy(), 20));
  } else if (request.url === "/stall") {
    response.writeHead(200);
    response.write("0123456789");
  } else if (request.url === "/gone") {
    response.writeHead(410).end("gone");
  } else {
    response.writeHead(200, { "content-type": "application/jsonl" }).end(Buffer.alloc(1_000_000, "a line\n"));
  }
});
let port = 0;
let base = "";
beforeAll(async () => {
  await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
  port = (web.address() as AddressInfo).port;
  base = `http://localhost:${port}`;
});
afterAll(() => {
  web.closeAllConnections();
  return new Promise((resolve) => web.close(resolve));
});

test("an allow-listed URL is fetched whole, from the name it was given", async () => {
  hits = [];
  const response = await guardedFetch(`${base}/file`, [`localhost:${port}`]);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("application/jsonl");
  expect(Buffer.from(await response.arrayBuffer()).equals(Buffer.alloc(1_000_000, "a line\n"))).toBe(true);
  expect(hits).toEqual([`localhost:${port}/file`]);
});

test("not on the list: not a byte goes out", async () => {
  hits = [];
  await expect(guardedFetch(`${base}/file`, [])).rejects.toBeInstanceOf(NetRefused);
  expect(hits).toEqual([]);
});

test("a redirect is refused, an error status is handed over", async () => {
  await expect(guardedFetch(`${base}/redirect`, [`localhost:${port}`])).rejects.toBeInstanceOf(NetRefused);
  const gone = await guardedFetch(`${base}/gone`, [`localhost:${port}`]);
  expect([gone.status, await gone.text()]).toEqual([410, "gone"]);
});

test.each(["/short", "/stall"])("%s: a body that breaks off is an error, never an end", async (path) => {
  const response = await guardedFetch(`${base}${path}`, [`localhost:${port}`], { silenceMs: 200 });
  await expect(response.text()).rejects.toBeInstanceOf(TypeError);
});

test("a body that nobody wants any more closes the connection", async () => {
  const response = await guardedFetch(`${base}/stall`, [`localhost:${port}`]);
  await response.body?.cancel();
  await expect
    .poll(() => new Promise((resolve) => web.getConnections((_error, count) => resolve(count))))
    .toBe(0);
});
