/** Pieces that both English letters are made of. Text only; the rules of tone stand in `personal-data.en.ts`. */
import type { Block, BlockKind, LetterFacts } from "./letter.ts";
import { dataTexts, sortByUrgency } from "./data.en.ts";
import { oneLine, say } from "./placeholders.en.ts";
import type { DataCategory } from "../../scope/scope.ts";

export function block(kind: BlockKind, heading: string | null, paragraphs: (string | null)[]): Block {
  return { id: kind, kind, heading, body: paragraphs.filter(Boolean).join("\n\n") };
}

export const greeting = "Hello{% if person.greeting_name %} {{ person.greeting_name }}{% endif %},";

export function bullets(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join("\n");
}

/** Numbered, the most urgent first. */
export function adviceList(categories: Iterable<DataCategory>): string {
  return sortByUrgency(categories)
    .map((category, index) => `${index + 1}. ${dataTexts[category].advice}`)
    .join("\n");
}

/**
 * Breach notices are imitated. So a letter carries no link that leads to a login, says what will never be asked, and names a second
 * place, reached by the reader's own hand, where the same can be read (guidance of the UK NCSC).
 */
export function proofOfOrigin(facts: LetterFacts): string[] {
  return [
    "We will never ask you for a password, a code or a payment because of this.",
    facts.statementUrl
      ? `Is this notice real? Type our shop's address into your browser yourself. You will find the same notice there: ${oneLine(facts.statementUrl)}`
      : "",
  ];
}

export function helpBlock(facts: LetterFacts): Block {
  const { contacts } = facts;
  const dpo = [oneLine(contacts.dpoName), oneLine(contacts.dpoEmail)].filter(Boolean).join(", ");
  const lines = [
    say("contact", facts),
    contacts.faqUrl && `Questions and answers: ${oneLine(contacts.faqUrl)}`,
    dpo && `Data protection contact: ${dpo}`,
  ].filter(Boolean);
  return block("for_more_information", "For More Information", [
    bullets(lines),
    "Please give us this reference when you contact us:\n{{ person.reference }}",
    ...(facts.elements?.includes("craContacts") && facts.categories.includes("government_id")
      ? [bureaus]
      : []),
    ...(facts.elements?.includes("stateAndFederalAgencies") ? [newYorkAgencies] : []),
    "You can also complain to the data protection or privacy office where you live.",
  ]);
}

export function signature(facts: LetterFacts, apology: string | null): Block {
  const { contacts } = facts;
  const address = contacts.postalAddress.split("\n").map(oneLine).filter(Boolean).join("\n");
  const name = [say("signer", facts), oneLine(contacts.signerTitle), "{{ shop.name }}", address];
  return block("signature", null, [
    apology,
    name.filter(Boolean).join("\n"),
    "Date of this notice: {{ letter.date }}",
  ]);
}

// Sources: mass.gov "Request a credit report security freeze" (bureaus); consumer.ftc.gov and the brochure "Identity theft" of the
// New York State Assembly, 6/24 (agencies). Checked 2026-11-23 on stored copies; sureness: medium, TransUnion's lines change most.
const bureaus = `In the United States you can ask these three credit bureaus for a free fraud alert or freeze:

- Equifax, 1-800-685-1111, P.O. Box 105788, Atlanta, GA 30348
- Experian, 1-888-397-3742, P.O. Box 9554, Allen, TX 75013
- TransUnion, 1-888-909-8872, P.O. Box 2000, Chester, PA 19016`;

const newYorkAgencies = `If you live in New York, these offices help you guard against identity theft:

- Federal Trade Commission, 1-877-438-4338, identitytheft.gov
- New York Attorney General, 1-800-771-7755, ag.ny.gov
- New York Division of Consumer Protection, 1-800-697-1220, dos.ny.gov`;
