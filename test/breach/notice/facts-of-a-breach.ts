/** One incident's facts as a merchant would give them, for the letters' tests. */
import type { LetterFacts, SharedValues } from "../../../app/breach/notice/notice.ts";

export const breachFacts: LetterFacts = {
  incidentDates: {
    occurredFrom: new Date("2026-09-03T10:00:00Z"),
    occurredTo: new Date("2026-09-05T10:00:00Z"),
    discovered: new Date("2026-09-06T12:00:00Z"),
    aware: new Date("2026-09-06T22:30:00Z"),
    zone: "Europe/Paris",
  },
  categories: ["name", "email", "phone", "postal_address", "order_history"],
  notInvolved: ["card_full", "credentials"],
  narrative:
    "Someone used a stolen key of an app that works with our shop. With it they copied customer records.",
  measures: "We turned the app off on 6 September 2026. We changed all keys.",
  contacts: {
    hotline: "+33 1 23 45 67 89",
    hotlineHours: "Monday to Friday, 9:00 to 17:00",
    faqUrl: "https://moss.example/pages/faq",
    chatUrl: "",
    chatHours: "",
    replyEmail: "privacy@moss.example",
    postalAddress: "1 rue du Test\n75001 Paris",
    dpoName: "Léa Martin",
    dpoEmail: "dpo@moss.example",
    signerName: "Robin Ahlers",
    signerTitle: "Founder",
  },
  nextUpdate: { at: new Date("2026-09-12T15:00:00Z"), zone: "Europe/Paris" },
  statementUrl: "https://moss.example/apps/candor/statement",
};

/** A merchant who has told us nothing yet. */
export const nothingKnown: LetterFacts = {
  incidentDates: { occurredFrom: null, occurredTo: null, discovered: null, aware: null, zone: "UTC" },
  categories: ["email"],
  notInvolved: [],
  narrative: " ",
  measures: "",
  contacts: {
    hotline: "",
    hotlineHours: "",
    faqUrl: "",
    chatUrl: "",
    chatHours: "",
    replyEmail: "",
    postalAddress: "",
    dpoName: "",
    dpoEmail: "",
    signerName: "",
    signerTitle: "",
  },
  nextUpdate: null,
  statementUrl: null,
};

export const mossAndFern: SharedValues = {
  shopName: "Moss and Fern",
  letterDate: { at: new Date("2026-09-08T10:00:00Z"), zone: "Europe/Paris" },
};

/** Values that have broken mail merges elsewhere. */
export const hostileValues = [
  'Bob" <evil@z>, "x',
  "Ana\r\nBcc: evil@z.example",
  "Ana\nX-Evil: 1\r\n\r\n<b>body</b>",
  "nul\u0000 and \u0001\u0002\u0003\u0004\u0005 marks",
  "🙂👩‍👩‍👧 emoji",
  "\u202egnihsihp\u202c \u200fمرحبا \u2066x\u2069",
  "x".repeat(5000),
  "é ".repeat(2500) + "end",
  "{{ person.reference }}",
  "{% if shop.name %}x{% endif %}",
  "{{ 'a' | append: 'b' }}{%",
  "<script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  "</td></tr></table><!-- ",
  "&lt;b&gt; &amp; &#60;",
  "=?utf-8?B?ZXZpbA==?=",
  "**bold** [[hole]] 1. one",
  "\ud800 lone surrogate",
  "line\u2028separator\u2029paragraph\u0085next",
  ". leading dot",
  "From somebody",
];
