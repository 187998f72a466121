/**
 * What an affected person is told: letters made of blocks, checked against what the laws ask for, composed for one person at a time.
 *
 * Invariants: a letter with a placeholder, an unknown field or an unbalanced condition is never composed or approved; a value of one
 * person is never markup, never Liquid, never more than its own place; a field without a value stops that letter instead of leaving a gap.
 * Sources: the content lists of GDPR art. 34, UK GDPR art. 34, Cal. Civ. Code 1798.82(d), N.Y. GBL 899-aa, PIPEDA (breach regulations
 * s. 3), Privacy Act 1988 (Cth) s. 26WL, as `obligation/` holds them; FTC and UK NCSC guidance on tone and on looking unlike phishing.
 */
export {
  blockKinds,
  blockSchema,
  letterField,
  letterKinds,
  letterSchema,
  startNoticeSchema,
} from "./letters/letter.ts";
export type {
  Block,
  BlockId,
  BlockKind,
  IncidentDates,
  Letter,
  LetterFacts,
  LetterKind,
} from "./letters/letter.ts";
export { draftLetter, fillPlaceholders, missingContent } from "./draft.ts";
export type { MissingItem } from "./draft.ts";
export { nameData } from "./letters/data.en.ts";
export { cleanScalar, inventAddressee, mergeFields, nameForGreeting } from "./merge.ts";
export type { Addressee, MergeField, SharedValues } from "./merge.ts";
export { findProblems } from "./markup.ts";
export type { LetterProblem } from "./markup.ts";
export { compileLetter, LetterInvalid, renderLetter, renderSample } from "./compose.ts";
export type { CompiledLetter, RenderedLetter } from "./compose.ts";
export { LetterGap } from "./liquid.ts";
export { contentCheck } from "./content.ts";
export type { Finding } from "./content.ts";
export { gradeGoal, longestSentence, readLetter } from "./readability.ts";
export type { Readability } from "./readability.ts";
export { explainPause } from "./outbox.ts";
export type { DeliveryState, NoticeState, PauseCause } from "./outbox.ts";
export { senderSchema } from "./sender.ts";
export type { Sender, SenderView } from "./sender.ts";
