/**
 * What each kind of data is called, what can come of its loss, and what a person can do about it. Written for this project in plain
 * words: short sentences, the most urgent act first, nothing that asks anyone to log in or to follow a link.
 */
import type { DataCategory } from "../../scope/scope.ts";

export type DataText = {
  /** As it stands in a list: "your name, your email address and your phone number". */
  words: string;
  /** Smaller comes first. 1–9 money and accounts, 10–19 identity and safety, 20 and up fraud by message. */
  urgency: number;
  /** Sentences for "What Could Happen". */
  consequence: string;
  /** One item for "What You Can Do". */
  advice: string;
};

export const dataTexts: Record<DataCategory, DataText> = {
  card_full: {
    words: "your full card number",
    urgency: 1,
    consequence: "Someone could use your card number to buy things.",
    advice:
      "**Call your bank or card company today.** Ask for a new card. Check your statements for the next 12 months. Report each charge that you did not make.",
  },
  bank_account: {
    words: "your bank account number",
    urgency: 2,
    consequence: "Someone could try to take money from your bank account.",
    advice:
      "**Tell your bank today.** Ask them to watch your account. Ask for an alert each time money leaves it.",
  },
  credentials: {
    words: "your shop login and password",
    urgency: 3,
    consequence: "Someone could sign in as you, here or at any place where you use the same password.",
    advice:
      "**Change your password.** Type our shop's address yourself and change it there. Then change it everywhere you used the same one. Turn on two-step sign-in where you can. Sign out of all your devices.",
  },
  gift_card: {
    words: "your gift card code or store credit",
    urgency: 4,
    consequence: "Someone could spend your gift card or store credit.",
    advice: "**Check the balance of your gift card.** Tell us if any of it is gone.",
  },
  government_id: {
    words: "your ID or tax number",
    urgency: 10,
    consequence: "Someone could open an account or take a loan in your name.",
    advice:
      "**Ask for a fraud alert or a credit freeze.** In the United States both are free. A freeze stops new loans in your name. You can get help at identitytheft.gov. In other countries, ask the office that gave you the ID.",
  },
  health: {
    words: "your health details",
    urgency: 11,
    consequence: "Someone could tell others about your health, or ask you for money to keep quiet.",
    advice:
      "**Do not pay anyone who threatens to share your health details.** Keep the message and go to the police. You can speak with us in private.",
  },
  minors: {
    words: "details about a child",
    urgency: 12,
    consequence: "Someone could use a child's details to get in touch with the child or the family.",
    advice:
      "**If you care for a child, talk with them.** Tell them not to answer messages from people they do not know. Ask them to show you such messages.",
  },
  card_last4: {
    words: "the last four digits of your card",
    urgency: 20,
    consequence:
      "Someone could quote the last digits of your card so that you trust them. They cannot pay with them.",
    advice:
      "**Be careful when a caller knows the last digits of your card.** Hang up. Call the number on the back of your card. Check your card statements.",
  },
  email: {
    words: "your email address",
    urgency: 21,
    consequence: "Someone could send you fake emails that look like ours.",
    advice:
      "**Expect fake emails about orders, refunds or parcels.** Do not click the links in them. Do not open files. Check who sent the email before you answer.",
  },
  phone: {
    words: "your phone number",
    urgency: 22,
    consequence: "Someone could call you or send you fake text messages.",
    advice:
      "**Do not trust calls or texts that ask for a code, a password or money.** Hang up. Ask your phone company to put a PIN on your account.",
  },
  order_history: {
    words: "what you ordered from us",
    urgency: 23,
    consequence: "Someone could name a real order of yours so that you trust them.",
    advice:
      "**Do not trust a message just because it names a real order.** Type our shop's address yourself, and check your order there.",
  },
  postal_address: {
    words: "your postal address",
    urgency: 24,
    consequence: "Someone could send fake letters or parcels to your home.",
    advice:
      "**Do not pay for a parcel that you did not order.** Do not call a number on a letter you did not expect. If you own costly goods, think about how safe your home is.",
  },
  date_of_birth: {
    words: "your date of birth",
    urgency: 25,
    consequence: "Someone could use your date of birth to pass as you.",
    advice:
      "**Be careful with calls that use your date of birth as proof.** If a bank or shop says you opened an account, act at once.",
  },
  name: {
    words: "your name",
    urgency: 26,
    consequence: "Someone could use your name to make a fake message look real.",
    advice: "**Do not trust a message just because it uses your name.** Ask yourself if you expected it.",
  },
  device: {
    words: "your device's internet address",
    urgency: 27,
    consequence: "Someone could guess your town from your device's internet address.",
    advice: "**Update your phone and computer.** Updates close the gaps that thieves use.",
  },
  marketing_profile: {
    words: "our notes about what you like",
    urgency: 28,
    consequence: "Someone could use our notes about you to write ads or messages that you may believe.",
    advice: "**Ask us to delete our notes about you if you wish.** Write to us and we will do it.",
  },
};

export function sortByUrgency(categories: Iterable<DataCategory>): DataCategory[] {
  return [...new Set(categories)].sort((a, b) => dataTexts[a].urgency - dataTexts[b].urgency);
}

/** The words for each, in a fixed order. */
export function nameData(categories: Iterable<DataCategory>): string[] {
  const given = new Set(categories);
  return readingOrder.filter((category) => given.has(category)).map((category) => dataTexts[category].words);
}

/** "your name, your email address and your phone number"; empty for none. */
export function listData(categories: Iterable<DataCategory>): string {
  const words = nameData(categories);
  if (words.length <= 1) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** The worst news first, then from the person outward. */
const readingOrder: readonly DataCategory[] = [
  "card_full",
  "bank_account",
  "credentials",
  "government_id",
  "health",
  "minors",
  "gift_card",
  "name",
  "email",
  "phone",
  "postal_address",
  "date_of_birth",
  "order_history",
  "card_last4",
  "marketing_profile",
  "device",
];
