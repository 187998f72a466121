import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  assess,
  contentRules,
  dueMoments,
  lawById,
  nextDue,
  sortDuties,
} from "../../../app/breach/obligation/obligation.ts";
import type { Assessment, Circumstances, Duty, Exposure } from "../../../app/breach/obligation/obligation.ts";
import { dataCategories } from "../../../app/breach/scope/categories.ts";
import type { DataCategory } from "../../../app/breach/scope/categories.ts";

const orderExport: DataCategory[] = ["name", "email", "postal_address", "order_history"];
const skimmed: DataCategory[] = ["name", "email", "card_full"];

const base: Circumstances = {
  encrypted: "no",
  malicious: "yes",
  recipients: "unknown",
  merchantEstablishment: null,
  zone: "America/Los_Angeles",
  clocks: {
    discovered: new Date("2026-11-02T09:00:00-08:00"),
    aware: new Date("2026-11-02T15:40:00-08:00"),
  },
  at: new Date("2026-11-03T12:00:00-08:00"),
};

function live(
  country: string | null,
  people: number,
  categories: DataCategory[],
  region: string | null = null,
) {
  return { country, region, people, categories };
}

function run(residence: Exposure["residence"], changes: Partial<Circumstances> = {}): Assessment {
  return assess({ ...base, ...changes }, { residence });
}

function duty(assessment: Assessment, id: string): Duty {
  const found = sortDuties(assessment).find((each) => each.id === id);
  if (!found) throw new Error(`no duty ${id} among ${ids(assessment).join(", ") || "none"}`);
  return found;
}

function ids(assessment: Assessment): string[] {
  return sortDuties(assessment)
    .map((each) => each.id)
    .toSorted();
}

function whyNone(assessment: Assessment, jurisdiction: string): string | undefined {
  const found = assessment.jurisdictions.find((each) => each.jurisdiction === jurisdiction);
  expect(found?.duties).toEqual([]);
  return found?.whyNone?.key;
}

