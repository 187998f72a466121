import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addElapsedHours,
  dayOf,
  endOfDayAfter,
  endOfLegalHours,
} from "../../../app/breach/obligation/calendar.ts";

/**
 * Regulation (EEC, Euratom) 1182/71 art. 3(1), (2)(a): the hour of the event is not counted, the period ends with its last hour.
 * The first two are the example published at mkm.legal; the others lie on clock changes, in instants with their offsets.
 */
const vectors = [
  [
    "Berlin, 12:17, before Christmas",
    "2020-12-22T12:17:00+01:00",
    "Europe/Berlin",
    "2020-12-25T12:17:00+01:00",
    "2020-12-25T13:00:00+01:00",
  ],
  [
    "Berlin, 12:59, same hour",
    "2020-12-22T12:59:00+01:00",
    "Europe/Berlin",
    "2020-12-25T12:59:00+01:00",
    "2020-12-25T13:00:00+01:00",
  ],
  [
    "Berlin, clocks go forward",
    "2026-03-27T10:30:00+01:00",
    "Europe/Berlin",
    "2026-03-30T11:30:00+02:00",
    "2026-03-30T12:00:00+02:00",
  ],
  [
    "Berlin, clocks go back",
    "2026-10-23T10:30:00+02:00",
    "Europe/Berlin",
    "2026-10-26T09:30:00+01:00",
    "2026-10-26T10:00:00+01:00",
  ],
  [
    "Berlin, first of the repeated hour",
    "2026-10-25T02:30:00+02:00",
    "Europe/Berlin",
    "2026-10-28T01:30:00+01:00",
    "2026-10-28T02:00:00+01:00",
  ],
  [
    "Berlin, second of the repeated hour",
    "2026-10-25T02:30:00+01:00",
    "Europe/Berlin",
    "2026-10-28T02:30:00+01:00",
    "2026-10-28T03:00:00+01:00",
  ],
  [
    "New York, clocks go forward",
    "2026-03-06T23:30:00-05:00",
    "America/New_York",
    "2026-03-10T00:30:00-04:00",
    "2026-03-10T01:00:00-04:00",
  ],
  [
    "Lord Howe, half an hour back",
    "2026-04-03T12:10:00+11:00",
    "Australia/Lord_Howe",
    "2026-04-06T11:40:00+10:30",
    "2026-04-06T12:30:00+10:30",
  ],
] as const;

describe("72 hours", () => {
  test.each(vectors)("%s", (_, aware, zone, actBy, legal) => {
    expect(addElapsedHours(new Date(aware), 72)).toEqual(new Date(actBy));
    expect(endOfLegalHours(new Date(aware), 72, zone)).toEqual(new Date(legal));
  });

  test("one millisecond at the edge of the hour is worth an hour of the legal reading and a millisecond of ours", () => {
    const at = (text: string) => endOfLegalHours(new Date(text), 72, "Europe/Berlin").toISOString();
    expect(at("2026-06-01T12:59:59.999+02:00")).toBe("2026-06-04T11:00:00.000Z");
    expect(at("2026-06-01T13:00:00.000+02:00")).toBe("2026-06-04T12:00:00.000Z");
    expect(at("2026-06-01T13:00:00.001+02:00")).toBe("2026-06-04T12:00:00.000Z");
    expect(addElapsedHours(new Date("2026-06-01T12:59:59.999+02:00"), 72).toISOString()).toBe(
      "2026-06-04T10:59:59.999Z",
    );
  });

  test("the hour is the hour on the wall, also where zones differ by half and quarter hours", () => {
    // 10:10 in Kolkata is 04:40Z: the next full hour there is 11:00 (05:30Z), not 05:00Z.
    const end = endOfLegalHours(new Date("2026-06-01T10:10:00+05:30"), 72, "Asia/Kolkata");
    expect(end).toEqual(new Date("2026-06-04T11:00:00+05:30"));
    const nepal = endOfLegalHours(new Date("2026-06-01T10:10:00+05:45"), 72, "Asia/Kathmandu");
    expect(nepal).toEqual(new Date("2026-06-04T11:00:00+05:45"));
  });
});

describe("calendar days", () => {
  test("end with the last millisecond of the last day, the first day not counted", () => {
    // Cal. Civ. Code 1798.82: 30 calendar days. 2 November + 30 = 2 December; Los Angeles is at -08:00 then.
    const end = endOfDayAfter(new Date("2026-11-02T09:00:00-08:00"), 30, "America/Los_Angeles");
    expect(end).toEqual(new Date("2026-12-02T23:59:59.999-08:00"));
  });

  test("the day is the store's day", () => {
    const instant = new Date("2026-06-30T23:30:00Z");
    expect(dayOf(instant, "UTC")).toBe("2026-06-30");
    expect(dayOf(instant, "Pacific/Auckland")).toBe("2026-07-01");
    expect(endOfDayAfter(instant, 15, "UTC")).toEqual(new Date("2026-07-15T23:59:59.999Z"));
    expect(endOfDayAfter(instant, 15, "Pacific/Auckland")).toEqual(new Date("2026-07-16T23:59:59.999+12:00"));
  });

  test("across a leap day, a year's end and a clock change", () => {
    expect(endOfDayAfter(new Date("2028-02-14T12:00:00Z"), 30, "UTC")).toEqual(
      new Date("2028-03-15T23:59:59.999Z"),
    );
    expect(endOfDayAfter(new Date("2026-12-17T12:00:00Z"), 15, "UTC")).toEqual(
      new Date("2027-01-01T23:59:59.999Z"),
    );
    expect(endOfDayAfter(new Date("2026-02-20T12:00:00-05:00"), 30, "America/New_York")).toEqual(
      new Date("2026-03-22T23:59:59.999-04:00"),
    );
  });

  test("where the clock jumps over midnight the day still ends", () => {
    // Santiago goes from 00:00 to 01:00 on Sunday 6 September 2026: Saturday's last millisecond is 23:59:59.999 at -04:00.
    expect(endOfDayAfter(new Date("2026-09-04T12:00:00-04:00"), 1, "America/Santiago")).toEqual(
      new Date("2026-09-05T23:59:59.999-04:00"),
    );
  });
});

