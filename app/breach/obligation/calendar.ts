import { Temporal } from "temporal-polyfill";

/** `hours` elapsed hours after `anchor`; weekends, holidays and clock changes do not stretch them. */
export function addElapsedHours(anchor: Date, hours: number): Date {
  return new Date(anchor.getTime() + hours * 3_600_000);
}

/**
 * End of a period in hours as Regulation (EEC, Euratom) 1182/71 art. 3(1) and (2)(a) reads it: the hour of the event is not
 * counted and the period ends with its last hour. "The hour" is the hour on the wall in `zone` (IANA). Art. 3(4) does not
 * roll hours to a working day; art. 3(5) is disputed for 72 h and is not applied.
 */
export function endOfLegalHours(anchor: Date, hours: number, zone: string): Date {
  const wall = toZoned(anchor, zone);
  const intoHour = (wall.minute * 60 + wall.second) * 1000 + wall.millisecond;
  // Counted in elapsed time, not on the wall, so that a repeated or skipped hour can never put the end before the event.
  return addElapsedHours(new Date(anchor.getTime() - intoHour), hours + 1);
}

/** Last millisecond of the day that is `days` calendar days after the anchor's day in `zone`. The anchor's day is not counted. */
export function endOfDayAfter(anchor: Date, days: number, zone: string): Date {
  const dayAfter = toZoned(anchor, zone)
    .toPlainDate()
    .add({ days: days + 1 });
  return new Date(dayAfter.toZonedDateTime(zone).epochMilliseconds - 1);
}

/** The calendar day (YYYY-MM-DD) of an instant in `zone`. */
export function dayOf(instant: Date, zone: string): string {
  return toZoned(instant, zone).toPlainDate().toString();
}

function toZoned(instant: Date, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(zone);
}