describe("European Union (GDPR arts. 33, 34)", () => {
  const twelve = ["DE", "FR", "NL", "BE", "AT", "IT", "ES", "PT", "IE", "SE", "DK", "PL"];
  const buyers = twelve.map((country, index) => live(country, 100 - index, orderExport));

  test("a US store's order export with buyers in 12 states: 12 authorities (EDPB Guidelines 9/2022 v2.0 para 73)", () => {
    const assessment = run(buyers);
    const regulators = sortDuties(assessment).filter((each) => each.duty === "regulator");
    expect(regulators.map((each) => each.jurisdiction).toSorted()).toEqual(twelve.toSorted());
    expect(new Set(regulators.map((each) => each.recipient)).size).toBe(12);
    expect(duty(assessment, "eu-gdpr:FR:regulator").recipient).toContain("CNIL");
    for (const each of regulators) {
      expect(each.status).toBe("due");
      // 2 November 15:40 at -08:00 + 72 h; the legal reading starts at 16:00.
      expect(each.due).toMatchObject({
        actBy: new Date("2026-11-05T15:40:00-08:00"),
        legalReading: new Date("2026-11-05T16:00:00-08:00"),
        statutory: true,
        basis: { hours: 72, clock: "aware", wanted: "aware" },
      });
    }
  });

  test("with an establishment in Ireland: one lead authority, and the other states listed (art. 56)", () => {
    const assessment = run(buyers, { merchantEstablishment: "IE" });
    expect(ids(assessment)).toEqual(["eu-gdpr:IE:individuals", "eu-gdpr:IE:regulator"]);
    const [only] = assessment.jurisdictions;
    expect(only).toMatchObject({ jurisdiction: "IE", people: 1134, peopleCovered: 1134 });
    expect(only?.memberStates).toHaveLength(12);
    expect(only?.memberStates[0]).toEqual({ country: "DE", people: 100 });
    expect(duty(assessment, "eu-gdpr:IE:regulator").recipient).toContain("Data Protection Commission");
  });

  test("an establishment outside the Union makes no lead authority", () => {
    expect(run(buyers, { merchantEstablishment: "US" }).jurisdictions).toHaveLength(12);
    expect(run(buyers, { merchantEstablishment: "GB" }).jurisdictions).toHaveLength(12);
    expect(run(buyers, { merchantEstablishment: "NO" }).jurisdictions).toHaveLength(1);
  });

  test("Réunion and Guadeloupe count as France, Åland as Finland (TFEU arts. 349, 355)", () => {
    const assessment = run([
      live("FR", 5, orderExport),
      live("RE", 2, orderExport),
      live("GP", 1, orderExport),
      live("AX", 4, orderExport),
    ]);
    expect(assessment.uncovered).toEqual([]);
    expect(assessment.jurisdictions.map(({ jurisdiction, people }) => [jurisdiction, people])).toEqual([
      ["FR", 8],
      ["FI", 4],
    ]);
  });

  test("severity 1.75 (newsletter addresses): record only", () => {
    const assessment = run([live("DE", 9000, ["email"])]);
    expect(whyNone(assessment, "DE")).toBe("risk.unless_unlikely_to_result_in_risk.below");
  });

  test("severity exactly 2 (customer list): the authority, not the people", () => {
    expect(ids(run([live("DE", 1, ["name", "email"])]))).toEqual(["eu-gdpr:DE:regulator"]);
  });

  test("severity exactly 3 (order export): both, the people by a planning target", () => {
    const assessment = run([live("DE", 1, orderExport)]);
    expect(ids(assessment)).toEqual(["eu-gdpr:DE:individuals", "eu-gdpr:DE:regulator"]);
    expect(duty(assessment, "eu-gdpr:DE:individuals")).toMatchObject({
      recipient: null,
      standard: "without_undue_delay",
      due: { statutory: false, legalReading: null, actBy: new Date("2026-12-02T23:59:59.999-08:00") },
    });
  });

  test("encrypted with the key safe: the people need no notice (art. 34(3)(a)), and 1.5 leaves no risk to report", () => {
    const assessment = run([live("DE", 50, orderExport)], { encrypted: "yes_key_safe" });
    expect(whyNone(assessment, "DE")).toBe("risk.unless_unlikely_to_result_in_risk.below");
    const stops = assessment.jurisdictions[0]!.trace.filter((step) => step.outcome === "stop");
    expect(stops.map((step) => [step.key, step.duty])).toEqual([
      ["encryption.exemptDuty", "individuals"],
      ["risk.unless_unlikely_to_result_in_risk.below", "regulator"],
    ]);
    expect(stops[1]?.values).toEqual({ score: 1.5, floor: 2 });
  });

  test("encrypted full card numbers still reach the authority: 4 x 0.25 + 1 = 2", () => {
    const assessment = run([live("DE", 50, skimmed)], { encrypted: "yes_key_safe" });
    expect(ids(assessment)).toEqual(["eu-gdpr:DE:regulator"]);
  });

  test("before 25 May 2018 it was not in force", () => {
    const clocks = { aware: new Date("2018-05-24T12:00:00Z") };
    expect(whyNone(run([live("DE", 5, orderExport)], { clocks, zone: "UTC" }), "DE")).toBe("inForce.coming");
    const next = { aware: new Date("2018-05-25T12:00:00Z") };
    expect(
      run([live("DE", 5, orderExport)], { clocks: next, zone: "UTC" }).jurisdictions[0]?.whyNone,
    ).toBeNull();
  });
});

test("United Kingdom: 72 plain hours over the end of summer time, no EU rounding (UK GDPR art. 33)", () => {
  const clocks = { aware: new Date("2026-10-24T10:20:00+01:00") };
  const assessment = run([live("GB", 3, orderExport)], {
    clocks,
    zone: "Europe/London",
    merchantEstablishment: "IE",
  });
  expect(duty(assessment, "uk-gdpr:GB:regulator").due).toMatchObject({
    actBy: new Date("2026-10-27T09:20:00Z"),
    legalReading: null,
    statutory: true,
  });
});

