import fc from "fast-check";
import { Liquid } from "liquidjs";
import { describe, expect, test } from "vitest";
import { draftPublication } from "../../../app/breach/publication/publication.ts";
import {
  escapeText,
  writeNoStatement,
  writeStatement,
} from "../../../app/breach/publication/statement-page.ts";
import type { StatementPage } from "../../../app/breach/publication/statement-page.ts";
import { noContacts } from "../../../app/breach/team/team.ts";

const page: StatementPage = {
  shopName: "Moss & Fern",
  statement: {
    heading: "Notice about a data breach",
    whatHappened: "Somebody copied our customer list.\nIt took an hour.\n\nWe closed the gap.",
    whatInformation: "This was copied:\n- name\n- email address",
    whatWeAreDoing: "",
    whatYouCanDo: "1. Be careful.\n2) Tell us.",
  },
  contacts: {
    ...noContacts,
    hotline: "+49 30 1234-567",
    hotlineHours: "Mon to Fri, 9:00 to 17:00",
    replyEmail: "help@moss.example",
    chatUrl: "https://moss.example/chat?a=1&b=2",
    postalAddress: "Moss & Fern\nWeg 1\n10115 Berlin",
  },
  updatedAt: new Date("2026-11-23T13:05:00Z"),
  zone: "Europe/Berlin",
};

function withText(text: string): StatementPage {
  const { contacts } = page;
  return {
    ...page,
    shopName: text,
    statement: {
      heading: text,
      whatHappened: text,
      whatInformation: text,
      whatWeAreDoing: text,
      whatYouCanDo: text,
    },
    contacts: {
      ...contacts,
      hotline: text,
      hotlineHours: text,
      replyEmail: text,
      chatUrl: text,
      faqUrl: text,
      postalAddress: text,
    },
  };
}

