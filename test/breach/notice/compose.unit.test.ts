import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  compileLetter,
  draftLetter,
  findProblems,
  LetterGap,
  LetterInvalid,
  nameForGreeting,
  renderLetter,
} from "../../../app/breach/notice/notice.ts";
import type { Letter } from "../../../app/breach/notice/notice.ts";
import { breachFacts, hostileValues, mossAndFern } from "./facts-of-a-breach.ts";

/** Fields everywhere a merchant can put them. */
const probe: Letter = {
  kind: "personal_data",
  language: "en",
  subject: "About {{ person.reference }} at {{ shop.name }}",
  blocks: [
    { id: "title", kind: "title", heading: null, body: "For {{ person.reference }}" },
    {
      id: "one",
      kind: "custom",
      heading: "Heading {{ shop.name }}",
      body: [
        "Before {{ person.reference }} after, from {{ shop.name }}.",
        "",
        "1. item **{{ person.reference }}** tail",
        "2. {% if person.greeting_name %}named{% else %}unnamed{% endif %} {{ person.reference | upcase }}",
        "",
        "See https://moss.example/{{ person.reference }} and https://moss.example/faq.",
      ].join("\n"),
    },
  ],
};

function render(letter: Letter, reference: string, shopName = "Shop", name: string | null = null) {
  const compiled = compileLetter(letter, { ...mossAndFern, shopName });
  return renderLetter(compiled, { name, reference, categories: ["email"] });
}

const tagsOf = (html: string) => html.match(/<[^>]*>/g) ?? [];
const shownText = (html: string) =>
  html
    .slice(html.indexOf("<body"))
    .replace(/<[^>]*>/g, "")
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&");
const invisible = /[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]/g;
/** What a value should look like once it is one line of plain characters. */
const asOneLine = (value: string) =>
  Array.from(value.toWellFormed(), (sign) => {
    const code = sign.codePointAt(0) ?? 0;
    const isControl = code < 32 || (code >= 127 && code < 160) || code === 0x2028 || code === 0x2029;
    return isControl || /\s/.test(sign) ? " " : sign;
  })
    .join("")
    .replace(invisible, "")
    .trim()
    .split(/ +/)
    .join(" ");
const collapse = (text: string) => text.replace(/\s+/g, " ").trim();

const anyValue = fc
  .oneof(
    fc.constantFrom(...hostileValues),
    fc.string({ unit: "binary", maxLength: 60 }),
    fc.string({ maxLength: 60 }),
  )
  .filter((value) => asOneLine(value) !== "");

describe("a merge value stays in its place", () => {
  const plain = render(probe, "MARKERONE", "MARKERTWO");

  test("in HTML: the same tags, and the value as text", () => {
    fc.assert(
      fc.property(anyValue, anyValue, (reference, shopName) => {
        const { html } = render(probe, reference, shopName);
        expect(tagsOf(html)).toEqual(tagsOf(plain.html));
        const expected = shownText(plain.html)
          .split("MARKERONE")
          .join("\u0000")
          .split("MARKERTWO")
          .join("\u0001");
        const text = expected
          .replaceAll("\u0000", () => asOneLine(reference))
          .replaceAll("\u0001", () => asOneLine(shopName));
        const upper = asOneLine(reference).toUpperCase();
        // The one place where the value is printed through `upcase`.
        const shown = collapse(shownText(html)).replace(
          `unnamed ${upper}`,
          () => `unnamed ${asOneLine(reference)}`,
        );
        expect(shown).toBe(collapse(text));
      }),
      { numRuns: 300 },
    );
  });

  test("in plain text: no line of its own, no Liquid, wrapped at 76", () => {
    fc.assert(
      fc.property(anyValue, (reference) => {
        const { text } = render(probe, reference, "MARKERTWO");
        const value = asOneLine(reference);
        const expected = collapse(plain.text)
          .replace("unnamed MARKERONE", () => `unnamed ${value.toUpperCase()}`)
          .replaceAll("MARKERONE", () => value);
        const withoutRules = (whole: string) => collapse(whole.replace(/^[=-]+$/gm, ""));
        expect(withoutRules(text)).toBe(collapse(expected.replace(/ [=-]{3,}/g, "")));
        for (const line of text.split("\n"))
          if (line.length > 76) expect(line.trim().replace(/^\d\. /, "")).not.toContain(" ");
      }),
      { numRuns: 300 },
    );
  });

  test("in the subject: one line", () => {
    fc.assert(
      fc.property(anyValue, (reference) => {
        const { subject } = render(probe, reference, "MARKERTWO");
        expect(subject).toBe(`About ${asOneLine(reference)} at MARKERTWO`);
        expect(subject).not.toMatch(/[\r\n]/);
      }),
    );
  });

  test("in the shop's own name too", () => {
    fc.assert(
      fc.property(anyValue, (shopName) => {
        expect(tagsOf(render(probe, "R", shopName).html)).toEqual(tagsOf(plain.html));
      }),
    );
  });
});

