/** Facts → letter, placeholders included; and what a letter still misses. */
import type { Block, BlockKind, Letter, LetterFacts, LetterKind } from "./letters/letter.ts";
import { draftHoldingStatement } from "./letters/holding-statement.en.ts";
import { draftPersonalData } from "./letters/personal-data.en.ts";
import { missingKeys, placeholders } from "./letters/placeholders.en.ts";
import type { MissingKey } from "./letters/placeholders.en.ts";

const drafts: Record<LetterKind, (facts: LetterFacts) => Letter> = {
  personal_data: draftPersonalData,
  holding_statement: draftHoldingStatement,
};

export function draftLetter(kind: LetterKind, facts: LetterFacts): Letter {
  const letter = drafts[kind](facts);
  if (kind === "holding_statement") return letter;
  const present = new Set(letter.blocks.map((block) => block.heading?.toLowerCase()));
  const owed = (facts.requiredHeadings ?? []).filter((heading) => !present.has(heading.toLowerCase()));
  const added = owed.map((heading, index): Block => ({
    id: `required-${index + 1}`,
    kind: "custom",
    heading,
    body: `[[Say what belongs under "${heading}"]]`,
  }));
  return { ...letter, blocks: [...letter.blocks.slice(0, -1), ...added, ...letter.blocks.slice(-1)] };
}

export type MissingItem = {
  /** Label `missing.<key>` in `notice-letter`. */
  key: MissingKey | "placeholder" | "subject" | "title" | "emptyBlock";
  /** Null: the subject, or a block that the letter lacks altogether. */
  blockId: string | null;
  /** Line of the block's body, from 1. */
  line: number | null;
  /** The placeholder as it stands in the letter. */
  text: string;
  /** The facts hold the answer by now: `fillPlaceholders` would put it in. */
  answered: boolean;
};

const placeholderText = /\[\[[^\]\n]*\]\]/gu;
const byText = new Map(missingKeys.map((key) => [placeholders[key].text, key]));

/** Blocks without which nobody can tell who writes, or whom to ask. */
const needed: Record<LetterKind, [BlockKind, MissingItem["key"]][]> = {
  personal_data: [
    ["title", "title"],
    ["what_happened", "narrative"],
    ["for_more_information", "contact"],
    ["signature", "signer"],
  ],
  holding_statement: [
    ["title", "title"],
    ["what_happened", "narrative"],
    ["next_update", "nextUpdate"],
    ["for_more_information", "contact"],
    ["signature", "signer"],
  ],
};

/** What only the merchant can give and the letter doesn't have yet. Approval waits until this is empty. */
export function missingContent(letter: Letter, facts: LetterFacts): MissingItem[] {
  const item = (
    key: MissingItem["key"],
    blockId: string | null,
    line: number | null,
    text = "",
  ): MissingItem => ({
    key,
    blockId,
    line,
    text,
    answered: key in placeholders && placeholders[key as MissingKey].answer(facts) !== null,
  });
  const inText = (text: string, blockId: string | null): MissingItem[] =>
    text
      .split("\n")
      .flatMap((line, index) =>
        Array.from(line.matchAll(placeholderText), ([found]) =>
          item(byText.get(found) ?? "placeholder", blockId, blockId === null ? null : index + 1, found),
        ),
      );
  const kinds = new Set(letter.blocks.map((block) => block.kind));
  return [
    ...(letter.subject.trim() === "" ? [item("subject", null, null)] : inText(letter.subject, null)),
    ...letter.blocks.flatMap((block) => [
      ...(block.body.trim() === "" ? [item("emptyBlock", block.id, null)] : []),
      ...inText(`${block.heading ?? ""}`, block.id),
      ...inText(block.body, block.id),
    ]),
    ...needed[letter.kind].filter(([kind]) => !kinds.has(kind)).map(([, key]) => item(key, null, null)),
  ];
}

/** Puts in what has become known since the draft; whatever the merchant has written stays. */
export function fillPlaceholders(letter: Letter, facts: LetterFacts): Letter {
  const fill = (text: string) =>
    text.replace(placeholderText, (found) => {
      const key = byText.get(found);
      return (key && placeholders[key].answer(facts)) ?? found;
    });
  return {
    ...letter,
    subject: fill(letter.subject),
    blocks: letter.blocks.map((block) => ({ ...block, body: fill(block.body) })),
  };
}
