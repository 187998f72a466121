import { australianLaws } from "./australia.ts";
import { britishLaws } from "./britain.ts";
import { canadianLaws } from "./canada.ts";
import { europeanLaws } from "./europe.ts";
import { lawSchema } from "./law.ts";
import type { Law, LawRow } from "./law.ts";
import { americanLaws } from "./united-states.ts";

/** Validates rows and refuses two laws, or two versions of one, for the same region on the same day. Throws on bad data. */
export function loadLaws(rows: readonly LawRow[]): readonly Law[] {
  const laws = rows.map((row) => lawSchema.parse(row));
  for (const [index, law] of laws.entries()) {
    for (const other of laws.slice(index + 1)) {
      const shared = placesOf(law).filter((place) => placesOf(other).includes(place));
      if (shared.length > 0 && overlaps(law, other)) {
        throw new Error(`${law.id} and ${other.id} both claim ${shared.join(", ")} on the same day`);
      }
    }
  }
  return laws;
}

export const laws = loadLaws([
  ...europeanLaws,
  ...britishLaws,
  ...americanLaws,
  ...canadianLaws,
  ...australianLaws,
]);

/**
 * The version of a law in force on `day` (YYYY-MM-DD), else the next one to come, else the last that ended. `versions` are
 * all of one law.
 */
export function versionOn(
  versions: readonly Law[],
  day: string,
): { law: Law; state: "in_force" | "coming" | "ended" } | null {
  const byStart = versions.toSorted((a, b) => ((a.inForceFrom ?? "") < (b.inForceFrom ?? "") ? -1 : 1));
  const current = byStart.find(
    (law) => (law.inForceFrom ?? "") <= day && (law.inForceTo === null || day <= law.inForceTo),
  );
  if (current) return { law: current, state: "in_force" };
  const next = byStart.find((law) => (law.inForceFrom ?? "") > day);
  if (next) return { law: next, state: "coming" };
  const last = byStart.at(-1);
  return last ? { law: last, state: "ended" } : null;
}

function placesOf(law: Law): string[] {
  return [...law.regions, ...Object.keys(law.territories)];
}

function overlaps(a: Law, b: Law): boolean {
  const [endA, endB] = [a.inForceTo ?? "9999-12-31", b.inForceTo ?? "9999-12-31"];
  return (a.inForceFrom ?? "") <= endB && (b.inForceFrom ?? "") <= endA;
}
