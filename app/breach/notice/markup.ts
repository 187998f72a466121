/**
 * Reads the small markup of a block: paragraphs, `1.` and `-` lists, **bold**, line breaks, and of Liquid only `{{ field }}` with a few
 * filters, `{% if %}` and `{% unless %}` over fields. The grammar is stricter than Liquid's, so that whatever passes is balanced within
 * its paragraph or its block, terminates, and prints nothing but an allow-listed field.
 */
import type { Block, BlockId, Letter } from "./letters/letter.ts";
import { filterNames } from "./liquid.ts";
import { mergeFields } from "./merge.ts";

export type ProblemCode =
  "unknownField" | "flagPrinted" | "unknownFilter" | "unknownTag" | "syntax" | "unclosed" | "unexpected";

/** What stops a letter from being composed, and where. Lines and columns count from 1. */
export type LetterProblem = {
  blockId: BlockId | null;
  part: "subject" | "heading" | "body";
  line: number;
  column: number;
  code: ProblemCode;
  /** The piece of the text that is meant. */
  what: string;
};

export type Token =
  | { kind: "text"; text: string }
  | { kind: "output"; field: string; filters: string[] }
  | { kind: "tag"; name: TagName; fields: string[]; condition: string };

type TagName = "if" | "unless" | "elsif" | "else" | "endif" | "endunless";
type Tag = Extract<Token, { kind: "tag" }>;

export type Node =
  | { kind: "paragraph"; inline: Token[] }
  | { kind: "list"; ordered: boolean; items: ListPart[] }
  | { kind: "condition"; branches: { tag: Tag; nodes: Node[] }[]; end: Tag };
export type ListPart = { kind: "item"; inline: Token[] } | { kind: "tag"; tag: Tag };

export type Parsed<T> = { value: T; problems: LetterProblem[] };
type Place = Pick<LetterProblem, "blockId" | "part">;
type Report = (column: number, code: ProblemCode, what: string) => void;

const fields = new Map(mergeFields.map((field) => [field.field, field]));
const filters: ReadonlySet<string> = new Set(filterNames);
const conditionText = /^[a-z][a-z0-9_.]*(?:\s+(?:and|or)\s+[a-z][a-z0-9_.]*)*$/;
const outputText = /^([a-z][a-z0-9_.]*)((?:\s*\|\s*[a-z_]+)*)$/;

/** Parses one line that is to be shown as one line: the subject, a heading, a title. */
export function parseLine(text: string, place: Place): Parsed<Token[]> {
  const problems: LetterProblem[] = [];
  const inline = tokenize(text.replace(/\s+/gu, " ").trim(), (column, code, what) =>
    problems.push({ ...place, line: 1, column, code, what }),
  );
  checkBalance(inline, (code, what) => problems.push({ ...place, line: 1, column: 1, code, what }));
  return { value: inline, problems };
}

export function parseBody({ id, body }: Block): Parsed<Node[]> {
  const problems: LetterProblem[] = [];
  const place: Place = { blockId: id, part: "body" };
  const leaves: Leaf[] = [];
  let open: Extract<Leaf, { inline: Token[] }> | null = null;

  for (const [index, raw] of cleanText(body).split("\n").entries()) {
    const line = index + 1;
    if (raw.trim() === "") {
      open = null;
      continue;
    }
    const marker = /^\s*(?:(\d{1,3}[.)])|[-*•])\s+/u.exec(raw);
    const content = raw.slice(marker?.[0].length ?? 0);
    const shift = raw.length - content.length;
    const tokens = tokenize(content.trimEnd(), (column, code, what) =>
      problems.push({ ...place, line, column: column + shift, code, what }),
    );
    if (
      !marker &&
      tokens.every((token) => token.kind === "tag" || (token.kind === "text" && !token.text.trim()))
    ) {
      for (const token of tokens) if (token.kind === "tag") leaves.push({ kind: "tag", tag: token, line });
      open = null;
    } else if (marker || !open) {
      open = { kind: marker ? (marker[1] ? "numbered" : "bullet") : "paragraph", inline: tokens, line };
      leaves.push(open);
    } else {
      open.inline.push({ kind: "text", text: "\n" }, ...trimStart(tokens));
    }
  }

  for (const leaf of leaves) {
    if (leaf.kind === "tag") continue;
    checkBalance(leaf.inline, (code, what) =>
      problems.push({ ...place, line: leaf.line, column: 1, code, what }),
    );
  }
  const nodes = buildTree(leaves, (line, code, what) =>
    problems.push({ ...place, line, column: 1, code, what }),
  );
  return { value: nodes, problems };
}

