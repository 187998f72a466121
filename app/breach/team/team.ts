/**
 * Who answers for the shop: the contacts that every letter, banner and statement names, and the staff who act.
 */
import { z } from "zod";

const optionalText = (max: number) => z.string().trim().max(max).default("");
const optionalUrl = z
  .string()
  .trim()
  .max(300)
  .default("")
  .refine((text) => text === "" || /^https:\/\/[^\s]+\.[^\s]+$/.test(text), "url");
const optionalEmail = z
  .string()
  .trim()
  .max(254)
  .default("")
  .refine((text) => text === "" || /^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>".]+$/.test(text), "email");

/** The shop's contacts. Empty = not given; what a letter needs and misses is said by `missingContent` of the notice. */
export const contactsSchema = z.object({
  hotline: optionalText(40).refine((text) => text === "" || /^\+?[\d\s()/.-]{5,}$/.test(text), "phone"),
  hotlineHours: optionalText(120),
  faqUrl: optionalUrl,
  chatUrl: optionalUrl,
  chatHours: optionalText(120),
  replyEmail: optionalEmail,
  postalAddress: optionalText(300),
  dpoName: optionalText(120),
  dpoEmail: optionalEmail,
  signerName: optionalText(120),
  signerTitle: optionalText(120),
});

export type Contacts = z.infer<typeof contactsSchema>;

export const noContacts: Contacts = contactsSchema.parse({});

/** Whether a reader of a letter would know who writes, and whom to ask. */
export function hasEnoughContacts(contacts: Contacts): boolean {
  return contacts.signerName !== "" && (contacts.hotline !== "" || contacts.replyEmail !== "");
}

/** What Shopify tells about the staff member behind an online token. */
export type StaffFacts = { userId: string; name: string; email: string; accountOwner: boolean };
