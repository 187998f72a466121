import { z } from "zod";
import { dataCategories } from "../../scope/scope.ts";

/** A country (ISO 3166-1) or a part of one (ISO 3166-2). */
const region = z.string().regex(/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/);
const day = z.iso.date();
const confidence = z.enum(["high", "medium", "low"]);

/** The laws' own words for the moment their clock starts. `clockFor` in `anchor.ts` maps every one of them. */
export const clockWords = [
  "awareness",
  "discovery",
  "discovery_or_notification",
  "determination",
  "reasonable_grounds_to_believe",
  "after_individual_notice",
] as const;
export type ClockWord = (typeof clockWords)[number];

/** The laws' own words for the data that set them off. `triggers.ts` says which of our categories are meant. */
export const triggerWords = [
  "any_personal_data",
  "ssn",
  "gov_id",
  "taxpayer_id",
  "passport",
  "military_id",
  "financial_account_or_card_with_code",
  "card_usable_without_code",
  "credentials",
  "medical",
  "health_insurance",
  "health_information",
  "biometric",
  "genetic",
  "alpr",
] as const;
export type TriggerWord = (typeof triggerWords)[number];

/** What must have been exposed together with a trigger before it counts. */
export type TriggerCompany = "name" | "any_identifier" | "nothing";

export const riskGates = [
  /** No test: the duty follows from the data. */
  "none",
  "unless_unlikely_to_result_in_risk",
  "high_risk",
  "real_risk_of_significant_harm",
  "likely_serious_harm",
  /** No test, but an exemption that somebody must write down and keep. Never assumed. */
  "written_exemption",
  /** Arises only where the people have to be told. */
  "same_as_individuals",
] as const;
export type RiskGate = (typeof riskGates)[number];

export const standards = [
  "without_undue_delay",
  "without_unreasonable_delay",
  "most_expedient_time",
  "as_soon_as_feasible",
  "as_soon_as_practicable",
  "sample_copy_no_deadline",
] as const;
export type Standard = (typeof standards)[number];

export const orders = [
  "before_individuals",
  "not_later_than_individuals",
  "with_individuals",
  "after_individuals",
  "after_regulator",
] as const;
export type Order = (typeof orders)[number];

export const contentElements = [
  "nature",
  "dataSubjectCategoriesAndCount",
  "recordCategoriesAndCount",
  "dpoOrContact",
  "likelyConsequences",
  "measuresTakenOrProposed",
  "reasonsForDelayIfLate",
  "recommendedActions",
  "plainLanguage",
  "circumstancesAndCause",
  "circumstances",
  "dateOrPeriod",
  "personalInformation",
  "numberAffected",
  "stepsToReduceRisk",
  "stepsToNotifyIndividuals",
  "stepsTakenByOrganisation",
  "identityAndContact",
  "description",
  "kindsOfInformation",
  "contact",
  "dataTypes",
  "dataTypesAndElements",
  "date",
  "lawEnforcementDelay",
  "craContacts",
  "creditMonitoringOffer",
  "stateAndFederalAgencies",
] as const;
export type ContentElement = (typeof contentElements)[number];

const deadline = z.discriminatedUnion("kind", [
  /** Elapsed hours. */
  z.strictObject({
    kind: z.literal("hours"),
    hours: z.int().positive(),
    standard: z.enum(standards).optional(),
  }),
  /** Calendar days, to the end of the last one. */
  z.strictObject({
    kind: z.literal("days"),
    days: z.int().positive(),
    standard: z.enum(standards).optional(),
  }),
  /** No number in the law; `planningTarget` in `anchor.ts` gives one that is labelled as ours. */
  z.strictObject({ kind: z.literal("soft"), standard: z.enum(standards) }),
]);
export type Deadline = z.infer<typeof deadline>;

const contentRule = z.strictObject({
  element: z.enum(contentElements),
  /** Wanted only when one of these was exposed. */
  when: z.array(z.enum(dataCategories)).optional(),
});

