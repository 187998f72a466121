/**
 * The first word to people while the facts are still coming in: that we know of an incident, what we know and do not know, what we do,
 * what to watch for, and by when the next word comes. No counts, no cause, no guess, no apology that states a legal fault.
 */
import type { Letter, LetterFacts } from "./letter.ts";
import { nameData } from "./data.en.ts";
import { formatMoment } from "./dates.en.ts";
import { adviceList, block, bullets, greeting, helpBlock, proofOfOrigin, signature } from "./pieces.en.ts";
import { placeholders, say } from "./placeholders.en.ts";

export function draftHoldingStatement(facts: LetterFacts): Letter {
  const held = nameData(facts.categories);
  return {
    kind: "holding_statement",
    language: "en",
    subject: "Security incident at {{ shop.name }}: what we know so far",
    blocks: [
      block("title", null, ["A security incident at our shop"]),
      block("sender", null, [
        greeting,
        "There was a security incident at our shop, {{ shop.name }}. We do not know yet if your information was exposed. We are telling you now so that you can be careful.",
      ]),
      block("what_happened", "What We Know", [`${describeFinding(facts)} ${say("narrative", facts)}`]),
      block("unknown_so_far", "What We Do Not Know Yet", [
        bullets([
          "We do not know yet whose information was exposed.",
          ...(held.length > 0 ? [] : ["We do not know yet what information was exposed."]),
          "We do not know yet how it happened.",
        ]),
        ...(held.length > 0 ? ["We are checking if this information was exposed:", bullets(held)] : []),
      ]),
      block("what_we_are_doing", "What We Are Doing", [say("measures", facts)]),
      block("what_you_can_do", "What You Can Do", [
        "You can be careful from today:",
        adviceList(facts.categories.length > 0 ? facts.categories : ["email", "phone", "order_history"]),
        ...proofOfOrigin(facts),
      ]),
      block("next_update", "Next Update", [`We will tell you more by ${say("nextUpdate", facts)}.`]),
      helpBlock(facts),
      signature(facts, null),
    ],
  };
}

function describeFinding({ incidentDates: { discovered, aware, zone } }: LetterFacts): string {
  const found = discovered ?? aware;
  return `We found the incident on ${found ? formatMoment(found, zone) : placeholders.discovered.text}.`;
}
