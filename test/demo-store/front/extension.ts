import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createEngine, readTexts } from "./liquid.ts";

/** One setting of a block, as its `{% schema %}` declares it, with labels resolved from the schema's own texts. */
export type BlockSetting = {
  type: string;
  id?: string;
  label?: string;
  info?: string;
  content?: string;
  default?: unknown;
  options?: { value: string; label: string }[];
};

export type ThemeBlock = {
  /** File name without ending: what deep links and `app.extensions()` call it. */
  handle: string;
  name: string;
  target: string;
  settings: BlockSetting[];
  defaults: Record<string, unknown>;
};

export type BlockContext = {
  /** Value of the app-data metafield `candor.banner`, null when there is none. */
  banner: unknown;
  locale: string;
  settings: Record<string, unknown>;
  customer?: unknown;
};

export type ThemeExtension = {
  handle: string;
  block: ThemeBlock;
  /** Renders the block as Shopify does in a theme: wrapped in a div of its own, or "" when it rendered nothing. */
  render(context: BlockContext): string;
};

/** Reads a theme app extension from its folder; `blockHandle` names the file under `blocks/`. */
export function readThemeExtension(folder: string, blockHandle: string): ThemeExtension {
  const source = readFileSync(join(folder, "blocks", `${blockHandle}.liquid`), "utf8");
  const toml = readFileSync(join(folder, "shopify.extension.toml"), "utf8");
  const handle = /^handle\s*=\s*"([^"]+)"/m.exec(toml)?.[1];
  const schemaText = /\{%-?\s*schema\s*-?%\}([\s\S]*?)\{%-?\s*endschema\s*-?%\}/.exec(source)?.[1];
  if (handle === undefined || schemaText === undefined) throw new Error(`${folder} is not a theme extension`);
  const words = JSON.parse(
    readFileSync(join(folder, "locales", "en.default.schema.json"), "utf8"),
  ) as unknown;
  const schema = resolveTexts(JSON.parse(schemaText), words) as {
    name: string;
    target: string;
    settings?: BlockSetting[];
  };
  const settings = schema.settings ?? [];
  const defaults = Object.fromEntries(
    settings.filter((setting) => setting.id !== undefined).map((setting) => [setting.id, setting.default]),
  );
  const engine = createEngine({ texts: readTexts(join(folder, "locales")) });
  const template = engine.parse(source);
  const id = "18374650293847561029";
  return {
    handle,
    block: { handle: blockHandle, name: schema.name, target: schema.target, settings, defaults },
    render(context) {
      const html = (
        engine.renderSync(template, {
          app: {
            metafields: { candor: { banner: context.banner == null ? null : { value: context.banner } } },
          },
          request: { locale: { iso_code: context.locale } },
          customer: context.customer ?? null,
          block: {
            id,
            settings: { ...defaults, ...context.settings },
            shopify_attributes: `data-block-handle="${blockHandle}"`,
          },
        }) as string
      ).trim();
      return html === ""
        ? ""
        : `<div id="shopify-block-${id}" class="shopify-block shopify-app-block">${html}</div>`;
    },
  };
}

/** Replaces every `"t:some.key"` by the English text of that key. */
function resolveTexts(value: unknown, words: unknown): unknown {
  if (typeof value === "string" && value.startsWith("t:")) {
    let at: unknown = words;
    for (const part of value.slice(2).split(".")) {
      at = typeof at === "object" && at !== null ? (at as Record<string, unknown>)[part] : undefined;
    }
    return typeof at === "string" ? at : value;
  }
  if (Array.isArray(value)) return value.map((item) => resolveTexts(item, words));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolveTexts(item, words)]));
  }
  return value;
}
