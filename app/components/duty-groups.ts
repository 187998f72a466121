import type { DutyView } from "../breach/obligation/obligation.server.ts";
import type {
  Assessment,
  Duty,
  DutyKind,
  JurisdictionAssessment,
  TraceStep,
} from "../breach/obligation/obligation.ts";

/** `place` is null for a duty that was done and is no longer owed. */
export type OwedEntry = { view: DutyView; place: JurisdictionAssessment | null };

/** The same duty under the same law in one or more places. */
export type OwedGroup = { key: string; kind: DutyKind; lawName: string; entries: OwedEntry[] };

/** Soonest first; of two at the same moment the one whose moment is the law's own. */
function compareUrgency({ duty: a }: DutyView, { duty: b }: DutyView): number {
  const when = (duty: Duty) => duty.due?.actBy.getTime() ?? Number.MAX_SAFE_INTEGER;
  return when(a) - when(b) || Number(b.due?.statutory ?? false) - Number(a.due?.statutory ?? false);
}

/** Duties, soonest first, gathered by law and kind; a group stands where its first open duty stands, and last once all is done. */
export function groupDuties(duties: DutyView[], assessment: Assessment): OwedGroup[] {
  const groups = new Map<string, OwedGroup>();
  const open = duties.filter((view) => view.status !== "done").toSorted(compareUrgency);
  for (const view of [...open, ...duties.filter((each) => each.status === "done")]) {
    const { lawId, duty: kind, jurisdiction } = view.duty;
    const place =
      assessment.jurisdictions.find((each) => each.lawId === lawId && each.jurisdiction === jurisdiction) ??
      null;
    const lawName = place?.lawName ?? view.duty.citation;
    const group = groups.get(`${lawId}:${kind}`) ?? { key: `${lawId}:${kind}`, kind, lawName, entries: [] };
    group.entries.push({ view, place });
    groups.set(group.key, group);
  }
  return [...groups.values()];
}

/** A duty that a law does not ask for, with the step that ended it, and the places of which that is true. */
export type NotOwed = {
  key: string;
  /** Null: the law asks for nothing at all. */
  kind: DutyKind | null;
  step: TraceStep;
  sentence: string;
  places: JurisdictionAssessment[];
};

/** What was checked and is not owed, gathered by law and sentence. */
export function groupNotOwed(assessment: Assessment, say: (step: TraceStep) => string): NotOwed[] {
  const found = new Map<string, NotOwed>();
  const add = (place: JurisdictionAssessment, kind: DutyKind | null, step: TraceStep) => {
    const sentence = say(step);
    const key = `${place.lawId}:${kind}:${sentence}`;
    const group = found.get(key) ?? { key, kind, step, sentence, places: [] };
    group.places.push(place);
    found.set(key, group);
  };
  for (const place of assessment.jurisdictions) {
    if (place.duties.length > 0)
      for (const step of place.trace)
        if (step.outcome === "stop" && step.duty !== null) add(place, step.duty, step);
    if (place.duties.length === 0 && place.whyNone !== null) add(place, null, place.whyNone);
  }
  return [...found.values()];
}
