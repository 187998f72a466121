/** One made-up person: name, addresses, language. Customers and guests come from here. */
import { type Dice, rollDice } from "./dice.ts";
import { type Culture, cultures, hostileNames } from "./names.ts";
import { type Country, pickCountry, writePhone, writeZip } from "./places.ts";

export type PostalAddress = {
  firstName: string | null;
  lastName: string | null;
  company: string | null;
  address1: string | null;
  city: string | null;
  provinceCode: string | null;
  countryCode: string | null;
  zip: string | null;
  phone: string | null;
};

export type Person = {
  firstName: string | null;
  lastName: string | null;
  email: string | null;
  /** What Shopify calls `validFormat`; false for null. */
  emailValid: boolean;
  phone: string | null;
  locale: string;
  address: PostalAddress | null;
  b2b: boolean;
};

// RFC 2606 and RFC 6761 keep these names for examples: mail to them reaches nobody.
const domains = (
  "example.com example.com example.com example.org example.net mail.example post.example shop-kunden.test uni.example " +
  "a.very.deep.sub.domain.example münchen.example bücher.test почта.example 例え.test xn--mnchen-3ya.test παράδειγμα.example"
).split(" ");

const companies = [
  "Nordlicht GmbH",
  "Harbour & Sons Ltd",
  "Société Générique SARL",
  'Acme "Best" LLC',
  "株式会社サンプル",
];
const streets = [
  "Main St",
  "Hafenstraße",
  "rue de l'Église",
  "Calle Mayor",
  "High Street",
  "Vía Láctea",
  "Elm Ave",
];

const plainLetters: Record<string, string> = {
  ß: "ss",
  ø: "o",
  ł: "l",
  đ: "d",
  ı: "i",
  æ: "ae",
  þ: "th",
  ð: "d",
  ĳ: "ij",
};

function writeAscii(text: string): string {
  return text
    .toLowerCase()
    .normalize("NFKD")
    .replace(/[ßøłđıæþðĳ]/g, (letter) => plainLetters[letter] ?? "")
    .replace(/[^a-z]/g, "");
}

function writeLocalPart(dice: Dice, culture: Culture, given: string, family: string, tail: string): string {
  const style = dice.below(20);
  const stem = culture.stems ? dice.pick(culture.stems) : writeAscii(given) || "shopper";
  const second = culture.stems ? dice.pick(culture.stems) : writeAscii(family) || "x";
  if (style < 8) return `${stem}.${second}${tail}`;
  if (style < 11) return `${stem[0]}${second}${tail}`;
  if (style < 13) return `${stem}${tail}+shop`;
  if (style < 14) return `${stem}.o'${second}${tail}`;
  // RFC 6531: letters outside ASCII before the @.
  if (style < 15)
    return `${(given + family)
      .toLowerCase()
      .replace(/[^\p{L}\p{M}]/gu, "")
      .normalize("NFC")}${tail}`;
  if (style < 16) return `${stem}-${second}-${"long".repeat(8)}${tail}`;
  return `${second}${tail}`;
}

const brokenEmails: readonly ((stem: string) => string)[] = [
  (stem) => `${stem}@`,
  (stem) => `${stem}@example`,
  (stem) => `${stem} @example.com`,
  (stem) => `${stem}@example..com`,
  (stem) => `${stem}@example,com`,
  (stem) => `${stem}.example.com`,
  (stem) => `${stem}@@example.com`,
  (stem) => `@${stem}`,
];

function writeAddress(
  dice: Dice,
  country: Country,
  person: { firstName: string | null; lastName: string | null },
  company: string | null,
): PostalAddress {
  return {
    ...person,
    company,
    address1: `${1 + dice.below(240)} ${dice.pick(streets)}`,
    city: dice.pick(country.cities),
    provinceCode: country.provinces ? dice.pick(country.provinces) : null,
    countryCode: country.code,
    zip: country.zip ? writeZip(dice, country.zip) : null,
    phone: null,
  };
}

/** `tail` must be unique in the shop: it ends every well-formed address, which makes addresses unique too. */
export function makePerson(seed: number, stream: number, index: number, home: string, tail: string): Person {
  const dice = rollDice(seed, stream, index);
  const country = pickCountry(dice, home);
  const culture: Culture = cultures[dice.pick(country.cultures)];
  const given = dice.pick(culture.given);
  const family = dice.pick(culture.family);
  const hostile = dice.chance(0.012) ? dice.pick(hostileNames) : null;
  const [firstName, lastName] = hostile ?? (dice.chance(0.02) ? [null, null] : [given, family]);

  const contact = dice.unit();
  let email: string | null = null;
  let emailValid = false;
  if (contact >= 0.06) {
    if (contact < 0.075) {
      email = dice.pick(brokenEmails)(`${writeAscii(given) || "kunde"}${tail}`);
    } else {
      email = `${writeLocalPart(dice, culture, given, family, tail)}@${dice.pick(domains)}`;
      emailValid = true;
    }
  }
  const hasPhone = contact < 0.04 || (contact >= 0.06 && dice.chance(0.25));
  const phone = hasPhone ? writePhone(dice, country.code) : null;
  const b2b = dice.chance(0.03);

  const shape = dice.unit();
  let address: PostalAddress | null = null;
  if (shape >= 0.06) {
    address = writeAddress(dice, country, { firstName, lastName }, b2b ? dice.pick(companies) : null);
    if (shape < 0.08) address = { ...address, provinceCode: null, city: null, zip: null, address1: null };
    else if (shape < 0.09) address = { ...address, countryCode: null, provinceCode: null };
    else if (shape < 0.12) address = { ...address, phone };
  }
  return { firstName, lastName, email, emailValid, phone, locale: dice.pick(culture.locales), address, b2b };
}

/** The same mailbox as another hand would type it: case, surrounding spaces, composed or decomposed letters. */
export function respell(dice: Dice, email: string): string {
  switch (dice.below(5)) {
    case 0:
      return email.toUpperCase().toLowerCase() === email ? email.toUpperCase() : ` ${email}`;
    case 1:
      return email[0]!.toUpperCase() === email[0] ? `${email} ` : email[0]!.toUpperCase() + email.slice(1);
    case 2:
      return `  ${email} `;
    case 3:
      return email.normalize("NFD") === email ? `${email}\t` : email.normalize("NFD");
    default:
      return `${email.normalize("NFD")} `;
  }
}

export function makeOtherAddress(dice: Dice, person: Person, home: string): PostalAddress {
  return writeAddress(
    dice,
    pickCountry(dice, home),
    { firstName: person.firstName, lastName: person.lastName },
    null,
  );
}