describe("California (Cal. Civ. Code 1798.82)", () => {
  test("name, email and orders: no duty, and the reason", () => {
    const assessment = run([live("US", 90_000, [...orderExport, "card_last4", "phone"], "CA")]);
    expect(whyNone(assessment, "US-CA")).toBe("category.none");
    expect(assessment.jurisdictions[0]).toMatchObject({ people: 90_000, peopleCovered: 0 });
  });

  test("name with full card number: the people within 30 calendar days of discovery", () => {
    const assessment = run([live("US", 10, skimmed, "CA")]);
    expect(duty(assessment, "us-ca:US-CA:individuals")).toMatchObject({
      status: "due",
      requiredTitle: "Notice of Data Breach",
      due: {
        actBy: new Date("2026-12-02T23:59:59.999-08:00"),
        statutory: true,
        basis: { days: 30, clock: "discovered" },
      },
    });
  });

  test("full card number without a name: no duty, and what would change it", () => {
    const assessment = run([live("US", 10, ["email", "card_full"], "CA")]);
    expect(whyNone(assessment, "US-CA")).toBe("category.noName");
    expect(assessment.jurisdictions[0]?.whyNone?.categories).toEqual(["card_full"]);
  });

  test("login with password needs no name (1798.82(h)(2))", () => {
    expect(ids(run([live("US", 1, ["credentials"], "CA")]))).toEqual(["us-ca:US-CA:individuals"]);
  });

  test("the Attorney General: more than 500, and waiting until the notice has been sent", () => {
    expect(ids(run([live("US", 500, skimmed, "CA")]))).toEqual(["us-ca:US-CA:individuals"]);
    const pending = duty(run([live("US", 501, skimmed, "CA")]), "us-ca:US-CA:regulator");
    expect(pending).toMatchObject({
      status: "pending_anchor",
      due: null,
      waitingFor: "individuals_notified",
      order: "after_individuals",
    });
    const clocks = { ...base.clocks, individuals_notified: new Date("2026-11-20T11:00:00-08:00") };
    expect(duty(run([live("US", 501, skimmed, "CA")], { clocks }), "us-ca:US-CA:regulator")).toMatchObject({
      status: "due",
      due: { actBy: new Date("2026-12-05T23:59:59.999-08:00"), statutory: true, basis: { days: 15 } },
    });
  });

  test("encrypted with the key safe: no duty; unknown: as if readable", () => {
    const residence = [live("US", 501, skimmed, "CA")];
    expect(whyNone(run(residence, { encrypted: "yes_key_safe" }), "US-CA")).toBe("encryption.exempt");
    const unknown = run(residence, { encrypted: "unknown" });
    expect(ids(unknown)).toHaveLength(2);
    expect(unknown.jurisdictions[0]?.trace.map((step) => step.key)).toContain("encryption.unknown");
  });

  test("known before 1 January 2026: the version without a number (SB 446 not yet in force)", () => {
    const clocks = { discovered: new Date("2025-12-31T12:00:00-08:00") };
    const before = duty(run([live("US", 10, skimmed, "CA")], { clocks }), "us-ca:US-CA:individuals");
    expect(before).toMatchObject({ standard: "most_expedient_time", due: { statutory: false } });
    const next = { discovered: new Date("2026-01-01T12:00:00-08:00") };
    const after = duty(run([live("US", 10, skimmed, "CA")], { clocks: next }), "us-ca:US-CA:individuals");
    expect(after.due).toMatchObject({ statutory: true, actBy: new Date("2026-01-31T23:59:59.999-08:00") });
  });

  test("the version is that of the day of awareness, not of the first sign", () => {
    const clocks = {
      discovered: new Date("2025-12-31T12:00:00-08:00"),
      aware: new Date("2026-01-01T12:00:00-08:00"),
    };
    const each = duty(run([live("US", 10, skimmed, "CA")], { clocks }), "us-ca:US-CA:individuals");
    expect(each.due).toMatchObject({ statutory: true, actBy: new Date("2026-01-30T23:59:59.999-08:00") });
  });

  test("identity theft services belong in the letter only where an identity number leaked", () => {
    const content = (categories: DataCategory[]) =>
      duty(run([live("US", 10, categories, "CA")]), "us-ca:US-CA:individuals").content;
    expect(content(skimmed)).not.toContain("creditMonitoringOffer");
    expect(content(["name", "government_id"])).toContain("creditMonitoringOffer");
    expect(content(skimmed)).toContain("lawEnforcementDelay");
  });
});

