import { createHash } from "node:crypto";
import fc from "fast-check";
import { simpleParser } from "mailparser";
import { describe, expect, test } from "vitest";
import {
  buildMessage,
  encodeQuotedPrintable,
  MessageInvalid,
} from "../../../app/breach/notice/mime.server.ts";
import type { Message } from "../../../app/breach/notice/mime.server.ts";
import { compileLetter, draftLetter, renderLetter } from "../../../app/breach/notice/notice.ts";
import { breachFacts, hostileValues, mossAndFern } from "./facts-of-a-breach.ts";

const plain: Message = {
  from: { name: "Moss and Fern", address: "privacy@moss.example" },
  to: { name: "Ana Silva", address: "ana@mail.example" },
  replyTo: null,
  subject: "Data breach at Moss and Fern",
  html: "<p>Hello</p>\n",
  text: "Hello\n",
  messageId: "d1f0.1@moss.example",
  date: new Date("2026-09-08T10:00:09.500Z"),
};

const headersOf = (message: Buffer) => message.subarray(0, message.indexOf("\r\n\r\n")).toString("utf8");
const fieldNames = (message: Buffer) =>
  headersOf(message)
    .split("\r\n")
    .filter((line) => !/^[ \t]/.test(line))
    .map((line) => line.slice(0, line.indexOf(":")));
type Addresses = { value: { address?: string; name: string }[] };
type Parsed = {
  to?: Addresses;
  from?: Addresses;
  replyTo?: Addresses;
  cc?: Addresses;
  bcc?: Addresses;
  subject?: string;
  messageId?: string;
  date?: Date;
  text?: string;
  html?: string | false;
  attachments: unknown[];
  headers: Map<string, unknown>;
};
/** With the options that keep mailparser from making up a part that isn't there. */
const parse = (message: Buffer) =>
  (simpleParser as unknown as (source: Buffer, options: Record<string, boolean>) => Promise<Parsed>)(
    message,
    {
      skipTextToHtml: true,
      skipHtmlToText: true,
      skipImageLinks: true,
    },
  );
const addresses = (field: Addresses | undefined) => field?.value ?? [];

/** What a name or subject should read as on arrival: one line, well-formed. */
const arrived = (value: string) =>
  value
    .toWellFormed()
    // oxlint-disable-next-line no-control-regex
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\s]+/g, " ")
    .replace(/[\u202a-\u202e\u2066-\u2069\ufeff]/g, "")
    .trim();

const anyText = fc.oneof(
  fc.constantFrom(...hostileValues),
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.string({ maxLength: 200 }),
);

describe("what is read back is what was meant", () => {
  test("names, subject and bodies, whatever they hold", async () => {
    await fc.assert(
      fc.asyncProperty(anyText, anyText, anyText, async (name, subject, body) => {
        const message = buildMessage({
          ...plain,
          from: { name: subject, address: plain.from.address },
          to: { name, address: plain.to.address },
          replyTo: { name, address: "answers@moss.example" },
          subject,
          text: body,
          html: `<p>${body.replaceAll("<", "&lt;")}</p>`,
          headers: { "X-Candor-Reference": subject },
        });
        expect(fieldNames(message)).toEqual([
          "From",
          "To",
          "Reply-To",
          "Subject",
          "Message-ID",
          "Date",
          "Auto-Submitted",
          "X-Candor-Reference",
          "MIME-Version",
          "Content-Type",
        ]);
        for (const line of message.toString("latin1").split("\r\n")) {
          expect(line.length).toBeLessThanOrEqual(78);
          expect(line).not.toMatch(/[\r\n]/);
          // oxlint-disable-next-line no-control-regex
          expect(line).toMatch(/^[\x20-\x7e]*$/);
        }
        const mail = await parse(message);
        const shownName = Array.from(arrived(name)).slice(0, 120).join("").trim();
        expect(addresses(mail.to)).toEqual([{ address: plain.to.address, name: shownName }]);
        expect(addresses(mail.from).map(({ address }) => address)).toEqual([plain.from.address]);
        expect(addresses(mail.replyTo)).toEqual([{ address: "answers@moss.example", name: shownName }]);
        expect(mail.cc ?? mail.bcc).toBeUndefined();
        expect(mail.subject ?? "").toBe(arrived(subject));
        expect(mail.messageId).toBe("<d1f0.1@moss.example>");
        expect(mail.attachments).toEqual([]);
        const lines = (text: string) =>
          text
            .toWellFormed()
            .split(/\r\n|\r|\n/)
            .join("\n")
            .replace(/\n+$/, "");
        expect((mail.text ?? "").replace(/\n+$/, "")).toBe(lines(body));
        expect((mail.html || "").replace(/\n+$/, "")).toBe(lines(`<p>${body.replaceAll("<", "&lt;")}</p>`));
      }),
      { numRuns: 400 },
    );
  });

  test("a whole letter, in both parts", async () => {
    const letter = compileLetter(draftLetter("personal_data", breachFacts), mossAndFern);
    const rendered = renderLetter(letter, {
      name: "Zoë",
      reference: "K7QF-2M9T",
      categories: ["name", "email"],
    });
    const mail = await parse(buildMessage({ ...plain, ...rendered }));
    expect(mail.subject).toBe(rendered.subject);
    expect(mail.text?.trimEnd()).toBe(rendered.text.trimEnd());
    expect((mail.html || "").trimEnd()).toBe(rendered.html.trimEnd());
    expect(mail.date).toEqual(new Date("2026-09-08T10:00:09Z"));
    expect(mail.headers.get("auto-submitted")).toBe("auto-generated");
    expect(mail.headers.has("list-unsubscribe")).toBe(false);
    expect(mail.headers.get("content-type")).toMatchObject({ value: "multipart/alternative" });
  });

  test("a person without a name", async () => {
    const message = buildMessage({ ...plain, to: { name: null, address: "ana@mail.example" } });
    expect(headersOf(message)).toContain("\r\nTo: ana@mail.example\r\n");
  });

  test("domains beyond ASCII travel as A-labels, local parts as UTF-8", () => {
    const message = buildMessage({ ...plain, to: { name: null, address: "ana@Bücher.example" } });
    expect(headersOf(message)).toContain("\r\nTo: ana@xn--bcher-kva.example\r\n");
    const utf8 = buildMessage({ ...plain, to: { name: null, address: "añа@mail.example" } });
    expect(headersOf(utf8)).toContain("\r\nTo: añа@mail.example\r\n");
  });
});

