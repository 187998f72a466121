/**
 * What happened, and when each legal clock started. An incident is declared in a minute with what is known; the rest is "not known yet"
 * and amended later, with a reason and a history.
 */
import { Temporal } from "temporal-polyfill";
import { z } from "zod";
import { Refused } from "../ports.ts";
import { clockKinds } from "./clocks.ts";
import type { ClockKind } from "./clocks.ts";

export { clockKinds };
export type { ClockKind };

/** How it happened, as far as the merchant can tell. Later rooms hold their presets per playbook. */
export const playbookIds = ["app_leak", "staff_account_takeover", "something_else"] as const;
export type PlaybookId = (typeof playbookIds)[number];

export const encryptedAnswers = ["unknown", "no", "yes_key_safe"] as const;
export const maliciousAnswers = ["unknown", "yes", "no"] as const;
/** Who got the data: unknown people, a known recipient who can be trusted to delete it, nobody. */
export const recipientsAnswers = ["unknown", "known_trusted", "none"] as const;
export const ongoingAnswers = ["unknown", "yes", "no"] as const;

/** A local date and time as `<input type="datetime-local">` gives it. */
const localDateTime = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/, "datetime");
const optionalDateTime = z.union([z.literal(""), localDateTime]).default("");

/**
 * Reads a local time in a zone. In an hour that a clock change repeats, the earlier of the two counts: the stricter reading. A time that a
 * clock change skipped is refused: nobody's clock showed it.
 */
export function readLocalTime(text: string, zone: string): Date {
  const written = Temporal.PlainDateTime.from(text);
  const moment = written.toZonedDateTime(zone, { disambiguation: "earlier" });
  if (!moment.toPlainDateTime().equals(written)) throw new Refused("field.noSuchTime");
  return new Date(moment.epochMilliseconds);
}

/** The local time of an instant, as `<input type="datetime-local">` wants it. */
export function writeLocalTime(at: Date, zone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime())
    .toZonedDateTimeISO(zone)
    .toPlainDateTime()
    .toString({ smallestUnit: "minute" });
}

export const declarationSchema = z.object({
  playbook: z.enum(playbookIds),
  title: z.string().trim().min(3, "short").max(120),
  narrative: z.string().trim().max(4000).default(""),
  noticed: localDateTime,
  aware: optionalDateTime,
  ongoing: z.enum(ongoingAnswers).default("unknown"),
});
export type Declaration = z.infer<typeof declarationSchema>;

/** Facts that may follow later. */
export const factsSchema = z.object({
  title: z.string().trim().min(3, "short").max(120),
  narrative: z.string().trim().max(4000).default(""),
  measures: z.string().trim().max(4000).default(""),
  encrypted: z.enum(encryptedAnswers),
  malicious: z.enum(maliciousAnswers),
  recipients: z.enum(recipientsAnswers),
  ongoing: z.enum(ongoingAnswers),
});
export type Facts = z.infer<typeof factsSchema>;

/** Clocks that a person sets; the other two are set by the acts themselves. */
export const settableClocks = [
  "occurred_from",
  "occurred_to",
  "suspected",
  "discovered",
  "aware",
  "confirmed",
  "determined",
  "assessed",
  "contained",
] as const satisfies readonly ClockKind[];

export const clockSchema = z.object({
  kind: z.enum(settableClocks),
  /** Empty withdraws the clock. */
  at: optionalDateTime,
  reason: z.string().trim().max(500).default(""),
});
export type ClockAmendment = z.infer<typeof clockSchema>;

export type Clocks = Partial<Record<ClockKind, Date>>;

export type IncidentFacts = Facts & {
  id: string;
  number: number;
  playbook: PlaybookId;
  state: "open" | "closed";
  createdAt: Date;
  clocks: Clocks;
};

/** INC-7. */
export function referenceOf(incident: { number: number }): string {
  return `INC-${incident.number}`;
}
