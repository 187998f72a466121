import type { DataCategory } from "../scope/scope.ts";
import type { Law, TriggerCompany, TriggerWord } from "./laws/law.ts";

/**
 * Which of our categories a law's word means. Where our category is wider than the word (a bank account may or may not have
 * leaked with its access code) it counts: the stricter reading. Words without a category wait for one.
 */
const meaning: Record<TriggerWord, "anything" | readonly DataCategory[]> = {
  any_personal_data: "anything",
  ssn: ["government_id"],
  gov_id: ["government_id"],
  taxpayer_id: ["government_id"],
  passport: ["government_id"],
  military_id: ["government_id"],
  financial_account_or_card_with_code: ["card_full", "bank_account"],
  card_usable_without_code: ["card_full", "bank_account"],
  credentials: ["credentials"],
  medical: ["health"],
  health_insurance: ["health"],
  health_information: ["health"],
  biometric: [],
  genetic: [],
  alpr: [],
};

const identifiers: readonly DataCategory[] = [
  "name",
  "email",
  "phone",
  "postal_address",
  "credentials",
  "government_id",
];

export type TriggerMatch = {
  /** Whether the law looks at these data at all. */
  matched: boolean;
  /** True when the law covers any personal data, so that no category needs naming. */
  anything: boolean;
  /** The categories that set the law off. */
  categories: DataCategory[];
  /** Categories that would set it off if a name or another identifier had been exposed with them. */
  alone: DataCategory[];
};

/** Compares what was exposed about people with what a law covers. */
export function matchTriggers(law: Law, exposed: readonly DataCategory[]): TriggerMatch {
  const found: TriggerMatch = { matched: false, anything: false, categories: [], alone: [] };
  for (const { trigger, with: company } of law.triggers) {
    const meant = meaning[trigger];
    if (meant === "anything") return { matched: true, anything: true, categories: [...exposed], alone: [] };
    const into = hasCompany(exposed, company) ? found.categories : found.alone;
    for (const category of meant) {
      if (exposed.includes(category) && !into.includes(category)) into.push(category);
    }
  }
  return { ...found, matched: found.categories.length > 0 };
}

function hasCompany(exposed: readonly DataCategory[], company: TriggerCompany): boolean {
  if (company === "nothing") return true;
  if (company === "name") return exposed.includes("name");
  return exposed.some((category) => identifiers.includes(category));
}
