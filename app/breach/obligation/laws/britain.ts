import type { LawRow } from "./law.ts";

/** The United Kingdom. The Channel Islands and the Isle of Man have laws of their own. */
export const britishLaws: LawRow[] = [
  {
    id: "uk-gdpr",
    name: "UK GDPR arts. 33–34",
    kind: "statute",
    regions: ["GB"],
    triggers: [{ trigger: "any_personal_data", with: "nothing" }],
    encryption: { individuals: "exempt", regulator: "weighed" },
    regulator: {
      recipient: "Information Commissioner's Office (ICO)",
      recipientUrl: "https://ico.org.uk/for-organisations/report-a-breach/",
      deadline: { kind: "hours", hours: 72, standard: "without_undue_delay" },
      clock: "awareness",
      risk: "unless_unlikely_to_result_in_risk",
      content: [
        { element: "nature" },
        { element: "dataSubjectCategoriesAndCount" },
        { element: "recordCategoriesAndCount" },
        { element: "dpoOrContact" },
        { element: "likelyConsequences" },
        { element: "measuresTakenOrProposed" },
        { element: "reasonsForDelayIfLate" },
      ],
      note: "The ICO is becoming the Information Commission under the Data (Use and Access) Act 2025. Leave the names of affected people out of the report.",
    },
    individuals: {
      recipient: null,
      recipientUrl: null,
      deadline: { kind: "soft", standard: "without_undue_delay" },
      clock: "awareness",
      risk: "high_risk",
      content: [
        { element: "nature" },
        { element: "dpoOrContact" },
        { element: "likelyConsequences" },
        { element: "measuresTakenOrProposed" },
        { element: "recommendedActions" },
        { element: "plainLanguage" },
      ],
    },
    inForceFrom: null,
    citation: "UK GDPR arts. 33–34; Data Protection Act 2018; Data (Use and Access) Act 2025",
    citationUrl: "https://ico.org.uk/for-organisations/report-a-breach/",
    sources: ["https://ico.org.uk/global/privacy-notice/report-a-breach-all-controllers/"],
    verifiedBy: "regulator page",
    asOf: "2026-11-23",
    confidence: "high",
    contentConfidence: "medium",
    recordKeeping: "Document every breach.",
  },
];
