import { describe, expect, test } from "vitest";
import type { ContentElement, ContentRules } from "../../../app/breach/obligation/obligation.ts";
import { contentElements } from "../../../app/breach/obligation/obligation.ts";
import { dataCategories } from "../../../app/breach/scope/scope.ts";
import {
  contentCheck,
  draftLetter,
  fillPlaceholders,
  findProblems,
  letterKinds,
  letterSchema,
  mergeFields,
  missingContent,
  readLetter,
  renderSample,
} from "../../../app/breach/notice/notice.ts";
import type { Letter, LetterFacts } from "../../../app/breach/notice/notice.ts";
import { countSyllables, readText, splitSentences } from "../../../app/breach/notice/readability.ts";
import catalogue from "../../../app/text/en/notice-letter.json" with { type: "json" };
import { breachFacts, mossAndFern, nothingKnown } from "./facts-of-a-breach.ts";

const everything: LetterFacts = {
  ...breachFacts,
  categories: dataCategories,
  elements: [...contentElements],
  lawEnforcementDelay: false,
  requiredTitle: "Notice of Data Breach",
};

function speak(key: string): unknown {
  return key
    .split(".")
    .reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], catalogue);
}

describe.each(letterKinds)("%s", (kind) => {
  test.each([
    ["an ordinary breach", breachFacts],
    ["every kind of data", everything],
    ["nothing known", nothingKnown],
    ["no kind of data known", { ...breachFacts, categories: [] }],
  ])("%s: grade 8 or lower, no sentence over 20 words, nothing wrong with it", (_, facts) => {
    const letter = draftLetter(kind, facts);
    expect(letterSchema.parse(letter)).toEqual(letter);
    expect(findProblems(letter)).toEqual([]);
    const { grade, longSentences, sentences } = readLetter(letter);
    expect(grade).toBeLessThanOrEqual(8);
    expect(sentences).toBeGreaterThan(10);
    expect(longSentences).toEqual([]);
  });

  test.each(dataCategories)("%s: its own advice, numbered", (category) => {
    const of = (categories: LetterFacts["categories"]) =>
      draftLetter(kind, { ...breachFacts, categories }).blocks.find(
        (block) => block.kind === "what_you_can_do",
      )?.body ?? "";
    const items = of([category]).match(/^\d+\. .+$/gm) ?? [];
    expect(items).toHaveLength(1);
    expect(items[0]).toMatch(/^1\. \*\*[A-Z].{15,}/);
    const others = of(dataCategories.filter((other) => other !== category));
    expect(others).not.toContain(items[0]?.slice("1. ".length));
  });

  test("advice for all data: one item each, money before messages", () => {
    const { text } = renderSample(draftLetter(kind, everything), mossAndFern);
    expect(text.match(/^\d+\. /gm)).toHaveLength(dataCategories.length);
    const order = [
      "Call your bank",
      "Change your password",
      "fraud alert",
      "Expect fake emails",
      "uses your name",
    ];
    expect(order.map((words) => text.indexOf(words)).toSorted((a, b) => a - b)).toEqual(
      order.map((words) => text.indexOf(words)),
    );
  });

  test("tone: no set phrases, no hedging, no shouting", () => {
    const { text, subject } = renderSample(draftLetter(kind, everything), mossAndFern);
    expect(`${subject}\n${text}`).not.toMatch(
      /seriously|may have|might have|certain (?:customers|information)|no evidence|regret|inconvenience|abundance of caution|log in|click here|!|discount|offer/i,
    );
    expect((text.match(/\bsorry\b/gi) ?? []).length).toBe(kind === "personal_data" ? 1 : 0);
    expect(subject).not.toMatch(/urgent|immediately|act now/i);
  });

  test("what is missing is asked for, and filled in once it is known", () => {
    const draft = draftLetter(kind, nothingKnown);
    const missing = missingContent(draft, nothingKnown);
    const expected = ["contact", "discovered", "measures", "narrative", "signer"];
    expect(missing.map(({ key }) => key).sort()).toEqual(
      kind === "personal_data" ? expected : [...expected, "nextUpdate"].sort(),
    );
    for (const { text, blockId, line, answered } of missing) {
      const block = draft.blocks.find(({ id }) => id === blockId);
      expect(block?.body.split("\n")[(line ?? 0) - 1]).toContain(text);
      expect(answered).toBe(false);
    }
    expect(missingContent(draft, breachFacts).map(({ answered }) => answered)).not.toContain(false);
    const filled = fillPlaceholders(draft, breachFacts);
    expect(missingContent(filled, breachFacts)).toEqual([]);
    const { text } = renderSample(filled, mossAndFern);
    for (const piece of ["Robin Ahlers", "+33 1 23 45 67 89", "6 September 2026", "stolen key"])
      expect(text).toContain(piece);
    expect(findProblems(filled)).toEqual([]);
  });

  test("holes that the merchant leaves are found wherever they are", () => {
    const letter = draftLetter(kind, breachFacts);
    const first = { ...letter.blocks[0], body: "" } as Letter["blocks"][number];
    const holed: Letter = {
      ...letter,
      subject: "About [[what]]",
      blocks: [
        first,
        { id: "own", kind: "custom", heading: "[[A heading]]", body: "one\ntwo [[x]] and [[y]]" },
        ...letter.blocks.slice(1).filter((block) => block.kind !== "signature"),
      ],
    };
    expect(
      missingContent(holed, breachFacts).map(({ key, blockId, line, text }) => [key, blockId, line, text]),
    ).toEqual([
      ["placeholder", null, null, "[[what]]"],
      ["emptyBlock", "title", null, ""],
      ["placeholder", "own", 1, "[[A heading]]"],
      ["placeholder", "own", 2, "[[x]]"],
      ["placeholder", "own", 2, "[[y]]"],
      ["signer", null, null, ""],
    ]);
  });
});

