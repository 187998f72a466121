import { describe, expect, test } from "vitest";
import { clockKinds } from "../../../app/breach/incident/clocks.ts";
import { findDue } from "../../../app/breach/obligation/anchor.ts";
import {
  clockWords,
  contentElements,
  orders,
  riskGates,
  standards,
  triggerWords,
} from "../../../app/breach/obligation/laws/law.ts";
import type { LawRow } from "../../../app/breach/obligation/laws/law.ts";
import { laws, loadLaws, versionOn } from "../../../app/breach/obligation/laws/laws.ts";
import { assess } from "../../../app/breach/obligation/obligation.ts";
import type { Circumstances } from "../../../app/breach/obligation/obligation.ts";
import { dataCategories } from "../../../app/breach/scope/categories.ts";
import type { DataCategory } from "../../../app/breach/scope/categories.ts";
import categoryText from "../../../app/text/en/scope-categories.json" with { type: "json" };
import text from "../../../app/text/en/obligation.json" with { type: "json" };

const row: LawRow = {
  id: "xx-law",
  name: "Made up",
  kind: "statute",
  regions: ["XX"],
  triggers: [{ trigger: "any_personal_data", with: "nothing" }],
  encryption: { individuals: "weighed", regulator: "weighed" },
  individuals: {
    recipient: null,
    recipientUrl: null,
    deadline: { kind: "days", days: 10 },
    clock: "awareness",
    risk: "none",
  },
  regulator: {
    recipient: "Authority",
    recipientUrl: null,
    deadline: { kind: "hours", hours: 24 },
    clock: "awareness",
    risk: "same_as_individuals",
  },
  inForceFrom: "2020-01-01",
  citation: "none",
  citationUrl: "https://example.org/",
  sources: ["none"],
  verifiedBy: "nobody",
  asOf: "2026-11-23",
  confidence: "low",
  contentConfidence: "low",
};

