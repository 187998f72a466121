import { describe, expect, it } from "vitest";
import { secureDocument } from "../app/headers.server.ts";

function readPolicy(given: string | null): Map<string, string[]> {
  const headers = new Headers(given === null ? {} : { "Content-Security-Policy": given });
  secureDocument(headers, "bm9uY2U=");
  const policy = headers.get("Content-Security-Policy") ?? "";
  return new Map(
    policy.split(";").map((rule) => {
      const [name = "", ...sources] = rule.trim().split(/\s+/);
      return [name, sources] as const;
    }),
  );
}

describe("a document's headers", () => {
  it("keeps the shop's own frame-ancestors, whatever ends them", () => {
    const policy = readPolicy("frame-ancestors https://a.myshopify.com https://admin.shopify.com;");
    expect(policy.get("frame-ancestors")).toEqual(["https://a.myshopify.com", "https://admin.shopify.com"]);
    expect(policy.get("default-src")).toEqual(["'self'"]);
  });

  it("lets nobody but the admin frame a page that names no shop", () => {
    expect(readPolicy(null).get("frame-ancestors")).toEqual(["https://admin.shopify.com"]);
  });

  it("runs scripts of its own, of Shopify's CDN, and with the nonce; never inline or evaluated ones", () => {
    const scripts = readPolicy(null).get("script-src") ?? [];
    expect(scripts.toSorted()).toEqual(["'nonce-bm9uY2U='", "'self'", "https://cdn.shopify.com"]);
    expect(readPolicy(null).get("object-src")).toEqual(["'none'"]);
  });

  it("lets nothing be kept", () => {
    const headers = new Headers();
    secureDocument(headers, "x");
    expect(headers.get("Cache-Control")).toBe("no-store");
    expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
  });
});