describe("nobody is greeted by a name that is a lure", () => {
  test.each([
    "Ana",
    "José María",
    "O'Brien",
    "Jean-Luc",
    "J. R. R. Tolkien",
    "李小龍",
    "أحمد",
    "Ѳома",
    "नेहा",
    "Smith & Sons, Ltd",
  ])("%s is a name", (name) => expect(nameForGreeting(` ${name} `)).toBe(name));

  test.each([
    null,
    "",
    " ",
    "12345",
    "Win at evil.example",
    "http://evil.example",
    "www.evil",
    "ana@x.example",
    ...hostileValues,
  ])("%j is not", (name) => {
    const greeting = nameForGreeting(name);
    // Direction marks and line breaks are taken out; what is left must be harmless.
    if (greeting !== null) expect(greeting).toMatch(/^[\p{L}\p{M}\p{N} .'&,()-]{1,60}$/u);
  });

  test("and the greeting has no gap without one", () => {
    const letter = draftLetter("personal_data", breachFacts);
    const { text, html } = render(letter, "R1", "Moss", "<script>");
    expect(text).toContain("\nHello,\n");
    expect(html).toContain(">Hello,</p>");
    expect(render(letter, "R1", "Moss", "Ana").text).toContain("\nHello Ana,\n");
  });
});

describe("what can't be composed is found when it is written", () => {
  function problemsOf(body: string) {
    return findProblems({ ...probe, blocks: [{ id: "b", kind: "custom", heading: null, body }] });
  }

  test.each([
    ["Hi\n  there {{ person.shoe_size }}", "unknownField", 2, 9, "person.shoe_size"],
    ["{{ person.constructor }}", "unknownField", 1, 1, "person.constructor"],
    ["{% if person.shoe_size %}x{% endif %}", "unknownField", 1, 1, "person.shoe_size"],
    ["{{ person.has_email }}", "flagPrinted", 1, 1, "person.has_email"],
    ["{{ person.reference | raw }}", "unknownFilter", 1, 1, "raw"],
    ["{{ person.reference | append: 'x' }}", "syntax", 1, 1, "{{ person.reference | append: 'x' }}"],
    ["{{ 'x' }}", "syntax", 1, 1, "{{ 'x' }}"],
    ["{% for a in b %}", "unknownTag", 1, 1, "for"],
    ["{% include 'x' %}", "unknownTag", 1, 1, "include"],
    ["{% assign a = 1 %}", "unknownTag", 1, 1, "assign"],
    ["{%- if shop.name -%}x{% endif %}", "unknownTag", 1, 1, "{%- if shop.name -%}"],
    ["1. one {{ person.reference", "unclosed", 1, 8, "{{ person.reference"],
    ["{% if shop.name %}x", "unclosed", 1, 1, "if"],
    ["x {% endif %}", "unexpected", 1, 1, "endif"],
    ["{% if shop.name %}\n\nx", "unclosed", 1, 1, "if"],
    ["x\n\n{% endunless %}", "unexpected", 3, 1, "endunless"],
    ["{% if shop.name %}\nx\n{% endunless %}", "unexpected", 3, 1, "endunless"],
    ["{% if shop.name %}a{% else %}b{% else %}c{% endif %}", "unexpected", 1, 1, "else"],
  ])("%j: %s at %i:%i", (body, code, line, column, what) => {
    expect(problemsOf(body)[0]).toEqual({ blockId: "b", part: "body", line, column, code, what });
    expect(() =>
      compileLetter({ ...probe, blocks: [{ id: "b", kind: "custom", heading: null, body }] }, mossAndFern),
    ).toThrow(LetterInvalid);
  });

  test("in subject and heading too", () => {
    const block = { id: "b", kind: "custom" as const, heading: "{{ nothing }}", body: "x" };
    expect(findProblems({ ...probe, subject: "a {{ person.x }}", blocks: [block] })).toMatchObject([
      { blockId: null, part: "subject", column: 3, code: "unknownField" },
      { blockId: "b", part: "heading", column: 1, code: "unknownField" },
    ]);
  });

  test("whatever is found to be without problems composes, and never throws anything else", () => {
    const piece = fc.constantFrom(
      "{",
      "{{",
      "}}",
      "{%",
      "%}",
      " ",
      "\n",
      "\n\n",
      "**",
      "[[",
      "]]",
      "1. ",
      "- ",
      "x",
      "{{ shop.name }}",
      "'",

      "{% if shop.name %}",
      "{% unless person.has_email %}",
      "{% else %}",
      "{% endif %}",
      "{% endunless %}",
      "<b>",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const letter: Letter = {
          ...probe,
          blocks: [{ id: "b", kind: "custom", heading: null, body: pieces.join("") }],
        };
        if (findProblems(letter).length > 0) {
          expect(() => compileLetter(letter, mossAndFern)).toThrow(LetterInvalid);
        } else {
          const { html } = render(letter, "R", "Shop {{ person.reference }}");
          expect(html).not.toContain("<b>");
          const bold = tagsOf(html).filter((tag) => /^<\/?strong>$/.test(tag));
          expect(bold.map((tag, at) => tag === (at % 2 === 0 ? "<strong>" : "</strong>"))).not.toContain(
            false,
          );
          expect(bold.length % 2).toBe(0);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test("a field without a value stops that letter", () => {
    const compiled = compileLetter(probe, mossAndFern);
    expect(() => renderLetter(compiled, { name: null, reference: " \u0000", categories: [] })).toThrow(
      LetterGap,
    );
    const guarded = "{% if person.data_list %}Yours: {{ person.data_list }}{% else %}None{% endif %}";
    const letter: Letter = { ...probe, blocks: [{ id: "b", kind: "custom", heading: null, body: guarded }] };
    const ofNothing = { name: null, reference: "R", categories: [] };
    expect(renderLetter(compileLetter(letter, mossAndFern), ofNothing).text).toContain("None");
  });
});

describe("markup", () => {
  function compose(body: string, categories: ("email" | "phone" | "card_full")[] = ["email"]) {
    const letter: Letter = { ...probe, blocks: [{ id: "b", kind: "custom", heading: null, body }] };
    const { html, text } = renderLetter(compileLetter(letter, mossAndFern), {
      name: null,
      reference: "R",
      categories,
    });
    return {
      html: (/<td class="card"[^>]*>\n([^]*?)<\/td>/.exec(html)?.[1] ?? "").replace(/ style="[^"]*"/g, ""),
      text: text.replace("Moss and Fern\n\n", ""),
    };
  }

  test("numbers run on over items that only some people see", () => {
    const body = "1. one\n{% if person.has_phone %}\n1. phone\n{% endif %}\n1. last";
    expect(compose(body).text).toBe("1. one\n\n2. last\n");
    expect(compose(body, ["phone"]).text).toBe("1. one\n\n2. phone\n\n3. last\n");
    expect(compose(body, ["phone"]).html.match(/<ol>/g)).toHaveLength(1);
    expect(compose(body).html.match(/<li>/g)).toHaveLength(2);
  });

  test("whole paragraphs come and go, without a hole in the text", () => {
    const body =
      "a\n\n{% unless person.has_card_full %}\nb\n\n{% elsif shop.name %}\nc\n{% endunless %}\n\nd";
    expect(compose(body).text).toBe("a\n\nb\n\nd\n");
    expect(compose(body, ["card_full"]).text).toBe("a\n\nc\n\nd\n");
    expect(compose("a\n\n{% if person.has_phone %}\nb\n{% endif %}\n\nd").text).toBe("a\n\nd\n");
  });

  test("line breaks, bold, links, placeholders", () => {
    expect(compose("a\nb **c** d").html).toBe("<p>a<br>\nb <strong>c</strong> d</p>\n");
    expect(compose("a ** b").html).toBe("<p>a ** b</p>\n");
    expect(compose("see https://x.example/a?b=1&c=2.").html).toBe(
      '<p>see <a href="https://x.example/a?b=1&amp;c=2">https://x.example/a?b=1&amp;c=2</a>.</p>\n',
    );
    expect(compose("ask a@x.example!").html).toBe(
      '<p>ask <a href="mailto:a@x.example">a@x.example</a>!</p>\n',
    );
    expect(compose("javascript:alert(1)").html).not.toContain("<a");
    expect(compose("[[hole]]").html).toBe('<p><span class="mark">[[hole]]</span></p>\n');
    expect(compose("{ {{ shop.name }} }").text).toBe("{ Moss and Fern }\n");
    expect(compose("{**{ shop.name }}**").text).toBe("{{ shop.name }}\n");
  });

  test("HTML holds nothing that is fetched, and says what it is", () => {
    const { html } = render(draftLetter("personal_data", breachFacts), "R1");
    expect(html).toMatch(/^<!DOCTYPE html>\n<html lang="en" dir="ltr">/);
    expect(html).not.toMatch(/<(?:img|script|link|iframe|form|input|base)\b|url\(|@import|\bsrc=/i);
    for (const table of html.match(/<table[^>]*>/g) ?? []) expect(table).toContain('role="presentation"');
    for (const [, href = ""] of html.matchAll(/href="([^"]*)"/g)) expect(href).toMatch(/^(?:https:|mailto:)/);
  });

  test("same letter, same person, same result", () => {
    const letter = draftLetter("holding_statement", breachFacts);
    expect(render(letter, "R1", "S", "Ana")).toEqual(render(structuredClone(letter), "R1", "S", "Ana"));
  });
});
