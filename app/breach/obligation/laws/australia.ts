import type { LawRow } from "./law.ts";

export const australianLaws: LawRow[] = [
  {
    id: "au-ndb",
    name: "Notifiable Data Breaches scheme",
    kind: "statute",
    regions: ["AU"],
    triggers: [{ trigger: "any_personal_data", with: "nothing" }],
    encryption: { individuals: "weighed", regulator: "weighed" },
    regulator: {
      recipient: "Office of the Australian Information Commissioner (OAIC)",
      recipientUrl: "https://www.oaic.gov.au/privacy/notifiable-data-breaches",
      deadline: { kind: "soft", standard: "as_soon_as_practicable" },
      clock: "reasonable_grounds_to_believe",
      risk: "likely_serious_harm",
      content: [
        { element: "identityAndContact" },
        { element: "description" },
        { element: "kindsOfInformation" },
        { element: "recommendedActions" },
      ],
      note: "The statement under s. 26WK.",
    },
    individuals: {
      recipient: null,
      recipientUrl: null,
      deadline: { kind: "soft", standard: "as_soon_as_practicable" },
      // The Act counts from the statement and names no moment; the statement's own clock is the earlier one.
      clock: "reasonable_grounds_to_believe",
      risk: "likely_serious_harm",
      order: "after_regulator",
      content: [
        { element: "identityAndContact" },
        { element: "description" },
        { element: "kindsOfInformation" },
        { element: "recommendedActions" },
      ],
      note: "As soon as practicable after the statement to the OAIC is prepared (s. 26WL).",
    },
    assumptions: ["auTurnover", "auAssessment"],
    inForceFrom: null,
    citation: "Privacy Act 1988 (Cth) Part IIIC ss. 26WA–26WT",
    citationUrl: "https://www.oaic.gov.au/privacy/notifiable-data-breaches",
    sources: [
      "https://sprintlaw.com.au/business-law-library/legislation/cth/privacy-amendment-notifiable-data-breaches-act-2017/",
      "https://cli.re/M312EP",
    ],
    verifiedBy: "regulator guide",
    asOf: "2026-11-23",
    confidence: "high",
    contentConfidence: "medium",
    notes: "Thirty days is the outer limit of the assessment, not of the notice.",
  },
];