describe("the same input makes the same bytes", () => {
  test("twice, and in another order of keys", () => {
    const reordered = Object.fromEntries(Object.entries(plain).toReversed()) as Message;
    expect(buildMessage(plain).equals(buildMessage(reordered))).toBe(true);
  });

  test("and these bytes, so that a change of the builder is noticed: a sent letter is proved by making it again", () => {
    expect(buildMessage(plain).toString("latin1")).toBe(
      [
        "From: Moss and Fern <privacy@moss.example>",
        "To: Ana Silva <ana@mail.example>",
        "Subject: Data breach at Moss and Fern",
        "Message-ID: <d1f0.1@moss.example>",
        "Date: Tue, 08 Sep 2026 10:00:09 +0000",
        "Auto-Submitted: auto-generated",
        "MIME-Version: 1.0",
        "Content-Type: multipart/alternative;",
        ' boundary="BOUNDARY"',
        "",
        "--BOUNDARY",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: quoted-printable",
        "",
        "Hello",
        "",
        "--BOUNDARY",
        "Content-Type: text/html; charset=utf-8",
        "Content-Transfer-Encoding: quoted-printable",
        "",
        "<p>Hello</p>",
        "",
        "--BOUNDARY--",
        "",
      ]
        .join("\r\n")
        .replaceAll(
          "BOUNDARY",
          `=_${createHash("sha256").update("d1f0.1@moss.example").digest("hex").slice(0, 32)}`,
        ),
    );
  });

  test("another Message-ID, another boundary", () => {
    const boundary = (message: Buffer) => /boundary="([^"]+)"/.exec(headersOf(message))?.[1];
    expect(boundary(buildMessage({ ...plain, messageId: "other@moss.example" }))).not.toBe(
      boundary(buildMessage(plain)),
    );
  });
});

describe("what can't be one message to one person is refused", () => {
  test.each([
    "ana@mail.example, evil@z.example",
    "ana@mail.example>\r\nBcc: <evil@z.example",
    "<ana@mail.example>",
    "Ana <ana@mail.example>",
    '"a b"@mail.example',
    "ana@mail.example ",
    "ana",
    "@mail.example",
    "ana@[127.0.0.1]",
    "",
  ])("address %j", (address) => {
    expect(() => buildMessage({ ...plain, to: { name: "x", address } })).toThrow(MessageInvalid);
    expect(() => buildMessage({ ...plain, from: { name: "x", address } })).toThrow(MessageInvalid);
    try {
      buildMessage({ ...plain, to: { name: "x", address } });
    } catch (error) {
      if (address !== "") expect(String(error)).not.toContain(address);
    }
  });

  test.each(["To", "BCC", "from", "Content-Type", "X Evil", "X-Evil:\r\nBcc", "", "1X"])(
    "header %j",
    (name) => {
      expect(() => buildMessage({ ...plain, headers: { [name]: "x" } })).toThrow(MessageInvalid);
    },
  );

  test.each(["", "no-at", "a b@c", "a@b\r\nX: 1", "<a@b> <c@d>", "ä@b"])("message id %j", (messageId) => {
    expect(() => buildMessage({ ...plain, messageId })).toThrow(MessageInvalid);
  });

  test("a date that isn't one", () => {
    expect(() => buildMessage({ ...plain, date: new Date("never") })).toThrow(MessageInvalid);
  });
});

test("quoted-printable: lines of at most 76, no cut inside an escape, no first dot", () => {
  const decode = (text: string) =>
    Buffer.from(
      text
        .replace(/=\r\n/g, "")
        .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
      "latin1",
    ).toString("utf8");
  fc.assert(
    fc.property(
      fc.oneof(fc.stringMatching(/^[ .=aF\u00e9]{60,200}$/), fc.string({ unit: "grapheme", maxLength: 300 })),
      (text) => {
        const encoded = encodeQuotedPrintable(text);
        for (const line of encoded.split("\r\n")) {
          expect(line.length).toBeLessThanOrEqual(76);
          expect(line).not.toMatch(/^\.|^From |[ \t]$/);
          expect(line).toMatch(/^(?:[\x20-\x3c\x3e-\x7e]|=[0-9A-F]{2})*=?$/);
        }
        expect(decode(encoded)).toBe(text.toWellFormed().replace(/\r\n|\r|\n/g, "\r\n"));
      },
    ),
    { numRuns: 500 },
  );
});
