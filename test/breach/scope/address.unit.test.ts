import fc from "fast-check";
import { expect, test } from "vitest";
import { normalizeEmail, normalizePhone, parseAddress } from "../../../app/breach/scope/address.ts";

test.each([
  ["a@b.test", "a@b.test", false],
  ["First.Last+tag@Example.COM", "First.Last+tag@example.com", false],
  ["o'brien@home.test", "o'brien@home.test", false],
  ["a@münchen.de", "a@xn--mnchen-3ya.de", false],
  ["a@xn--mnchen-3ya.de", "a@xn--mnchen-3ya.de", false],
  ["a@例え。テスト", "a@xn--r8jz45g.xn--zckzah", false],
  ["a@straße.de", "a@xn--strae-oqa.de", false],
  ["jörg@home.test", "jörg@home.test", true],
  ["用户@例え.テスト", "用户@xn--r8jz45g.xn--zckzah", true],
  [`${"x".repeat(64)}@b.test`, `${"x".repeat(64)}@b.test`, false],
])("%s can be written to", (text, address, needsSmtputf8) => {
  expect(parseAddress(text)).toEqual({ ok: true, address, needsSmtputf8 });
});

test.each([
  ["", "no-single-at"],
  ["plain", "no-single-at"],
  ["a@b@c.test", "no-single-at"],
  ["@b.test", "local-part"],
  [".a@b.test", "local-part"],
  ["a.@b.test", "local-part"],
  ["a..b@b.test", "local-part"],
  ["a b@b.test", "local-part"],
  [" a@b.test", "local-part"],
  ['"a b"@b.test', "local-part"],
  ["<a@b.test", "local-part"],
  ["a,b@b.test", "local-part"],
  ["a\u00a0b@b.test", "local-part"],
  ["a\u202eb@b.test", "local-part"],
  ["a\u0085b@b.test", "local-part"],
  ["a\ud800@b.test", "local-part"],
  ["a\r\n@b.test", "local-part"],
  ["a@", "domain"],
  ["a@b", "domain"],
  ["a@b.test>", "domain"],
  ["a@b.test\r\nDATA", "domain"],
  ["a@b\t.test", "domain"],
  ["a@b.test ", "domain"],
  ["a@b.test.", "domain"],
  ["a@.b.test", "domain"],
  ["a@b..test", "domain"],
  ["a@-b.test", "domain"],
  ["a@b-.test", "domain"],
  ["a@b_c.test", "domain"],
  ["a@b.test/x", "domain"],
  ["a@b.test:25", "domain"],
  ["a@%62.test", "domain"],
  ["a@127.0.0.1", "domain"],
  ["a@1.2.3", "domain"],
  ["a@x.0x7f", "domain"],
  ["a@[127.0.0.1]", "domain"],
  ["a@[IPv6:::1]", "domain"],
  ["a@b\u3000.test", "domain"],
  [`a@${"x".repeat(64)}.test`, "domain"],
  [`${"x".repeat(65)}@b.test`, "too-long"],
  [`${"ü".repeat(33)}@b.test`, "too-long"],
  [`a@${"abcdefghi.".repeat(26)}test`, "too-long"],
])("%j can't: %s", (text, reason) => {
  expect(parseAddress(text)).toEqual({ ok: false, reason });
});

test("whatever is accepted is safe between angle brackets and stays accepted", () => {
  const nasty = fc.constantFrom(
    "\r",
    "\n",
    "\0",
    "<",
    ">",
    " ",
    "\t",
    '"',
    ",",
    "@",
    ".",
    "ü",
    "。",
    "＠",
    "%",
    "\u2028",
    "x",
  );
  const text = fc
    .tuple(
      fc.array(fc.oneof(nasty, fc.string({ unit: "binary", maxLength: 3 })), { maxLength: 5 }),
      fc.array(fc.oneof(nasty, fc.string({ unit: "binary", maxLength: 3 })), { maxLength: 5 }),
    )
    .map(([local, domain]) => `a${local.join("")}@${domain.join("")}b.test`);
  let accepted = 0;
  fc.assert(
    fc.property(text, (candidate) => {
      const parsed = parseAddress(candidate);
      if (!parsed.ok) return;
      accepted += 1;
      expect(parsed.address.split("@")).toHaveLength(2);
      for (const character of parsed.address) {
        expect(character > " " && character !== "\x7f" && !'<>"(),:;[]\\'.includes(character)).toBe(true);
      }
      expect(parsed.address.split("@")[1]).toMatch(/^[a-z0-9.-]{3,253}$/);
      expect(Buffer.byteLength(parsed.address)).toBeLessThanOrEqual(254);
      expect(parseAddress(parsed.address)).toEqual(parsed);
    }),
    { numRuns: 5000 },
  );
  expect(accepted).toBeGreaterThan(100);
});

test("fast-check's own e-mail addresses are accepted when their local part is no longer than allowed", () => {
  fc.assert(
    fc.property(fc.emailAddress(), (address) => {
      expect(parseAddress(address).ok).toBe(true);
    }),
  );
});

test.each([
  [" A.B+c@Example.COM ", "a.b+c@example.com"],
  ["\ufeffa@b.test\u00a0", "a@b.test"],
  ["JO\u0308RG@B.test", "jörg@b.test"],
  ["JÖRG@b.test", "jörg@b.test"],
  ["a@MÜNCHEN.de", "a@xn--mnchen-3ya.de"],
  ["a@mu\u0308nchen.de", "a@xn--mnchen-3ya.de"],
  ["a b@c.test", null],
  ["", null],
  ["n/a", null],
])("e-mail %j is %j", (text, expected) => {
  expect(normalizeEmail(text)).toBe(expected);
});

test("dots and plus tags keep people apart", () => {
  const spellings = ["ab@gmail.com", "a.b@gmail.com", "ab+x@gmail.com", "ab@googlemail.com"];
  expect(new Set(spellings.map(normalizeEmail)).size).toBe(4);
});

test("normalising twice changes nothing", () => {
  const text = fc.tuple(
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 }),
    fc.constantFrom("B.test", "İ.test", "ß.de"),
  );
  fc.assert(
    fc.property(text, ([local, domain]) => {
      const once = normalizeEmail(`${local}@${domain}`);
      if (once !== null) expect(normalizeEmail(once)).toBe(once);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ["+49 30 901820", "+4930901820"],
  ["+1 (555) 123-4567", "+15551234567"],
  ["0049 30 901820", "+4930901820"],
  ["tel:+33-1-23-45-67-89", "+33123456789"],
  ["+44 (0)20 7946 0018", "+442079460018"],
  ["+1.555.123.4567 x89", "+15551234567"],
  ["+1 555 123 4567 ext. 89", "+15551234567"],
  ["+1-555-123-4567;ext=89", "+15551234567"],
  ["\u202a+81 3‑1234‑5678\u202c", "+81312345678"],
  ["＋８１ ３ １２３４ ５６７８", "+81312345678"],
  ["+٩٦٦ ٥٠ ١٢٣ ٤٥٦٧", "+966501234567"],
  ["+۹۸ ۲۱ ۱۲۳۴ ۵۶۷۸", "+982112345678"],
  ["030 901820", null],
  ["555-123-4567", null],
  ["+0 123 4567", null],
  ["+123456", null],
  ["+1234567890123456", null],
  ["+49 30 CALLME", null],
  ["", null],
  ["+", null],
])("phone %j is %j", (text, expected) => {
  expect(normalizePhone(text)).toBe(expected);
});