describe("New York (Gen. Bus. Law 899-aa)", () => {
  const clocks = { discovered: new Date("2026-02-20T16:00:00-05:00") };
  const zone = "America/New_York";

  test("one person is enough for the Attorney General; both within 30 days of discovery, over the clock change", () => {
    const assessment = run([live("US", 1, skimmed, "NY")], { clocks, zone });
    expect(ids(assessment)).toEqual(["us-ny:US-NY:individuals", "us-ny:US-NY:regulator"]);
    for (const each of sortDuties(assessment)) {
      expect(each.due).toMatchObject({ actBy: new Date("2026-03-22T23:59:59.999-04:00"), statutory: true });
    }
    expect(duty(assessment, "us-ny:US-NY:regulator").order).toBe("with_individuals");
  });

  test("any identifier will do beside a card number (899-aa(1)(a)), but not none", () => {
    expect(ids(run([live("US", 1, ["email", "card_full"], "NY")]))).toHaveLength(2);
    expect(whyNone(run([live("US", 1, ["card_full"], "NY")]), "US-NY")).toBe("category.noName");
    expect(whyNone(run([live("US", 9, orderExport, "NY")]), "US-NY")).toBe("category.none");
  });

  test("credit bureaus: more than 5,000, by a planning target", () => {
    expect(ids(run([live("US", 5000, skimmed, "NY")]))).not.toContain("us-ny:US-NY:cra");
    const bureaus = duty(run([live("US", 5001, skimmed, "NY")]), "us-ny:US-NY:cra");
    expect(bureaus).toMatchObject({ due: { statutory: false }, standard: "without_unreasonable_delay" });
    expect(bureaus.recipient).toContain("Equifax");
  });

  test("a harmless slip by trusted people is only mentioned, never assumed", () => {
    const slip = run([live("US", 1, skimmed, "NY")], { malicious: "no", recipients: "known_trusted" });
    expect(ids(slip)).toHaveLength(2);
    expect(slip.jurisdictions[0]?.trace.map((step) => step.key)).toContain("risk.exemptionPossible");
  });

  test("known before 21 December 2024: no number of days", () => {
    const early = { discovered: new Date("2024-12-20T12:00:00-05:00") };
    const assessment = run([live("US", 1, skimmed, "NY")], { clocks: early, zone });
    expect(sortDuties(assessment).map((each) => each.due?.statutory)).toEqual([false, false]);
  });
});

describe("Texas (Bus. & Com. Code 521.053)", () => {
  const clocks = { ...base.clocks, determined: new Date("2026-03-31T10:00:00-05:00") };
  const zone = "America/Chicago";

  test("250 or more: the Attorney General in 30 days, the people in 60, from determination", () => {
    const assessment = run([live("US", 250, skimmed, "TX")], { clocks, zone });
    expect(duty(assessment, "us-tx:US-TX:regulator").due?.actBy).toEqual(
      new Date("2026-04-30T23:59:59.999-05:00"),
    );
    expect(duty(assessment, "us-tx:US-TX:individuals").due?.actBy).toEqual(
      new Date("2026-05-30T23:59:59.999-05:00"),
    );
    expect(ids(run([live("US", 249, skimmed, "TX")], { clocks, zone }))).toEqual(["us-tx:US-TX:individuals"]);
  });

  test("credit bureaus: more than 10,000", () => {
    expect(ids(run([live("US", 10_000, skimmed, "TX")]))).not.toContain("us-tx:US-TX:cra");
    expect(ids(run([live("US", 10_001, skimmed, "TX")]))).toContain("us-tx:US-TX:cra");
  });

  test("health information counts with any identifier (521.002(a)(2)(B)); a login with password does not", () => {
    expect(ids(run([live("US", 1, ["email", "health"], "TX")]))).toEqual(["us-tx:US-TX:individuals"]);
    expect(whyNone(run([live("US", 1, ["name", "credentials"], "TX")]), "US-TX")).toBe("category.none");
  });

  test("not determined yet: counted from the earliest moment somebody noticed, and the trace says so", () => {
    const noticed = {
      aware: new Date("2026-11-10T10:00:00-06:00"),
      discovered: new Date("2026-11-04T10:00:00-06:00"),
      suspected: new Date("2026-11-02T10:00:00-06:00"),
    };
    const assessment = run([live("US", 1, skimmed, "TX")], { clocks: noticed, zone });
    // 2 November + 60 days = 1 January.
    expect(duty(assessment, "us-tx:US-TX:individuals").due).toMatchObject({
      actBy: new Date("2027-01-01T23:59:59.999-06:00"),
      basis: { clock: "suspected", wanted: "determined" },
    });
    const counted = assessment.jurisdictions[0]?.trace.find((step) => step.gate === "clock");
    expect(counted).toMatchObject({
      duty: "individuals",
      key: "clock.statutory.days.standIn",
      clock: "determined",
      usedClock: "suspected",
    });
  });
});

