import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { themeCheckRun } from "@shopify/theme-check-node";
import { expect, test } from "vitest";
import { z } from "zod";

const folder = join(import.meta.dirname, "..", "..", "extensions", "storefront-notice");

/** https://shopify.dev/docs/storefronts/themes/architecture/settings/input-settings and sidebar-settings */
const plainSetting = {
  id: z.string().regex(/^[a-z_]+$/),
  label: z.string().min(1),
  info: z.string().optional(),
};
const setting = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("header"), content: z.string().min(1) }),
  z.strictObject({ type: z.literal("paragraph"), content: z.string().min(1) }),
  z.strictObject({
    type: z.literal("color"),
    ...plainSetting,
    default: z.string().regex(/^#[0-9A-F]{6}$/),
  }),
  z.strictObject({
    type: z.literal("select"),
    ...plainSetting,
    default: z.string(),
    options: z.array(z.strictObject({ value: z.string(), label: z.string() })).min(2),
  }),
]);
/** https://shopify.dev/docs/apps/build/online-store/theme-app-extensions/configuration#schema */
const schema = z.strictObject({
  name: z.string().min(1),
  target: z.enum(["section", "head", "body", "compliance_head"]),
  settings: z.array(setting),
});

function readSchema(): unknown {
  const source = readFileSync(join(folder, "blocks", "banner.liquid"), "utf8");
  const found = [...source.matchAll(/\{% schema %\}([\s\S]*?)\{% endschema %\}/g)];
  expect(found).toHaveLength(1);
  return JSON.parse(found[0]![1]!);
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(join(folder, "locales", file), "utf8"));
}

function listKeys(value: unknown, prefix = ""): string[] {
  if (typeof value === "string") return [prefix];
  return Object.entries(value as object).flatMap(([key, inner]) =>
    listKeys(inner, prefix === "" ? key : `${prefix}.${key}`),
  );
}

function findText(words: unknown, key: string): unknown {
  return key.split(".").reduce<unknown>((at, part) => (at as Record<string, unknown>)?.[part], words);
}

test("Shopify's theme check has nothing to say about the extension", { timeout: 60_000 }, async () => {
  const { offenses } = await themeCheckRun(folder, join(folder, ".theme-check.yml"));
  expect(offenses.map(({ check, message, uri }) => ({ check, message, uri }))).toEqual([]);
});

test("the schema is one that Shopify accepts, an app embed in the body", () => {
  const block = schema.parse(readSchema());
  expect(block.target).toBe("body");
  for (const one of block.settings) {
    if (one.type === "select") expect(one.options.map((option) => option.value)).toContain(one.default);
  }
});

test("every text the schema names exists, and the block's name fits in 25 characters", () => {
  const words = readJson("en.default.schema.json");
  const block = schema.parse(readSchema());
  const named = [...JSON.stringify(block).matchAll(/"t:([^"]+)"/g)].map((match) => match[1]!);
  for (const key of named) expect(findText(words, key), key).toBeTypeOf("string");
  expect(named.toSorted()).toEqual(listKeys(words).toSorted());
  expect(String(findText(words, block.name.slice(2))).length).toBeLessThan(25);
});

test("every language has every text", () => {
  const wanted = listKeys(readJson("en.default.json")).toSorted();
  const files = readdirSync(join(folder, "locales")).filter((file) => !file.endsWith(".schema.json"));
  expect(files.toSorted()).toEqual(
    ["de", "en.default", "es", "fr", "it", "ja", "nl", "pt-BR", "pt-PT"].map((name) => `${name}.json`),
  );
  for (const file of files) expect(listKeys(readJson(file)).toSorted(), file).toEqual(wanted);
});

test("the extension holds no script and stays far below Shopify's limits", () => {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
    statSync(join(folder, file)).isFile(),
  );
  for (const file of files)
    expect(file).toMatch(
      /^(shopify\.extension\.toml|\.theme-check\.yml|blocks\/.*\.liquid|locales\/.*\.json)$/,
    );
  const source = readFileSync(join(folder, "blocks", "banner.liquid"), "utf8");
  expect(source).not.toMatch(/<script|\.js\b|\bon\w+=/i);
  expect(Buffer.byteLength(source)).toBeLessThan(8_000);
});
