/**
 * What only the merchant can say. Until it is said, a draft carries `[[a placeholder]]` in its place, and no letter with a
 * placeholder can be approved: nobody receives a gap.
 */
import type { LetterFacts } from "./letter.ts";
import { formatDay, formatMoment } from "./dates.en.ts";

export const missingKeys = [
  "narrative",
  "measures",
  "discovered",
  "contact",
  "signer",
  "nextUpdate",
  "lawEnforcementDelay",
] as const;
export type MissingKey = (typeof missingKeys)[number];

type Placeholder = { text: string; answer(facts: LetterFacts): string | null };

export const placeholders: Record<MissingKey, Placeholder> = {
  narrative: {
    text: "[[Say in two or three short sentences what happened and how you know]]",
    answer: (facts) => facts.narrative.trim() || null,
  },
  measures: {
    text: "[[Say what you did to stop this and what you are doing now]]",
    answer: (facts) => facts.measures.trim() || null,
  },
  discovered: {
    text: "[[the day you found out]]",
    answer: ({ incidentDates: { discovered, aware, zone } }) => {
      const found = discovered ?? aware;
      return found && formatDay(found, zone);
    },
  },
  contact: {
    text: "[[A phone number or an email address for questions]]",
    answer: ({ contacts }) => listContacts(contacts).join("\n- ") || null,
  },
  signer: {
    text: "[[Name of the person who signs]]",
    answer: ({ contacts }) => oneLine(contacts.signerName) || null,
  },
  nextUpdate: {
    text: "[[day, time and time zone of your next update]]",
    answer: ({ nextUpdate }) => nextUpdate && formatMoment(nextUpdate.at, nextUpdate.zone),
  },
  lawEnforcementDelay: {
    text: "[[Say if the police or another law enforcement agency asked you to delay this notice]]",
    answer: ({ lawEnforcementDelay }) => {
      if (typeof lawEnforcementDelay !== "boolean") return null;
      return lawEnforcementDelay
        ? "Law enforcement asked us to wait before we told you. That is why this notice comes now."
        : "Law enforcement did not ask us to delay this notice.";
    },
  },
};

/** The answer, or the placeholder that asks for it. */
export function say(key: MissingKey, facts: LetterFacts): string {
  return placeholders[key].answer(facts) ?? placeholders[key].text;
}

/** Ways to ask a question, one a line; empty when there is none by which a person gets an answer. */
function listContacts(contacts: LetterFacts["contacts"]): string[] {
  const hotline = oneLine(contacts.hotline);
  const email = oneLine(contacts.replyEmail);
  const chat = oneLine(contacts.chatUrl);
  if (!hotline && !email && !chat) return [];
  return [
    hotline && `Call us: ${hotline}${hours(contacts.hotlineHours)}`,
    email && `Write to us: ${email}`,
    chat && `Chat with us: ${chat}${hours(contacts.chatHours)}`,
  ].filter((line) => line !== "");
}

function hours(text: string): string {
  return oneLine(text) && ` (${oneLine(text)})`;
}

export function oneLine(text: string): string {
  return text.replace(/\s+/gu, " ").trim();
}
