import type { LawRow } from "./law.ts";

/**
 * State laws. They ask for a name together with one of a few kinds of number or record, or for a login with its password.
 * A law whose deadline changed is here once per version, because an incident keeps the rule of the day it became known.
 */
const bureaus = "Equifax, Experian and TransUnion";

const california = {
  id: "us-ca",
  kind: "statute",
  regions: ["US-CA"],
  triggers: [
    { trigger: "ssn", with: "name" },
    { trigger: "gov_id", with: "name" },
    { trigger: "taxpayer_id", with: "name" },
    { trigger: "passport", with: "name" },
    { trigger: "military_id", with: "name" },
    { trigger: "financial_account_or_card_with_code", with: "name" },
    { trigger: "medical", with: "name" },
    { trigger: "health_insurance", with: "name" },
    { trigger: "biometric", with: "name" },
    { trigger: "genetic", with: "name" },
    { trigger: "alpr", with: "name" },
    { trigger: "credentials", with: "nothing" },
  ],
  encryption: { individuals: "exempt", regulator: "exempt" },
  citationUrl:
    "https://leginfo.legislature.ca.gov/faces/codes_displaySection.xhtml?lawCode=CIV&sectionNum=1798.82",
  asOf: "2026-11-23",
} as const;

const californiaLetter = {
  content: [
    { element: "contact" },
    { element: "dataTypes" },
    { element: "date" },
    { element: "lawEnforcementDelay" },
    { element: "description" },
    { element: "craContacts" },
    // Twelve months, where a social security, driving licence or identity card number was exposed and the sender was the source.
    { element: "creditMonitoringOffer", when: ["government_id"] },
  ],
  requiredTitle: "Notice of Data Breach",
  requiredHeadings: [
    "What Happened",
    "What Information Was Involved",
    "What We Are Doing",
    "What You Can Do",
    "For More Information",
  ],
  note: "Plain language, 10-point type or larger. Where login and password of a mail account were taken, do not write to that account.",
} satisfies Partial<LawRow["individuals"]>;

const newYork = {
  id: "us-ny",
  kind: "statute",
  regions: ["US-NY"],
  // "Personal information" is anything by which a person can be identified: "name, number, personal mark, or other identifier".
  triggers: [
    { trigger: "ssn", with: "any_identifier" },
    { trigger: "gov_id", with: "any_identifier" },
    { trigger: "financial_account_or_card_with_code", with: "any_identifier" },
    { trigger: "card_usable_without_code", with: "any_identifier" },
    { trigger: "biometric", with: "any_identifier" },
    { trigger: "medical", with: "any_identifier" },
    { trigger: "health_insurance", with: "any_identifier" },
    { trigger: "credentials", with: "nothing" },
  ],
  encryption: { individuals: "exempt", regulator: "exempt" },
  citationUrl: "https://www.nysenate.gov/legislation/laws/GBS/899-AA",
  asOf: "2026-11-23",
} as const;

const newYorkAuthorities = "New York Attorney General, Department of State and State Police";

const newYorkLetter = {
  content: [
    { element: "contact" },
    { element: "stateAndFederalAgencies" },
    { element: "dataTypesAndElements" },
  ],
} satisfies Partial<LawRow["individuals"]>;

const newYorkBureaus = {
  recipient: bureaus,
  recipientUrl: null,
  deadline: { kind: "soft", standard: "without_unreasonable_delay" },
  clock: "discovery",
  risk: "same_as_individuals",
  threshold: { operator: "gt", people: 5000 },
} as const;

