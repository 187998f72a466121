/**
 * Decides whom the law says to tell about a breach, by when, and why: severity, then for every place with an affected person
 * either duties or the reason why there is none, as a trace. Pure: the same facts give the same answer on any machine.
 *
 * Invariants. An assessment is always made whole, never patched. A fact nobody knows is read the stricter way and the trace
 * says so. A date that is not the law's is marked as a planning target. People without a known residence, or living where no
 * law is in the data yet, are counted and named, never dropped. It informs; it never decides for counsel.
 *
 * Source in law: each row of `laws/` carries its citation, the day it was checked, and how sure we are.
 */
import { assessUnder } from "./assess.ts";
import type { Assessment, Circumstances, Duty, Exposure, JurisdictionAssessment } from "./assessment.ts";
import type { DutyKind } from "./anchor.ts";
import { laws, versionOn } from "./laws/laws.ts";
import type { ContentElement, Law } from "./laws/law.ts";

export type { Due, DutyKind } from "./anchor.ts";
export type {
  Assessment,
  Circumstances,
  Duty,
  Exposure,
  Gate,
  JurisdictionAssessment,
  TraceStep,
} from "./assessment.ts";
export { contentElements } from "./laws/law.ts";
export type { ContentElement, Law, Order, Standard } from "./laws/law.ts";
export type { Band, Handling, Severity } from "./severity.ts";

/** Runs every law of the data over the affected people. Throws RangeError on an impossible count of people. */
export function assess(circumstances: Circumstances, exposure: Exposure): Assessment {
  return assessUnder(laws, circumstances, exposure);
}

/** A law by its id, in the version of `day` (YYYY-MM-DD) or else the newest; null when there is none of that id. */
export function lawById(id: string, day = "9999-12-31"): Law | null {
  const versions = laws.filter((law) => law.id === id);
  return versionOn(versions, day)?.law ?? null;
}

/** All duties of an assessment, soonest first, those still waiting for a clock last. */
export function sortDuties(assessment: Assessment): Duty[] {
  const rank: Record<DutyKind, number> = { regulator: 0, individuals: 1, cra: 2 };
  return assessment.jurisdictions
    .flatMap((jurisdiction) => jurisdiction.duties)
    .toSorted(
      (a, b) =>
        (a.due?.actBy.getTime() ?? Infinity) - (b.due?.actBy.getTime() ?? Infinity) ||
        rank[a.duty] - rank[b.duty] ||
        (a.id < b.id ? -1 : 1),
    );
}

/**
 * The duty to do next, leaving out those whose ids are in `done`; null when none has a date. An overdue one comes first.
 * `msLeft` is negative once `late`.
 */
export function nextDue(
  assessment: Assessment,
  now: Date,
  done: ReadonlySet<string> = new Set(),
): { duty: Duty; actBy: Date; late: boolean; msLeft: number } | null {
  for (const duty of sortDuties(assessment)) {
    if (!duty.due || done.has(duty.id)) continue;
    const msLeft = duty.due.actBy.getTime() - now.getTime();
    return { duty, actBy: duty.due.actBy, late: msLeft < 0, msLeft };
  }
  return null;
}

/** The moments at which a duty that is not in `done` falls due, soonest first: what the incident has to wake up for. */
export function dueMoments(
  assessment: Assessment,
  done: ReadonlySet<string> = new Set(),
): { dutyId: string; at: Date }[] {
  return sortDuties(assessment).flatMap((duty) =>
    duty.due && !done.has(duty.id) ? [{ dutyId: duty.id, at: duty.due.actBy }] : [],
  );
}

type Wish = { lawId: string; lawName: string; jurisdiction: string };

export type ContentRules = {
  required: { element: ContentElement; wantedBy: Wish[] }[];
  forbidden: { element: ContentElement; wantedBy: Wish[] }[];
  titles: { title: string; wantedBy: Wish[] }[];
  headings: { headings: string[]; wantedBy: Wish[] }[];
};

/** What the letters to affected people (or the reports, by `kind`) have to say and must not say, and which law wants it. */
export function contentRules(assessment: Assessment, kind: DutyKind = "individuals"): ContentRules {
  const owed = assessment.jurisdictions.flatMap((jurisdiction) =>
    jurisdiction.duties
      .filter((duty) => duty.duty === kind)
      .map((duty) => ({ duty, by: wishOf(jurisdiction) })),
  );
  const gather = <T>(pick: (duty: Duty) => T[]): { what: T; wantedBy: Wish[] }[] => {
    const found = new Map<string, { what: T; wantedBy: Wish[] }>();
    for (const { duty, by } of owed) {
      for (const what of pick(duty)) {
        const entry = found.get(JSON.stringify(what)) ?? { what, wantedBy: [] };
        entry.wantedBy.push(by);
        found.set(JSON.stringify(what), entry);
      }
    }
    return [...found.values()];
  };
  return {
    required: gather((duty) => duty.content).map(({ what, wantedBy }) => ({ element: what, wantedBy })),
    forbidden: gather((duty) => duty.forbidden).map(({ what, wantedBy }) => ({ element: what, wantedBy })),
    titles: gather((duty) => (duty.requiredTitle === null ? [] : [duty.requiredTitle])).map(
      ({ what, wantedBy }) => ({ title: what, wantedBy }),
    ),
    headings: gather((duty) => (duty.requiredHeadings.length === 0 ? [] : [duty.requiredHeadings])).map(
      ({ what, wantedBy }) => ({ headings: what, wantedBy }),
    ),
  };
}

function wishOf({ lawId, lawName, jurisdiction }: JurisdictionAssessment): Wish {
  return { lawId, lawName, jurisdiction };
}
