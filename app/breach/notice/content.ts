/**
 * Does the letter say what the laws of this incident ask for? A block with real text of its kind counts; what a machine can't judge is
 * reported as "check yourself" and blocks nothing. A holding statement isn't the notice that the laws mean, so it is never blocked.
 */
import type { ContentElement, ContentRules } from "../obligation/obligation.ts";
import type { DataCategory } from "../scope/scope.ts";
import type { Block, BlockKind, Letter } from "./letters/letter.ts";
import { dataTexts } from "./letters/data.en.ts";
import { parseBody } from "./markup.ts";
import { gradeGoal, linesOf, readLetter } from "./readability.ts";

export type Finding = {
  element: ContentElement | "requiredTitle" | "requiredHeading";
  /** Names of the laws that ask for it. */
  laws: string[];
  /** Where it is, or where it belongs; null when the letter has no such block. */
  blockId: string | null;
  ok: boolean;
  blocking: boolean;
  /** Sentence in `notice-letter`, with `values`; the element's own name is `element.<element>` there. */
  key: string;
  values: Record<string, string>;
};

type Page = { letter: Letter; texts: { block: Block; text: string }[]; categories: readonly DataCategory[] };
type Answer = Pick<Finding, "blockId" | "ok" | "blocking" | "key">;
type Check = (page: Page) => Answer;

export function contentCheck(
  letter: Letter,
  rules: ContentRules,
  categories: readonly DataCategory[],
): Finding[] {
  const texts = letter.blocks.map((block) => ({ block, text: linesOf(parseBody(block).value).join("\n") }));
  const page: Page = { letter, texts, categories };
  const mayBlock = letter.kind !== "holding_statement";
  const finish = (
    answer: Answer,
    element: Finding["element"],
    wantedBy: { lawName: string }[],
    values: Record<string, string> = {},
  ): Finding => ({
    ...answer,
    blocking: answer.blocking && !answer.ok && mayBlock,
    element,
    laws: [...new Set(wantedBy.map(({ lawName }) => lawName))],
    values,
  });
  return [
    ...rules.titles.map(({ title, wantedBy }) =>
      finish(checkTitle(page, title), "requiredTitle", wantedBy, { title }),
    ),
    ...rules.headings.flatMap(({ headings, wantedBy }) =>
      headings.map((heading) =>
        finish(checkHeading(page, heading), "requiredHeading", wantedBy, { heading }),
      ),
    ),
    ...rules.required.map(({ element, wantedBy }) => finish(checks[element](page), element, wantedBy)),
    ...rules.forbidden.map(({ element, wantedBy }) =>
      finish(checkForbidden(page, element), element, wantedBy),
    ),
  ];
}

const askTheReader: Check = () => ({
  blockId: null,
  ok: false,
  blocking: false,
  key: "finding.checkYourself",
});

function inBlock(kind: BlockKind, ...others: BlockKind[]): Check {
  const kinds = [kind, ...others];
  return ({ texts }) => {
    const fitting = texts.filter(({ block }) => kinds.includes(block.kind));
    const found = fitting.find(({ text }) => (text.match(/\p{L}{2,}/gu) ?? []).length >= 3);
    if (found) return { blockId: found.block.id, ok: true, blocking: false, key: "finding.present" };
    return {
      blockId: fitting[0]?.block.id ?? null,
      ok: false,
      blocking: true,
      key: `finding.missing.${kind}`,
    };
  };
}

function inText(home: BlockKind, key: string, blocking: boolean, ...patterns: RegExp[]): Check {
  return ({ texts }) => {
    const all = texts.map(({ text }) => text).join("\n");
    const first = texts.find(({ text }) => patterns[0]?.test(text));
    if (first && patterns.every((pattern) => pattern.test(all)))
      return { blockId: first.block.id, ok: true, blocking: false, key: "finding.present" };
    const belongs = texts.find(({ block }) => block.kind === home);
    return { blockId: belongs?.block.id ?? null, ok: false, blocking, key };
  };
}

function inTurn(...all: Check[]): Check {
  return (page) => {
    const answers = all.map((check) => check(page));
    return answers.find(({ ok }) => !ok) ?? (answers[0] as Answer);
  };
}

const happened = inBlock("what_happened");
const doing = inBlock("what_we_are_doing");

const month = "(?:January|February|March|April|May|June|July|August|September|October|November|December)";
const dated = new RegExp(
  `\\d{1,2} ${month} \\d{4}|${month} \\d{1,2}, \\d{4}|${month} \\d{4}|\\d{4}-\\d{2}-\\d{2}|not know (?:yet )?when`,
  "u",
);
const whenItWas: Check = ({ texts }) => {
  const fitting = texts.filter(({ block }) => block.kind === "what_happened");
  const found = fitting.find(({ text }) => dated.test(text));
  if (found) return { blockId: found.block.id, ok: true, blocking: false, key: "finding.present" };
  return { blockId: fitting[0]?.block.id ?? null, ok: false, blocking: true, key: "finding.missing.date" };
};

const whichData: Check = (page) => {
  const present = inBlock("what_information", "unknown_so_far")(page);
  const block = page.letter.blocks.find(({ id }) => id === present.blockId);
  if (!present.ok || !block) return present;
  const named =
    block.body.includes("person.data_list") ||
    Object.values(dataTexts).some(({ words }) => block.body.includes(words));
  return named ? present : { ...present, ok: false, blocking: false, key: "finding.dataNotNamed" };
};

