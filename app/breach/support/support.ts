/**
 * What customers ask for through Shopify: a copy of their data, or its erasure. Erasure of somebody who has not been told of a breach yet
 * waits, thirty days at most: the duty to tell them comes first (GDPR art. 17(3)(b)); then the data goes, and hash, state and times stay.
 * https://shopify.dev/docs/apps/build/compliance/privacy-law-compliance
 */
import { z } from "zod";

/** Shopify's deadline for acting on a request. */
export const privacyDays = 30;

export const privacyTopics = ["customers/data_request", "customers/redact", "shop/redact"] as const;
export type PrivacyTopic = (typeof privacyTopics)[number];

/** Of the payload only the customer's number is kept; the address is looked for by its keyed hash and forgotten. */
export const privacyPayload = z.object({
  customer: z.object({ id: z.number().int().nullish(), email: z.string().nullish() }).nullish(),
});

/** Whom a request is about. */
export type Subject = { customerId: bigint | null; email: string | null };

export type PrivacyOutcome =
  | { done: "nothing_held" }
  | { done: "erased"; people: number }
  | { done: "held"; people: number; until: string }
  | { done: "reported"; people: number }
  | { done: "shop_erased" }
  | { done: "store_returned" };