const zones = [
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "Asia/Kolkata",
  "Australia/Lord_Howe",
  "Pacific/Auckland",
  "America/Santiago",
];
const instants = fc.date({ min: new Date("2018-05-25"), max: new Date("2035-01-01"), noInvalidDate: true });

describe("for any moment and zone", () => {
  test("a later start never makes an earlier end", () => {
    fc.assert(
      fc.property(
        instants,
        fc.integer({ min: 0, max: 200_000_000 }),
        fc.constantFrom(...zones),
        (start, later, zone) => {
          const then = new Date(start.getTime() + later);
          expect(addElapsedHours(then, 72) >= addElapsedHours(start, 72)).toBe(true);
          expect(endOfLegalHours(then, 72, zone) >= endOfLegalHours(start, 72, zone)).toBe(true);
          expect(endOfDayAfter(then, 30, zone) >= endOfDayAfter(start, 30, zone)).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("the earliest reading comes before the legal one, by at most an hour", () => {
    fc.assert(
      fc.property(
        instants,
        fc.constantFrom(...zones),
        fc.integer({ min: 1, max: 240 }),
        (start, zone, hours) => {
          const gap = endOfLegalHours(start, hours, zone).getTime() - addElapsedHours(start, hours).getTime();
          expect(gap).toBeGreaterThan(0);
          expect(gap).toBeLessThanOrEqual(3_600_000);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("the legal hours begin on a full hour of the wall clock, by a search that knows only Intl", () => {
    const whole = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"];
    fc.assert(
      fc.property(instants, fc.constantFrom(...whole), (start, zone) => {
        const minute = new Intl.DateTimeFormat("en-US", { timeZone: zone, minute: "numeric" });
        let next = Math.floor(start.getTime() / 60_000) * 60_000 + 60_000;
        while (Number(minute.format(next)) !== 0) next += 60_000;
        expect(endOfLegalHours(start, 72, zone).getTime()).toBe(next + 72 * 3_600_000);
      }),
      { numRuns: 60 },
    );
  });

  test("the last day's end is where Intl turns the page", () => {
    fc.assert(
      fc.property(
        instants,
        fc.constantFrom(...zones),
        fc.integer({ min: 1, max: 60 }),
        (start, zone, days) => {
          const format = new Intl.DateTimeFormat("en-CA", {
            timeZone: zone,
            year: "numeric",
            month: "2-digit",
            day: "2-digit",
          });
          const [year, month, day] = format.format(start).split("-").map(Number);
          const wanted = new Date(Date.UTC(year!, month! - 1, day! + days)).toISOString().slice(0, 10);
          const end = endOfDayAfter(start, days, zone).getTime();
          expect(format.format(end)).toBe(wanted);
          expect(format.format(end + 1) > wanted).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });
});

test("the machine's own zone changes nothing", () => {
  const calendar = new URL("../../../app/breach/obligation/calendar.ts", import.meta.url).href;
  const script = `
    const { addElapsedHours, endOfDayAfter, endOfLegalHours, dayOf } = await import(${JSON.stringify(calendar)});
    const out = [];
    for (const start of ["2026-03-27T09:30:00Z", "2026-10-25T00:30:00Z", "2026-12-31T23:30:00Z"].map((t) => new Date(t)))
      for (const zone of ${JSON.stringify(zones)})
        out.push(addElapsedHours(start, 72), endOfLegalHours(start, 72, zone), endOfDayAfter(start, 30, zone), dayOf(start, zone));
    console.log(JSON.stringify({ wall: new Date(0).getHours() + ":" + new Date(0).getMinutes(), out }));`;
  const runs = ["UTC", "Pacific/Auckland", "America/Los_Angeles", "Asia/Kolkata"].map(
    (TZ) =>
      JSON.parse(
        execFileSync(process.execPath, ["--input-type=module", "--no-warnings", "-e", script], {
          env: { ...process.env, TZ },
          encoding: "utf8",
        }),
      ) as { wall: string; out: string[] },
  );
  // The zones did take effect, and still every answer is the same.
  expect(new Set(runs.map((run) => run.wall)).size).toBe(4);
  expect(runs[0]!.out).toHaveLength(3 * zones.length * 4);
  for (const run of runs) expect(run.out).toEqual(runs[0]!.out);
});