const contactKinds: BlockKind[] = ["for_more_information", "sender", "signature", "custom"];
const reachable = /[^\s@]+@[^\s@]+\.[^\s@]+|https?:\/\/\S+|(?:\+|\b)\d[\d\s()./-]{5,}\d\b/u;
const someoneElse = /Equifax|Experian|TransUnion|Federal Trade|Attorney General|Consumer Protection/u;

/** A way to reach the shop itself; the lines of bureaus and agencies don't count. */
const contactable: Check = ({ texts }) => {
  const fitting = texts.filter(({ block }) => contactKinds.includes(block.kind));
  const found = fitting.find(({ text }) =>
    text.split("\n").some((line) => reachable.test(line) && !someoneElse.test(line)),
  );
  if (found) return { blockId: found.block.id, ok: true, blocking: false, key: "finding.present" };
  const belongs = fitting.find(({ block }) => block.kind === "for_more_information");
  return { blockId: belongs?.block.id ?? null, ok: false, blocking: true, key: "finding.missing.contact" };
};

const identified: Check = ({ letter }) => {
  const named = letter.blocks.find(({ body }) => body.includes("shop.name"));
  if (named) return { blockId: named.id, ok: true, blocking: false, key: "finding.present" };
  return { blockId: null, ok: false, blocking: true, key: "finding.missing.identity" };
};

const readable: Check = ({ letter }) => {
  const { grade } = readLetter(letter);
  const ok = grade !== null && grade <= gradeGoal;
  return { blockId: null, ok, blocking: false, key: ok ? "finding.present" : "finding.hardToRead" };
};

/** Owed where a number was exposed with which someone can borrow (Cal. Civ. Code 1798.82(d)(2)(E)); elsewhere for the merchant to judge. */
const bureaus: Check = (page) => {
  const answer = inText(
    "for_more_information",
    "finding.missing.bureaus",
    true,
    /Equifax/u,
    /Experian/u,
    /TransUnion/u,
  )(page);
  return answer.ok || page.categories.includes("government_id")
    ? answer
    : { ...answer, blocking: false, key: "finding.bureausIfId" };
};

const checks: Record<ContentElement, Check> = {
  nature: happened,
  description: happened,
  circumstances: happened,
  circumstancesAndCause: happened,
  date: whenItWas,
  dateOrPeriod: whenItWas,
  dataTypes: whichData,
  dataTypesAndElements: whichData,
  kindsOfInformation: whichData,
  personalInformation: whichData,
  likelyConsequences: inBlock("what_could_happen"),
  measuresTakenOrProposed: doing,
  stepsTakenByOrganisation: doing,
  stepsToReduceRisk: doing,
  recommendedActions: inBlock("what_you_can_do"),
  contact: contactable,
  dpoOrContact: contactable,
  identityAndContact: inTurn(identified, contactable),
  plainLanguage: readable,
  lawEnforcementDelay: inText(
    "what_happened",
    "finding.missing.lawEnforcement",
    true,
    /(?:law enforcement|police)[^.]*(?:delay|wait|later)|(?:delay|wait|later)[^.]*(?:law enforcement|police)/iu,
  ),
  craContacts: bureaus,
  stateAndFederalAgencies: inText(
    "for_more_information",
    "finding.missing.agencies",
    true,
    /Federal Trade Commission|\bFTC\b/u,
    /Attorney General/u,
  ),
  creditMonitoringOffer: inText(
    "what_we_are_doing",
    "finding.monitoring",
    false,
    /credit monitoring|identity (?:theft )?(?:monitoring|protection|prevention)/iu,
  ),
  dataSubjectCategoriesAndCount: askTheReader,
  recordCategoriesAndCount: askTheReader,
  numberAffected: askTheReader,
  reasonsForDelayIfLate: askTheReader,
  stepsToNotifyIndividuals: askTheReader,
};

const headCount =
  /\d[\d,.]*\s+(?:affected\s+)?(?:people|persons|customers|individuals|residents|shoppers)\b/iu;

function checkForbidden({ texts }: Page, element: ContentElement): Answer {
  if (element !== "numberAffected")
    return { blockId: null, ok: false, blocking: false, key: "finding.mustNotSay" };
  const found = texts.find(({ text }) => headCount.test(text));
  if (!found) return { blockId: null, ok: true, blocking: false, key: "finding.notSaid" };
  return { blockId: found.block.id, ok: false, blocking: true, key: "finding.saysCount" };
}

function checkTitle({ letter }: Page, title: string): Answer {
  const block = letter.blocks.find(({ kind }) => kind === "title");
  const ok = block !== undefined && sameWords(block.body, title);
  return {
    blockId: block?.id ?? null,
    ok,
    blocking: true,
    key: ok ? "finding.present" : "finding.missing.title",
  };
}

function checkHeading({ letter, texts }: Page, heading: string): Answer {
  const at = letter.blocks.findIndex((block) => block.heading !== null && sameWords(block.heading, heading));
  const ok = at >= 0 && texts[at]?.text.trim() !== "";
  const key = ok ? "finding.present" : at >= 0 ? "finding.emptyHeading" : "finding.missing.heading";
  return { blockId: letter.blocks[at]?.id ?? null, ok, blocking: true, key };
}

function sameWords(a: string, b: string): boolean {
  const fold = (text: string) => text.replace(/\s+/gu, " ").trim().toLowerCase();
  return fold(a) === fold(b);
}
