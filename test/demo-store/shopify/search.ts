/**
 * Shopify's search syntax (https://shopify.dev/docs/api/usage/search-syntax), for the filters that the demo store knows.
 * The real API ignores a filter it does not know and answers with everything; here it is an error, so that a typo is found.
 */

export class SearchRefused extends Error {}

type Comparator = "=" | ">" | ">=" | "<" | "<=";
type Term = { kind: "term"; field: string | null; comparator: Comparator; value: string; quoted: boolean };
type Node = Term | { kind: "and" | "or"; parts: Node[] } | { kind: "not"; part: Node };

export type Predicate<T> = (item: T) => boolean;
export type Filter<T> = (
  term: { comparator: Comparator; value: string; quoted: boolean },
  field: string,
) => Predicate<T>;
export type Search<T> = {
  matches: Predicate<T>;
  /** Epoch-ms bounds (inclusive) that the top-level terms put on each time filter, for narrowing before the walk. */
  bounds(field: string): { from: number; to: number };
};

type Token = { text: string; quoted: boolean; colonAfter: boolean };

function refuse(message: string): never {
  throw new SearchRefused(`demo store: ${message}`);
}

function tokenize(query: string): (Token | "(" | ")")[] {
  const tokens: (Token | "(" | ")")[] = [];
  let i = 0;
  while (i < query.length) {
    const c = query[i]!;
    if (/\s/.test(c)) i++;
    else if (c === "(" || c === ")") {
      tokens.push(c);
      i++;
    } else if (c === '"' || c === "'") {
      let text = "";
      for (i++; i < query.length && query[i] !== c; i++) {
        if (query[i] === "\\" && i + 1 < query.length) i++;
        text += query[i];
      }
      if (i >= query.length) refuse(`the search ${query} has an unclosed quote`);
      i++;
      tokens.push({ text, quoted: true, colonAfter: false });
    } else {
      let text = "";
      // An apostrophe inside a word is a letter; after a comparator a quote opens the value.
      while (
        i < query.length &&
        !/[\s():]/.test(query[i]!) &&
        !(/["']/.test(query[i]!) && /^[<>]=?$/.test(text))
      ) {
        text += query[i++];
      }
      const colonAfter = query[i] === ":";
      if (colonAfter) i++;
      tokens.push({ text, quoted: false, colonAfter });
    }
  }
  return tokens;
}

function parse(query: string): Node {
  const tokens = tokenize(query);
  let at = 0;
  const isWord = (word: string) => {
    const token = tokens[at];
    return typeof token === "object" && !token.quoted && !token.colonAfter && token.text === word;
  };

  function readOr(): Node {
    const parts = [readAnd()];
    while (isWord("OR")) {
      at++;
      parts.push(readAnd());
    }
    return parts.length === 1 ? parts[0]! : { kind: "or", parts };
  }
  function readAnd(): Node {
    const parts: Node[] = [];
    while (at < tokens.length && tokens[at] !== ")" && !isWord("OR")) {
      if (isWord("AND")) at++;
      else parts.push(readOne());
    }
    return parts.length === 1 ? parts[0]! : { kind: "and", parts };
  }
  function readOne(): Node {
    if (isWord("NOT")) {
      at++;
      return { kind: "not", part: readOne() };
    }
    const token = tokens[at++];
    if (token === "(") {
      const inner = readOr();
      if (tokens[at++] !== ")") refuse(`the search ${query} has an unclosed parenthesis`);
      return inner;
    }
    if (token === undefined || token === ")") refuse(`the search ${query} ends in the middle`);
    if (!token.colonAfter) {
      if (!token.quoted && token.text.startsWith("-") && token.text.length > 1) {
        return {
          kind: "not",
          part: { kind: "term", field: null, comparator: "=", value: token.text.slice(1), quoted: false },
        };
      }
      return { kind: "term", field: null, comparator: "=", value: token.text, quoted: token.quoted };
    }
    const negated = token.text.startsWith("-");
    const field = negated ? token.text.slice(1) : token.text;
    let comparator: Comparator = "=";
    let value = tokens[at++];
    if (typeof value === "object" && !value.quoted) {
      const found = /^(>=|<=|>|<)(.*)$/s.exec(value.text);
      if (found) {
        comparator = found[1] as Comparator;
        value = found[2] === "" && !value.colonAfter ? tokens[at++] : { ...value, text: found[2]! };
      }
    }
    if (typeof value !== "object") refuse(`the filter ${field} has no value`);
    if (value.colonAfter) refuse(`quote the value of ${field}: it holds ":"`);
    const term: Term = { kind: "term", field, comparator, value: value.text, quoted: value.quoted };
    return negated ? { kind: "not", part: term } : term;
  }

  const tree = readOr();
  if (at < tokens.length) refuse(`the search ${query} has a parenthesis too many`);
  return tree;
}

/** `words` answers terms without a field name. */
export function compileSearch<T>(
  query: string | null | undefined,
  subject: string,
  filters: Record<string, Filter<T>>,
  words: Filter<T>,
): Search<T> {
  const tree: Node = query ? parse(query) : { kind: "and", parts: [] };

  function compile(node: Node): Predicate<T> {
    if (node.kind === "not") {
      const inner = compile(node.part);
      return (item) => !inner(item);
    }
    if (node.kind === "term") {
      const field = node.field ?? "default";
      const filter = field === "default" ? words : Object.hasOwn(filters, field) ? filters[field] : undefined;
      if (!filter)
        refuse(`${subject} has no filter "${field}" here. Known: ${Object.keys(filters).join(", ")}`);
      return filter(node, field);
    }
    const parts = node.parts.map(compile);
    return node.kind === "or"
      ? (item) => parts.some((part) => part(item))
      : (item) => parts.every((part) => part(item));
  }

  const top = tree.kind === "and" ? tree.parts : [tree];
  return {
    matches: compile(tree),
    bounds(field) {
      let from = -Infinity;
      let to = Infinity;
      for (const part of top) {
        if (part.kind !== "term" || part.field !== field) continue;
        const [low, high] = readTimes(part, field);
        from = Math.max(from, low);
        to = Math.min(to, high);
      }
      return { from, to };
    },
  };
}

function readInstant(text: string, field: string): number {
  // Which end of a day a bare date means in a comparison is not documented: refused rather than guessed.
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/.test(text)) {
    refuse(`${field} wants a time with an offset, such as '2026-01-01T00:00:00+01:00', not "${text}"`);
  }
  const instant = Date.parse(text);
  if (Number.isNaN(instant)) refuse(`${field}: "${text}" is no time`);
  return instant;
}

/** Inclusive bounds in ms; Shopify's times have whole seconds. */
function readTimes(
  term: { comparator: Comparator; value: string },
  field: string,
): [from: number, to: number] {
  const range = term.value.split("..");
  if (term.comparator === "=" && range.length === 2)
    return [readInstant(range[0]!, field), readInstant(range[1]!, field)];
  const instant = readInstant(term.value, field);
  switch (term.comparator) {
    case ">":
      return [instant + 1, Infinity];
    case ">=":
      return [instant, Infinity];
    case "<":
      return [-Infinity, instant - 1];
    case "<=":
      return [-Infinity, instant];
    default:
      return [instant, instant];
  }
}

export function timeFilter<T>(read: (item: T) => number): Filter<T> {
  return (term, field) => {
    const [from, to] = readTimes(term, field);
    return (item) => {
      const instant = read(item);
      return instant >= from && instant <= to;
    };
  };
}

export function numberFilter<T>(read: (item: T) => number): Filter<T> {
  return ({ comparator, value }, field) => {
    const parts = value.split("..");
    const [low, high] = parts.map((part) => Number(part.replace(/^gid:\/\/shopify\/\w+\//, "")));
    if (low === undefined || Number.isNaN(low) || Number.isNaN(high ?? 0) || parts.length > 2)
      refuse(`${field}: "${value}" is no number`);
    if (high !== undefined) return (item) => read(item) >= low && read(item) <= high;
    switch (comparator) {
      case ">":
        return (item) => read(item) > low;
      case ">=":
        return (item) => read(item) >= low;
      case "<":
        return (item) => read(item) < low;
      case "<=":
        return (item) => read(item) <= low;
      default:
        return (item) => read(item) === low;
    }
  };
}

export function booleanFilter<T>(read: (item: T) => boolean): Filter<T> {
  return ({ value }, field) => {
    if (value !== "true" && value !== "false") refuse(`${field} is true or false, not "${value}"`);
    const wanted = value === "true";
    return (item) => read(item) === wanted;
  };
}

const fold = (text: string) => text.normalize("NFC").toLowerCase().trim();
const tokensOf = (text: string) =>
  fold(text)
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter(Boolean);

/** Whole value, case-insensitive; `*` asks for any value, `abc*` for a beginning. */
export function textFilter<T>(read: (item: T) => string | null): Filter<T> {
  return ({ value, comparator }, field) => {
    if (comparator !== "=") refuse(`${field} can't be compared by ${comparator}`);
    if (value === "*") return (item) => read(item) !== null;
    const wanted = fold(value);
    if (wanted.endsWith("*")) {
      const start = wanted.slice(0, -1);
      return (item) => fold(read(item) ?? "").startsWith(start);
    }
    return (item) => {
      const text = read(item);
      return text !== null && fold(text) === wanted;
    };
  };
}

/** Quoted: the whole address. Unquoted: every part of the value is a part of the address, as Shopify documents for `email`. */
export function tokenFilter<T>(read: (item: T) => string | null): Filter<T> {
  const whole = textFilter(read);
  return (term, field) => {
    if (term.quoted || term.value.endsWith("*")) return whole(term, field);
    const wanted = tokensOf(term.value);
    return (item) => {
      const text = read(item);
      if (text === null) return false;
      const present = new Set(tokensOf(text));
      return wanted.every((token) => present.has(token));
    };
  };
}

export function listFilter<T>(read: (item: T) => readonly string[], wantPresent = true): Filter<T> {
  return ({ value }) => {
    const wanted = value.split(",").map(fold);
    return (item) => read(item).some((entry) => wanted.includes(fold(entry))) === wantPresent;
  };
}

/** A word found anywhere in the texts, in any case. */
export function wordFilter<T>(read: (item: T) => readonly (string | null)[]): Filter<T> {
  return ({ value }) => {
    const wanted = fold(value.replace(/\*$/, ""));
    return (item) => read(item).some((text) => text !== null && fold(text).includes(wanted));
  };
}
