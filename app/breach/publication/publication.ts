/**
 * What the store says in public: the banner on every page and the statement behind it. Plain text only; the theme escapes it.
 *
 * A banner is true or it is not there: the screen shows what the store confirmed to hold, not what was asked for.
 */
import { z } from "zod";
import type { BannerContent } from "../ports.ts";

export { draftPublication } from "./draft.en.ts";
export type { PublicationFacts } from "./draft.en.ts";
export { writeNoStatement, writeStatement } from "./statement-page.ts";
export type { StatementPage } from "./statement-page.ts";

export const bannerStates = ["holding", "notice", "update", "all_clear"] as const;

export const statementSchema = z.object({
  heading: z.string().trim().min(3, "short").max(120),
  whatHappened: z.string().trim().min(10, "short").max(4000),
  whatInformation: z.string().trim().max(4000).default(""),
  whatWeAreDoing: z.string().trim().max(4000).default(""),
  whatYouCanDo: z.string().trim().max(4000).default(""),
});
export type Statement = z.infer<typeof statementSchema>;

export const bannerSchema = z.object({
  bannerState: z.enum(bannerStates),
  message: z.string().trim().min(10, "short").max(240, "long"),
});
export type BannerForm = z.infer<typeof bannerSchema>;

/** Where the storefront serves the statement, through the app proxy of shopify.app.toml. A merchant may rename the path; the signed request tells. */
export const statementPath = "/apps/candor/statement";

export type PublicationState = "off" | "publishing" | "live" | "withdrawing";

/** What is true of the storefront, from what was wanted and what the store confirmed. */
export function publicationState(row: {
  wantedLive: boolean;
  version: number;
  syncedVersion: number | null;
  storeDigest: string | null;
}): PublicationState {
  if (row.wantedLive)
    return row.storeDigest !== null && row.syncedVersion === row.version ? "live" : "publishing";
  return row.storeDigest === null ? "off" : "withdrawing";
}

export function bannerContent(form: BannerForm, version: number): BannerContent {
  return { state: form.bannerState, message: { en: form.message }, statementPath, version };
}
