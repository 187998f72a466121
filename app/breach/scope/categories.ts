/** What was exposed about a person, in words a merchant knows. Laws have their own words; `obligation/` maps these to them. */
export const dataCategories = [
  "name",
  "email",
  "phone",
  "postal_address",
  "order_history",
  "date_of_birth",
  /** Login together with a password or its equivalent. */
  "credentials",
  /** Last four digits, brand and expiry: what Shopify's own records hold. */
  "card_last4",
  /** The whole card number, with or without its code: what a skimmer takes. */
  "card_full",
  "bank_account",
  /** Gift card codes and store credit. */
  "gift_card",
  /** Social security, tax, passport, driving licence or identity card number. */
  "government_id",
  /** Health, and goods or notes that reveal it. */
  "health",
  /** Tags, notes, segments, metafields. */
  "marketing_profile",
  /** IP address, device, session. */
  "device",
  /** The person is a child. */
  "minors",
] as const;

export type DataCategory = (typeof dataCategories)[number];
