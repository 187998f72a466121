import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Liquid, Tag } from "liquidjs";
import type { Context, TagToken, TopLevelToken } from "liquidjs";

/** What liquidjs lacks of Shopify's Liquid, as far as the demo theme and Candor's theme app extension use it. */

export type Texts = Record<string, unknown>;

/** The text files of a theme or an extension, by locale; the file named `*.default.json` is the fallback. */
export type TextFiles = { byLocale: Map<string, Texts>; fallback: Texts };

export function readTexts(folder: string): TextFiles {
  const byLocale = new Map<string, Texts>();
  let fallback: Texts = {};
  for (const file of readdirSync(folder)) {
    if (!file.endsWith(".json") || file.endsWith(".schema.json")) continue;
    const texts = JSON.parse(readFileSync(join(folder, file), "utf8")) as Texts;
    byLocale.set(file.replace(/(\.default)?\.json$/, "").toLowerCase(), texts);
    if (file.endsWith(".default.json")) fallback = texts;
  }
  return { byLocale, fallback };
}

function walk(texts: Texts | undefined, key: string): string | null {
  let at: unknown = texts;
  for (const part of key.split(".")) {
    if (typeof at !== "object" || at === null) return null;
    at = (at as Texts)[part];
  }
  return typeof at === "string" ? at : null;
}

/** Exact locale, then its language, then any region of that language, then the default file; as Shopify does. */
export function findText(files: TextFiles, locale: string, key: string): string {
  const wanted = locale.toLowerCase();
  const language = wanted.split("-")[0] ?? wanted;
  const region = [...files.byLocale.keys()].find((name) => name.startsWith(`${language}-`));
  return (
    walk(files.byLocale.get(wanted), key) ??
    walk(files.byLocale.get(language), key) ??
    (region === undefined ? null : walk(files.byLocale.get(region), key)) ??
    walk(files.fallback, key) ??
    `translation missing: ${key}`
  );
}

/** `{% schema %}` holds JSON for the theme editor and renders nothing. */
class SchemaTag extends Tag {
  constructor(token: TagToken, remaining: TopLevelToken[], liquid: Liquid) {
    super(token, remaining, liquid);
    while (remaining.length > 0) {
      const next = remaining.shift() as TopLevelToken & { name?: string };
      if (next.name === "endschema") return;
    }
    throw new Error(`tag ${token.getText()} not closed`);
  }
  *render() {}
}

type Rgb = [number, number, number];

function parseColor(value: unknown): Rgb {
  const hex = /^#([0-9a-f]{6}|[0-9a-f]{3})$/i.exec(String(value).trim())?.[1];
  if (hex === undefined) return [0, 0, 0];
  const full = hex.length === 3 ? [...hex].map((digit) => digit + digit).join("") : hex;
  return [0, 2, 4].map((at) => parseInt(full.slice(at, at + 2), 16)) as Rgb;
}

function luminance([red, green, blue]: Rgb): number {
  const linear = (channel: number) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

/** WCAG 2 contrast, one decimal place, as Shopify's `color_contrast` answers. */
function contrast(one: unknown, other: unknown): number {
  const [light, dark] = [luminance(parseColor(one)), luminance(parseColor(other))].sort((a, b) => b - a);
  return Math.round(((light! + 0.05) / (dark! + 0.05)) * 10) / 10;
}

export type EngineOptions = { root?: string[]; texts: TextFiles };

/** A Liquid engine; the locale comes from `request.locale.iso_code` of the rendering context. */
export function createEngine(options: EngineOptions): Liquid {
  const engine = new Liquid({
    strictFilters: true,
    strictVariables: false,
    root: options.root ?? [],
    extname: ".liquid",
    cache: true,
  });
  engine.registerTag("schema", SchemaTag);
  engine.registerFilter("t", function (this: { context: Context }, key: unknown, ...args: unknown[]) {
    const locale = this.context.getSync(["request", "locale", "iso_code"]) as unknown;
    const named = new Map(args.filter((arg) => Array.isArray(arg)) as [string, unknown][]);
    return findText(options.texts, String(locale ?? "en"), String(key)).replace(
      /\{\{\s*(\w+)\s*\}\}/g,
      (_match, name: string) => String(named.get(name) ?? ""),
    );
  });
  engine.registerFilter("color_contrast", contrast);
  engine.registerFilter("money", function (this: { context: Context }, cents: unknown) {
    const locale = this.context.getSync(["request", "locale", "iso_code"]) as unknown;
    return new Intl.NumberFormat(String(locale ?? "en"), { style: "currency", currency: "USD" }).format(
      Number(cents) / 100,
    );
  });
  return engine;
}
