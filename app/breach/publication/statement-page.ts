/**
 * The statement as customers read it, on the shop's own domain. Shopify renders the app's answer as Liquid inside the theme, so every
 * word a merchant typed is written as text twice over: no markup for the browser and no brace for Liquid. Works without JavaScript.
 */
import type { Contacts } from "../team/team.ts";
import type { Statement } from "./publication.ts";

export type StatementPage = {
  shopName: string;
  statement: Statement;
  contacts: Contacts;
  updatedAt: Date;
  /** IANA zone of the shop. */
  zone: string;
};

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "{": "&#123;",
  "}": "&#125;",
  "%": "&#37;",
};

/** Text as HTML that Liquid passes through untouched; also safe inside a quoted attribute. */
export function escapeText(text: string): string {
  return text
    .toWellFormed()
    .replace(/(?!\n)\p{Cc}|[\u202a-\u202e\u2066-\u2069\ufeff]/gu, "")
    .replace(/[&<>"'{}%]/gu, (sign) => entities[sign] ?? "");
}

/** "23 November 2026, 14:05 (Europe/Berlin)": the month in words, so that no reader takes 3/9 for 9 March. */
export function writeMoment(at: Date, zone: string): string {
  const day = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    day: "numeric",
    month: "long",
    year: "numeric",
  });
  const time = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  return `${day.format(at)}, ${time.format(at)} (${zone})`;
}

const bullet = /^[-•*]\s+/u;
const numbered = /^\d{1,2}[.)]\s+/u;

function kindOf(line: string): "ul" | "ol" | "p" {
  return bullet.test(line) ? "ul" : numbered.test(line) ? "ol" : "p";
}

/** An empty line parts paragraphs; lines that begin with "-" or "1." are a list. */
function writeParagraphs(text: string): string {
  const parts: { kind: "ul" | "ol" | "p"; lines: string[] }[] = [];
  let fresh = true;
  for (const line of text.split(/\r\n?|\n/u).map((each) => each.trim())) {
    if (line === "") {
      fresh = true;
      continue;
    }
    const kind = kindOf(line);
    const last = parts.at(-1);
    if (last !== undefined && last.kind === kind && (kind !== "p" || !fresh)) last.lines.push(line);
    else parts.push({ kind, lines: [line] });
    fresh = false;
  }
  return parts
    .map(({ kind, lines }) => {
      if (kind === "p") return `<p dir="auto">${lines.map(escapeText).join("<br>")}</p>`;
      const items = lines.map((line) => escapeText(line.replace(kind === "ul" ? bullet : numbered, "")));
      return `<${kind}>${items.map((item) => `<li dir="auto">${item}</li>`).join("")}</${kind}>`;
    })
    .join("\n");
}

function writeSection(heading: string, text: string): string {
  return text.trim() === "" ? "" : `<section><h2>${heading}</h2>\n${writeParagraphs(text)}</section>`;
}

function link(href: string, text: string): string {
  return `<a href="${escapeText(href)}" rel="noopener">${escapeText(text)}</a>`;
}

/** Only what begins like a web address becomes a link. */
function webLink(address: string, text: string): string {
  return /^https:\/\/[^\s"'<>]+$/u.test(address) ? link(address, text) : "";
}

function mailLink(address: string): string {
  return /^[^\s@"'<>]+@[^\s@"'<>]+$/u.test(address)
    ? link(`mailto:${address}`, address)
    : escapeText(address);
}

function phoneLink(number: string): string {
  const digits = number.replace(/[^\d+]/gu, "");
  return digits === "" ? escapeText(number) : link(`tel:${digits}`, number);
}

function writeContacts(contacts: Contacts): string {
  const hours = (text: string) => (text.trim() === "" ? "" : ` (${escapeText(text)})`);
  const chat = webLink(contacts.chatUrl, "Open the chat");
  const faq = webLink(contacts.faqUrl, "Questions and answers");
  const address = contacts.postalAddress.split("\n").map((line) => line.trim());
  const rows: [string, string][] = [
    ["Phone", contacts.hotline === "" ? "" : `${phoneLink(contacts.hotline)}${hours(contacts.hotlineHours)}`],
    ["Email", mailLink(contacts.replyEmail)],
    ["Chat", chat === "" ? "" : `${chat}${hours(contacts.chatHours)}`],
    ["More answers", faq],
    ["By post", address.filter(Boolean).map(escapeText).join("<br>")],
  ];
  const shown = rows.filter(([, value]) => value !== "");
  if (shown.length === 0) return "";
  const list = shown
    .map(([name, value]) => `<div><dt>${name}</dt><dd dir="auto">${value}</dd></div>`)
    .join("\n");
  return `<section class="candor-statement__contact"><h2>How to reach us</h2>\n<dl>${list}</dl></section>`;
}

// Colours and fonts stay the theme's, so that the page belongs to the shop and follows its dark mode.
const styles = `<style>
.candor-statement { max-width: 42rem; margin: 0 auto; padding: 2rem 1rem 4rem; line-height: 1.6; overflow-wrap: anywhere; }
.candor-statement h1 { margin: 0 0 .5rem; line-height: 1.2; }
.candor-statement h2 { margin: 2rem 0 .5rem; font-size: 1.25em; line-height: 1.3; }
.candor-statement p { margin: 0 0 1rem; }
.candor-statement ul, .candor-statement ol { margin: 0 0 1rem; padding-inline-start: 1.5rem; }
.candor-statement li { margin: 0 0 .4rem; }
.candor-statement a { text-decoration: underline; text-underline-offset: .15em; }
.candor-statement__contact { margin-top: 2.5rem; padding: 1rem 1.25rem 1.25rem; border: 1px solid currentColor; border-radius: .5rem; }
.candor-statement__contact h2 { margin-top: 0; }
.candor-statement dl { margin: 0; }
.candor-statement dl div { margin: .6rem 0 0; }
.candor-statement dt { font-weight: 700; }
.candor-statement dd { margin: 0; }
</style>`;

/** The whole statement as one block of HTML, to be set into the theme's page. */
export function writeStatement(page: StatementPage): string {
  const { statement } = page;
  return [
    styles,
    `<article class="candor-statement" lang="en">`,
    `<h1 dir="auto">${escapeText(statement.heading)}</h1>`,
    `<p>${escapeText(page.shopName)}. Last updated <time datetime="${page.updatedAt.toISOString()}">${escapeText(
      writeMoment(page.updatedAt, page.zone),
    )}</time>.</p>`,
    writeSection("What happened", statement.whatHappened),
    writeSection("What information was involved", statement.whatInformation),
    writeSection("What we are doing", statement.whatWeAreDoing),
    writeSection("What you can do", statement.whatYouCanDo),
    writeContacts(page.contacts),
    `</article>`,
  ]
    .filter((part) => part !== "")
    .join("\n");
}

export function writeNoStatement(shopName: string): string {
  return [
    styles,
    `<article class="candor-statement" lang="en">`,
    `<h1>There is no statement at the moment</h1>`,
    `<p>${escapeText(shopName)} has no public statement now.</p>`,
    `</article>`,
  ].join("\n");
}
