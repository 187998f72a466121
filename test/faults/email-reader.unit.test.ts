import fc from "fast-check";
import { expect, test } from "vitest";
import { normalizeEmail } from "../../app/breach/scope/address.ts";
import { createEmailReader } from "../../app/breach/scope/sighting.ts";

const signs = "aZ9_'+-.@ \u00e9e\u0301\u03a3\u212a\u017fñ王\u0000\n\"<xn--0x";
const domains = [
  "mail.example",
  "MÜNCHEN.example",
  "mu\u0308nchen.example",
  "xn--mnchen-3ya.test",
  "xn--zz--.test",
  "1.2.3.4",
  "a.0x7f",
  "a..b",
  "-a.test",
  ".",
  `${"ä".repeat(60)}.test`,
];

/** What reads a whole export quickly must read each address as the rule does. */
test("the reader of an export agrees with the rule for one address", () => {
  const readEmail = createEmailReader();
  const piece = fc.string({ unit: fc.constantFrom(...signs), maxLength: 12 });
  const address = fc
    .tuple(piece, fc.oneof(piece, fc.constantFrom(...domains)))
    .map((parts) => parts.join("@"));
  fc.assert(
    fc.property(fc.oneof(address, piece), (text) => {
      expect(readEmail(text)).toBe(normalizeEmail(text));
    }),
    { numRuns: 4000 },
  );
});
