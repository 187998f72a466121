/** Days and moments as an English letter writes them: the month in words, so that no reader takes 3/9 for 9 March. */

export function formatDay(at: Date, zone: string): string {
  return new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    day: "numeric",
    month: "long",
    year: "numeric",
  }).format(at);
}

/** "3 September 2026, 17:00 (Central European Summer Time)". */
export function formatMoment(at: Date, zone: string): string {
  const time = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(at);
  const name = new Intl.DateTimeFormat("en-GB", { timeZone: zone, timeZoneName: "long" })
    .formatToParts(at)
    .find((part) => part.type === "timeZoneName")?.value;
  return `${formatDay(at, zone)}, ${time} (${name ?? zone})`;
}
