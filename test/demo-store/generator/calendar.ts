/** Where a shop's local days begin, from the runtime's own zone data and nothing that the app uses. */

const dayMs = 86_400_000;

/** Instants (epoch ms, ascending) at which a local day begins, covering [from, to]. */
export function findMidnights(timeZone: string, from: number, to: number): Float64Array {
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  });
  const dayOf = (instant: number) => format.format(instant);
  const found: number[] = [];
  for (let low = from - dayMs; low < to + 2 * dayMs; low += dayMs / 2) {
    const high = low + dayMs / 2;
    if (dayOf(low) === dayOf(high)) continue;
    let before = low;
    let after = high;
    while (after - before > 1000) {
      const middle = Math.floor((before + after) / 2000) * 1000;
      if (dayOf(middle) === dayOf(low)) before = middle;
      else after = middle;
    }
    found.push(after);
  }
  return Float64Array.from(found);
}

/** Index of the first entry that is >= value in an ascending list; its length when there is none. */
export function lowerBound(size: number, at: (i: number) => number, value: number): number {
  let low = 0;
  let high = size;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (at(middle) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
