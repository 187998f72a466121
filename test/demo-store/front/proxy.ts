import { Agent, request } from "node:http";
import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { send, sendHtml } from "./http.ts";

/**
 * The app as the browser sees it. An ordinary browser can't be told to resolve Shopify's hosts elsewhere, so this stands in front
 * of the app and replaces them on the way out: the CDN (with app-bridge.js) by itself, the admin by the demo's admin page.
 */

export type ProxyOptions = {
  /** The web process. */
  appOrigin: string;
  /** This proxy, as the browser names it. */
  publicOrigin: string;
  adminOrigin: string;
  /** Text of the stand-in App Bridge. */
  appBridge: string;
};

const cdnPath = "/__demo/cdn";
const hopByHop = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

export function createProxy(options: ProxyOptions): {
  handle(req: IncomingMessage, res: ServerResponse): void;
  close(): void;
} {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const target = new URL(options.appOrigin);
  const swaps: [string, string][] = [
    ["https://cdn.shopify.com", `${options.publicOrigin}${cdnPath}`],
    ["https://admin.shopify.com", options.adminOrigin],
  ];
  const swap = (text: string) => swaps.reduce((done, [from, to]) => done.replaceAll(from, to), text);

  function serveCdn(path: string, res: ServerResponse): void {
    if (path === `${cdnPath}/shopifycloud/app-bridge.js`) {
      send(res, 200, "text/javascript; charset=utf-8", options.appBridge);
    } else if (path.endsWith(".css")) {
      send(res, 200, "text/css", "");
    } else {
      send(res, 404, "text/plain", "Not on the demo's CDN.");
    }
  }

  return {
    handle(req, res) {
      const path = (req.url ?? "/").split("?")[0] ?? "/";
      if (path.startsWith(`${cdnPath}/`)) return serveCdn(path, res);
      const upstream = request(
        {
          agent,
          host: target.hostname,
          port: target.port,
          method: req.method,
          path: req.url,
          headers: forwardedHeaders(req),
        },
        (answer) => {
          const html = (answer.headers["content-type"] ?? "").startsWith("text/html");
          res.writeHead(answer.statusCode ?? 502, answeredHeaders(answer.headers, html, swap));
          const steps = html ? [answer, createSwapper(swaps), res] : [answer, res];
          pipeline(steps as [IncomingMessage, ServerResponse]).catch(() => res.destroy());
        },
      );
      upstream.on("error", () => {
        if (res.headersSent) res.destroy();
        else sendAway(req, res);
      });
      res.on("close", () => {
        if (!res.writableFinished) upstream.destroy();
      });
      req.pipe(upstream);
    },
    close: () => agent.destroy(),
  };
}

function forwardedHeaders(req: IncomingMessage): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = {};
  for (const [name, value] of Object.entries(req.headers)) {
    // Uncompressed, so that HTML can be rewritten as it streams.
    if (!hopByHop.has(name) && name !== "accept-encoding" && name !== "cookie") headers[name] = value;
  }
  // Cookies know no ports: those of the demo's own pages would reach the app.
  const cookies = (req.headers.cookie ?? "").split(/;\s*/).filter((c) => c !== "" && !c.startsWith("demo_"));
  if (cookies.length > 0) headers["cookie"] = cookies.join("; ");
  headers["x-forwarded-for"] = req.socket.remoteAddress ?? "127.0.0.1";
  return headers;
}

function answeredHeaders(
  from: IncomingHttpHeaders,
  html: boolean,
  swap: (text: string) => string,
): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = {};
  for (const [name, value] of Object.entries(from)) {
    if (hopByHop.has(name) || value === undefined) continue;
    if (html && (name === "content-length" || name === "etag")) continue;
    headers[name] = Array.isArray(value) ? value.map(swap) : swap(value);
  }
  return headers;
}

/** Replaces ASCII strings in a byte stream, also where one is cut by a chunk's end. */
export function createSwapper(swaps: [string, string][]): Transform {
  const hold = Math.max(...swaps.map(([from]) => from.length)) - 1;
  const replace = (text: string) => swaps.reduce((done, [from, to]) => done.replaceAll(from, to), text);
  let rest = "";
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const text = rest + chunk.toString("latin1");
      // The longest end of this text that could be the beginning of something to replace.
      let keep = 0;
      for (let length = Math.min(hold, text.length); length > 0; length--) {
        const end = text.slice(-length);
        if (swaps.some(([from]) => from.startsWith(end))) {
          keep = length;
          break;
        }
      }
      rest = keep === 0 ? "" : text.slice(-keep);
      done(null, Buffer.from(replace(keep === 0 ? text : text.slice(0, -keep)), "latin1"));
    },
    flush(done) {
      done(null, Buffer.from(replace(rest), "latin1"));
    },
  });
}

function sendAway(req: IncomingMessage, res: ServerResponse): void {
  req.resume();
  if (!(req.headers.accept ?? "").includes("text/html")) {
    send(res, 502, "text/plain; charset=utf-8", "The app isn't running.", { "retry-after": "2" });
    return;
  }
  sendHtml(
    res,
    502,
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="2"><title>Candor is starting</title>
<style>body{font:1rem/1.5 system-ui,sans-serif;display:grid;place-items:center;min-height:80vh;margin:0;padding:1rem;color:#303030;background:#f1f1f1}main{max-width:26rem;background:#fff;border-radius:.75rem;padding:1.5rem 2rem;box-shadow:0 1px 2px #0002}h1{font-size:1.1rem;margin:0}</style></head>
<body><main><h1>Candor isn't answering yet</h1><p>It may still be starting. This page tries again every two seconds.</p></main></body></html>`,
    { "retry-after": "2" },
  );
}
