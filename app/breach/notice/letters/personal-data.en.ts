/**
 * The letter to people whose personal data was exposed.
 *
 * Order: title, who we are, what happened, what information, what we are doing, what could happen, what you can do, more information,
 * signature. Its headings are California's five (Civ. Code 1798.82(d)), and it says what GDPR art. 34(2), PIPEDA's regulations s. 3
 * and Australia's Privacy Act s. 26WL ask for, so that one letter can serve all. Tone: the bad news in the first sentence, active
 * voice, sentences of at most 20 words, reading grade of at most 8, one apology, no comfort that has not been earned.
 */
import type { IncidentDates, Letter, LetterFacts } from "./letter.ts";
import { dataTexts, nameData, sortByUrgency } from "./data.en.ts";
import { formatDay } from "./dates.en.ts";
import { adviceList, block, bullets, greeting, helpBlock, proofOfOrigin, signature } from "./pieces.en.ts";
import { placeholders, say } from "./placeholders.en.ts";

export function draftPersonalData(facts: LetterFacts): Letter {
  const title = facts.requiredTitle ?? null;
  const untouched = nameData(facts.notInvolved);
  return {
    kind: "personal_data",
    language: "en",
    subject: title
      ? `${title} from {{ shop.name }}`
      : "Data breach at {{ shop.name }}: your information was exposed",
    blocks: [
      block("title", null, [title ?? "A data breach exposed your information"]),
      block("sender", null, [
        greeting,
        "A data breach at our shop exposed personal information about you. We are {{ shop.name }}. You get this letter even if you left our mailing list.",
      ]),
      block("what_happened", "What Happened", [
        describeDates(facts),
        say("narrative", facts),
        facts.elements?.includes("lawEnforcementDelay") ? say("lawEnforcementDelay", facts) : null,
      ]),
      block("what_information", "What Information Was Involved", [
        "This information about you was exposed: {{ person.data_list }}.",
      ]),
      ...(untouched.length > 0
        ? [block("not_involved", null, ["This was **not** involved:", bullets(untouched)])]
        : []),
      block("what_we_are_doing", "What We Are Doing", [say("measures", facts)]),
      block("what_could_happen", "What Could Happen", [
        bullets(sortByUrgency(facts.categories).map((category) => dataTexts[category].consequence)),
      ]),
      block("what_you_can_do", "What You Can Do", [
        "Please do these things, in this order:",
        adviceList(facts.categories),
        ...proofOfOrigin(facts),
      ]),
      ...(facts.nextUpdate
        ? [
            block("next_update", "Next Update", [
              `We will write to you again by ${say("nextUpdate", facts)}.`,
            ]),
          ]
        : []),
      helpBlock(facts),
      signature(facts, "We are sorry that information you trusted us with was exposed."),
    ],
  };
}

function describeDates({ incidentDates }: LetterFacts): string {
  return [describePeriod(incidentDates), describeFinding(incidentDates)].join(" ");
}

function describePeriod({ occurredFrom, occurredTo, zone }: IncidentDates): string {
  const from = occurredFrom && formatDay(occurredFrom, zone);
  const to = occurredTo && formatDay(occurredTo, zone);
  if (from && to)
    return from === to
      ? `The breach took place on ${from}.`
      : `The breach took place between ${from} and ${to}.`;
  if (from) return `The breach began on ${from}.`;
  if (to) return `The breach ended on ${to}. We do not know yet when it began.`;
  return "We do not know yet when the breach began.";
}

function describeFinding({ discovered, aware, zone }: IncidentDates): string {
  const found = discovered && formatDay(discovered, zone);
  const sure = aware && formatDay(aware, zone);
  if (found && sure && found !== sure) return `We found signs of it on ${found}. We were sure on ${sure}.`;
  return `We found it on ${found ?? sure ?? placeholders.discovered.text}.`;
}
