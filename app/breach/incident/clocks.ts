/**
 * The moments of an incident from which the law counts. Each is an instant with its own history: laws disagree on which
 * one starts their clock, so none may stand in for another without saying so.
 */
export const clockKinds = [
  /** First moment at which data may have been exposed. */
  "occurred_from",
  /** Last moment at which data may have been exposed. */
  "occurred_to",
  /** Somebody first thought that something was wrong. */
  "suspected",
  /** Somebody in the business, or who works for it, first knew of the event (US "discovery"). */
  "discovered",
  /** Reasonable degree of certainty that personal data were compromised (EDPB Guidelines 9/2022, GDPR art. 33). */
  "aware",
  /** The breach and its extent were confirmed by investigation (Rhode Island). */
  "confirmed",
  /** It was determined that a breach of security happened (Texas, Colorado, Canada's PIPEDA). */
  "determined",
  /** The assessment that the breach is notifiable was complete (Singapore). */
  "assessed",
  /** The way in was closed. */
  "contained",
  /** The first regulator was told. */
  "regulator_notified",
  /** The notice to affected people was sent to the end. Some duties start only here (California's Attorney General). */
  "individuals_notified",
] as const;

export type ClockKind = (typeof clockKinds)[number];
