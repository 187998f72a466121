/**
 * What a letter may say about one person, the shop and itself: flat, allow-listed scalars. Nothing else of a person's record ever
 * reaches a template.
 */
import type { DataCategory } from "../scope/scope.ts";
import { dataTexts, listData } from "./letters/data.en.ts";
import { formatDay } from "./letters/dates.en.ts";

/** One addressee. `name` is the name to greet by, as the store holds it; `reference` is what they quote when they ask. */
export type Addressee = {
  name: string | null;
  reference: string;
  categories: readonly DataCategory[];
};

/** The same for everyone; part of what approval freezes. */
export type SharedValues = { shopName: string; letterDate: { at: Date; zone: string } };

export type MergeField = {
  /** As written between the braces. */
  field: string;
  /** `value` is printed; `flag` can only be asked for by `{% if %}`. */
  use: "value" | "flag";
  /** Printed for everyone alike. */
  shared: boolean;
  /** False: some people have none, so it belongs inside `{% if %}`. */
  always: boolean;
  /** Key in `notice-letter`; `{{sample}}` in it is the sample. */
  label: string;
  sample: string;
};

const dataFlags = (Object.keys(dataTexts) as DataCategory[]).map((category): MergeField => ({
  field: `person.has_${category}`,
  use: "flag",
  shared: false,
  always: true,
  label: "field.has",
  sample: dataTexts[category].words,
}));

/** For the editor: each field with its label and a sample. */
export const mergeFields: readonly MergeField[] = [
  value("person.greeting_name", "field.greetingName", "Ana", { always: false }),
  value("person.reference", "field.reference", "K7QF-2M9T"),
  value("person.data_list", "field.dataList", listData(["name", "email", "order_history"])),
  value("shop.name", "field.shopName", "Moss & Fern", { shared: true }),
  value("letter.date", "field.letterDate", "6 September 2026", { shared: true }),
  ...dataFlags,
];

function value(
  field: string,
  label: string,
  sample: string,
  { shared = false, always = true }: { shared?: boolean; always?: boolean } = {},
): MergeField {
  return { field, use: "value", shared, always, label, sample };
}

/** An invented person for previews. */
export function inventAddressee(categories: readonly DataCategory[]): Addressee {
  return { name: "Ana", reference: "K7QF-2M9T", categories };
}

export type Scalars = Record<string, string | boolean | null>;
/** What the templates see: `scope.person.reference`. */
export type Scope = { person: Scalars; shop: Scalars; letter: Scalars };

export function readShared(shared: SharedValues): Pick<Scope, "shop" | "letter"> {
  return {
    shop: { name: cleanScalar(shared.shopName) || null },
    letter: { date: formatDay(shared.letterDate.at, shared.letterDate.zone) },
  };
}

export function readAddressee(addressee: Addressee): Scalars {
  const scalars: Scalars = {
    greeting_name: nameForGreeting(addressee.name),
    reference: cleanScalar(addressee.reference) || null,
    data_list: listData(addressee.categories) || null,
  };
  for (const { field } of dataFlags) scalars[field.slice("person.".length)] = false;
  for (const category of addressee.categories) scalars[`has_${category}`] = true;
  return scalars;
}

// Letters, marks, spaces, joiners and the signs that names are written with.
const plainName = /^[\p{L}\p{M}\p{Zs}\p{Nd}\p{Join_Control}'’ʼʻ`´.,&()·・‧\-‐]+$/u;
// What a mail client would turn into a link.
const linkLike = /www\.|[\p{L}\p{Nd}-]\.\p{L}{2,}/iu;
const longestGreeting = 60;

/**
 * The name to greet by, or null where greeting by it would do harm: a customer's name is free text, and shops hold names such as
 * "Win at evil.example", put there so that the shop's own mail carries them. Those people are greeted without a name.
 */
export function nameForGreeting(name: string | null): string | null {
  const clean = cleanScalar(name ?? "");
  if (!plainName.test(clean) || !/\p{L}/u.test(clean) || linkLike.test(clean)) return null;
  return Array.from(clean).length <= longestGreeting ? clean : null;
}

/** One line without control characters, line separators or marks that reverse the direction of what follows. */
export function cleanScalar(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ")
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\u061c]/gu, "")
    .trim();
}
