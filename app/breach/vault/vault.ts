/**
 * Personal data is sealed: one value per row, AES-256-GCM under the shop's own key, bound to shop, table and row. What can be shown
 * without opening is decided here: masks.
 */

/** `ana.silva@example.com` → `a•••@example.com`; keeps the domain, which the merchant needs to judge a list. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf("@");
  if (at < 1) return "•••";
  return `${Array.from(email)[0]}•••${email.slice(at)}`;
}

/** `Ana Silva` → `A••• S•••`. */
export function maskName(name: string): string {
  return name
    .split(/\s+/u)
    .filter(Boolean)
    .map((part) => `${Array.from(part)[0]}•••`)
    .join(" ");
}

/** `+4915112345678` → `+49•••78`. */
export function maskPhone(phone: string): string {
  return phone.length < 6 ? "•••" : `${phone.slice(0, 3)}•••${phone.slice(-2)}`;
}
