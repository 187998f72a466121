/** Shopify's whole Admin schema, so that whatever the real API would refuse is refused here. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { buildSchema, type GraphQLSchema } from "graphql";

export const apiVersion = "2026-10";

let cached: GraphQLSchema | undefined;

/** Built on first use (about 0.3 s), then kept. */
export function loadAdminSchema(): GraphQLSchema {
  if (!cached) {
    const packed = readFileSync(new URL(`../fixtures/admin-${apiVersion}.graphql.gz`, import.meta.url));
    cached = buildSchema(gunzipSync(packed).toString("utf8"), { assumeValid: true, assumeValidSDL: true });
  }
  return cached;
}