describe("Canada (PIPEDA s. 10.1)", () => {
  test("a real risk of significant harm: Commissioner and people, planning targets from determination", () => {
    const clocks = { ...base.clocks, determined: new Date("2026-11-04T08:00:00-08:00") };
    const assessment = run([live("CA", 3, orderExport, "ON")], { clocks });
    expect(duty(assessment, "ca-pipeda:CA:regulator").due).toMatchObject({
      actBy: new Date("2026-11-07T08:00:00-08:00"),
      legalReading: null,
      statutory: false,
    });
    expect(duty(assessment, "ca-pipeda:CA:individuals").due).toMatchObject({
      actBy: new Date("2026-12-04T23:59:59.999-08:00"),
      statutory: false,
    });
  });

  test("Quebec and Alberta also have laws of their own that are missing, and are named", () => {
    const assessment = run([
      live("CA", 7, orderExport, "QC"),
      live("CA", 9, orderExport, "CA-AB"),
      live("CA", 4, orderExport, "ON"),
    ]);
    expect(assessment.jurisdictions.map(({ jurisdiction, people }) => [jurisdiction, people])).toEqual([
      ["CA", 20],
    ]);
    expect(assessment.uncovered).toEqual([
      { country: "CA", region: "AB", people: 9, partlyBy: "ca-pipeda" },
      { country: "CA", region: "QC", people: 7, partlyBy: "ca-pipeda" },
    ]);
  });

  test("encryption is weighed, not an exemption", () => {
    const residence = [live("CA", 3, orderExport), live("AU", 3, orderExport)];
    const assessment = run(residence, { encrypted: "yes_key_safe" });
    expect(whyNone(assessment, "CA")).toBe("risk.real_risk_of_significant_harm.below");
    expect(whyNone(assessment, "AU")).toBe("risk.likely_serious_harm.below");
    expect(ids(run([live("CA", 3, skimmed)], { encrypted: "yes_key_safe" }))).toHaveLength(2);
  });
});

test("Australia (Privacy Act 1988 ss. 26WK, 26WL): statement first, then the people; both planning targets", () => {
  const clocks = { aware: new Date("2026-11-20T11:00:00+11:00") };
  const assessment = run([live("AU", 3, orderExport)], { clocks, zone: "Australia/Sydney" });
  expect(duty(assessment, "au-ndb:AU:regulator").due).toMatchObject({
    actBy: new Date("2026-11-23T11:00:00+11:00"),
    statutory: false,
  });
  expect(duty(assessment, "au-ndb:AU:individuals")).toMatchObject({
    order: "after_regulator",
    due: { actBy: new Date("2026-12-20T23:59:59.999+11:00"), statutory: false },
  });
  const keys = assessment.jurisdictions[0]?.trace.map((step) => step.key);
  expect(keys).toContain("assumption.auTurnover");
  expect(keys).toContain("assumption.auAssessment");
});

describe("people nobody has a law for", () => {
  test("are counted and named: countries, states, and those without a country", () => {
    const assessment = run([
      live("JP", 40, orderExport, "JP-13"),
      live("US", 5, orderExport, "WA"),
      live("us", 2, orderExport, "us-wa"),
      live("US", 3, orderExport),
      live(null, 11, orderExport),
      live(" ", 1, orderExport),
      live("JE", 4, orderExport),
      live("DE", 0, orderExport),
    ]);
    expect(assessment.jurisdictions).toEqual([]);
    expect(assessment.unknownResidence).toBe(12);
    expect(assessment.uncovered).toEqual([
      { country: "JP", region: "13", people: 40, partlyBy: null },
      { country: "US", region: "WA", people: 7, partlyBy: null },
      { country: "JE", region: null, people: 4, partlyBy: null },
      { country: "US", region: null, people: 3, partlyBy: null },
    ]);
  });

  test("nobody at all: no duty, nothing invented", () => {
    const assessment = run([]);
    expect(assessment).toMatchObject({ jurisdictions: [], uncovered: [], unknownResidence: 0 });
    expect(nextDue(assessment, base.at)).toBeNull();
  });

  test("a count that cannot be is refused, not dropped", () => {
    for (const people of [-1, 1.5, Number.NaN, Infinity]) {
      expect(() => run([live("DE", people, orderExport)])).toThrow(RangeError);
    }
  });
});

