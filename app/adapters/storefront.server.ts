/**
 * What the theme app embed reads: one app-data metafield, `candor.banner`, owned by the app's installation. No theme is edited.
 * https://shopify.dev/docs/apps/build/custom-data/ownership
 */
import { z } from "zod";
import { Outage } from "../breach/ports.ts";
import type { BannerContent, Storefront } from "../breach/ports.ts";
import type { AdminCall } from "./admin-api.server.ts";

const namespace = "candor";
const key = "banner";

const readQuery = `#graphql
  query CandorBanner {
    currentAppInstallation { id metafield(namespace: "candor", key: "banner") { value compareDigest } }
  }
`;

const setMutation = `#graphql
  mutation CandorSetBanner($metafields: [MetafieldsSetInput!]!) {
    metafieldsSet(metafields: $metafields) {
      metafields { compareDigest }
      userErrors { field message code }
    }
  }
`;

const deleteMutation = `#graphql
  mutation CandorClearBanner($metafields: [MetafieldIdentifierInput!]!) {
    metafieldsDelete(metafields: $metafields) {
      deletedMetafields { key }
      userErrors { field message }
    }
  }
`;

const contentSchema = z.object({
  enabled: z.literal(true),
  state: z.enum(["holding", "notice", "update", "all_clear"]),
  message: z.record(z.string(), z.string()),
  statementPath: z.string(),
  version: z.number(),
});

const installationSchema = z.object({
  currentAppInstallation: z.object({
    id: z.string(),
    metafield: z.object({ value: z.string(), compareDigest: z.string() }).nullable(),
  }),
});

const errorsSchema = z.array(z.object({ message: z.string() }).loose());

export function createStorefront(call: AdminCall): Storefront {
  async function readInstallation() {
    return (await call(readQuery, {}, installationSchema)).currentAppInstallation;
  }

  return {
    async readBanner() {
      const { metafield } = await readInstallation();
      if (metafield === null) return { content: null, digest: null };
      const { enabled: _enabled, ...content } = contentSchema.parse(JSON.parse(metafield.value));
      return { content, digest: metafield.compareDigest };
    },
    async publishBanner(content: BannerContent | null) {
      const { id: ownerId } = await readInstallation();
      if (content === null) {
        const cleared = await call(
          deleteMutation,
          { metafields: [{ ownerId, namespace, key }] },
          z.object({ metafieldsDelete: z.object({ userErrors: errorsSchema }).nullable() }),
        );
        if ((cleared.metafieldsDelete?.userErrors.length ?? 1) > 0) throw new Outage("store", "rejected");
        return { digest: "" };
      }
      const value = JSON.stringify({ enabled: true, ...content });
      const set = await call(
        setMutation,
        { metafields: [{ ownerId, namespace, key, type: "json", value }] },
        z.object({
          metafieldsSet: z
            .object({
              metafields: z.array(z.object({ compareDigest: z.string() })).nullable(),
              userErrors: errorsSchema,
            })
            .nullable(),
        }),
      );
      const digest = set.metafieldsSet?.metafields?.[0]?.compareDigest;
      if ((set.metafieldsSet?.userErrors.length ?? 1) > 0 || digest === undefined)
        throw new Outage("store", "rejected");
      return { digest };
    },
  };
}
