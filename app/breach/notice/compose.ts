/**
 * Letter + person → subject, HTML and text. Compiled once for all: whatever is the same for everyone is laid out and escaped then, and
 * only the paragraphs that speak of a person are rendered again.
 */
import type { Block, Letter } from "./letters/letter.ts";
import { frameLetter, styles } from "./html-frame.ts";
import { createEngine, escapeHtml } from "./liquid.ts";
import type { Engine, Medium } from "./liquid.ts";
import { findProblems, parseBody, parseLine } from "./markup.ts";
import type { LetterProblem, ListPart, Node, Token } from "./markup.ts";
import { cleanScalar, inventAddressee, readAddressee, readShared } from "./merge.ts";
import type { Addressee, Scope, SharedValues } from "./merge.ts";
import { layOut, marks, underline } from "./plain-text.ts";

export type RenderedLetter = { subject: string; html: string; text: string };

type Part = string | ((scope: Scope) => string);

export type CompiledLetter = {
  readonly language: Letter["language"];
  readonly shared: Pick<Scope, "shop" | "letter">;
  readonly subject: Part[];
  readonly html: Part[];
  readonly text: Part[];
};

/** Thrown by `compileLetter` for a letter that `findProblems` has something to say about. */
export class LetterInvalid extends Error {
  readonly problems: LetterProblem[];
  constructor(problems: LetterProblem[]) {
    super(`letter invalid: ${problems.map(({ code }) => code).join(", ")}`);
    this.name = "LetterInvalid";
    this.problems = problems;
  }
}

export function compileLetter(letter: Letter, sharedValues: SharedValues): CompiledLetter {
  const problems = findProblems(letter);
  if (problems.length > 0) throw new LetterInvalid(problems);

  const shared = readShared(sharedValues);
  const compile: Record<Medium, Compile> = {
    html: compilerFor(createEngine("html"), shared, (html) => html),
    text: compilerFor(createEngine("text"), shared, layOut),
    subject: compilerFor(createEngine("subject"), shared, (line) =>
      cleanScalar(line.replaceAll(marks.brace, "{")),
    ),
  };
  const html: Part[] = [];
  const text: Part[] = [];
  for (const block of letter.blocks) composeBlock(block, compile, html, text);

  const subject = parseLine(letter.subject, { blockId: null, part: "subject" }).value;
  const { before, after } = frameLetter({
    language: letter.language,
    title: escapeHtml(String(shared.shop.name ?? "")),
    sender: escapeHtml(String(shared.shop.name ?? "")),
  });
  return {
    language: letter.language,
    shared,
    subject: [compile.subject(isPersonal(subject), writeSubject(subject))],
    html: mergeParts([before, ...html, after]),
    text: mergeParts([String(shared.shop.name ?? ""), ...text, "\n"], "\n\n"),
  };
}

/** Throws `LetterGap` when a field that the letter prints has no value for this person. */
export function renderLetter(compiled: CompiledLetter, addressee: Addressee): RenderedLetter {
  const scope: Scope = { ...compiled.shared, person: readAddressee(addressee) };
  return {
    subject: renderParts(compiled.subject, scope),
    html: renderParts(compiled.html, scope),
    text:
      renderParts(compiled.text, scope)
        .replace(/\n{3,}/g, "\n\n")
        .trimEnd() + "\n",
  };
}

/** The letter as plain text for an invented person: what reading grade and other checks look at. */
export function renderSample(
  letter: Letter,
  sharedValues: SharedValues,
  addressee?: Addressee,
): RenderedLetter {
  return renderLetter(
    compileLetter(letter, sharedValues),
    addressee ?? inventAddressee(["name", "email", "order_history"]),
  );
}

function renderParts(parts: readonly Part[], scope: Scope): string {
  let whole = "";
  for (const part of parts) whole += typeof part === "string" ? part : part(scope);
  return whole;
}

type Compile = (personal: boolean, source: string) => Part;

