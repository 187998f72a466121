/** Shows the banner as the theme will: the extension's own Liquid, rendered here with what Shopify's Liquid has and liquidjs lacks. */
import { Liquid, Tag } from "liquidjs";
import type { TagToken, TopLevelToken } from "liquidjs";
import source from "../extensions/storefront-notice/blocks/banner.liquid?raw";
import words from "../extensions/storefront-notice/locales/en.default.json" with { type: "json" };
import type { BannerContent } from "./breach/ports.ts";

/** `{% schema %}` holds settings for the theme editor and renders nothing. */
class SchemaTag extends Tag {
  constructor(token: TagToken, remaining: TopLevelToken[], liquid: Liquid) {
    super(token, remaining, liquid);
    while (remaining.length > 0) {
      const next = remaining.shift() as TopLevelToken & { name?: string };
      if (next.name === "endschema") return;
    }
    throw new Error("a schema that never ends");
  }
  *render() {}
}

function findWords(key: string): string {
  let at: unknown = words;
  for (const part of key.split("."))
    at = typeof at === "object" && at !== null ? (at as Record<string, unknown>)[part] : undefined;
  return typeof at === "string" ? at : key;
}

function luminance(color: unknown): number {
  const hex = /^#([0-9a-f]{6})$/i.exec(String(color))?.[1] ?? "000000";
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((start) => {
    const share = parseInt(hex.slice(start, start + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** WCAG 2 contrast with one decimal place, as Shopify's filter answers. */
function contrast(one: unknown, other: unknown): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return Math.round(((light + 0.05) / (dark + 0.05)) * 10) / 10;
}

function readSettings(): Record<string, unknown> {
  const text = /\{% schema %\}([\s\S]*?)\{% endschema %\}/.exec(source)?.[1] ?? "{}";
  const { settings = [] } = JSON.parse(text) as { settings?: { id?: string; default?: unknown }[] };
  return Object.fromEntries(
    settings.flatMap((each) => (each.id === undefined ? [] : [[each.id, each.default]])),
  );
}

const engine = new Liquid({ strictFilters: true });
engine.registerTag("schema", SchemaTag);
engine.registerFilter("t", (key: unknown) => findWords(String(key)));
engine.registerFilter("color_contrast", contrast);
const template = engine.parse(source);
const settings = readSettings();

/** Grey shapes instead of a theme: the preview must not pass for the merchant's own design. */
const page = `<style>
body{margin:0;font:16px/1.5 system-ui,sans-serif;background:#fff;color:#202223}
.bar{display:flex;gap:16px;padding:20px 24px;border-bottom:1px solid #e3e3e3}
.bar i,.ware i,.hero{background:#ededed;border-radius:6px;display:block}
.bar i{height:16px;width:64px}.bar i:first-child{width:120px;margin-inline-end:auto}
.hero{height:200px;margin:24px}
.wares{display:grid;grid-template-columns:repeat(auto-fill,minmax(150px,1fr));gap:24px;padding:0 24px 24px}
.ware i{height:150px}.ware i+i{height:14px;margin-top:10px;width:70%}
</style>
<div aria-hidden="true"><div class="bar"><i></i><i></i><i></i></div><div class="hero"></div>
<div class="wares">${'<div class="ware"><i></i><i></i></div>'.repeat(6)}</div></div>`;

/** A whole document for a sandboxed frame. */
export function renderBanner(content: BannerContent): string {
  const banner = engine.renderSync(template, {
    app: { metafields: { candor: { banner: { value: { enabled: true, ...content } } } } },
    request: { locale: { iso_code: "en" } },
    block: { settings, shopify_attributes: "" },
  }) as string;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Storefront</title></head><body>${page}${banner}</body></html>`;
}