describe("the dates are said in the zone of the shop, and what isn't known is said too", () => {
  const when = (dates: Partial<LetterFacts["incidentDates"]>) =>
    draftLetter("personal_data", {
      ...nothingKnown,
      incidentDates: { ...nothingKnown.incidentDates, zone: "America/New_York", ...dates },
    })
      .blocks.find((block) => block.kind === "what_happened")
      ?.body.split("\n")[0];

  test.each([
    [
      { occurredFrom: "2026-09-03T03:00Z", occurredTo: "2026-09-03T20:00Z" },
      "between 2 September 2026 and 3 September 2026.",
    ],
    [
      { occurredFrom: "2026-09-03T05:00Z", occurredTo: "2026-09-03T20:00Z" },
      "took place on 3 September 2026.",
    ],
    [{ occurredFrom: "2026-09-03T05:00Z" }, "The breach began on 3 September 2026."],
    [{ occurredTo: "2026-09-03T05:00Z" }, "ended on 3 September 2026. We do not know yet when it began."],
    [{}, "We do not know yet when the breach began. We found it on [[the day you found out]]."],
    [{ aware: "2026-09-03T05:00Z" }, "We found it on 3 September 2026."],
    [
      { discovered: "2026-09-03T05:00Z", aware: "2026-09-09T05:00Z" },
      "We found signs of it on 3 September 2026. We were sure on 9 September 2026.",
    ],
  ])("%j", (dates, sentence) => {
    expect(
      when(Object.fromEntries(Object.entries(dates).map(([name, at]) => [name, new Date(at)]))),
    ).toContain(sentence);
  });

  test("the next update carries its time zone in words", () => {
    expect(
      renderSample(draftLetter("holding_statement", breachFacts), mossAndFern).text.replace(/\s+/g, " "),
    ).toContain("We will tell you more by 12 September 2026, 17:00 (Central European Summer Time).");
  });
});