/** A source that names no person is rendered here and now, the others each time. */
function compilerFor(
  engine: Engine,
  shared: Pick<Scope, "shop" | "letter">,
  finish: (rendered: string) => string,
): Compile {
  return (personal, source) => {
    const templates = engine.parse(source);
    if (personal) return (scope) => finish(engine.render(templates, scope));
    return finish(engine.render(templates, { ...shared, person: {} }));
  };
}

/** Joins neighbours that are fixed; `between` is set between all parts. */
function mergeParts(parts: Part[], between = ""): Part[] {
  const merged: Part[] = [];
  for (const [index, part] of parts.entries()) {
    for (const next of index > 0 && between ? [between, part] : [part]) {
      const last = merged.at(-1);
      if (typeof last === "string" && typeof next === "string") merged[merged.length - 1] = last + next;
      else merged.push(next);
    }
  }
  return merged;
}

function composeBlock(block: Block, compile: Record<Medium, Compile>, html: Part[], text: Part[]): void {
  if (block.kind === "title") {
    const inline = parseLine(block.body, { blockId: block.id, part: "body" }).value;
    const personal = isPersonal(inline);
    html.push(`<h1 style="${styles.title}">`, compile.html(personal, writeHtml(inline)), "</h1>\n");
    text.push(underlined(compile.text(personal, marks.paragraph + writeText(inline)), "="));
    return;
  }
  const nodes = parseBody(block).value;
  if (nodes.length === 0) return;
  if (block.heading !== null) {
    const inline = parseLine(block.heading, { blockId: block.id, part: "heading" }).value;
    const personal = isPersonal(inline);
    html.push(`<h2 style="${styles.heading}">`, compile.html(personal, writeHtml(inline)), "</h2>\n");
    text.push(underlined(compile.text(personal, marks.paragraph + writeText(inline)), "-"));
  }
  for (const node of nodes) {
    const personal = isPersonalNode(node);
    html.push(compile.html(personal, writeHtmlNode(node)));
    text.push(compile.text(personal, writeTextNode(node)));
  }
}

function underlined(line: Part, sign: "=" | "-"): Part {
  return typeof line === "string" ? underline(line, sign) : (scope) => underline(line(scope), sign);
}

// ------------------------------------------------------------------------------------------------ who is spoken of

function isPersonal(inline: readonly Token[]): boolean {
  return inline.some(
    (token) =>
      (token.kind === "output" && token.field.startsWith("person.")) ||
      (token.kind === "tag" && isPersonalTag(token)),
  );
}

function isPersonalTag(tag: { fields: string[] }): boolean {
  return tag.fields.some((field) => field.startsWith("person."));
}

function isPersonalNode(node: Node): boolean {
  if (node.kind === "paragraph") return isPersonal(node.inline);
  if (node.kind === "list")
    return node.items.some((part) =>
      part.kind === "item" ? isPersonal(part.inline) : isPersonalTag(part.tag),
    );
  return node.branches.some((branch) => isPersonalTag(branch.tag) || branch.nodes.some(isPersonalNode));
}

// ------------------------------------------------------------------------------------------------ back to Liquid

type LiquidToken = Exclude<Token, { kind: "text" }>;

function writeLiquid(token: LiquidToken): string {
  if (token.kind === "output") return `{{ ${[token.field, ...token.filters].join(" | ")} }}`;
  return `{% ${`${token.name} ${token.condition}`.trim()} %}`;
}

function writeSubject(inline: readonly Token[]): string {
  return inline
    .map((token) => (token.kind === "text" ? holdBraces(token.text) : writeLiquid(token)))
    .join("");
}

function writeText(inline: readonly Token[]): string {
  return splitBold(inline)
    .map((token) =>
      token.kind === "bold" ? "" : token.kind === "text" ? holdBraces(token.text) : writeLiquid(token),
    )
    .join("");
}

function writeHtml(inline: readonly Token[]): string {
  return splitBold(inline)
    .map((token, index, all) => {
      if (token.kind === "bold") return token.opens ? "<strong>" : "</strong>";
      if (token.kind !== "text") return writeLiquid(token);
      return writeHtmlText(token.text, all[index - 1]?.kind === "output", all[index + 1]?.kind === "output");
    })
    .join("");
}

