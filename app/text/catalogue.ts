/** Every text a merchant sees, by language and namespace. English is complete; a language that follows falls back to it. */
import banner from "./en/banner.json" with { type: "json" };
import checklist from "./en/checklist.json" with { type: "json" };
import common from "./en/common.json" with { type: "json" };
import evidence from "./en/evidence.json" with { type: "json" };
import home from "./en/home.json" with { type: "json" };
import incident from "./en/incident.json" with { type: "json" };
import noticeLetter from "./en/notice-letter.json" with { type: "json" };
import notice from "./en/notice.json" with { type: "json" };
import obligation from "./en/obligation.json" with { type: "json" };
import people from "./en/people.json" with { type: "json" };
import refused from "./en/refused.json" with { type: "json" };
import scopeCategories from "./en/scope-categories.json" with { type: "json" };
import scope from "./en/scope.json" with { type: "json" };
import settings from "./en/settings.json" with { type: "json" };

export const languages = ["en"] as const;
export const fallbackLanguage = "en";

export const resources = {
  en: {
    banner,
    checklist,
    common,
    evidence,
    home,
    incident,
    notice,
    "notice-letter": noticeLetter,
    obligation,
    people,
    refused,
    scope,
    "scope-categories": scopeCategories,
    settings,
  },
};
