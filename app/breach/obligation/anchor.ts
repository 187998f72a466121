import type { ClockKind } from "../incident/incident.ts";
import { addElapsedHours, endOfDayAfter, endOfLegalHours } from "./calendar.ts";
import type { ClockWord, Law, Rule } from "./laws/law.ts";

export type DutyKind = "regulator" | "individuals" | "cra";

export type Due = {
  /** Do it by then: the earliest reading. Reminders and "late" use it. */
  actBy: Date;
  /** End of the period as Regulation 1182/71 reads it, at most an hour later; null where that does not apply. */
  legalReading: Date | null;
  /** IANA zone whose wall clock and days were used. */
  zone: string;
  /** What was counted, and from which clock. `wanted` is the clock the law names; `clock` the one that was known. */
  basis: { hours: number | null; days: number | null; clock: ClockKind; wanted: ClockKind; from: Date };
  /** False: a planning target of ours, because the law gives no number. */
  statutory: boolean;
};

/** Every clock word of the laws and the clock of an incident that it means. A word that is missing fails the type check. */
const clockFor: Record<ClockWord, ClockKind> = {
  awareness: "aware",
  discovery: "discovered",
  // Told by somebody else is discovered too.
  discovery_or_notification: "discovered",
  determination: "determined",
  reasonable_grounds_to_believe: "aware",
  after_individual_notice: "individuals_notified",
};

/** Used where the law says only "without undue delay" and the like. Not statutory numbers. */
const planningTarget: Record<DutyKind, { hours: number | null; days: number | null }> = {
  regulator: { hours: 72, days: null },
  individuals: { hours: null, days: 30 },
  cra: { hours: null, days: 30 },
};

/** Clocks that stand in for one that nobody has set, by the strict rule that the earliest known of them counts. */
const standIns: readonly ClockKind[] = ["aware", "discovered", "suspected"];

/** When a duty is due, or which clock it waits for. */
export function findDue(
  law: Law,
  rule: Rule,
  duty: DutyKind,
  clocks: Partial<Record<ClockKind, Date>>,
  zone: string,
): { due: Due; waitingFor: null } | { due: null; waitingFor: ClockKind } {
  const wanted = clockFor[rule.clock];
  // An act that has not happened cannot be guessed from the moment somebody noticed.
  const candidates = wanted === "individuals_notified" ? [] : standIns;
  const clock = clocks[wanted] ? wanted : earliestOf(candidates, clocks);
  const from = clock && clocks[clock];
  if (!clock || !from) return { due: null, waitingFor: wanted };

  const { hours, days } = lengthOf(rule, duty);
  const statutory = rule.deadline.kind !== "soft";
  const actBy = hours === null ? endOfDayAfter(from, days ?? 0, zone) : addElapsedHours(from, hours);
  const rounded = statutory && hours !== null && law.rounding === "reg_1182_71";
  return {
    due: {
      actBy,
      legalReading: rounded ? endOfLegalHours(from, hours, zone) : null,
      zone,
      basis: { hours, days, clock, wanted, from },
      statutory,
    },
    waitingFor: null,
  };
}

/** When the incident became known, which selects the version of a law: awareness, or what came before it. */
export function whenKnown(clocks: Partial<Record<ClockKind, Date>>): Date | null {
  return clocks.aware ?? clocks.discovered ?? clocks.suspected ?? null;
}

function lengthOf(rule: Rule, duty: DutyKind): { hours: number | null; days: number | null } {
  switch (rule.deadline.kind) {
    case "hours":
      return { hours: rule.deadline.hours, days: null };
    case "days":
      return { hours: null, days: rule.deadline.days };
    case "soft":
      return planningTarget[duty];
  }
}

function earliestOf(
  kinds: readonly ClockKind[],
  clocks: Partial<Record<ClockKind, Date>>,
): ClockKind | undefined {
  let earliest: ClockKind | undefined;
  let at = Infinity;
  for (const kind of kinds) {
    const moment = clocks[kind]?.getTime();
    if (moment !== undefined && moment < at) [earliest, at] = [kind, moment];
  }
  return earliest;
}