/** A brace of the text must not meet another one and become Liquid; `layOut` and the subject's finish turn it back. */
function holdBraces(text: string): string {
  return text.replaceAll("{", marks.brace);
}

type BoldToken = { kind: "bold"; opens: boolean };

/** `**` opens and closes only in pairs with no tag in between, so that bold never crosses a condition. */
function splitBold(inline: readonly Token[]): (Token | BoldToken)[] {
  const tokens: (Token | BoldToken)[] = [];
  let openAt = -1;
  for (const token of inline) {
    if (token.kind === "tag") openAt = -1;
    if (token.kind !== "text") {
      tokens.push(token);
      continue;
    }
    for (const [index, text] of token.text.split("**").entries()) {
      if (index > 0 && openAt >= 0) {
        tokens[openAt] = { kind: "bold", opens: true };
        tokens.push({ kind: "bold", opens: false });
        openAt = -1;
      } else if (index > 0) {
        openAt = tokens.push({ kind: "text", text: "**" }) - 1;
      }
      if (text) tokens.push({ kind: "text", text });
    }
  }
  return tokens;
}

// ------------------------------------------------------------------------------------------------ HTML

const linkable =
  /(https?:\/\/[^\s<>"'`{}|\\^[\]]+)|([\w.+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+)|(\[\[[^\]\n]*\]\])/giu;

/** Links are made from the merchant's own text only and show where they go; a value stays text, whatever it looks like. */
function writeHtmlText(text: string, afterValue: boolean, beforeValue: boolean): string {
  let html = "";
  let done = 0;
  for (const match of text.matchAll(linkable)) {
    const [, url, email, placeholder] = match;
    const shown = placeholder ?? (url ?? email ?? "").replace(/[.,;:!?)*]+$/u, "");
    const end = match.index + shown.length;
    const touchesValue = (afterValue && match.index === 0) || (beforeValue && end === text.length);
    html += escapeBreaks(text.slice(done, match.index));
    if (placeholder) html += `<span class="mark" style="${styles.mark}">${escapeHtml(shown)}</span>`;
    else if (touchesValue || (url && !URL.canParse(shown))) html += escapeHtml(shown);
    else html += `<a href="${escapeHtml(email ? `mailto:${shown}` : shown)}">${escapeHtml(shown)}</a>`;
    done = end;
  }
  return html + escapeBreaks(text.slice(done));
}

function escapeBreaks(text: string): string {
  return escapeHtml(text).replaceAll("\n", "<br>\n");
}

function writeHtmlNode(node: Node): string {
  if (node.kind === "paragraph") return `<p style="${styles.paragraph}">${writeHtml(node.inline)}</p>\n`;
  if (node.kind === "list") {
    const name = node.ordered ? "ol" : "ul";
    const items = node.items.map(writeHtmlItem).join("");
    return `<${name} style="${styles.list}">\n${items}</${name}>\n`;
  }
  const branches = node.branches.map(
    (branch) => writeLiquid(branch.tag) + branch.nodes.map(writeHtmlNode).join(""),
  );
  return branches.join("") + writeLiquid(node.end);
}

function writeHtmlItem(part: ListPart): string {
  if (part.kind === "tag") return writeLiquid(part.tag);
  return `<li style="${styles.item}">${writeHtml(part.inline)}</li>\n`;
}

// ------------------------------------------------------------------------------------------------ text

function writeTextNode(node: Node): string {
  if (node.kind === "paragraph") return marks.paragraph + writeText(node.inline);
  if (node.kind === "list") {
    const mark = node.ordered ? marks.numbered : marks.bullet;
    const items = node.items.map((part) =>
      part.kind === "tag" ? writeLiquid(part.tag) : mark + writeText(part.inline),
    );
    return marks.listStart + items.join("");
  }
  const branches = node.branches.map(
    (branch) => writeLiquid(branch.tag) + branch.nodes.map(writeTextNode).join(""),
  );
  return branches.join("") + writeLiquid(node.end);
}
