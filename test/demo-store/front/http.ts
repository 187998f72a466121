import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Handler = (req: IncomingMessage, res: ServerResponse) => void | Promise<void>;

/** One loopback server of the demo store. Its handler is given after every port is known, because pages name each other. */
export type Door = { port: number; open(handler: Handler): void; close(): Promise<void> };

/** Listens on 127.0.0.1; `port` 0 takes any free one. Throws with `code` EADDRINUSE when taken. */
export async function listen(port: number): Promise<Door> {
  let handler: Handler = (_req, res) => send(res, 503, "text/plain", "The demo store is starting.");
  const server: Server = createServer((req, res) => {
    void (async () => handler(req, res))().catch((error: unknown) => {
      if (res.headersSent) res.destroy();
      else
        send(res, 500, "text/plain; charset=utf-8", error instanceof Error ? error.message : String(error));
    });
  });
  // Longer than any client keeps an idle connection, so that none is reset while a request is on its way.
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.removeListener("error", reject);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    open(next) {
      handler = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function send(
  res: ServerResponse,
  status: number,
  type: string,
  body: string | Buffer,
  headers: Record<string, string | string[]> = {},
): void {
  res.writeHead(status, {
    "content-type": type,
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
    ...headers,
  });
  res.end(res.req.method === "HEAD" ? undefined : body);
}

export function sendHtml(
  res: ServerResponse,
  status: number,
  html: string,
  headers: Record<string, string | string[]> = {},
): void {
  send(res, status, "text/html; charset=utf-8", html, headers);
}

export function sendJson(res: ServerResponse, status: number, value: unknown): void {
  send(res, status, "application/json; charset=utf-8", JSON.stringify(value));
}

export function redirect(
  res: ServerResponse,
  location: string,
  headers: Record<string, string | string[]> = {},
): void {
  send(res, 303, "text/plain", "", { location, ...headers });
}

export async function readBody(req: IncomingMessage, limit = 10_000_000): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of req as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > limit) throw new Error("The request is larger than the demo store accepts.");
    parts.push(part);
  }
  return Buffer.concat(parts);
}

export function readCookies(req: IncomingMessage): Map<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of (req.headers.cookie ?? "").split(";")) {
    const cut = pair.indexOf("=");
    if (cut > 0) cookies.set(pair.slice(0, cut).trim(), decodeURIComponent(pair.slice(cut + 1).trim()));
  }
  return cookies;
}