const rule = z.strictObject({
  /** The body to be told, by its own name; null for the affected people themselves. */
  recipient: z.string().nullable(),
  recipientUrl: z.url().nullable(),
  deadline,
  clock: z.enum(clockWords),
  risk: z.enum(riskGates),
  threshold: z
    .strictObject({ operator: z.enum(["gt", "gte"]), people: z.int().positive() })
    .nullable()
    .default(null),
  order: z.enum(orders).nullable().default(null),
  content: z.array(contentRule).default([]),
  forbidden: z.array(z.enum(contentElements)).default([]),
  requiredTitle: z.string().nullable().default(null),
  requiredHeadings: z.array(z.string()).default([]),
  note: z.string().nullable().default(null),
});
export type Rule = z.infer<typeof rule>;

/** What encryption with a safe key does to a duty: ends it, or leaves it to the risk test on data nobody can read. */
const encryptionEffect = z.enum(["exempt", "weighed"]);

export const lawSchema = z
  .strictObject({
    /** Shared by the dated versions of one law. */
    id: z.string().regex(/^[a-z]{2}-[a-z0-9-]+$/),
    name: z.string().min(1),
    kind: z.literal("statute"),
    regions: z.array(region).min(1),
    /** Places with a country code of their own in which the law of one of `regions` applies. */
    territories: z.record(region, region).default({}),
    /** Parts of `regions` that also have a law of their own which is not in the data yet: shown as such, never hidden. */
    alsoGoverned: z.array(region).default([]),
    /** One authority per region, where the absence of an establishment means telling each of them. */
    authorities: z
      .array(z.strictObject({ country: region, name: z.string().min(1), url: z.url() }))
      .nullable()
      .default(null),
    triggers: z
      .array(
        z.strictObject({
          trigger: z.enum(triggerWords),
          with: z.enum(["name", "any_identifier", "nothing"]),
        }),
      )
      .min(1),
    encryption: z.strictObject({ individuals: encryptionEffect, regulator: encryptionEffect }),
    /** "reg_1182_71": periods in hours also have a later legal end. */
    rounding: z.literal("reg_1182_71").nullable().default(null),
    individuals: rule.nullable(),
    regulator: rule.nullable(),
    cra: rule.nullable().default(null),
    /** Facts about the merchant that are not asked yet, read the stricter way: keys under `trace.assumption`. */
    assumptions: z
      .array(z.enum(["auTurnover", "auAssessment", "nyRegulated", "txEveryone", "germanLand"]))
      .default([]),
    inForceFrom: day.nullable(),
    inForceTo: day.nullable().default(null),
    citation: z.string().min(1),
    citationUrl: z.url(),
    sources: z.array(z.string().min(1)).min(1),
    verifiedBy: z.string().min(1),
    asOf: day,
    /** Of deadlines and thresholds; `contentConfidence` of the content lists. */
    confidence,
    contentConfidence: confidence,
    recordKeeping: z.string().nullable().default(null),
    pendingChanges: z.string().nullable().default(null),
    notes: z.string().nullable().default(null),
  })
  .superRefine((law, check) => {
    const complain = (message: string) =>
      check.addIssue({ code: "custom", message: `${law.id}: ${message}` });
    if (law.inForceFrom && law.inForceTo && law.inForceTo < law.inForceFrom)
      complain("ends before it begins");
    if (!law.individuals && !law.regulator) complain("no duty at all");
    if (law.authorities) {
      const named = law.authorities.map((authority) => authority.country).toSorted();
      if (named.join() !== law.regions.toSorted().join()) complain("authorities do not match regions");
    }
    for (const [territory, home] of Object.entries(law.territories)) {
      if (!law.regions.includes(home)) complain(`territory ${territory} belongs to no region`);
    }
    if (law.individuals?.risk === "same_as_individuals") complain("individuals refer to themselves");
    for (const other of [law.regulator, law.cra]) {
      if (!other) continue;
      if (!other.recipient && !law.authorities) complain("a duty without a recipient");
      if (other.risk === "same_as_individuals" && !law.individuals)
        complain("refers to a missing individual duty");
      if (other.clock === "after_individual_notice" && other.order !== "after_individuals") {
        complain("starts after the individual notice but is not ordered after it");
      }
    }
  });

export type Law = z.infer<typeof lawSchema>;
/** A law as it is written down in `laws/`. */
export type LawRow = z.input<typeof lawSchema>;
