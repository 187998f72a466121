/** The gates, one function each, in the order in which `assess.ts` runs them. */
import type { DataCategory } from "../scope/scope.ts";
import type { DutyKind, findDue } from "./anchor.ts";
import type { Circumstances, Gate, TraceStep } from "./assessment.ts";
import type { Law, RiskGate, Rule } from "./laws/law.ts";
import type { versionOn } from "./laws/laws.ts";
import { countPeople } from "./residence.ts";
import type { Resident } from "./residence.ts";
import type { Handling, Severity } from "./severity.ts";
import { matchTriggers } from "./triggers.ts";

export type Version = NonNullable<ReturnType<typeof versionOn>>;

/**
 * Score from which a risk test is met. Nobody's law: the GDPR's two from the use of the method ("2 or more: consider the
 * authority; 3 or more: tell people"), the others at the lower of the two because each also opens the regulator's duty.
 */
const riskFloor: Partial<Record<RiskGate, number>> = {
  unless_unlikely_to_result_in_risk: 2,
  high_risk: 3,
  real_risk_of_significant_harm: 2,
  likely_serious_harm: 2,
};

/** Among the steps that stopped: the regulator's own, which asks for least, before the individuals'. */
export function reasonOf(trace: TraceStep[]): TraceStep | undefined {
  const stops = trace.filter((each) => each.outcome === "stop");
  return (
    stops.find((each) => each.duty === null) ??
    stops.find((each) => each.duty === "regulator" && each.key !== "risk.notOwedToPeople") ??
    stops[0]
  );
}

export function step(
  gate: Gate,
  outcome: TraceStep["outcome"],
  key: string,
  values: TraceStep["values"] = {},
  duty: DutyKind | null = null,
): TraceStep {
  return { gate, outcome, key, values, duty };
}

export function inForceStep({ law, state }: Version): TraceStep {
  if (state === "coming") return step("in_force", "stop", "inForce.coming", { from: law.inForceFrom ?? "" });
  if (state === "ended") return step("in_force", "stop", "inForce.ended", { to: law.inForceTo ?? "" });
  if (law.inForceFrom === null) return step("in_force", "pass", "inForce.undated");
  return step("in_force", "pass", "inForce.since", { from: law.inForceFrom });
}

export function categorySteps(law: Law, group: Resident[], covered: Resident[]): TraceStep[] {
  const matches = group.map((resident) => matchTriggers(law, resident.categories));
  const collect = (pick: (match: (typeof matches)[number]) => DataCategory[]) => [
    ...new Set(matches.flatMap(pick)),
  ];
  if (covered.length === 0) {
    const exposed = [...new Set(group.flatMap((resident) => resident.categories))];
    const alone = collect((match) => match.alone);
    if (exposed.length === 0) return [step("category", "stop", "category.unnamed")];
    if (alone.length > 0) return [{ ...step("category", "stop", "category.noName"), categories: alone }];
    return [{ ...step("category", "stop", "category.none"), categories: exposed }];
  }
  const key = matches.some((match) => match.anything) ? "category.any" : "category.named";
  const found = step("category", "pass", key);
  const steps: TraceStep[] = [{ ...found, categories: collect((match) => match.categories) }];
  const [count, total] = [countPeople(covered), countPeople(group)];
  if (count < total) steps.push(step("category", "note", "category.part", { count, total }));
  return steps;
}

/** What encryption does to the whole law; `encryptionSteps` has what it does to one duty. */
export function encryptionStep(law: Law, { encrypted }: Circumstances): TraceStep {
  if (encrypted === "unknown") return step("encryption", "note", "encryption.unknown");
  if (encrypted === "no") return step("encryption", "pass", "encryption.readable");
  const exempt = law.encryption.individuals === "exempt" && law.encryption.regulator === "exempt";
  if (exempt) return step("encryption", "stop", "encryption.exempt");
  return step("encryption", "note", "encryption.keySafe");
}

export function encryptionSteps(law: Law, duty: DutyKind, severity: Severity): TraceStep[] {
  if (!severity.unintelligible) return [];
  const effect = duty === "regulator" ? law.encryption.regulator : law.encryption.individuals;
  if (effect === "exempt") return [step("encryption", "stop", "encryption.exemptDuty", {}, duty)];
  return [step("encryption", "note", "encryption.weighed", {}, duty)];
}

export function riskSteps(
  rule: Rule,
  duty: DutyKind,
  severity: Severity,
  owedToPeople: boolean,
  handling: Handling,
): TraceStep[] {
  if (rule.risk === "same_as_individuals") {
    return owedToPeople
      ? [step("risk", "pass", "risk.owedToPeople", {}, duty)]
      : [step("risk", "stop", "risk.notOwedToPeople", {}, duty)];
  }
  if (rule.risk === "written_exemption") {
    const possible = handling.recipients !== "unknown" && handling.malicious === "no";
    return [step("risk", "note", possible ? "risk.exemptionPossible" : "risk.noExemption", {}, duty)];
  }
  const floor = riskFloor[rule.risk];
  if (floor === undefined) return [step("risk", "pass", "risk.none", {}, duty)];
  const score = severity.unreadableScore ?? severity.score;
  const values = { score, floor };
  const steps = [
    step(
      "risk",
      score < floor ? "stop" : "pass",
      `risk.${rule.risk}.${score < floor ? "below" : "met"}`,
      values,
      duty,
    ),
  ];
  if (severity.assumed.includes("malicious"))
    steps.unshift(step("risk", "note", "risk.maliceUnknown", {}, duty));
  return steps;
}

export function thresholdSteps(rule: Rule, duty: DutyKind, count: number): TraceStep[] {
  if (!rule.threshold) return [];
  const { operator, people } = rule.threshold;
  const reached = operator === "gt" ? count > people : count >= people;
  const key = `threshold.${operator}.${reached ? "met" : "notMet"}`;
  return [step("threshold", reached ? "pass" : "stop", key, { count, threshold: people }, duty)];
}

export function orderSteps(rule: Rule, duty: DutyKind): TraceStep[] {
  return rule.order ? [step("order", "note", `order.${rule.order}`, {}, duty)] : [];
}

export function clockStep(rule: Rule, duty: DutyKind, found: ReturnType<typeof findDue>): TraceStep {
  if (!found.due) return { ...step("clock", "note", "clock.waiting", {}, duty), clock: found.waitingFor };
  const { hours, days, clock, wanted } = found.due.basis;
  const length = hours === null ? "days" : "hours";
  const kind = rule.deadline.kind === "soft" ? "target" : "statutory";
  const known = clock === wanted ? "known" : "standIn";
  return {
    ...step("clock", "pass", `clock.${kind}.${length}.${known}`, { count: hours ?? days ?? 0 }, duty),
    clock: wanted,
    usedClock: clock,
  };
}