export const americanLaws: LawRow[] = [
  {
    ...california,
    triggers: [...california.triggers],
    regions: ["US-CA"],
    name: "California Civil Code 1798.82 (before SB 446)",
    individuals: {
      recipient: null,
      recipientUrl: null,
      deadline: { kind: "soft", standard: "most_expedient_time" },
      clock: "discovery_or_notification",
      risk: "none",
      ...californiaLetter,
    },
    regulator: {
      recipient: "California Attorney General",
      recipientUrl: "https://oag.ca.gov/privacy/databreach/reporting",
      deadline: { kind: "soft", standard: "sample_copy_no_deadline" },
      clock: "after_individual_notice",
      risk: "same_as_individuals",
      threshold: { operator: "gt", people: 500 },
      order: "after_individuals",
    },
    inForceFrom: null,
    inForceTo: "2025-12-31",
    citation: "Cal. Civ. Code 1798.82 as in force before SB 446",
    sources: ["https://www.swlaw.com/data-breach-map/view/state/ca"],
    verifiedBy: "law-firm page; dates from general knowledge",
    confidence: "medium",
    contentConfidence: "medium",
  },
  {
    ...california,
    triggers: [...california.triggers],
    regions: ["US-CA"],
    name: "California Civil Code 1798.82",
    individuals: {
      recipient: null,
      recipientUrl: null,
      deadline: { kind: "days", days: 30 },
      clock: "discovery_or_notification",
      risk: "none",
      ...californiaLetter,
    },
    regulator: {
      recipient: "California Attorney General",
      recipientUrl: "https://oag.ca.gov/privacy/databreach/reporting",
      deadline: { kind: "days", days: 15 },
      clock: "after_individual_notice",
      risk: "same_as_individuals",
      threshold: { operator: "gt", people: 500 },
      order: "after_individuals",
      note: "A sample copy of the notice, within 15 calendar days of sending it.",
    },
    inForceFrom: "2026-01-01",
    citation: "Cal. Civ. Code 1798.82 as amended by SB 446",
    sources: [
      "https://lexace.ai/us/statute/california/civ-1798.82",
      "https://www.dataprotectionreport.com/2025/11/california-tightens-data-breach-notification-timelines-imposes-30-day-notice-requirement/",
      "https://www.mintz.com/insights-center/viewpoints/2826/2026-01-23-latest-installment-our-mintz-matrix",
      "https://datamatters.sidley.com/2016/01/04/californias-new-data-breach-notification-requirements-effective-january-1-2016/",
    ],
    verifiedBy: "statute text",
    confidence: "high",
    contentConfidence: "high",
    notes:
      "Thirty calendar days; delay only for law enforcement, or to determine scope and restore the system. Statutory damages for negligent security: Civ. Code 1798.150.",
  },
  {
    ...newYork,
    triggers: [...newYork.triggers],
    regions: ["US-NY"],
    name: "New York General Business Law 899-aa (before December 2024)",
    individuals: {
      recipient: null,
      recipientUrl: null,
      deadline: { kind: "soft", standard: "most_expedient_time" },
      clock: "discovery",
      risk: "written_exemption",
      ...newYorkLetter,
    },
    regulator: {
      recipient: newYorkAuthorities,
      recipientUrl: null,
      deadline: { kind: "soft", standard: "without_unreasonable_delay" },
      clock: "discovery",
      risk: "same_as_individuals",
      threshold: { operator: "gte", people: 1 },
      order: "with_individuals",
    },
    cra: newYorkBureaus,
    assumptions: ["nyRegulated"],
    inForceFrom: null,
    inForceTo: "2024-12-20",
    citation: "N.Y. Gen. Bus. Law 899-aa as in force before 21 December 2024",
    sources: [
      "https://www.covingtonblogs.com/2025/01/07/new-york-adopts-amendment-to-the-state-data-breach-notification-law/",
    ],
    verifiedBy: "law-firm page; earlier text from general knowledge",
    confidence: "medium",
    contentConfidence: "medium",
  },
  {
    ...newYork,
    triggers: [...newYork.triggers],
    regions: ["US-NY"],
    name: "New York General Business Law 899-aa",
    individuals: {
      recipient: null,
      recipientUrl: null,
      deadline: { kind: "days", days: 30 },
      clock: "discovery",
      risk: "written_exemption",
      ...newYorkLetter,
    },
    regulator: {
      recipient: newYorkAuthorities,
      recipientUrl: null,
      deadline: { kind: "days", days: 30 },
      clock: "discovery",
      risk: "same_as_individuals",
      threshold: { operator: "gte", people: 1 },
      order: "with_individuals",
      note: "The Department of Financial Services too, within 72 h, for businesses it regulates.",
    },
    cra: newYorkBureaus,
    assumptions: ["nyRegulated"],
    inForceFrom: "2024-12-21",
    citation: "N.Y. Gen. Bus. Law 899-aa",
    sources: [
      "https://www.covingtonblogs.com/2025/01/07/new-york-adopts-amendment-to-the-state-data-breach-notification-law/",
      "https://infobytes.orrick.com/2025-02-21/new-york-state-amends-law-on-data-breach-notifications",
      "https://www.workplaceprivacyreport.com/2025/01/articles/data-breach-notification/new-york-enacts-immediate-updates-to-breach-notification-law/",
    ],
    verifiedBy: "statute text or law-firm page",
    confidence: "high",
    contentConfidence: "high",
    notes:
      "Access alone is enough. Medical and health-insurance data were added on 21 March 2025; they are applied from this version's first day. Only a law-enforcement delay remains.",
  },
  {
    id: "us-tx",
    name: "Texas Business & Commerce Code 521.053",
    kind: "statute",
    regions: ["US-TX"],
    triggers: [
      { trigger: "ssn", with: "name" },
      { trigger: "gov_id", with: "name" },
      { trigger: "financial_account_or_card_with_code", with: "name" },
      // "Information that identifies an individual and relates to" health: any identifier will do.
      { trigger: "health_information", with: "any_identifier" },
    ],
    encryption: { individuals: "exempt", regulator: "exempt" },
    individuals: {
      recipient: null,
      recipientUrl: null,
      deadline: { kind: "days", days: 60 },
      clock: "determination",
      risk: "none",
    },
    regulator: {
      recipient: "Texas Attorney General",
      recipientUrl: "https://www.texasattorneygeneral.gov/consumer-protection/data-breach-reporting",
      deadline: { kind: "days", days: 30 },
      clock: "determination",
      risk: "same_as_individuals",
      threshold: { operator: "gte", people: 250 },
      note: "By the Attorney General's online form.",
    },
    cra: {
      recipient: bureaus,
      recipientUrl: null,
      deadline: { kind: "soft", standard: "without_unreasonable_delay" },
      clock: "determination",
      risk: "same_as_individuals",
      threshold: { operator: "gt", people: 10000 },
    },
    assumptions: ["txEveryone"],
    inForceFrom: null,
    citation: "Tex. Bus. & Com. Code 521.002, 521.053",
    citationUrl: "https://statutes.capitol.texas.gov/Docs/BC/htm/BC.521.htm",
    sources: [
      "https://lawserver.com/law/state/texas/tx-codes/texas_business_and_commerce_code_521-053",
      "https://www.dwt.com/blogs/privacy--security-law-blog/2023/06/texas-data-breach-notification-law-update",
    ],
    verifiedBy: "statute text or law-firm page",
    asOf: "2026-11-23",
    confidence: "high",
    contentConfidence: "medium",
    notes:
      "Covers every affected individual, not only Texans; people elsewhere may be told under their own state's law.",
  },
];
