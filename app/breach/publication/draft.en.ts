/**
 * First words for banner and statement, from what the incident already holds. Nothing is guessed: what nobody has said yet stays empty,
 * because a gap in an editor is seen and a gap on a storefront is not.
 */
import type { LetterFacts } from "../notice/notice.ts";
import { nameData } from "../notice/notice.ts";
import type { BannerForm, Statement } from "./publication.ts";

export type PublicationFacts = Pick<LetterFacts, "incidentDates" | "narrative" | "measures"> & {
  /** Empty: not known yet. */
  categories: LetterFacts["categories"];
  /** The people are known and were told, or are about to be. */
  listConfirmed: boolean;
};

function writeDay(at: Date, zone: string): string {
  return new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    day: "numeric",
    month: "long",
    year: "numeric",
  }).format(at);
}

/** Lists of a statement speak to everyone who reads it, not to one addressee. */
function listForAll(facts: PublicationFacts): string {
  const words = nameData(facts.categories).map(
    (each) => `- ${each.replace(/^your /u, "").replace(/\byou\b/u, "they")}`,
  );
  if (words.length === 0) return "";
  const opening = facts.listConfirmed
    ? "For the people affected, this information was exposed:"
    : "We are checking if this information was exposed:";
  return [opening, ...words].join("\n");
}

export function draftPublication(facts: PublicationFacts): { banner: BannerForm; statement: Statement } {
  const { discovered, aware, zone } = facts.incidentDates;
  const found = discovered ?? aware;
  const finding = found === null ? "" : `We found it on ${writeDay(found, zone)}.`;
  const told = facts.listConfirmed
    ? "We write to every affected person whose email address we have."
    : "We do not know yet whose information was exposed. We will say more here.";
  return {
    banner: {
      bannerState: facts.listConfirmed ? "notice" : "holding",
      message: facts.listConfirmed
        ? "Personal information of some of our customers was exposed. Here is what happened and what you can do."
        : "We found a security incident and are looking into it. Here is what we know and what you can do.",
    },
    statement: {
      heading: facts.listConfirmed ? "Notice about a data breach" : "A security incident at our shop",
      whatHappened: [facts.narrative.trim(), finding].filter(Boolean).join("\n\n"),
      whatInformation: listForAll(facts),
      whatWeAreDoing: [facts.measures.trim(), told].filter(Boolean).join("\n\n"),
      whatYouCanDo: [
        "- Be careful with emails, calls and texts about orders, refunds or parcels, even if they name a real order.",
        "- Do not click links in a message that you did not expect. Type our shop's address yourself.",
        "- We will never ask you for a password, a code or a payment because of this.",
      ].join("\n"),
    },
  };
}
