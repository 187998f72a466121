import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { simpleParser } from "mailparser";
import { readBody, send, sendHtml, sendJson } from "./http.ts";
import type { MailHeader, Sink, SinkBehaviour } from "./sink.ts";

const here = join(import.meta.dirname, "inbox");

/**
 * The mail page over the sink, and its API:
 *   GET    /api/messages?q=&rcpt=&from=&subject=&messageId=&offset=&limit=&order=newest|oldest   -> { total, kept, messages: MailHeader[] }
 *   GET    /api/messages/:n         -> MailHeader + { to, date, text, hasHtml, headers: [name, value][], attachments }
 *   GET    /api/messages/:n/raw     -> message/rfc822, octet for octet
 *   GET    /api/messages/:n/html    -> the HTML part, without scripts or remote content
 *   DELETE /api/messages
 *   GET, POST /api/behaviour        -> { login: { user, password } | null, delay, durable }
 * `rcpt` and `messageId` match exactly (letters' case aside for rcpt); `q`, `from` and `subject` match any part. Limit at most 100,000.
 */
export function createInbox(sink: Sink) {
  const page = readFileSync(join(here, "inbox.html"), "utf8");
  const files: Record<string, [type: string, text: string]> = {
    "/inbox.css": ["text/css; charset=utf-8", readFileSync(join(here, "inbox.css"), "utf8")],
    "/inbox.js": ["text/javascript; charset=utf-8", readFileSync(join(here, "inbox.js"), "utf8")],
  };

  function search(query: URLSearchParams): { total: number; kept: number; messages: MailHeader[] } {
    const lower = (name: string) => query.get(name)?.toLowerCase() ?? "";
    const [text, rcpt, from, subject] = [lower("q"), lower("rcpt"), lower("from"), lower("subject")];
    const messageId = query.get("messageId") ?? "";
    const all = sink.list();
    const found = all.filter(
      (mail) =>
        (rcpt === "" || mail.rcpt.some((one) => one.toLowerCase() === rcpt)) &&
        (messageId === "" || mail.messageId === messageId) &&
        (from === "" || `${mail.from} ${mail.sender}`.toLowerCase().includes(from)) &&
        (subject === "" || mail.subject.toLowerCase().includes(subject)) &&
        (text === "" ||
          `${mail.rcpt.join(" ")} ${mail.sender} ${mail.subject} ${mail.messageId}`
            .toLowerCase()
            .includes(text)),
    );
    if (query.get("order") !== "oldest") found.reverse();
    const offset = Math.max(0, Number(query.get("offset") ?? 0) || 0);
    const limit = Math.min(100_000, Number(query.get("limit") ?? 50) || 50);
    return { total: found.length, kept: all.length, messages: found.slice(offset, offset + limit) };
  }

  async function showOne(res: ServerResponse, n: number, part: string): Promise<void> {
    const header = sink.list().find((mail) => mail.n === n);
    const raw = header ? await sink.raw(n) : null;
    if (!header || !raw) return sendJson(res, 404, { error: "There is no such message." });
    if (part === "raw") {
      return send(res, 200, "message/rfc822", raw, {
        "content-disposition": `inline; filename="message-${n}.eml"`,
      });
    }
    const mail = await simpleParser(raw);
    if (part === "html") {
      return sendHtml(res, 200, mail.html || "", {
        "content-security-policy":
          "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-popups allow-same-origin",
      });
    }
    sendJson(res, 200, {
      ...header,
      to: [mail.to ?? []]
        .flat()
        .map(({ text }) => text)
        .join(", "),
      date: mail.date?.toISOString() ?? null,
      text: mail.text ?? "",
      hasHtml: Boolean(mail.html),
      headers: mail.headerLines.map(({ line }) => {
        const cut = line.indexOf(":");
        return [line.slice(0, cut), line.slice(cut + 1).trim()];
      }),
      attachments: mail.attachments.map(({ filename, contentType, size }) => ({
        filename,
        contentType,
        size,
      })),
    });
  }

  return {
    async handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
      const url = new URL(req.url ?? "/", "http://inbox");
      const one = /^\/api\/messages\/(\d+)(?:\/(raw|html))?$/.exec(url.pathname);
      const file = files[url.pathname];
      if (one) return showOne(res, Number(one[1]), one[2] ?? "");
      if (url.pathname === "/api/messages" && req.method === "DELETE") {
        await sink.clear();
        return sendJson(res, 200, { total: 0 });
      }
      if (url.pathname === "/api/messages") return sendJson(res, 200, search(url.searchParams));
      if (url.pathname === "/api/behaviour") {
        if (req.method === "POST") {
          const change = JSON.parse((await readBody(req)).toString("utf8")) as Partial<SinkBehaviour>;
          Object.assign(sink.behaviour, change);
        }
        return sendJson(res, 200, sink.behaviour);
      }
      if (file) return send(res, 200, file[0], file[1]);
      if (url.pathname === "/" || /^\/messages\/\d+$/.test(url.pathname)) return sendHtml(res, 200, page);
      sendHtml(res, 404, "<!doctype html><p>Nothing here.</p>");
    },
  };
}
