/**
 * Liquid, locked down: two tags, three filters, no files, no partials, no variables but own properties, and one engine for each place a
 * letter writes to, because an apostrophe escaped for HTML is wrong in a subject. `markup.ts` refuses all else before it gets here; this
 * is the second wall.
 */
import { Liquid, RenderError, filters as allFilters } from "liquidjs";
import type { Template } from "liquidjs";
import type { Scope } from "./merge.ts";

export const tagNames = ["if", "unless"] as const;
export const filterNames = ["upcase", "downcase", "capitalize"] as const;

/** Where the text goes, which decides how a value is escaped. */
export type Medium = "html" | "text" | "subject";

/** A field that ought to have a value has none for this person: better no letter than one with a gap. */
export class LetterGap extends Error {
  constructor() {
    super("a merge field without a value");
    this.name = "LetterGap";
  }
}

const htmlSigns: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "{": "&#123;",
  "}": "&#125;",
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"'{}]/g, (sign) => htmlSigns[sign] ?? sign);
}

/** Milliseconds, nodes and characters no real letter comes near. */
const limits = { parseLimit: 200_000, renderLimit: 2_000, memoryLimit: 2_000_000 };

export type Engine = {
  parse(source: string): Template[];
  render(templates: Template[], scope: Scope): string;
};

export function createEngine(medium: Medium): Engine {
  const liquid = new Liquid({
    ...limits,
    templates: {},
    cache: false,
    dynamicPartials: false,
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    outputEscape: (value: unknown) => {
      if (typeof value !== "string" || value === "") throw new LetterGap();
      return medium === "html" ? escapeHtml(value) : value;
    },
  });
  for (const name of Object.keys(liquid.tags)) if (!isOneOf(tagNames, name)) delete liquid.tags[name];
  for (const name of Object.keys(allFilters)) if (!isOneOf(filterNames, name)) delete liquid.filters[name];
  return {
    parse: (source) => liquid.parse(source),
    render: (templates, scope) => {
      try {
        return String(liquid.renderSync(templates, scope));
      } catch (error) {
        // liquidjs wraps what an escape throws, with the position in our generated source, which would tell nobody anything.
        throw error instanceof RenderError && error.originalError instanceof LetterGap
          ? error.originalError
          : error;
      }
    },
  };
}

function isOneOf(names: readonly string[], name: string): boolean {
  return names.includes(name);
}
