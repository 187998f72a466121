import { findDue, whenKnown } from "./anchor.ts";
import type {
  Assessment,
  Circumstances,
  Duty,
  Exposure,
  JurisdictionAssessment,
  TraceStep,
} from "./assessment.ts";
import { dayOf } from "./calendar.ts";
import {
  categorySteps,
  clockStep,
  encryptionStep,
  encryptionSteps,
  inForceStep,
  orderSteps,
  reasonOf,
  riskSteps,
  step,
  thresholdSteps,
} from "./gates.ts";
import type { Version } from "./gates.ts";
import type { Law } from "./laws/law.ts";
import { versionOn } from "./laws/laws.ts";
import { countPeople, findUncovered, readResidents, regionUnder } from "./residence.ts";
import type { Resident } from "./residence.ts";
import { assessSeverity } from "./severity.ts";
import type { Severity } from "./severity.ts";
import { matchTriggers } from "./triggers.ts";

/** Runs the gates of every law in `laws` over the people. Throws RangeError when a count of people is not a whole number. */
export function assessUnder(
  laws: readonly Law[],
  circumstances: Circumstances,
  exposure: Exposure,
): Assessment {
  const { residents, unknown } = readResidents(exposure);
  const everything = [
    ...new Set(exposure.residence.flatMap((group) => (group.people > 0 ? group.categories : []))),
  ];
  const people = residents.reduce((sum, group) => sum + group.people, unknown);
  const severity = assessSeverity(circumstances, everything, people);
  const day = dayOf(whenKnown(circumstances.clocks) ?? circumstances.at, circumstances.zone);

  const byLaw = Map.groupBy(laws, (law) => law.id);
  const jurisdictions = [...byLaw.values()].flatMap((versions) => {
    const version = versionOn(versions, day);
    return version ? assessLaw(version, residents, severity, circumstances) : [];
  });
  return {
    at: circumstances.at,
    zone: circumstances.zone,
    severity,
    jurisdictions,
    unknownResidence: unknown,
    uncovered: findUncovered(laws, residents),
  };
}

function assessLaw(
  version: Version,
  residents: Resident[],
  severity: Severity,
  circumstances: Circumstances,
): JurisdictionAssessment[] {
  const { law } = version;
  const byRegion = new Map<string, Resident[]>();
  for (const resident of residents) {
    const region = regionUnder(law, resident);
    if (region) byRegion.set(region, [...(byRegion.get(region) ?? []), resident]);
  }
  if (byRegion.size === 0) return [];
  const regions = [...byRegion]
    .map(([country, group]) => ({ country, group, people: countPeople(group) }))
    .toSorted((a, b) => b.people - a.people || (a.country < b.country ? -1 : 1));

  const place = (
    jurisdiction: string,
    group: Resident[],
    residence: TraceStep,
    memberStates: typeof regions = [],
  ) => assessPlace({ version, jurisdiction, group, residence, memberStates, severity, circumstances });

  if (!law.authorities) {
    return regions.map(({ country, group, people }) =>
      place(country, group, step("residence", "pass", "residence.here", { count: people })),
    );
  }
  const lead = circumstances.merchantEstablishment?.trim().toUpperCase() ?? null;
  if (lead && law.regions.includes(lead)) {
    const all = regions.flatMap((region) => region.group);
    const values = { count: countPeople(all), states: regions.length, lead };
    return [place(lead, all, step("residence", "pass", "residence.lead", values), regions)];
  }
  // EDPB Guidelines 9/2022 v2.0 para 73: without an establishment there is no one-stop-shop.
  return regions.map(({ country, group, people }) =>
    place(
      country,
      group,
      step("residence", "pass", "residence.fanOut", { count: people, states: regions.length }),
    ),
  );
}

function assessPlace(input: {
  version: Version;
  jurisdiction: string;
  group: Resident[];
  residence: TraceStep;
  memberStates: { country: string; people: number }[];
  severity: Severity;
  circumstances: Circumstances;
}): JurisdictionAssessment {
  const { version, jurisdiction, group, severity, circumstances } = input;
  const { law } = version;
  const authority = law.authorities?.find((each) => each.country === jurisdiction);
  const trace: TraceStep[] = [];
  const duties: Duty[] = [];
  let peopleCovered = 0;

  const passes = (next: TraceStep): boolean => {
    trace.push(next);
    return next.outcome !== "stop";
  };

  if (passes(inForceStep(version)) && passes(input.residence)) {
    for (const assumption of law.assumptions) {
      if (assumption === "germanLand" && jurisdiction !== "DE") continue;
      passes(step("residence", "note", `assumption.${assumption}`));
    }
    const covered = group.filter((resident) => matchTriggers(law, resident.categories).matched);
    peopleCovered = countPeople(covered);
    if (categorySteps(law, group, covered).every(passes) && passes(encryptionStep(law, circumstances))) {
      const exposed = [...new Set(covered.flatMap((resident) => resident.categories))];
      // The people first: what a regulator or a bureau is owed may hang on whether they are owed anything.
      for (const kind of ["individuals", "regulator", "cra"] as const) {
        const rule = law[kind];
        if (!rule) continue;
        const owed = duties.some((duty) => duty.duty === "individuals");
        const gates = [
          ...encryptionSteps(law, kind, severity),
          ...riskSteps(rule, kind, severity, owed, circumstances),
          ...thresholdSteps(rule, kind, peopleCovered),
        ];
        // Later gates are not shown once one has stopped.
        const stopped = gates.findIndex((gate) => gate.outcome === "stop");
        trace.push(...(stopped === -1 ? gates : gates.slice(0, stopped + 1)));
        if (stopped !== -1) continue;
        const found = findDue(law, rule, kind, circumstances.clocks, circumstances.zone);
        trace.push(...orderSteps(rule, kind), clockStep(rule, kind, found));
        duties.push({
          id: `${law.id}:${jurisdiction}:${kind}`,
          duty: kind,
          lawId: law.id,
          jurisdiction,
          status: found.due ? "due" : "pending_anchor",
          due: found.due,
          waitingFor: found.waitingFor,
          standard: rule.deadline.standard ?? null,
          order: rule.order,
          recipient: kind === "regulator" && authority ? authority.name : rule.recipient,
          recipientUrl: kind === "regulator" && authority ? authority.url : rule.recipientUrl,
          content: rule.content
            .filter(({ when }) => !when || when.some((category) => exposed.includes(category)))
            .map(({ element }) => element),
          forbidden: rule.forbidden,
          requiredTitle: rule.requiredTitle,
          requiredHeadings: rule.requiredHeadings,
          note: rule.note,
          citation: law.citation,
          citationUrl: law.citationUrl,
          confidence: law.confidence,
          contentConfidence: law.contentConfidence,
        });
      }
    }
  }
  return {
    lawId: law.id,
    lawName: law.name,
    jurisdiction,
    people: countPeople(group),
    peopleCovered,
    memberStates: input.memberStates.map(({ country, people }) => ({ country, people })),
    duties,
    whyNone: duties.length > 0 ? null : (reasonOf(trace) ?? null),
    trace,
    regulatorName: authority?.name ?? law.regulator?.recipient ?? null,
    citation: law.citation,
    citationUrl: law.citationUrl,
    asOf: law.asOf,
    inForceFrom: law.inForceFrom,
    confidence: law.confidence,
    contentConfidence: law.contentConfidence,
    verifiedBy: law.verifiedBy,
    recordKeeping: law.recordKeeping,
    pendingChanges: law.pendingChanges,
    notes: law.notes,
  };
}