describe("unknown facts", () => {
  test("no clock at all: the duty waits for its own clock", () => {
    const assessment = run([live("DE", 1, orderExport), live("US", 1, skimmed, "TX")], { clocks: {} });
    expect(duty(assessment, "eu-gdpr:DE:regulator")).toMatchObject({
      status: "pending_anchor",
      waitingFor: "aware",
    });
    expect(duty(assessment, "us-tx:US-TX:individuals")).toMatchObject({ waitingFor: "determined" });
    expect(dueMoments(assessment)).toEqual([]);
  });

  test("awareness unknown, suspicion known: 72 hours from the suspicion", () => {
    const clocks = {
      suspected: new Date("2026-11-01T00:30:00Z"),
      contained: new Date("2026-10-01T00:00:00Z"),
    };
    const due = duty(run([live("DE", 1, orderExport)], { clocks }), "eu-gdpr:DE:regulator").due;
    expect(due).toMatchObject({ actBy: new Date("2026-11-04T00:30:00Z"), basis: { clock: "suspected" } });
  });

  test("unknown intent is read as bad intent", () => {
    const assessment = run([live("DE", 1, ["name", "email"])], { malicious: "unknown" });
    expect(ids(assessment)).toEqual(["eu-gdpr:DE:regulator"]);
    expect(assessment.jurisdictions[0]?.trace.map((step) => step.key)).toContain("risk.maliceUnknown");
  });

  test("no category named: any-personal-data laws still look; the others say what is missing", () => {
    const assessment = run([live("DE", 1, []), live("US", 1, [], "CA")]);
    expect(ids(assessment)).toEqual(["eu-gdpr:DE:regulator"]);
    expect(whyNone(assessment, "US-CA")).toBe("category.unnamed");
  });

  test("two groups in one state: only those whose data are covered are counted against the threshold", () => {
    const assessment = run([live("US", 400, skimmed, "TX"), live("US", 9000, ["email"], "TX")]);
    expect(assessment.jurisdictions[0]).toMatchObject({ people: 9400, peopleCovered: 400 });
    expect(ids(assessment)).toEqual(["us-tx:US-TX:individuals", "us-tx:US-TX:regulator"]);
    const few = run([live("US", 249, skimmed, "TX"), live("US", 9000, ["email"], "TX")]);
    expect(ids(few)).toEqual(["us-tx:US-TX:individuals"]);
  });
});

describe("what comes next", () => {
  const mixed = [live("DE", 5, skimmed), live("US", 600, skimmed, "CA"), live("US", 3, skimmed, "NY")];

  test("soonest first, waiting last; done ones are left out; overdue ones stay first", () => {
    const assessment = run(mixed);
    const order = sortDuties(assessment).map((each) => each.id);
    expect(order[0]).toBe("eu-gdpr:DE:regulator");
    expect(order.at(-1)).toBe("us-ca:US-CA:regulator");
    const now = new Date("2026-11-05T15:40:00-08:00");
    expect(nextDue(assessment, now)).toMatchObject({
      duty: { id: "eu-gdpr:DE:regulator" },
      late: false,
      msLeft: 0,
    });
    const after = new Date(now.getTime() + 1);
    expect(nextDue(assessment, after)).toMatchObject({
      duty: { id: "eu-gdpr:DE:regulator" },
      late: true,
      msLeft: -1,
    });
    const done = new Set(["eu-gdpr:DE:regulator"]);
    expect(nextDue(assessment, after, done)?.actBy).toEqual(new Date("2026-12-02T23:59:59.999-08:00"));
    expect(dueMoments(assessment, done).map((each) => each.dutyId)).not.toContain("eu-gdpr:DE:regulator");
    expect(dueMoments(assessment)).toHaveLength(5);
  });

  test("letters: what each law wants, once, with who wants it", () => {
    const rules = contentRules(run([...mixed, live("FR", 2, skimmed)]));
    const actions = rules.required.find((each) => each.element === "recommendedActions");
    expect(actions?.wantedBy.map((wish) => wish.jurisdiction)).toEqual(["DE", "FR"]);
    const types = rules.required.find((each) => each.element === "dataTypes");
    expect(types?.wantedBy).toEqual([
      { lawId: "us-ca", lawName: "California Civil Code 1798.82", jurisdiction: "US-CA" },
    ]);
    expect(rules.titles.map((each) => each.title)).toEqual(["Notice of Data Breach"]);
    expect(rules.headings).toHaveLength(1);
    expect(rules.headings[0]?.headings).toEqual([
      "What Happened",
      "What Information Was Involved",
      "What We Are Doing",
      "What You Can Do",
      "For More Information",
    ]);
    expect(new Set(rules.required.map((each) => each.element)).size).toBe(rules.required.length);
  });

  test("a state that is owed nothing has no say in the letter", () => {
    const rules = contentRules(run([live("US", 900, orderExport, "CA"), live("DE", 1, orderExport)]));
    expect(rules.titles).toEqual([]);
    expect(rules.required.flatMap((each) => each.wantedBy).every((wish) => wish.lawId === "eu-gdpr")).toBe(
      true,
    );
    const reports = contentRules(run([live("DE", 1, orderExport)]), "regulator");
    expect(reports.required.map((each) => each.element)).toContain("reasonsForDelayIfLate");
  });
});

