import { describe, expect, it } from "vitest";
import { formatDay, formatMoment, timeLeft } from "../../app/components/moment.tsx";

describe("formatMoment", () => {
  it("names the zone whose clock it reads, before and after a clock change", () => {
    expect(formatMoment(new Date("2026-11-23T13:05:00Z"), "Europe/Berlin", "en")).toBe(
      "Mon 23 Nov 2026, 14:05 Europe/Berlin",
    );
    expect(formatMoment(new Date("2026-10-25T00:30:00Z"), "Europe/Berlin", "en")).toBe(
      "Sun 25 Oct 2026, 02:30 Europe/Berlin",
    );
    expect(formatMoment(new Date("2026-10-25T01:30:00Z"), "Europe/Berlin", "en")).toBe(
      "Sun 25 Oct 2026, 02:30 Europe/Berlin",
    );
  });

  it("writes midnight as 00, on the day that begins", () => {
    expect(formatMoment(new Date("2026-01-01T05:00:00Z"), "America/New_York", "en")).toBe(
      "Thu 1 Jan 2026, 00:00 America/New_York",
    );
    expect(formatDay(new Date("2026-01-01T04:59:59Z"), "America/New_York", "en")).toBe("31 Dec 2025");
  });
});

describe("timeLeft", () => {
  const now = new Date("2026-11-23T12:00:00Z");
  it.each([
    ["2026-11-26T12:00:00Z", { late: false, days: 3, hours: 0, minutes: 0 }],
    ["2026-11-23T13:59:59Z", { late: false, days: 0, hours: 1, minutes: 59 }],
    ["2026-11-23T12:00:00Z", { late: false, days: 0, hours: 0, minutes: 0 }],
    ["2026-11-22T10:30:00Z", { late: true, days: 1, hours: 1, minutes: 30 }],
  ])("until %s", (actBy, left) => {
    expect(timeLeft(new Date(actBy), now)).toEqual(left);
  });
});
