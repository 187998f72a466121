import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readThemeExtension } from "../demo-store/front/extension.ts";
import type { BlockContext } from "../demo-store/front/extension.ts";

const extension = readThemeExtension(
  join(import.meta.dirname, "..", "..", "extensions", "storefront-notice"),
  "banner",
);

const notice = {
  enabled: true,
  state: "notice",
  message: {
    en: "Some names and addresses were copied.",
    fr: "Des noms ont été copiés.",
    ar: "نُسخت بعض الأسماء.",
  },
  statementPath: "/apps/candor/statement",
  version: 3,
};

function render(banner: unknown, more: Partial<BlockContext> = {}): string {
  return extension.render({ banner, locale: "en", settings: {}, ...more });
}

describe("renders nothing at all", () => {
  test.each([
    ["when there is no metafield", null],
    ["when it is empty", {}],
    ["when it is not enabled", { ...notice, enabled: false }],
    ["when enabled is missing", { ...notice, enabled: undefined }],
    ["when enabled is only truthy", { ...notice, enabled: "false" }],
    ["when there is no message", { ...notice, message: {} }],
    ["when the message is blank", { ...notice, message: { en: "  " } }],
    ["when the message is not a map", { ...notice, message: null }],
  ])("%s", (_when, banner) => {
    expect(render(banner)).toBe("");
  });
});

test("shows heading, message and link in a labelled region", () => {
  const html = render(notice);
  expect(html).toContain('role="region"');
  expect(html).toContain('aria-label="Notice about a security incident"');
  expect(html).toContain("<summary>Notice about your personal data</summary>");
  expect(html).toContain('<span lang="en" dir="auto">Some names and addresses were copied.</span>');
  expect(html).toContain('<a href="/apps/candor/statement">Read the full statement</a>');
  expect(html).not.toContain("<script");
});

test.each([
  ["holding", "We are looking into a security incident"],
  ["notice", "Notice about your personal data"],
  ["update", "Update on the security incident"],
  ["all_clear", "The security incident is closed"],
])("state %s says “%s”", (state, heading) => {
  expect(render({ ...notice, state })).toContain(`<summary>${heading}</summary>`);
});

test.each([
  ["fr", "fr", "Des noms ont été copiés.", "Lire la déclaration complète"],
  ["fr-CA", "fr", "Des noms ont été copiés.", "Lire la déclaration complète"],
  ["ar", "ar", "نُسخت بعض الأسماء.", "Read the full statement"],
  ["ja", "en", "Some names and addresses were copied.", "お知らせの全文を読む"],
  ["pt", "en", "Some names and addresses were copied.", "Ler o comunicado completo"],
])("locale %s shows the message in %s", (locale, language, message, link) => {
  const html = render(notice, { locale });
  expect(html).toContain(`<span lang="${language}" dir="auto">${message}</span>`);
  expect(html).toContain(link);
});

test("writes what a merchant typed as text, never as markup", () => {
  const hostile = `"'><img src=x onerror=alert(1)>{{ 7 | times: 6 }}</style>`;
  const html = render({ ...notice, state: hostile, message: { en: hostile } });
  expect(html).not.toContain("<img");
  expect(html).not.toContain("42");
  expect(html.match(/<\/style>/g)).toHaveLength(1);
  expect(html).toContain("&#34;&#39;&gt;&lt;img src=x onerror=alert(1)&gt;{{ 7 | times: 6 }}&lt;/style&gt;");
});

test.each(["https://evil.example/", "//evil.example/", "javascript:alert(1)", "", undefined])(
  "links only to a path of the shop, not to %s",
  (statementPath) => {
    const html = render({ ...notice, statementPath });
    expect(html).toContain("Some names and addresses were copied.");
    expect(html).not.toContain("<a ");
  },
);

test("a hostile path can't leave its attribute", () => {
  const html = render({ ...notice, statementPath: '/a" onmouseover="alert(1)' });
  expect(html).toContain('href="/a&#34; onmouseover=&#34;alert(1)"');
});

/** WCAG 2.1, 1.4.3; relative luminance as its glossary defines it. */
function contrast(one: string, other: string): number {
  const luminance = (hex: string) => {
    const [r, g, b] = [1, 3, 5].map((at) => {
      const share = parseInt(hex.slice(at, at + 2), 16) / 255;
      return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
  };
  const [high, low] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (high! + 0.05) / (low! + 0.05);
}

test("keeps text readable whatever colors the merchant picks", () => {
  const steps = ["00", "40", "77", "80", "C0", "FF"];
  const colors = steps.flatMap((r) => steps.flatMap((g) => steps.map((b) => `#${r}${g}${b}`)));
  for (const background of colors) {
    for (const text of ["#FFFFFF", "#000000", "#777777", background]) {
      const html = render(notice, { settings: { background, text } });
      const used = /background:(#\w{6});color:(#\w{6})/.exec(html);
      // Shopify's filter rounds to one decimal place.
      expect(contrast(used![1]!, used![2]!), `${text} on ${background}`).toBeGreaterThanOrEqual(4.45);
    }
  }
});

test("stands at the bottom unless the merchant chose the top", () => {
  expect(render(notice)).toContain('class="candor-notice candor-notice--bottom"');
  expect(render(notice, { settings: { position: "top" } })).toContain("candor-notice--top");
  expect(render(notice, { settings: { position: '"><b>' } })).toContain("candor-notice--bottom");
});

test("takes no room in the page, so that nothing moves when it appears", () => {
  expect(render(notice)).toContain(".candor-notice{position:fixed;");
});

test("is small", () => {
  expect(Buffer.byteLength(render(notice))).toBeLessThan(2_500);
});
