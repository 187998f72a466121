/**
 * Names of countries by ISO 3166-1 code, in the language of the page. Made on the server alone: browsers' tables differ from Node's, and a
 * page must not change when it wakes up.
 */
export function nameCountries(codes: Iterable<string | null>, language: string): Record<string, string> {
  const names = new Intl.DisplayNames([language], { type: "region", fallback: "code" });
  const found: Record<string, string> = {};
  for (const code of codes)
    if (code !== null && /^[A-Z]{2}$/.test(code)) found[code] = names.of(code) ?? code;
  return found;
}
