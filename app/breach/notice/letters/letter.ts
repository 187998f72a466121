/**
 * The shape of a letter to affected people: a subject and a row of blocks. The text of a block is plain: paragraphs, `1.` and `-` lists,
 * **bold**, `{{ field }}`, `{% if %}` and `{% unless %}`; see `markup.ts`.
 */
import { z } from "zod";
import type { DataCategory } from "../../scope/scope.ts";
import type { Contacts } from "../../team/team.ts";

export const letterKinds = ["personal_data", "holding_statement"] as const;
export type LetterKind = (typeof letterKinds)[number];

/** What a block is for. The law's elements are looked for by kind, so a block may be renamed, edited and moved freely. */
export const blockKinds = [
  "title",
  "sender",
  "what_happened",
  "unknown_so_far",
  "what_information",
  "not_involved",
  "what_we_are_doing",
  "what_could_happen",
  "what_you_can_do",
  "for_more_information",
  "next_update",
  "signature",
  "custom",
] as const;
export type BlockKind = (typeof blockKinds)[number];

/** Unique within its letter, stable across edits. */
export type BlockId = string;

const singleLine = (max: number) =>
  z
    .string()
    .max(max)
    .transform((text) => text.replace(/\s+/gu, " ").trim());

export const blockSchema = z.object({
  id: z.string().regex(/^[a-z0-9_-]{1,60}$/),
  kind: z.enum(blockKinds),
  /** Null: the text continues under the heading above. */
  heading: singleLine(120)
    .nullable()
    .transform((text) => text || null),
  body: z
    .string()
    .max(12_000)
    .transform((text) => text.replace(/\r\n?/g, "\n")),
});

export const letterSchema = z.object({
  kind: z.enum(letterKinds),
  language: z.literal("en"),
  subject: singleLine(200),
  blocks: z
    .array(blockSchema)
    .min(1)
    .max(40)
    .refine((blocks) => new Set(blocks.map((block) => block.id)).size === blocks.length, "sameBlockTwice"),
});

export type Block = z.infer<typeof blockSchema>;
export type Letter = z.infer<typeof letterSchema>;

/** A letter as an editor posts it: JSON in one field. */
export const letterField = z
  .string()
  .max(700_000)
  .transform((text, issues): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      issues.addIssue({ code: "custom", message: "invalid" });
      return z.NEVER;
    }
  })
  .pipe(letterSchema);

/** How a notice begins. A holding statement promises when the next word comes; `nextUpdate` is a local time of the shop. */
export const startNoticeSchema = z
  .object({
    kind: z.enum(letterKinds),
    nextUpdate: z
      .union([z.literal(""), z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/, "datetime")])
      .default(""),
  })
  .refine((start) => start.kind !== "holding_statement" || start.nextUpdate !== "", {
    message: "datetime",
    path: ["nextUpdate"],
  });

/** What is known of the incident's course. Instants; `zone` (IANA) says in which local time people read them. */
export type IncidentDates = {
  occurredFrom: Date | null;
  occurredTo: Date | null;
  discovered: Date | null;
  aware: Date | null;
  zone: string;
};

/** All that a draft is made from. Empty text and null mean "not given": the draft then carries a `[[placeholder]]`. */
export type LetterFacts = {
  incidentDates: IncidentDates;
  categories: readonly DataCategory[];
  notInvolved: readonly DataCategory[];
  narrative: string;
  measures: string;
  contacts: Contacts;
  nextUpdate: { at: Date; zone: string } | null;
  statementUrl: string | null;
  /** A title that a law prescribes (California: "Notice of Data Breach"). */
  requiredTitle?: string | null;
  requiredHeadings?: readonly string[];
  /** Elements that the laws of this incident ask for (`contentRequired`); some add sentences to the draft. */
  elements?: readonly string[];
  /** Did the police or another authority ask to wait with this notice? Null or absent: not answered yet. */
  lawEnforcementDelay?: boolean | null;
};