/** Reads HTML back by the five entities of HTML's own grammar; knows nothing of how they were written. */
function decode(html: string): string {
  const named: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"' };
  return html.replace(/&(?:#(\d+)|(\w+));/g, (_all, code?: string, name?: string) =>
    code === undefined ? (named[name ?? ""] ?? "?") : String.fromCodePoint(Number(code)),
  );
}

describe("the page", () => {
  const html = writeStatement(page);

  test("has each section that has text, and no other", () => {
    expect(html).toContain('<h1 dir="auto">Notice about a data breach</h1>');
    expect(html).toContain("<h2>What happened</h2>");
    expect(html).toContain("<h2>What information was involved</h2>");
    expect(html).not.toContain("What we are doing");
  });

  test("says when it was updated, in the shop's zone", () => {
    expect(html).toContain(
      '<time datetime="2026-11-23T13:05:00.000Z">23 November 2026, 14:05 (Europe/Berlin)</time>',
    );
  });

  test("keeps lines, paragraphs and lists", () => {
    expect(html).toContain('<p dir="auto">Somebody copied our customer list.<br>It took an hour.</p>');
    expect(html).toContain('<p dir="auto">We closed the gap.</p>');
    expect(html).toContain('<ul><li dir="auto">name</li><li dir="auto">email address</li></ul>');
    expect(html).toContain('<ol><li dir="auto">Be careful.</li><li dir="auto">Tell us.</li></ol>');
  });

  test("names every way to reach the shop, and only those given", () => {
    expect(html).toContain(
      '<a href="tel:+49301234567" rel="noopener">+49 30 1234-567</a> (Mon to Fri, 9:00 to 17:00)',
    );
    expect(html).toContain('href="mailto:help@moss.example"');
    expect(html).toContain('href="https://moss.example/chat?a=1&amp;b=2"');
    expect(html).toContain("Moss &amp; Fern<br>Weg 1<br>10115 Berlin");
    expect(html).not.toContain("More answers");
    expect(writeStatement({ ...page, contacts: noContacts })).not.toContain("How to reach us");
  });

  test("needs no script", () => expect(html).not.toContain("<script"));
});

const hostile = [
  "<script>alert(1)</script>",
  "{{ shop.email }} {{7 | times: 6}}",
  "{% layout none %}{% include 'settings' %}",
  "{%- raw -%}{{ x }}{%- endraw -%}",
  "&#123;&#123; shop.email &#125;&#125;",
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  "javascript:alert(1)",
  'https://x.example/" onclick="alert(1)',
  "</style><style>*{display:none}",
  "{\u0000{ shop.email }\u0000}",
  "\u202egnp.exe",
];

describe("what a merchant typed", () => {
  test.each(hostile)("is text, never markup and never Liquid: %j", async (text) => {
    const html = writeStatement(withText(text));
    expect(html).not.toMatch(/\{\{|\{%/);
    expect(html).not.toMatch(/<script|<img|<\/style><style/i);
    expect(html).not.toMatch(/href="javascript:/i);
    expect(html.match(/<style>/g)).toHaveLength(1);
    expect(html.replace(/"[^"]*"/g, '""')).not.toMatch(/<[a-z]+[^<>]*\son\w+=/i);
    await expect(new Liquid().parseAndRender(html, { shop: { email: "owner@moss.example" } })).resolves.toBe(
      html,
    );
  });

  test("survives escaping unchanged, whatever it is", () => {
    const odd = fc.string({
      unit: fc.constantFrom(
        "{",
        "}",
        "%",
        "<",
        ">",
        "&",
        "#",
        "1",
        ";",
        '"',
        "'",
        "-",
        "a",
        " ",
        "é",
        "😀",
        "\n",
      ),
    });
    fc.assert(
      fc.property(odd, (text) => {
        const escaped = escapeText(text);
        expect(escaped).not.toMatch(/[<>"'{}%]/);
        expect(decode(escaped)).toBe(text);
      }),
    );
  });

  test("leaves the page's own tags alone, whatever it is", () => {
    const tags = (html: string) =>
      (html.match(/<[^>]*>/g) ?? []).map((tag) => /^<\/?([a-z0-9]+)/.exec(tag)?.[1]);
    const known = new Set([
      "style",
      "article",
      "h1",
      "h2",
      "p",
      "time",
      "section",
      "br",
      "ul",
      "ol",
      "li",
      "a",
      "dl",
      "div",
      "dt",
      "dd",
    ]);
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom(...hostile)), (text) => {
        const html = writeStatement(withText(text));
        expect(tags(html).every((tag) => tag !== undefined && known.has(tag))).toBe(true);
        expect(html).not.toMatch(/\{\{|\{%/);
      }),
    );
  });
});

test("without a statement the page says so", async () => {
  const html = writeNoStatement("{{ shop.name }} <b>");
  expect(html).toContain("There is no statement at the moment");
  await expect(new Liquid().parseAndRender(html)).resolves.toContain(
    "&#123;&#123; shop.name &#125;&#125; &lt;b&gt;",
  );
});

describe("the draft", () => {
  const incidentDates = {
    occurredFrom: null,
    occurredTo: null,
    discovered: new Date("2026-11-21T23:30:00Z"),
    aware: null,
    zone: "Europe/Berlin",
  };

  test("says what is known, in the shop's local day", () => {
    const { banner, statement } = draftPublication({
      incidentDates,
      narrative: "An app leaked orders.",
      measures: "We removed the app.",
      categories: ["email", "name"],
      listConfirmed: true,
    });
    expect(banner.bannerState).toBe("notice");
    expect(banner.message.length).toBeLessThanOrEqual(240);
    expect(statement.whatHappened).toBe("An app leaked orders.\n\nWe found it on 22 November 2026.");
    expect(statement.whatInformation).toContain("- name\n- email address");
    expect(statement.whatWeAreDoing).toContain("We removed the app.");
  });

  test("leaves empty what nobody has said", () => {
    const { banner, statement } = draftPublication({
      incidentDates: { ...incidentDates, discovered: null },
      narrative: " ",
      measures: "",
      categories: [],
      listConfirmed: false,
    });
    expect(banner.bannerState).toBe("holding");
    expect(statement.whatHappened).toBe("");
    expect(statement.whatInformation).toBe("");
  });
});
