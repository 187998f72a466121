import { RemixI18Next } from "remix-i18next/server";
import { fallbackLanguage, languages } from "./catalogue.ts";

/** Shopify tells the staff member's language in the address of the frame. */
export const requestLanguage = new RemixI18Next({
  detection: {
    supportedLanguages: [...languages],
    fallbackLanguage,
    searchParamKey: "locale",
    order: ["searchParams", "header"],
  },
});