/** Every problem of a letter, in reading order. Empty: it can be composed. */
export function findProblems(letter: Letter): LetterProblem[] {
  return [
    ...parseLine(letter.subject, { blockId: null, part: "subject" }).problems,
    ...letter.blocks.flatMap((block) => [
      ...(block.heading === null
        ? []
        : parseLine(block.heading, { blockId: block.id, part: "heading" }).problems),
      ...parseBody(block).problems,
    ]),
  ];
}

/** Control characters out (the composer uses some as marks), tabs to spaces, marks that reverse direction out. */
function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u0085\u2028\u2029]/gu, "\n")
    .replace(/\t/gu, " ")
    .replace(/(?!\n)\p{Cc}|[\u202a-\u202e\u2066-\u2069\ufeff]/gu, "");
}

function tokenize(raw: string, report: Report): Token[] {
  const line = cleanText(raw);
  const tokens: Token[] = [];
  let at = 0;
  while (at < line.length) {
    const next = line.slice(at).search(/\{\{|\{%/);
    if (next !== 0) {
      const text = next < 0 ? line.slice(at) : line.slice(at, at + next);
      tokens.push({ kind: "text", text });
      at += text.length;
      continue;
    }
    const close = line.startsWith("{{", at) ? "}}" : "%}";
    const end = line.indexOf(close, at + 2);
    if (end < 0) {
      report(at + 1, "unclosed", line.slice(at, at + 40));
      break;
    }
    const source = line.slice(at, end + 2);
    const inner = source.slice(2, -2).trim();
    const token = close === "}}" ? readOutput(inner, source) : readTag(inner, source);
    if ("code" in token) report(at + 1, token.code, token.what);
    else tokens.push(token);
    at = end + 2;
  }
  return tokens;
}

type Fault = { code: ProblemCode; what: string };

function readOutput(inner: string, source: string): Token | Fault {
  const match = outputText.exec(inner);
  if (!match) return { code: "syntax", what: source };
  const [, name = "", rest = ""] = match;
  const field = fields.get(name);
  if (!field) return { code: "unknownField", what: name };
  if (field.use === "flag") return { code: "flagPrinted", what: name };
  const used = rest
    .split("|")
    .map((filter) => filter.trim())
    .filter(Boolean);
  const unknown = used.find((filter) => !filters.has(filter));
  if (unknown !== undefined) return { code: "unknownFilter", what: unknown };
  return { kind: "output", field: name, filters: used };
}

function readTag(inner: string, source: string): Token | Fault {
  const [, name = "", condition = ""] = /^([a-z]*)\s*(.*)$/su.exec(inner) ?? [];
  if (name === "else" || name === "endif" || name === "endunless")
    return condition === "" ? { kind: "tag", name, fields: [], condition } : { code: "syntax", what: source };
  if (name !== "if" && name !== "unless" && name !== "elsif")
    return { code: "unknownTag", what: name || source };
  if (!conditionText.test(condition)) return { code: "syntax", what: source };
  const asked = condition.split(/\s+(?:and|or)\s+/);
  const unknown = asked.find((field) => !fields.has(field));
  if (unknown !== undefined) return { code: "unknownField", what: unknown };
  return { kind: "tag", name, fields: asked, condition };
}

function trimStart(tokens: Token[]): Token[] {
  const [first, ...rest] = tokens;
  return first?.kind === "text" ? [{ kind: "text", text: first.text.trimStart() }, ...rest] : tokens;
}

/** Inline tags must close within their own paragraph or item. */
function checkBalance(inline: Token[], report: (code: ProblemCode, what: string) => void): void {
  const open: { name: TagName; elseSeen: boolean }[] = [];
  for (const token of inline) {
    if (token.kind !== "tag") continue;
    if (token.name === "if" || token.name === "unless") open.push({ name: token.name, elseSeen: false });
    else if (!closes(token, open)) return report("unexpected", token.name);
  }
  const left = open.at(-1);
  if (left) report("unclosed", left.name);
}

/** Takes one step with a tag that isn't an opening one; false when it has no place here. */
function closes(tag: Tag, open: { name: TagName; elseSeen: boolean }[]): boolean {
  const last = open.at(-1);
  if (!last) return false;
  if (tag.name === "else" || tag.name === "elsif") {
    if (last.elseSeen) return false;
    last.elseSeen = tag.name === "else";
    return true;
  }
  open.pop();
  return tag.name === `end${last.name}`;
}

type Leaf =
  | { kind: "paragraph" | "numbered" | "bullet"; inline: Token[]; line: number }
  | { kind: "tag"; tag: Tag; line: number };
type Item = { kind: "numbered" | "bullet"; inline: Token[] };
type Branches = { tag: Tag; children: Child[] }[];
type Child =
  { kind: "paragraph"; inline: Token[] } | Item | { kind: "condition"; branches: Branches; end: Tag };

function buildTree(leaves: Leaf[], report: (line: number, code: ProblemCode, what: string) => void): Node[] {
  const root: Child[] = [];
  const open: { branches: Branches; mark: { name: TagName; elseSeen: boolean }; line: number }[] = [];
  const here = () => open.at(-1)?.branches.at(-1)?.children ?? root;
  for (const leaf of leaves) {
    if (leaf.kind !== "tag") {
      here().push({ kind: leaf.kind, inline: leaf.inline });
    } else if (leaf.tag.name === "if" || leaf.tag.name === "unless") {
      open.push({
        branches: [{ tag: leaf.tag, children: [] }],
        mark: { name: leaf.tag.name, elseSeen: false },
        line: leaf.line,
      });
    } else {
      const current = open.at(-1);
      if (!current || !closes(leaf.tag, [current.mark])) {
        report(leaf.line, "unexpected", leaf.tag.name);
        return [];
      }
      if (leaf.tag.name === "else" || leaf.tag.name === "elsif") {
        current.branches.push({ tag: leaf.tag, children: [] });
      } else {
        open.pop();
        here().push({ kind: "condition", branches: current.branches, end: leaf.tag });
      }
    }
  }
  const left = open.at(-1);
  if (left) report(left.line, "unclosed", left.mark.name);
  return groupLists(root);
}

/** Neighbouring items, and conditions that hold nothing but such items, make one list: its numbers then run on. */
function groupLists(children: Child[]): Node[] {
  const nodes: Node[] = [];
  for (let at = 0; at < children.length;) {
    const child = children[at] as Child;
    const kind = itemKind(child);
    let end = at + 1;
    while (kind !== null && end < children.length && itemKind(children[end] as Child) === kind) end++;
    const run = children.slice(at, end);
    if (kind !== null && !(run.length === 1 && child.kind === "condition")) {
      nodes.push({ kind: "list", ordered: kind === "numbered", items: run.flatMap(flattenItems) });
    } else if (child.kind === "paragraph") {
      nodes.push({ kind: "paragraph", inline: child.inline });
    } else if (child.kind === "condition") {
      const branches = child.branches.map((branch) => ({
        tag: branch.tag,
        nodes: groupLists(branch.children),
      }));
      nodes.push({ kind: "condition", branches, end: child.end });
    }
    at = end;
  }
  return nodes;
}

function itemKind(child: Child): "numbered" | "bullet" | null {
  if (child.kind === "paragraph") return null;
  if (child.kind !== "condition") return child.kind;
  const kinds = new Set(child.branches.flatMap((branch) => branch.children.map(itemKind)));
  const [only] = kinds;
  return kinds.size === 1 ? (only ?? null) : null;
}

function flattenItems(child: Child): ListPart[] {
  if (child.kind !== "condition") return [{ kind: "item", inline: child.inline }];
  return [
    ...child.branches.flatMap((branch): ListPart[] => [
      { kind: "tag", tag: branch.tag },
      ...branch.children.flatMap(flattenItems),
    ]),
    { kind: "tag", tag: child.end },
  ];
}
