import type { DataCategory } from "../scope/scope.ts";
import type { Assessment, Exposure } from "./assessment.ts";
import type { Law } from "./laws/law.ts";

export type Resident = { country: string; region: string | null; people: number; categories: DataCategory[] };

/** Normalises codes and counts who has no country. Throws RangeError on an impossible count. */
export function readResidents(exposure: Exposure): { residents: Resident[]; unknown: number } {
  const residents: Resident[] = [];
  let unknown = 0;
  for (const group of exposure.residence) {
    if (!Number.isSafeInteger(group.people) || group.people < 0) {
      throw new RangeError("a count of people must be a whole number");
    }
    const country = group.country?.trim().toUpperCase();
    if (!country) unknown += group.people;
    else if (group.people > 0) {
      const written = group.region?.trim().toUpperCase() ?? "";
      const region = written.startsWith(`${country}-`) ? written.slice(country.length + 1) : written;
      residents.push({ ...group, country, region: region || null });
    }
  }
  return { residents, unknown };
}

/** The region of the law in which somebody lives, or null. */
export function regionUnder(law: Law, { country, region }: Resident): string | null {
  const part = region && `${country}-${region}`;
  if (part && law.regions.includes(part)) return part;
  const home = law.territories[country] ?? country;
  return law.regions.includes(home) ? home : null;
}

/** People for whom the data lack a law, or lack one beside another that applies. */
export function findUncovered(laws: readonly Law[], residents: Resident[]): Assessment["uncovered"] {
  const missing = new Map<string, Assessment["uncovered"][number]>();
  for (const resident of residents) {
    const { country, region, people } = resident;
    const applying = laws.find((law) => regionUnder(law, resident));
    const partly = applying?.alsoGoverned.includes(`${country}-${region}`) ?? false;
    if (applying && !partly) continue;
    const place = `${country}-${region ?? ""}`;
    const before = missing.get(place)?.people ?? 0;
    missing.set(place, { country, region, people: before + people, partlyBy: applying?.id ?? null });
  }
  return [...missing.values()].toSorted(
    (a, b) => b.people - a.people || (`${a.country}-${a.region}` < `${b.country}-${b.region}` ? -1 : 1),
  );
}

export function countPeople(group: readonly { people: number }[]): number {
  return group.reduce((sum, each) => sum + each.people, 0);
}