describe("content check", () => {
  const wantedBy = [{ lawId: "us-ca", lawName: "California Civil Code 1798.82", jurisdiction: "US-CA" }];
  const california: ContentRules = {
    required: (
      [
        "contact",
        "dataTypes",
        "date",
        "lawEnforcementDelay",
        "description",
        "craContacts",
      ] as ContentElement[]
    ).map((element) => ({ element, wantedBy: [...wantedBy, ...wantedBy] })),
    forbidden: [],
    titles: [{ title: "Notice of Data Breach", wantedBy }],
    headings: [
      {
        headings: [
          "What Happened",
          "What Information Was Involved",
          "What We Are Doing",
          "What You Can Do",
          "For More Information",
        ],
        wantedBy,
      },
    ],
  };
  const all: ContentRules = {
    required: contentElements.map((element) => ({ element, wantedBy })),
    forbidden: [],
    titles: [],
    headings: [],
  };
  const asCalifornia = {
    ...breachFacts,
    requiredTitle: "Notice of Data Breach",
    elements: california.required.map(({ element }) => element),
    lawEnforcementDelay: true,
  };

  test("the draft for California has what California asks for", () => {
    const facts: LetterFacts = { ...asCalifornia, categories: ["name", "government_id"] };
    const findings = contentCheck(draftLetter("personal_data", facts), california, facts.categories);
    expect(findings).toHaveLength(12);
    expect(findings.filter(({ ok }) => !ok)).toEqual([]);
    expect(findings[0]).toMatchObject({
      element: "requiredTitle",
      blockId: "title",
      laws: ["California Civil Code 1798.82"],
    });
  });

  test("bureaus are for the merchant to judge where no ID was exposed", () => {
    const findings = contentCheck(
      draftLetter("personal_data", asCalifornia),
      california,
      asCalifornia.categories,
    );
    expect(findings.filter(({ ok }) => !ok)).toMatchObject([{ element: "craContacts", blocking: false }]);
  });

  test("a piece that is taken out is missed, and blocks", () => {
    const facts: LetterFacts = { ...asCalifornia, categories: ["name", "government_id"] };
    const letter = draftLetter("personal_data", facts);
    const without = (
      change: (block: Letter["blocks"][number]) => Letter["blocks"][number] | null,
    ): Letter => ({
      ...letter,
      blocks: letter.blocks.map(change).filter((block) => block !== null),
    });
    const blockers = (changed: Letter) =>
      contentCheck(changed, california, facts.categories)
        .filter(({ blocking }) => blocking)
        .map(({ element, blockId }) => [element, blockId]);
    expect(
      blockers(without((block) => (block.id === "title" ? { ...block, body: "Hello" } : block))),
    ).toEqual([["requiredTitle", "title"]]);
    expect(
      blockers(
        without((block) => (block.id === "what_happened" ? { ...block, heading: "The story" } : block)),
      ),
    ).toEqual([["requiredHeading", null]]);
    expect(
      blockers(
        without((block) =>
          block.id === "what_happened" ? { ...block, body: "It was bad for us all." } : block,
        ),
      ),
    ).toEqual([
      ["date", "what_happened"],
      ["lawEnforcementDelay", "what_happened"],
    ]);
    expect(
      blockers(
        without((block) => (block.id === "what_happened" ? { ...block, body: "[[all of this]]" } : block)),
      ),
    ).toEqual([
      ["requiredHeading", "what_happened"],
      ["date", "what_happened"],
      ["lawEnforcementDelay", "what_happened"],
      ["description", "what_happened"],
    ]);
    expect(
      blockers(
        without((block) =>
          block.id === "for_more_information"
            ? { ...block, body: "Ask us. Equifax, Experian, TransUnion." }
            : block,
        ),
      ),
    ).toEqual([["contact", "for_more_information"]]);
    expect(blockers(without((block) => (block.id === "what_information" ? null : block)))).toEqual([
      ["requiredHeading", null],
      ["dataTypes", null],
    ]);
  });

  test("every element of every law in the data gets an answer with a sentence", () => {
    for (const letter of [
      draftLetter("personal_data", nothingKnown),
      draftLetter("personal_data", everything),
    ]) {
      const findings = contentCheck(letter, { ...all, forbidden: all.required }, dataCategories);
      expect(findings).toHaveLength(contentElements.length * 2);
      for (const { key } of findings) expect(speak(key), key).toBeTypeOf("string");
    }
    const blocking = contentCheck(draftLetter("personal_data", everything), all, dataCategories).filter(
      (finding) => finding.blocking,
    );
    expect(blocking).toEqual([]);
  });

  test("a count of people is found where a law forbids it", () => {
    const letter = draftLetter("personal_data", {
      ...breachFacts,
      narrative: "It touched 1,200 customers in all.",
    });
    const rules: ContentRules = {
      ...all,
      required: [],
      forbidden: [{ element: "numberAffected", wantedBy }],
    };
    expect(contentCheck(letter, rules, [])).toMatchObject([
      { ok: false, blocking: true, blockId: "what_happened" },
    ]);
    expect(contentCheck(draftLetter("personal_data", breachFacts), rules, [])).toMatchObject([
      { ok: true, blocking: false },
    ]);
  });

  test("a holding statement is never blocked: it isn't the notice that the laws mean", () => {
    const findings = contentCheck(
      draftLetter("holding_statement", nothingKnown),
      { ...california, required: all.required },
      [],
    );
    expect(findings.some(({ ok }) => !ok)).toBe(true);
    expect(findings.filter(({ blocking }) => blocking)).toEqual([]);
  });
});

