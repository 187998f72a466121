/**
 * Electronic addresses as the store wrote them: which ones can be written to, and when two spellings are one address.
 * Sources: RFC 5321 section 4.1.2 (Dot-string only), RFC 6531 section 3.3 (UTF-8 local parts), UTS 46 (domains), ITU-T E.164.
 */

export type AddressProblem = "no-single-at" | "local-part" | "domain" | "too-long";

export type ParsedAddress =
  | {
      ok: true;
      /** The local part as written and the domain in lower-case A-labels: safe between the angle brackets of MAIL and RCPT. */
      address: string;
      /** The local part holds other than ASCII, so that the server must offer SMTPUTF8. */
      needsSmtputf8: boolean;
    }
  | { ok: false; reason: AddressProblem };

// RFC 5322 atext, and for RFC 6531 any character beyond ASCII that is neither space nor control nor format nor unassigned.
const localAtom = /^(?:[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]|(?![\p{C}\p{Z}])\P{ASCII})+$/u;
const domainWritten = /^(?:[A-Za-z0-9.-]|\P{ASCII})+$/u;
const domainLabel = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

function countOctets(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** The domain in lower-case A-labels, or null. At least two labels, none of an IP address. */
function mapDomain(written: string): string | null {
  // The URL parser also reads ports, paths, percent escapes and numeric hosts: none of their characters may reach it.
  if (!domainWritten.test(written)) return null;
  let mapped: string;
  try {
    mapped = new URL(`http://${written}`).hostname;
  } catch {
    return null;
  }
  const labels = mapped.split(".");
  const last = labels.at(-1) ?? "";
  if (labels.length < 2 || !labels.every((label) => domainLabel.test(label))) return null;
  // "1.2.3.4", and "example.0x7f", which the URL parser would read as a number.
  if (/^\d+$/.test(last)) return null;
  return mapped;
}

/**
 * Reads an addr-spec, strictly: no spaces, no quoted local part, no address literal, no display name. Lengths in octets: local
 * part 64, domain 253 (DNS; RFC 5321 would allow 255), both together 254 (a path of 256 without its angle brackets).
 */
export function parseAddress(text: string): ParsedAddress {
  const at = text.indexOf("@");
  if (at < 0 || text.indexOf("@", at + 1) >= 0) return { ok: false, reason: "no-single-at" };
  const local = text.slice(0, at);
  if (!local.split(".").every((atom) => localAtom.test(atom))) return { ok: false, reason: "local-part" };
  if (countOctets(local) > 64) return { ok: false, reason: "too-long" };
  const domain = mapDomain(text.slice(at + 1));
  if (domain === null) return { ok: false, reason: "domain" };
  const address = `${local}@${domain}`;
  if (domain.length > 253 || countOctets(address) > 254) return { ok: false, reason: "too-long" };
  return { ok: true, address, needsSmtputf8: /\P{ASCII}/u.test(local) };
}

/**
 * One spelling per mailbox: trimmed, NFC, lower case, domain in A-labels. Dots and plus tags stay, because folding them would
 * merge people whose provider keeps them apart. Null when it is not an address that can be written to.
 */
export function normalizeEmail(text: string): string | null {
  const parsed = parseAddress(text.trim().normalize("NFC").toLowerCase().normalize("NFC"));
  return parsed.ok ? parsed.address : null;
}

/** Digits people type that NFKC leaves alone: Arabic-Indic and Persian. */
function toAsciiDigits(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 0xf));
}

/**
 * "+" and 7 to 15 digits (E.164), or null. Only numbers written internationally, with "+" or "00": a national number means
 * nothing without its country. Separators, a bracketed trunk zero and an extension are dropped.
 */
export function normalizePhone(text: string): string | null {
  const written = toAsciiDigits(text)
    .trim()
    .replace(/^tel:/i, "")
    .replace(/[,;\s]*(?:ext(?:ension)?\.?|x|#)[\s=:.]*\d{1,7}$/i, "")
    .replace(/\(0\)/g, "")
    .replace(/[\s().\-/\u2010-\u2015\u2212\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g, "");
  const digits = /^(?:\+|00)([1-9]\d{6,14})$/.exec(written)?.[1];
  return digits === undefined ? null : `+${digits}`;
}
