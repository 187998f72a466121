import type { LawRow } from "./law.ts";

/** Canada's federal law. Quebec and Alberta also have their own, which are not in the data yet. */
export const canadianLaws: LawRow[] = [
  {
    id: "ca-pipeda",
    name: "PIPEDA",
    kind: "statute",
    regions: ["CA"],
    alsoGoverned: ["CA-QC", "CA-AB"],
    triggers: [{ trigger: "any_personal_data", with: "nothing" }],
    // No bright line: a factor of the real-risk test.
    encryption: { individuals: "weighed", regulator: "weighed" },
    regulator: {
      recipient: "Office of the Privacy Commissioner of Canada",
      recipientUrl:
        "https://www.priv.gc.ca/en/report-a-concern/report-a-privacy-breach-at-your-organization/",
      deadline: { kind: "soft", standard: "as_soon_as_feasible" },
      clock: "determination",
      risk: "real_risk_of_significant_harm",
      content: [
        { element: "circumstancesAndCause" },
        { element: "dateOrPeriod" },
        { element: "personalInformation" },
        { element: "numberAffected" },
        { element: "stepsToReduceRisk" },
        { element: "stepsToNotifyIndividuals" },
        { element: "contact" },
      ],
    },
    individuals: {
      recipient: null,
      recipientUrl: null,
      deadline: { kind: "soft", standard: "as_soon_as_feasible" },
      clock: "determination",
      risk: "real_risk_of_significant_harm",
      content: [
        { element: "circumstances" },
        { element: "dateOrPeriod" },
        { element: "personalInformation" },
        { element: "stepsTakenByOrganisation" },
        { element: "recommendedActions" },
        { element: "contact" },
      ],
    },
    inForceFrom: null,
    citation: "PIPEDA ss. 10.1–10.3; SOR/2018-64",
    citationUrl: "https://laws-lois.justice.gc.ca/eng/regulations/SOR-2018-64/",
    sources: [
      "https://gowlingwlg.com/en/insights-resources/articles/2023/canadian-privacy-breach-notification-requirements/",
      "https://www.dlapiperdataprotection.com/index.html?t=breach-notification&c=CA",
    ],
    verifiedBy: "law-firm summary",
    asOf: "2026-11-23",
    confidence: "high",
    contentConfidence: "medium",
    recordKeeping: "Every breach, notified or not: 24 months (SOR/2018-64).",
    notes: "Other organisations that can reduce the harm are to be told too (s. 10.2).",
  },
];