test("a heading that a law prescribes and the draft doesn't have is added with a hole to fill", () => {
  const facts = { ...breachFacts, requiredHeadings: ["What Happened", "Your Rights"] };
  const letter = draftLetter("personal_data", facts);
  expect(letter.blocks.filter((block) => block.heading === "Your Rights")).toHaveLength(1);
  expect(letter.blocks.filter((block) => block.heading === "What Happened")).toHaveLength(1);
  expect(letter.blocks.at(-1)?.kind).toBe("signature");
  expect(missingContent(letter, facts)).toHaveLength(1);
});

test("the editor's words exist for every field, block and gap", () => {
  for (const { label } of mergeFields) expect(speak(label), label).toBeTypeOf("string");
  for (const { kind } of draftLetter("personal_data", everything).blocks) {
    expect(speak(`block.${kind}`)).toBeTypeOf("string");
    expect(speak(`blockHelp.${kind}`)).toBeTypeOf("string");
  }
  for (const { key } of missingContent(draftLetter("holding_statement", nothingKnown), nothingKnown))
    expect(speak(`missing.${key}`)).toBeTypeOf("string");
});

describe("reading grade", () => {
  test.each([
    // 6 words, 6 syllables, 1 sentence: 0.39·6 + 11.8·1 − 15.59
    ["The cat sat on the mat.", -1.45],
    // 10 words, 16 syllables (1+1+1+1+1+2, 2+2+3+2), 2 sentences: 0.39·5 + 11.8·1.6 − 15.59
    ["We found the breach on Monday. Someone opened customer records.", 5.24],
    // 9 words, 28 syllables (4+4+4+4, 3, 2, 1+2, 4), 1 sentence: 0.39·9 + 11.8·28/9 − 15.59
    [
      "Unauthorized individuals systematically investigated confidential data of certain organizations.",
      null,
    ],
  ])("%s", (text, grade) => {
    const read = readText(text);
    if (grade === null) expect(read.grade).toBeGreaterThan(16);
    else expect(read.grade).toBeCloseTo(grade, 2);
  });

  test.each([
    ["we", 1],
    ["phone", 1],
    ["changed", 1],
    ["started", 2],
    ["names", 1],
    ["table", 2],
    ["services", 3],
    ["email", 2],
    ["Monday", 2],
    ["information", 4],
    ["password", 2],
    ["customer", 3],
  ])("%s has %i", (word, syllables) => expect(countSyllables(word)).toBe(syllables));

  test("sentences end at a stop that a capital follows", () => {
    expect(splitSentences("We paid 3.5 euros. Ana left! Why? nobody knows")).toEqual([
      "We paid 3.5 euros.",
      "Ana left!",
      "Why? nobody knows",
    ]);
  });

  test("long sentences are pointed at", () => {
    const body = `${"word ".repeat(20)}end. Short one.`;
    const letter: Letter = {
      kind: "personal_data",
      language: "en",
      subject: "x",
      blocks: [{ id: "b", kind: "custom", heading: null, body }],
    };
    expect(readLetter(letter).longSentences).toMatchObject([{ blockId: "b", words: 21 }]);
  });
});