test("a law by its id, in the version of a day", () => {
  expect(lawById("us-ca")?.inForceFrom).toBe("2026-01-01");
  expect(lawById("us-ca", "2025-12-31")?.inForceTo).toBe("2025-12-31");
  expect(lawById("us-ca", "2026-01-01")?.inForceFrom).toBe("2026-01-01");
  expect(lawById("us-ny", "2024-12-20")?.inForceTo).toBe("2024-12-20");
  expect(lawById("xx-none")).toBeNull();
});

/**
 * The seven laws once more, written out longhand from their texts, without tables, engine or calendar: which duties arise, and
 * how many whole days or hours after which clock. Dates are compared as Intl writes the day in the store's zone.
 */
type Expected = {
  id: string;
  from: "aware" | "discovered" | "determined" | "sent";
  hours?: number;
  days?: number;
};

function longhand(
  place: "CA" | "NY" | "TX" | "GB" | "AU",
  people: number,
  has: (category: DataCategory) => boolean,
  score: number,
  locked: boolean,
): Expected[] {
  if (people === 0) return [];
  if (place === "GB") {
    const owed: Expected[] = [];
    const unreadable = locked;
    if (score >= 3 && !unreadable) owed.push({ id: "uk-gdpr:GB:individuals", from: "aware", days: 30 });
    if (score >= 2) owed.push({ id: "uk-gdpr:GB:regulator", from: "aware", hours: 72 });
    return owed;
  }
  if (place === "AU") {
    if (score < 2) return [];
    return [
      { id: "au-ndb:AU:individuals", from: "aware", days: 30 },
      { id: "au-ndb:AU:regulator", from: "aware", hours: 72 },
    ];
  }
  if (locked) return [];
  const money = has("card_full") || has("bank_account");
  if (place === "CA") {
    const named = has("name") && (money || has("government_id") || has("health"));
    if (!named && !has("credentials")) return [];
    const owed: Expected[] = [{ id: "us-ca:US-CA:individuals", from: "discovered", days: 30 }];
    if (people >= 501) owed.push({ id: "us-ca:US-CA:regulator", from: "sent", days: 15 });
    return owed;
  }
  if (place === "NY") {
    const someone = has("name") || has("email") || has("phone") || has("postal_address");
    const record = money || has("health");
    const covered = has("credentials") || has("government_id") || (record && someone);
    if (!covered) return [];
    const owed: Expected[] = [
      { id: "us-ny:US-NY:individuals", from: "discovered", days: 30 },
      { id: "us-ny:US-NY:regulator", from: "discovered", days: 30 },
    ];
    if (people >= 5001) owed.push({ id: "us-ny:US-NY:cra", from: "discovered", days: 30 });
    return owed;
  }
  const someone =
    has("name") ||
    has("email") ||
    has("phone") ||
    has("postal_address") ||
    has("credentials") ||
    has("government_id");
  if (!(has("name") && (money || has("government_id"))) && !(has("health") && someone)) return [];
  const owed: Expected[] = [{ id: "us-tx:US-TX:individuals", from: "determined", days: 60 }];
  if (people > 249) owed.push({ id: "us-tx:US-TX:regulator", from: "determined", days: 30 });
  if (people > 10_000) owed.push({ id: "us-tx:US-TX:cra", from: "determined", days: 30 });
  return owed;
}