describe("law data", () => {
  test("covers the seven laws, each with a citation, a date and how sure we are", () => {
    expect([...new Set(laws.map((law) => law.id))].toSorted()).toEqual([
      "au-ndb",
      "ca-pipeda",
      "eu-gdpr",
      "uk-gdpr",
      "us-ca",
      "us-ny",
      "us-tx",
    ]);
    for (const law of laws) {
      expect(law.citation.length).toBeGreaterThan(5);
      expect(law.citationUrl).toMatch(/^https:\/\//);
      expect(law.asOf).toBe("2026-11-23");
    }
  });

  test("the GDPR has 30 states and an authority for each", () => {
    const gdpr = laws.find((law) => law.id === "eu-gdpr");
    expect(gdpr?.regions).toHaveLength(30);
    expect(gdpr?.authorities).toHaveLength(30);
  });

  test("a sound row loads, and its gaps are filled", () => {
    expect(loadLaws([row])[0]).toMatchObject({ territories: {}, inForceTo: null, cra: null });
  });

  test.each<[string, Partial<LawRow>]>([
    ["a date that is none", { inForceFrom: "2020-02-30" }],
    ["an end before the beginning", { inForceTo: "2019-12-31" }],
    ["no region", { regions: [] }],
    ["a region that is no code", { regions: ["Germany"] }],
    ["no duty at all", { individuals: null, regulator: null }],
    ["a duty that hangs on a missing one", { individuals: null }],
    ["a regulator without a name", { regulator: { ...row.regulator!, recipient: null } }],
    [
      "authorities for other regions",
      { authorities: [{ country: "YY", name: "Y", url: "https://y.example" }] },
    ],
    ["a territory that belongs nowhere", { territories: { ZZ: "YY" } }],
    [
      "a clock after the notice without its order",
      { regulator: { ...row.regulator!, clock: "after_individual_notice" } },
    ],
    ["no hours", { regulator: { ...row.regulator!, deadline: { kind: "hours", hours: 0 } } }],
    ["an unknown clock", { regulator: { ...row.regulator!, clock: "rumour" as "awareness" } }],
    ["a threshold without an operator", { cra: { ...row.regulator!, threshold: { people: 5 } as never } }],
    ["a key nobody knows", { threshhold: 5 } as Partial<LawRow>],
    ["no citation", { citation: "" }],
  ])("refuses %s", (_, change) => {
    expect(() => loadLaws([{ ...row, ...change }])).toThrow();
  });

  test("refuses two laws, or two versions, for one place on one day, and allows them one after the other", () => {
    expect(() => loadLaws([row, { ...row, id: "xx-other" }])).toThrow(/both claim XX/);
    expect(() => loadLaws([row, { ...row, inForceFrom: "2024-01-01" }])).toThrow(/both claim XX/);
    const first = { ...row, inForceTo: "2023-12-31" };
    expect(() => loadLaws([first, { ...row, inForceFrom: "2023-12-31" }])).toThrow();
    expect(() => loadLaws([{ ...row, inForceFrom: "2023-12-31" }, first])).toThrow();
    expect(loadLaws([first, { ...row, inForceFrom: "2024-01-01" }])).toHaveLength(2);
    expect(() =>
      loadLaws([row, { ...row, id: "yy-law", regions: ["YY"], territories: { XX: "YY" } }]),
    ).toThrow();
  });

  test("a planning target has no legal reading, even where Regulation 1182/71 applies", () => {
    const [law] = loadLaws([{ ...row, rounding: "reg_1182_71" }]);
    const [soft] = loadLaws([
      {
        ...row,
        rounding: "reg_1182_71",
        regulator: { ...row.regulator!, deadline: { kind: "soft", standard: "without_undue_delay" } },
      },
    ]);
    const clocks = { aware: new Date("2026-06-01T10:10:00Z") };
    const reading = (from: typeof law) =>
      findDue(from!, from!.regulator!, "regulator", clocks, "UTC").due?.legalReading?.toISOString() ?? null;
    expect(reading(law)).toBe("2026-06-02T11:00:00.000Z");
    expect(reading(soft)).toBeNull();
  });

  test("a version is chosen by the day: in force, else coming, else ended", () => {
    const versions = loadLaws([
      { ...row, inForceFrom: "2020-01-01", inForceTo: "2021-12-31" },
      { ...row, inForceFrom: "2023-01-01", inForceTo: "2024-12-31" },
    ]);
    const states = [
      "2019-12-31",
      "2020-01-01",
      "2021-12-31",
      "2022-06-01",
      "2023-01-01",
      "2024-12-31",
      "2025-01-01",
    ].map((day) => {
      const version = versionOn(versions, day);
      return `${version?.law.inForceFrom} ${version?.state}`;
    });
    expect(states).toEqual([
      "2020-01-01 coming",
      "2020-01-01 in_force",
      "2020-01-01 in_force",
      "2023-01-01 coming",
      "2023-01-01 in_force",
      "2023-01-01 in_force",
      "2023-01-01 ended",
    ]);
    expect(versionOn([], "2025-01-01")).toBeNull();
  });
});

describe("the text catalogue", () => {
  const has = (key: string, tree: unknown = text.trace): boolean => {
    const path = key.split(".");
    const last = path.pop() ?? "";
    const node = path.reduce<unknown>(
      (at, part) => (at as Record<string, unknown> | undefined)?.[part],
      tree,
    );
    const leaf = node as Record<string, unknown> | undefined;
    return typeof (leaf?.[last] ?? leaf?.[`${last}_other`]) === "string";
  };
  const sentence = (key: string): string => {
    const path = key.split(".");
    const last = path.pop() ?? "";
    const node = path.reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], text.trace);
    return String(
      (node as Record<string, unknown>)[`${last}_other`] ?? (node as Record<string, unknown>)[last],
    );
  };

  test("names every category, clock, element, standard and order", () => {
    for (const category of dataCategories) {
      expect(has(category, categoryText.category), category).toBe(true);
      expect(has(category, categoryText.inSentence), category).toBe(true);
    }
    for (const clock of clockKinds) expect(has(clock, text.clock), clock).toBe(true);
    for (const element of contentElements) expect(has(element, text.content), element).toBe(true);
    for (const standard of standards) expect(has(standard, text.standard), standard).toBe(true);
    for (const order of orders) {
      expect(has(order, text.order), order).toBe(true);
      expect(has(`order.${order}`), order).toBe(true);
    }
  });

  test("has a sentence for every step that any combination of facts brings up, with all its blanks filled", () => {
    const at = new Date("2026-06-01T00:00:00Z");
    const clockSets: Circumstances["clocks"][] = [
      {},
      { suspected: at },
      { aware: new Date("2018-01-01T00:00:00Z") },
      { suspected: at, discovered: at, aware: at, determined: at, individuals_notified: at },
    ];
    const kinds: DataCategory[][] = [
      [],
      ["email"],
      ["name", "email", "order_history"],
      ["name", "card_full"],
      ["card_full"],
    ];
    const residences = [
      ["DE", null],
      ["GB", null],
      ["US", "CA"],
      ["US", "NY"],
      ["US", "TX"],
      ["CA", null],
      ["AU", null],
    ] as const;
    const seen = new Set<string>();
    for (const clocks of clockSets)
      for (const encrypted of ["yes_key_safe", "no", "unknown"] as const)
        for (const malicious of ["yes", "no", "unknown"] as const)
          for (const recipients of ["unknown", "known_trusted", "none"] as const)
            for (const merchantEstablishment of [null, "FR"])
              for (const people of [1, 20_000])
                for (const categories of kinds) {
                  const residence = residences.map(([country, region]) => ({
                    country,
                    region,
                    people,
                    categories,
                  }));
                  residence.push({ country: "US", region: "NY", people: 3, categories: ["device"] });
                  const assessment = assess(
                    { encrypted, malicious, recipients, merchantEstablishment, zone: "UTC", clocks, at },
                    { residence },
                  );
                  for (const place of assessment.jurisdictions)
                    for (const step of place.trace) {
                      seen.add(step.key);
                      if (!has(step.key)) throw new Error(`no sentence for ${step.key}`);
                      for (const [, blank = ""] of sentence(step.key).matchAll(/\{\{(\w+)\}\}/g)) {
                        const filled = blank in step.values || step[blank as "clock"] !== undefined;
                        if (!filled) throw new Error(`${step.key} leaves {{${blank}}} empty`);
                      }
                    }
                }
    expect(seen.size).toBeGreaterThan(35);
  });

  test("never speaks in the law's code words", () => {
    const words = [...clockWords, ...riskGates, ...triggerWords].filter((word) => word.includes("_"));
    const sentences = JSON.stringify(text).match(/: ?"[^"]*"/g) ?? [];
    for (const each of sentences) for (const word of words) expect(each).not.toContain(word);
  });
});
