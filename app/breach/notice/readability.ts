/**
 * How hard a letter is to read: the Flesch-Kincaid grade (Kincaid et al. 1975) of its sentences in English, and which are too long.
 * Contact lines, addresses and headings aren't sentences and are left out. Syllables are estimated from the spelling.
 */
import type { Letter } from "./letters/letter.ts";
import { parseBody } from "./markup.ts";
import type { Node, Token } from "./markup.ts";
import { mergeFields } from "./merge.ts";

export const gradeGoal = 8;
export const longestSentence = 20;

export type Readability = {
  /** US school grade; null when there is no sentence. */
  grade: number | null;
  words: number;
  sentences: number;
  longSentences: { blockId: string | null; text: string; words: number }[];
};

export function readLetter(letter: Letter): Readability {
  const sentences = letter.blocks
    .filter((block) => block.kind !== "title")
    .flatMap((block) =>
      proseOf(parseBody(block).value)
        .flatMap(splitSentences)
        .map((text) => ({ blockId: block.id, text })),
    );
  return measure(sentences);
}

export function readText(text: string): Readability {
  return measure(
    text
      .split("\n")
      .flatMap(splitSentences)
      .map((sentence) => ({ blockId: null, text: sentence })),
  );
}

function measure(sentences: { blockId: string | null; text: string }[]): Readability {
  const counted = sentences.map((sentence) => ({ ...sentence, tokens: splitWords(sentence.text) }));
  const words = counted.reduce((sum, { tokens }) => sum + tokens.length, 0);
  const syllables = counted.reduce(
    (sum, { tokens }) => sum + tokens.reduce((s, word) => s + countSyllables(word), 0),
    0,
  );
  const grade = words === 0 ? null : 0.39 * (words / counted.length) + 11.8 * (syllables / words) - 15.59;
  return {
    grade: grade === null ? null : Math.round(grade * 100) / 100,
    words,
    sentences: counted.length,
    longSentences: counted
      .filter(({ tokens }) => tokens.length > longestSentence)
      .map(({ blockId, text, tokens }) => ({ blockId, text, words: tokens.length })),
  };
}

export function splitSentences(line: string): string[] {
  return line
    .split(/(?<=[.!?][”"')]*)\s+(?=["“'(]?[\p{Lu}\d])/u)
    .map((sentence) => sentence.trim())
    .filter((sentence) => splitWords(sentence).length > 0);
}

function splitWords(sentence: string): string[] {
  return sentence.match(/[\p{L}\p{Nd}]+(?:['’.,-][\p{L}\p{Nd}]+)*/gu) ?? [];
}

export function countSyllables(word: string): number {
  const letters = word.toLowerCase().replace(/[^a-z]/g, "");
  if (letters.length <= 2) return 1;
  const spoken = letters
    // A silent e at the end, alone or before s and d: "came", "names", "used"; not "table", "charges", "started".
    .replace(/([^aeiouy])e$/, (whole, before: string, at: number) =>
      before === "l" && at > 0 && !/[aeiouy]/.test(letters[at - 1] ?? "") ? whole : before,
    )
    .replace(/([^aeiouytd])ed$/, "$1d")
    .replace(/([^aeiouyscgxzh])es$/, "$1s");
  const groups = spoken.match(/[aeiouy]+/g) ?? [];
  const parted = spoken.match(/(?:ia|io(?!us)|ua|eo)(?!n)/g) ?? [];
  return Math.max(1, groups.length + parted.length);
}

const samples = new Map(mergeFields.map(({ field, sample }) => [field, sample]));

/** The lines of a block that are meant to be read as sentences, with samples for fields. */
export function proseOf(nodes: readonly Node[]): string[] {
  return linesOf(nodes).filter(isProse);
}

/** Every line of a block, with samples for fields and without placeholders. */
export function linesOf(nodes: readonly Node[]): string[] {
  return nodes.flatMap((node): string[] => {
    if (node.kind === "paragraph") return plain(node.inline).split("\n");
    if (node.kind === "list")
      return node.items.flatMap((part) => (part.kind === "item" ? plain(part.inline).split("\n") : []));
    return node.branches.flatMap((branch) => linesOf(branch.nodes));
  });
}

function plain(inline: readonly Token[]): string {
  return inline
    .map((token) =>
      token.kind === "text" ? token.text : token.kind === "output" ? (samples.get(token.field) ?? "") : "",
    )
    .join("")
    .replace(/\*\*|\[\[[^\]\n]*\]\]/gu, "");
}

function isProse(line: string): boolean {
  const contact = /https?:\/\/\S+|\S+@\S+|\+?\d[\d\s()-]{6,}\d/u;
  return /[.!?:]["”')]*\s*$/u.test(line) && !contact.test(line);
}
