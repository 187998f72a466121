/** The security headers of every document and every answer to the app's own pages. */

/** Hosts of App Bridge and of what it reports to; Polaris's font comes from the same CDN. */
const shopifyCdn = "https://cdn.shopify.com";
const shopifyHosts = [shopifyCdn, "https://admin.shopify.com", "https://*.shopifysvc.com"];

function contentPolicy(frameAncestors: string, nonce: string): string {
  return [
    frameAncestors,
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' ${shopifyCdn}`,
    // Polaris positions its popovers with style attributes.
    `style-src 'self' 'unsafe-inline' ${shopifyCdn}`,
    `img-src 'self' data: ${shopifyCdn}`,
    `font-src 'self' ${shopifyCdn}`,
    `connect-src 'self' ${shopifyHosts.join(" ")}`,
    "frame-src 'self'",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
  ].join("; ");
}

/**
 * Completes the headers of a document. Shopify's library has put `frame-ancestors` for a request that names its shop; a request that names
 * none is shown nothing of any shop, only where to open Candor, and may say so inside the admin too.
 */
export function secureDocument(headers: Headers, nonce: string): void {
  const given = headers.get("Content-Security-Policy")?.replace(/;\s*$/, "");
  const ancestors =
    given?.startsWith("frame-ancestors ") === true ? given : "frame-ancestors https://admin.shopify.com";
  headers.set("Content-Security-Policy", contentPolicy(ancestors, nonce));
  secureAnswer(headers);
}

/** What documents and data have in common. Nothing of an incident may stay in a cache. */
export function secureAnswer(headers: Headers): void {
  headers.set("X-Content-Type-Options", "nosniff");
  headers.set("Referrer-Policy", "strict-origin-when-cross-origin");
  headers.set("Cache-Control", "no-store");
}
