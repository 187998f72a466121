/**
 * One record of the store that shows one person: a customer, or an order. People are merged from sightings.
 */
import { z } from "zod";
import { normalizeEmail, normalizePhone } from "./address.ts";
import { countryOfPhone } from "./phone-country.ts";
import type { Criteria } from "./scope.ts";

const address = z
  .object({
    firstName: z.string().nullish(),
    lastName: z.string().nullish(),
    countryCodeV2: z.string().nullable(),
    provinceCode: z.string().nullable(),
  })
  .nullish();

const customerFields = {
  id: z.string(),
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  locale: z.string().nullable(),
  defaultEmailAddress: z.object({ emailAddress: z.string() }).nullable(),
  defaultPhoneNumber: z.object({ phoneNumber: z.string() }).nullable(),
  defaultAddress: address,
};

export const customerLine = z.object({ ...customerFields, updatedAt: z.string() });
export const orderLine = z.object({
  id: z.string(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
  createdAt: z.string(),
  test: z.boolean(),
  customerLocale: z.string().nullable(),
  customer: z.object(customerFields).nullable(),
  shippingAddress: address,
  billingAddress: address,
});

export type CustomerLine = z.infer<typeof customerLine>;
export type OrderLine = z.infer<typeof orderLine>;

/** How residence was found; lower is better evidence. */
export const residenceSources = [
  "default_address",
  "shipping_address",
  "billing_address",
  "phone",
  "unknown",
] as const;

export type Sighting = {
  /** Shopify's record id, the key of a person who has nothing else. */
  recordId: string;
  customerId: bigint | null;
  /** In normal form; null when the record has none that could be written to. */
  email: string | null;
  phone: string | null;
  country: string | null;
  /** Only where a law below the country asks for it: US states, Canadian provinces. */
  region: string | null;
  /** Index into `residenceSources`. */
  residenceRank: number;
  locale: string | null;
  seenAt: number;
  isOrder: boolean;
  firstName: string;
  lastName: string;
};

type Address = z.infer<typeof address>;

const countriesWithRegions = new Set(["US", "CA"]);

/** Number at the end of a gid. */
export function numberOfGid(gid: string): bigint {
  return BigInt(gid.slice(gid.lastIndexOf("/") + 1));
}

export type ReadEmail = (text: string) => string | null;

// A local part whose normal form is its lower case, and a domain that is not empty.
const plainParts = /^([A-Za-z0-9_'+-]+(?:\.[A-Za-z0-9_'+-]+)*)@([^@]+)$/;
// Below every limit on a part of an address.
const plainLength = 64;
const mostDomains = 10_000;

/**
 * The same as `normalizeEmail`, for a whole export: a store's customers share few domains, and reading a domain is most of the cost. Make
 * one for each export; it remembers domains.
 */
export function createEmailReader(): ReadEmail {
  const domains = new Map<string, string | null>();
  return (text) => {
    const parts = text.length < plainLength ? plainParts.exec(text) : null;
    if (parts === null) return normalizeEmail(text);
    const [, local = "", written = ""] = parts;
    let domain = domains.get(written);
    if (domain === undefined) {
      domain = normalizeEmail(`a@${written}`)?.slice(2) ?? null;
      if (domains.size < mostDomains) domains.set(written, domain);
    }
    if (domain === null) return null;
    // A domain grows when it is written in ASCII.
    return domain.length < plainLength ? `${local.toLowerCase()}@${domain}` : normalizeEmail(text);
  };
}

function findResidence(
  places: { at: Address; rank: number }[],
  phone: string | null,
): Pick<Sighting, "country" | "region" | "residenceRank"> {
  for (const { at, rank } of places) {
    if (at?.countryCodeV2)
      return {
        country: at.countryCodeV2,
        region: countriesWithRegions.has(at.countryCodeV2) ? at.provinceCode : null,
        residenceRank: rank,
      };
  }
  const country = phone === null ? null : countryOfPhone(phone);
  return { country, region: null, residenceRank: country === null ? 4 : 3 };
}

export function sightCustomer(line: CustomerLine, readEmail: ReadEmail = normalizeEmail): Sighting {
  const phone = line.defaultPhoneNumber === null ? null : normalizePhone(line.defaultPhoneNumber.phoneNumber);
  return {
    recordId: line.id,
    customerId: numberOfGid(line.id),
    email: line.defaultEmailAddress === null ? null : readEmail(line.defaultEmailAddress.emailAddress),
    phone,
    ...findResidence([{ at: line.defaultAddress, rank: 0 }], phone),
    locale: line.locale,
    seenAt: Date.parse(line.updatedAt),
    isOrder: false,
    firstName: line.firstName ?? "",
    lastName: line.lastName ?? "",
  };
}

/** The order's person: its customer if it has one, else the guest it names. */
export function sightOrder(line: OrderLine, readEmail: ReadEmail = normalizeEmail): Sighting {
  const { customer } = line;
  const own = customer?.defaultEmailAddress?.emailAddress;
  const email =
    (own === undefined ? null : readEmail(own)) ?? (line.email === null ? null : readEmail(line.email));
  const number = customer?.defaultPhoneNumber?.phoneNumber ?? line.phone;
  const phone = number === null ? null : normalizePhone(number);
  const named = [customer, line.shippingAddress, line.billingAddress].find(
    (who) => who?.firstName || who?.lastName,
  );
  return {
    recordId: line.id,
    customerId: customer === null ? null : numberOfGid(customer.id),
    email,
    phone,
    ...findResidence(
      [
        { at: customer?.defaultAddress, rank: 0 },
        { at: line.shippingAddress, rank: 1 },
        { at: line.billingAddress, rank: 2 },
      ],
      phone,
    ),
    locale: customer?.locale ?? line.customerLocale,
    seenAt: Date.parse(line.createdAt),
    isOrder: true,
    firstName: named?.firstName ?? "",
    lastName: named?.lastName ?? "",
  };
}

/**
 * What Shopify's filter cannot be trusted with alone is decided here: the window again, to the millisecond, and test orders.
 * Cancelled orders stay: their data was in the store all the same.
 */
export function matchRecord(
  criteria: Criteria,
  window: { from: number; to: number } | null,
  line: OrderLine,
): boolean {
  if (criteria.leaveOutTests && line.test) return false;
  if (window === null) return true;
  const placed = Date.parse(line.createdAt);
  return placed >= window.from && placed < window.to;
}
