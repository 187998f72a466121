import { expect, test } from "vitest";
import { countryOfPhone } from "../../../app/breach/scope/phone-country.ts";

test.each([
  ["+4930901820", "DE"],
  ["+33123456789", "FR"],
  ["+390612345678", "IT"],
  ["+390669812345", "VA"],
  ["+447400123456", "GB"],
  ["+442079460018", "GB"],
  ["+441481123456", "GG"],
  ["+441534123456", "JE"],
  ["+441624123456", "IM"],
  ["+353123456789", "IE"],
  ["+358401234567", "FI"],
  ["+358181234567", "AX"],
  ["+4712345678", "NO"],
  ["+81312345678", "JP"],
  ["+8613912345678", "CN"],
  ["+886212345678", "TW"],
  ["+85212345678", "HK"],
  ["+61212345678", "AU"],
  ["+6421123456", "NZ"],
  ["+5511912345678", "BR"],
  ["+5215512345678", "MX"],
  ["+27211234567", "ZA"],
  ["+2348012345678", "NG"],
  ["+971501234567", "AE"],
  ["+972501234567", "IL"],
  ["+38344123456", "XK"],
  ["+42321234567", "LI"],
  ["+18761234567", "JM"],
  ["+14411234567", "BM"],
  ["+59991234567", "CW"],
])("%s belongs to %s", (phone, country) => {
  expect(countryOfPhone(phone)).toBe(country);
});

test.each([
  ["+15551234567", "the US and Canada share +1"],
  ["+17871234567", "Puerto Rico is not settled by a prefix"],
  ["+79161234567", "Russia and Kazakhstan share +7"],
  ["+77011234567", "Russia and Kazakhstan share +7"],
  ["+590590123456", "three territories share +590"],
  ["+447911123456", "Guernsey and others share the block"],
  ["+212528812345", "Western Sahara"],
  ["+80012345678", "freephone"],
  ["+88213123456", "satellite"],
  ["+2100000000", "unassigned"],
  ["+99912345678", "unassigned"],
  ["4930901820", "not as normalised"],
  ["+12", "too short"],
  ["", "empty"],
])("%s belongs to nobody: %s", (phone) => {
  expect(countryOfPhone(phone)).toBeNull();
});

test("every country in the plan is one that the runtime can name", () => {
  const names = new Intl.DisplayNames("en", { type: "region", fallback: "none" });
  const seen = new Set<string>();
  for (let prefix = 20; prefix < 1000; prefix += 1) {
    const country = countryOfPhone(`+${prefix}0000000`.slice(0, 12));
    if (country === null) continue;
    seen.add(country);
    expect(names.of(country), String(prefix)).toBeDefined();
  }
  expect(seen.size).toBeGreaterThan(190);
});
