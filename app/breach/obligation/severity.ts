import type { DataCategory } from "../scope/scope.ts";

export type Band = "low" | "medium" | "high" | "very_high";

/** What is known of how the data were lost. `unknown` recipients is itself an answer: strangers have them. */
export type Handling = {
  encrypted: "yes_key_safe" | "no" | "unknown";
  malicious: "yes" | "no" | "unknown";
  recipients: "unknown" | "known_trusted" | "none";
  /**
   * Whole steps by which the merchant moves the data's sensitivity: +1 for luxury goods or goods that reveal intimate
   * things, -1 for stale or public data. ENISA's method foresees both. Default 0.
   */
  sensitivityAdjustment?: number;
};

export type SeverityInputs = {
  /** Data processing context, 1 to 4, before and after adjustment. */
  contextBase: number;
  contextAdjustment: number;
  context: number;
  /** The categories that set `contextBase`. */
  contextFrom: DataCategory[];
  /** Ease of identification, 0.25 to 1. */
  identification: number;
  /** Circumstances, each 0 to 0.5, added up. */
  confidentiality: number;
  integrity: number;
  availability: number;
  malicious: number;
};

export type Severity = {
  /** DPC x EI + CB, 0.25 to 6. */
  score: number;
  band: Band;
  inputs: SeverityInputs;
  /** The same score if nobody can read the data (lowest ease of identification); null unless encrypted with a safe key. */
  unreadableScore: number | null;
  /** ENISA's two flags, which stand outside the score. */
  manyPeople: boolean;
  unintelligible: boolean;
  /** Facts that are not known and were read the stricter way. */
  assumed: ("malicious" | "encrypted" | "categories")[];
};

/**
 * Context base by category: simple 1, behavioural 2, financial 3, sensitive 4. Where the method leaves a range the upper
 * end is taken. Credentials have the value of whatever the same password opens, so they stand with financial data.
 */
const contextBase: Record<DataCategory, number> = {
  name: 1,
  email: 1,
  phone: 1,
  postal_address: 1,
  date_of_birth: 1,
  order_history: 2,
  marketing_profile: 2,
  device: 2,
  card_last4: 2,
  gift_card: 2,
  credentials: 3,
  bank_account: 3,
  government_id: 3,
  card_full: 4,
  health: 4,
  minors: 1,
};

const contacts: readonly DataCategory[] = ["email", "phone", "postal_address"];
/** With a name, each of these leaves no doubt who is meant. */
const confirming: readonly DataCategory[] = [
  ...contacts,
  "date_of_birth",
  "credentials",
  "bank_account",
  "card_full",
];

/**
 * Severity of a breach by ENISA's method (Recommendations for a methodology of the assessment of severity of personal data
 * breaches, 2013). Not binding on anyone: an engineering reading that drives risk tests until somebody decides otherwise.
 */
export function assessSeverity(
  handling: Handling,
  exposed: readonly DataCategory[],
  people: number,
): Severity {
  const inputs = readInputs(handling, exposed);
  const score = scoreSeverity(inputs);
  const unreadable = handling.encrypted === "yes_key_safe";
  const assumed: Severity["assumed"] = [];
  if (handling.malicious === "unknown") assumed.push("malicious");
  if (handling.encrypted === "unknown") assumed.push("encrypted");
  if (exposed.length === 0) assumed.push("categories");
  return {
    score,
    band: bandOf(score),
    inputs,
    unreadableScore: unreadable ? scoreSeverity({ ...inputs, identification: 0.25 }) : null,
    manyPeople: people > 100,
    unintelligible: unreadable,
    assumed,
  };
}

/** SE = DPC x EI + CB. */
export function scoreSeverity(
  inputs: Pick<
    SeverityInputs,
    "context" | "identification" | "confidentiality" | "integrity" | "availability" | "malicious"
  >,
): number {
  const circumstances = inputs.confidentiality + inputs.integrity + inputs.availability + inputs.malicious;
  return inputs.context * inputs.identification + circumstances;
}

export function bandOf(score: number): Band {
  if (score < 2) return "low";
  if (score < 3) return "medium";
  return score < 4 ? "high" : "very_high";
}

function readInputs(handling: Handling, exposed: readonly DataCategory[]): SeverityInputs {
  const base = Math.max(1, ...exposed.map((category) => contextBase[category]));
  const adjustment = (handling.sensitivityAdjustment ?? 0) + (exposed.includes("minors") ? 1 : 0);
  return {
    contextBase: base,
    contextAdjustment: adjustment,
    context: Math.min(4, Math.max(1, base + adjustment)),
    contextFrom: exposed.filter((category) => contextBase[category] === base && category !== "minors"),
    identification: easeOfIdentification(exposed),
    confidentiality: { unknown: 0.5, known_trusted: 0.25, none: 0 }[handling.recipients],
    integrity: 0,
    availability: 0,
    malicious: handling.malicious === "no" ? 0 : 0.5,
  };
}

function easeOfIdentification(exposed: readonly DataCategory[]): number {
  if (exposed.length === 0 || exposed.includes("government_id")) return 1;
  const named = exposed.includes("name");
  if (named && exposed.some((category) => confirming.includes(category))) return 1;
  if (exposed.filter((category) => contacts.includes(category)).length > 1) return 1;
  if (named || exposed.some((category) => confirming.includes(category) && category !== "date_of_birth")) {
    return 0.75;
  }
  return 0.5;
}
