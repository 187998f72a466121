import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { assessSeverity, bandOf, scoreSeverity } from "../../../app/breach/obligation/severity.ts";
import type { Handling } from "../../../app/breach/obligation/severity.ts";
import { dataCategories } from "../../../app/breach/scope/categories.ts";
import type { DataCategory } from "../../../app/breach/scope/categories.ts";

const attacker: Handling = { encrypted: "no", malicious: "yes", recipients: "unknown" };
const partner: Handling = { encrypted: "no", malicious: "no", recipients: "known_trusted" };
const list: DataCategory[] = ["name", "email", "phone", "postal_address"];

/**
 * ENISA, Recommendations for a methodology of the assessment of severity of personal data breaches (2013): SE = DPC x EI + CB,
 * with the published examples (supermarket list 1, luxury goods 2, adult shop addresses 3, full card 4).
 */
const vectors: [string, Handling, DataCategory[], number, number, number, number, string][] = [
  ["a supermarket's customer list", attacker, list, 1, 1, 1, 2, "medium"],
  ["b order export", attacker, [...list, "order_history"], 2, 1, 1, 3, "high"],
  [
    "c adult shop's delivery list",
    { ...attacker, sensitivityAdjustment: 1 },
    [...list, "order_history"],
    3,
    1,
    1,
    4,
    "very_high",
  ],
  ["d skimmer", attacker, ["name", "email", "postal_address", "card_full"], 4, 1, 1, 5, "very_high"],
  ["e newsletter list, addresses only", attacker, ["email"], 1, 0.75, 1, 1.75, "low"],
  ["f file sent to a known partner", partner, list, 1, 1, 0.25, 1.25, "low"],
  ["g luxury shop's list", { ...attacker, sensitivityAdjustment: 1 }, list, 2, 1, 1, 3, "high"],
];

describe("ENISA's vectors", () => {
  test.each(vectors)("%s", (_, handling, exposed, context, identification, circumstances, score, band) => {
    const severity = assessSeverity(handling, exposed, 50);
    const { inputs } = severity;
    expect(inputs.context).toBe(context);
    expect(inputs.identification).toBe(identification);
    expect(inputs.confidentiality + inputs.integrity + inputs.availability + inputs.malicious).toBe(
      circumstances,
    );
    expect(severity.score).toBe(score);
    expect(severity.band).toBe(band);
  });

  test("bands begin at 2, 3 and 4, inclusive", () => {
    expect([0.25, 1.99, 2, 2.99, 3, 3.99, 4, 6].map(bandOf)).toEqual([
      "low",
      "low",
      "medium",
      "medium",
      "high",
      "high",
      "very_high",
      "very_high",
    ]);
  });

  test("the maximum is 6", () => {
    const worst = {
      context: 4,
      identification: 1,
      confidentiality: 0.5,
      integrity: 0.5,
      availability: 0.5,
      malicious: 0.5,
    };
    expect(scoreSeverity(worst)).toBe(6);
  });
});

describe("what is not known", () => {
  test("unknown intent counts as bad intent and says so", () => {
    const severity = assessSeverity({ ...attacker, malicious: "unknown" }, list, 5);
    expect(severity.score).toBe(2);
    expect(severity.assumed).toEqual(["malicious"]);
  });

  test("unknown encryption counts as none and says so", () => {
    const severity = assessSeverity({ ...attacker, encrypted: "unknown" }, list, 5);
    expect(severity).toMatchObject({
      score: 2,
      unintelligible: false,
      unreadableScore: null,
      assumed: ["encrypted"],
    });
  });

  test("no category named is said too", () => {
    expect(assessSeverity(attacker, [], 5)).toMatchObject({ score: 2, assumed: ["categories"] });
  });

  test("data nobody can read keep their score, flagged, beside the lower one", () => {
    const severity = assessSeverity(
      { ...attacker, encrypted: "yes_key_safe" },
      [...list, "order_history"],
      5,
    );
    // 2 x 0.25 + 1
    expect(severity).toMatchObject({ score: 3, unintelligible: true, unreadableScore: 1.5 });
  });

  test("more than a hundred people is a flag outside the score", () => {
    expect([100, 101].map((people) => assessSeverity(attacker, list, people).manyPeople)).toEqual([
      false,
      true,
    ]);
    expect(assessSeverity(attacker, list, 101).score).toBe(assessSeverity(attacker, list, 1).score);
  });
});

describe("context", () => {
  test("a child's data stand a step higher, within 1 to 4", () => {
    expect(assessSeverity(attacker, [...list, "minors"], 1).inputs.context).toBe(2);
    expect(assessSeverity(attacker, ["name", "health", "minors"], 1).inputs.context).toBe(4);
    expect(assessSeverity({ ...attacker, sensitivityAdjustment: -3 }, list, 1).inputs.context).toBe(1);
  });

  test("logins with passwords stand with financial data, because the same password opens more than this shop", () => {
    // 3 x 0.75 + 1
    expect(assessSeverity(attacker, ["email", "credentials"], 1)).toMatchObject({
      score: 3.25,
      band: "high",
    });
  });

  test("the highest category sets it and is named", () => {
    const { inputs } = assessSeverity(attacker, ["name", "bank_account", "order_history"], 1);
    expect(inputs).toMatchObject({ contextBase: 3, contextFrom: ["bank_account"] });
  });
});

test("for any facts: naming one more category, or a worse answer, never lowers the score", () => {
  const order = { malicious: ["no", "yes"], recipients: ["none", "known_trusted", "unknown"] } as const;
  fc.assert(
    fc.property(
      fc.subarray([...dataCategories], { minLength: 1 }),
      fc.constantFrom(...dataCategories),
      fc.constantFrom(0, 1),
      fc.constantFrom(0, 1),
      (exposed, more, malice, recipients) => {
        const mild: Handling = {
          encrypted: "no",
          malicious: order.malicious[0],
          recipients: order.recipients[recipients]!,
        };
        const base = assessSeverity(mild, exposed, 1).score;
        expect(base).toBeGreaterThanOrEqual(0.25);
        expect(assessSeverity(mild, [...new Set([...exposed, more])], 1).score).toBeGreaterThanOrEqual(base);
        const worse: Handling = {
          ...mild,
          malicious: order.malicious[malice]!,
          recipients: order.recipients[recipients + 1]!,
        };
        const worst = assessSeverity(worse, exposed, 1).score;
        expect(worst).toBeGreaterThan(base);
        expect(worst).toBeLessThanOrEqual(6);
      },
    ),
    { numRuns: 300 },
  );
});
