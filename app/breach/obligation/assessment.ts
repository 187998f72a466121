import type { ClockKind } from "../incident/incident.ts";
import type { DataCategory } from "../scope/scope.ts";
import type { Due, DutyKind } from "./anchor.ts";
import type { ContentElement, Law, Order, Standard } from "./laws/law.ts";
import type { Handling, Severity } from "./severity.ts";

/** Affected people by where they live. `region` is the part of the country, "CA" or "US-CA" alike; codes in ISO 3166. */
export type Exposure = {
  residence: { country: string | null; region: string | null; people: number; categories: DataCategory[] }[];
};

export type Circumstances = Handling & {
  /** EU or EEA country of the merchant's main establishment; null when there is none. */
  merchantEstablishment: string | null;
  /** IANA zone of the store: days end on its wall clock. */
  zone: string;
  clocks: Partial<Record<ClockKind, Date>>;
  /** The moment of this assessment. */
  at: Date;
};

export type Gate =
  "in_force" | "residence" | "category" | "encryption" | "risk" | "threshold" | "order" | "clock";

/**
 * One sentence of the reasoning. `key` lies under `trace` in the catalogue `obligation`; `values` fill it, and `categories`,
 * `clock` and `usedClock` are words for the screen to look up and hand in under the same names.
 */
export type TraceStep = {
  gate: Gate;
  outcome: "pass" | "stop" | "note";
  key: string;
  values: Record<string, string | number>;
  /** The duty it is about; null when it is about the whole law. */
  duty: DutyKind | null;
  categories?: DataCategory[];
  clock?: ClockKind;
  usedClock?: ClockKind;
};

export type Duty = {
  /** Stable across assessments: `lawId:jurisdiction:duty`. */
  id: string;
  duty: DutyKind;
  lawId: string;
  jurisdiction: string;
  status: "due" | "pending_anchor";
  due: Due | null;
  /** The clock a pending duty waits for. */
  waitingFor: ClockKind | null;
  /** The law's own words where it gives no number, or beside the number. */
  standard: Standard | null;
  order: Order | null;
  /** Who is to be told, by its own name; null: the affected people themselves. */
  recipient: string | null;
  recipientUrl: string | null;
  content: ContentElement[];
  forbidden: ContentElement[];
  requiredTitle: string | null;
  requiredHeadings: string[];
  note: string | null;
  citation: string;
  citationUrl: string;
  confidence: Law["confidence"];
  contentConfidence: Law["contentConfidence"];
};

export type JurisdictionAssessment = {
  lawId: string;
  lawName: string;
  /** ISO code of the place whose authority is meant: "DE", "US-CA". */
  jurisdiction: string;
  /** Affected people who live there, and those of them whose data the law covers. */
  people: number;
  peopleCovered: number;
  /** With a lead authority: the countries it stands for, most people first. Otherwise empty. */
  memberStates: { country: string; people: number }[];
  duties: Duty[];
  /** The step that ended it, when there is no duty. */
  whyNone: TraceStep | null;
  trace: TraceStep[];
  regulatorName: string | null;
  citation: string;
  citationUrl: string;
  asOf: string;
  inForceFrom: string | null;
  confidence: Law["confidence"];
  contentConfidence: Law["contentConfidence"];
  verifiedBy: string;
  recordKeeping: string | null;
  pendingChanges: string | null;
  notes: string | null;
};

export type Assessment = {
  at: Date;
  zone: string;
  severity: Severity;
  jurisdictions: JurisdictionAssessment[];
  /** People of whom no country is known. */
  unknownResidence: number;
  /**
   * People who live where no law is in the data yet, most first. `partlyBy` names a law that does apply there beside one
   * that is missing.
   */
  uncovered: { country: string; region: string | null; people: number; partlyBy: string | null }[];
};
