/** Lays out the plain-text part: numbered and bulleted items, wrapped at 76 characters (RFC 5322 asks for at most 78). */

/** Marks in a rendered template; no value and no letter can hold them, since control characters are removed from both. */
export const marks = {
  paragraph: "\u0001",
  numbered: "\u0002",
  bullet: "\u0003",
  listStart: "\u0004",
  brace: "\u0005",
} as const;

const columns = 76;
const atMark = new RegExp(`(?=[${marks.paragraph}-${marks.listStart}])`);

/** Marked pieces → lines. Pieces that came out empty are left out; numbers run on from the start of their list. */
export function layOut(marked: string): string {
  let number = 0;
  let before = "";
  let text = "";
  for (const piece of marked.split(atMark)) {
    const mark = piece.charAt(0);
    if (mark === marks.listStart) number = 0;
    const content = piece.slice(1).trim();
    if (content === "" || mark < marks.paragraph || mark > marks.bullet) continue;
    if (mark === marks.numbered) number++;
    const label = mark === marks.numbered ? `${number}. ` : mark === marks.bullet ? "- " : "";
    if (text !== "") text += mark === marks.bullet && before === mark ? "\n" : "\n\n";
    text += content
      .split("\n")
      .map((line, index) => wrap(line.trim(), index === 0 ? label : " ".repeat(label.length), label.length))
      .join("\n");
    before = mark;
  }
  return text.replaceAll(marks.brace, "{");
}

/** Breaks at spaces only: an address or a link longer than a line stays whole. */
export function wrap(line: string, label = "", indent = 0): string {
  if (label.length + line.length <= columns) return label + line;
  const margin = " ".repeat(indent);
  let text = label;
  let width = label.length;
  let first = true;
  for (const word of line.split(" ")) {
    if (word === "") continue;
    const length = word.length;
    if (!first && width + 1 + length > columns) {
      text += `\n${margin}${word}`;
      width = indent + length;
    } else {
      text += first ? word : ` ${word}`;
      width += first ? length : 1 + length;
    }
    first = false;
  }
  return text;
}

export function underline(heading: string, sign: "=" | "-"): string {
  return `${wrap(heading)}\n${sign.repeat(Math.min(heading.length, columns))}`;
}
