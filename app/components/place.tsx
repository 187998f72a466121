import { useTranslation } from "react-i18next";

/** Says where somebody lives: "Germany", or "California, United States" where a law below the country matters. */
export type SayPlace = (country: string | null, region?: string | null) => string;

/** `names` comes from the loader (`nameCountries`). */
export function usePlaceName(names: Record<string, string>): SayPlace {
  const { t } = useTranslation("scope");
  return (country, region = null) => {
    if (country === null) return t("place.unknown");
    const name = names[country] ?? country;
    if (region === null) return name;
    return t("place.within", {
      region: t([`region.${country}-${region}`, "place.code"], { code: region }),
      country: name,
    });
  };
}

/** The parts of a jurisdiction's code: `US-CA` → US and CA. */
export function splitJurisdiction(code: string): { country: string; region: string | null } {
  const [country = code, region = null] = code.split("-");
  return { country, region };
}