describe("for any facts", () => {
  const moment = fc.date({ min: new Date("2026-01-03"), max: new Date("2030-01-01"), noInvalidDate: true });
  const later = fc.integer({ min: 0, max: 20 * 86_400_000 });
  const counts = fc.oneof(
    fc.constantFrom(0, 1, 249, 250, 251, 499, 500, 501, 4999, 5000, 5001, 9999, 10_000, 10_001),
    fc.integer({ min: 0, max: 20_000 }),
  );

  test("duties and days are those of the longhand", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("CA", "NY", "TX", "GB", "AU"),
        counts,
        fc.subarray([...dataCategories], { minLength: 1 }),
        fc.boolean(),
        moment,
        later,
        fc.constantFrom("America/New_York", "Europe/Berlin", "Pacific/Auckland", "UTC"),
        (place, people, categories, locked, discovered, delay, zone) => {
          const aware = new Date(discovered.getTime() + delay);
          const determined = new Date(aware.getTime() + delay);
          const sent = new Date(determined.getTime() + delay);
          const state = place.length === 2 && ["CA", "NY", "TX"].includes(place);
          const assessment = run([live(state ? "US" : place, people, categories, state ? place : null)], {
            encrypted: locked ? "yes_key_safe" : "no",
            zone,
            clocks: { discovered, aware, determined, individuals_notified: sent },
          });
          const { score, unreadableScore } = assessment.severity;
          const expected = longhand(
            place,
            people,
            (each) => categories.includes(each),
            unreadableScore ?? score,
            locked,
          );
          expect(ids(assessment)).toEqual(expected.map((each) => each.id).toSorted());
          const starts = { discovered, aware, determined, sent };
          const format = new Intl.DateTimeFormat("en-CA", {
            timeZone: zone,
            year: "numeric",
            month: "2-digit",
            day: "2-digit",
          });
          for (const { id, from, hours, days } of expected) {
            const { due } = duty(assessment, id);
            if (hours !== undefined) {
              expect(due?.actBy.getTime()).toBe(starts[from].getTime() + hours * 3_600_000);
            } else {
              const [y, m, d] = format.format(starts[from]).split("-").map(Number);
              const day = new Date(Date.UTC(y!, m! - 1, d! + days!)).toISOString().slice(0, 10);
              expect(format.format(due!.actBy)).toBe(day);
              expect(format.format(due!.actBy.getTime() + 1) > day).toBe(true);
            }
          }
        },
      ),
      { numRuns: 600 },
    );
  });

  const anywhere = fc.array(
    fc.record({
      country: fc.constantFrom("DE", "FR", "RE", "GB", "US", "CA", "AU", "JP", null),
      region: fc.constantFrom("CA", "NY", "TX", "QC", "US-CA", "WA", null),
      people: counts,
      categories: fc.subarray([...dataCategories]),
    }),
    { maxLength: 12 },
  );

  test("nobody is lost: everyone is under a law, without one, or of unknown residence", () => {
    fc.assert(
      fc.property(anywhere, fc.constantFrom(null, "IE"), (residence, merchantEstablishment) => {
        const assessment = run(residence, { merchantEstablishment });
        const under = assessment.jurisdictions.reduce((sum, each) => sum + each.people, 0);
        const without = assessment.uncovered
          .filter((each) => each.partlyBy === null)
          .reduce((sum, each) => sum + each.people, 0);
        const everyone = residence.reduce((sum, each) => sum + each.people, 0);
        expect(under + without + assessment.unknownResidence).toBe(everyone);
      }),
      { numRuns: 300 },
    );
  });

  test("every place has duties or a reason, and acting by our time is never later than the law's", () => {
    fc.assert(
      fc.property(anywhere, fc.constantFrom("yes_key_safe", "no", "unknown"), (residence, encrypted) => {
        const assessment = run(residence, { encrypted });
        for (const place of assessment.jurisdictions) {
          expect(place.duties.length > 0).toBe(place.whyNone === null);
          expect(place.people).toBeGreaterThan(0);
          for (const { due, status } of place.duties) {
            expect(status).toBe(due ? "due" : "pending_anchor");
            if (due?.legalReading) expect(due.legalReading > due.actBy).toBe(true);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test("becoming aware later never makes anything due earlier", () => {
    fc.assert(
      fc.property(anywhere, moment, later, (residence, aware, delay) => {
        const first = run(residence, { clocks: { aware } });
        const second = run(residence, { clocks: { aware: new Date(aware.getTime() + delay) } });
        for (const each of sortDuties(first)) {
          if (each.due) expect(duty(second, each.id).due!.actBy >= each.due.actBy).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });
});
