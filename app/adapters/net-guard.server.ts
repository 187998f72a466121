/**
 * Keeps a merchant's host name from reaching our own network (server-side request forgery). Names are resolved here and the
 * connection goes to the address that was checked, so that a second answer from DNS can't change the target. Every failure reads
 * the same from outside: the difference between "closed" and "forbidden" would map a network.
 */
import { lookup } from "node:dns/promises";
import type { IncomingMessage } from "node:http";
import { request as requestPlain } from "node:http";
import { request as requestTls } from "node:https";
import type { Socket } from "node:net";
import { connect, isIP } from "node:net";
import ipaddr from "ipaddr.js";

/** Hosts let through although private or unencrypted, each "host:port" ("[::1]:25" for IPv6). Empty in production. */
export type NetAllow = readonly string[];

/** Forbidden, unresolvable or unreachable; deliberately not told apart. */
export class NetRefused extends Error {
  constructor() {
    super("the host can't be reached");
    this.name = "NetRefused";
  }
}

export const mailPorts: readonly number[] = [465, 587, 2525];
const webPorts: readonly number[] = [443];
const triedAddresses = 4;

// Azure's host agent answers on a public address.
const metadataAddresses = new Set(["168.63.129.16"]);
const globalUnicast: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse("2000::"), 3];

/** Whether an IP address is one of the open internet. False for text that is no address in its usual spelling. */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== "unicast" || metadataAddresses.has(parsed.toString())) return false;
  // Also leaves out what has no range of its own, such as IPv4-compatible "::7f00:1".
  return parsed instanceof ipaddr.IPv4 || parsed.match(globalUnicast);
}

function stripBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, "$1").toLowerCase();
}

export function isAllowListed(host: string, port: number, allow: NetAllow): boolean {
  const bare = stripBrackets(host);
  const wanted = bare.includes(":") ? `[${bare}]:${port}` : `${bare}:${port}`;
  return allow.some((entry) => entry.toLowerCase() === wanted);
}

function isHost(bare: string): boolean {
  return isIP(bare) !== 0 || (bare.length <= 253 && /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?$/.test(bare));
}

/**
 * The IP addresses behind a host, all of them checked. One that is not public refuses the whole name. `ports` are those open to
 * hosts that are not on the allow-list. Throws `NetRefused`.
 */
export async function resolvePublic(
  host: string,
  port: number,
  allow: NetAllow,
  ports: readonly number[],
): Promise<string[]> {
  const bare = stripBrackets(host);
  const listed = isAllowListed(host, port, allow);
  if (!isHost(bare) || (!listed && !ports.includes(port))) throw new NetRefused();
  let found: string[];
  try {
    found = (await lookup(bare, { all: true, verbatim: true })).map((entry) => entry.address);
  } catch {
    throw new NetRefused();
  }
  if (found.length === 0 || (!listed && !found.every(isPublicAddress))) throw new NetRefused();
  return found.slice(0, triedAddresses);
}

function connectTo(address: string, port: number, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port });
    function fail() {
      signal.removeEventListener("abort", fail);
      socket.destroy();
      reject(new NetRefused());
    }
    // Stays for good: an error between two owners of the socket must not bring the process down.
    socket.on("error", fail);
    signal.addEventListener("abort", fail);
    socket.once("connect", () => {
      signal.removeEventListener("abort", fail);
      socket.off("error", fail);
      socket.on("error", () => {});
      resolve(socket);
    });
    if (signal.aborted) fail();
  });
}

/** A TCP connection to a checked address of `host`, within `timeoutMs` for name and connection together. Throws `NetRefused`. */
export async function dial(target: {
  host: string;
  port: number;
  allow: NetAllow;
  ports: readonly number[];
  timeoutMs: number;
}): Promise<Socket> {
  const signal = AbortSignal.timeout(target.timeoutMs);
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(new NetRefused()), { once: true });
  });
  late.catch(() => {});
  const addresses = await Promise.race([
    resolvePublic(target.host, target.port, target.allow, target.ports),
    late,
  ]);
  for (const address of addresses) {
    if (signal.aborted) break;
    try {
      return await connectTo(address, target.port, signal);
    } catch (error) {
      if (!(error instanceof NetRefused)) throw error;
    }
  }
  throw new NetRefused();
}

/** A checked URL with the addresses its host resolved to. */
export type PublicUrl = { url: URL; port: number; addresses: string[] };

/**
 * Checks a URL that came from outside: https on port 443 without credentials, unless its host:port is on the allow-list, then http
 * and any port too. Throws `NetRefused`.
 */
export async function assertPublicUrl(text: string, allow: NetAllow): Promise<PublicUrl> {
  if (!URL.canParse(text)) throw new NetRefused();
  const url = new URL(text);
  const secure = url.protocol === "https:";
  const port = url.port === "" ? (secure ? 443 : 80) : Number(url.port);
  if (!secure && !(url.protocol === "http:" && isAllowListed(url.hostname, port, allow)))
    throw new NetRefused();
  if (url.username !== "" || url.password !== "") throw new NetRefused();
  return { url, port, addresses: await resolvePublic(url.hostname, port, allow, webPorts) };
}

/** The body's chunks; a connection that breaks early ends them in the TypeError that `fetch` would throw. */
async function* readBody(response: IncomingMessage): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of response) yield chunk as Uint8Array;
  } catch {
    throw new TypeError("terminated");
  }
}

function toResponse(response: IncomingMessage): Response {
  const status = response.statusCode ?? 0;
  const headers = new Headers();
  for (const [name, values] of Object.entries(response.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  if (status === 204 || status === 205) {
    response.resume();
    return new Response(null, { status, headers });
  }
  const chunks = readBody(response);
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await chunks.next();
      if (next.done) controller.close();
      else controller.enqueue(next.value);
    },
    cancel() {
      response.destroy();
    },
  });
  return new Response(body, { status, headers });
}

/**
 * GET of a URL that came from outside, from an address that was checked; the global `fetch` can't be held to one. Redirects are
 * refused, not followed, and the body comes uncompressed. `silenceMs` is the longest wait for the answer and between its chunks.
 * Throws `NetRefused`.
 */
export async function guardedFetch(
  text: string,
  allow: NetAllow,
  options: { silenceMs?: number; headers?: Record<string, string>; signal?: AbortSignal } = {},
): Promise<Response> {
  const { url, addresses } = await assertPublicUrl(text, allow);
  const pinned = addresses.map((address) => ({ address, family: isIP(address) }));
  const send = url.protocol === "https:" ? requestTls : requestPlain;
  return new Promise((resolve, reject) => {
    const request = send(url, {
      agent: false,
      headers: { "accept-encoding": "identity", ...options.headers },
      timeout: options.silenceMs ?? 60_000,
      signal: options.signal,
      lookup: (_host, wanted, done) => {
        const first = pinned[0];
        if (wanted.all) done(null, pinned);
        else if (first) done(null, first.address, first.family);
        else done(new NetRefused(), "", 4);
      },
    });
    request.on("timeout", () => request.destroy(new NetRefused()));
    request.on("error", () => reject(new NetRefused()));
    request.on("response", (response) => {
      const status = response.statusCode ?? 0;
      if (status >= 200 && status < 600 && (status < 300 || status >= 400)) {
        resolve(toResponse(response));
      } else {
        request.destroy();
        reject(new NetRefused());
      }
    });
    request.end();
  });
}
