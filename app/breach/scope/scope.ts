/**
 * Who was affected: criteria over the store's own records, people merged from records, and where each of them lives.
 *
 * Invariants: rows matched = people + rows merged; nobody is dropped for lacking an address; an export that is not proved whole yields no
 * list. Residence follows the person, not the store: default or shipping address, else billing address, else phone prefix, else unknown.
 */
import { Temporal } from "temporal-polyfill";
import { z } from "zod";
import type { Window } from "../ports.ts";
import { dataCategories } from "./categories.ts";
import type { DataCategory } from "./categories.ts";

export { dataCategories };
export type { DataCategory };
export { normalizeEmail, parseAddress } from "./address.ts";

const localDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "date");

export const criteriaSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("everyone"), leaveOutTests: z.boolean() }),
  z
    .object({ kind: z.literal("orders"), from: localDate, to: localDate, leaveOutTests: z.boolean() })
    .refine((criteria) => criteria.from <= criteria.to, { message: "reversed", path: ["to"] }),
]);
export type Criteria = z.infer<typeof criteriaSchema>;

export const categoriesSchema = z.array(z.enum(dataCategories)).min(1, "none");

/** What Shopify's own order and customer records hold: the preset for leaks of either. */
export const recordCategories: DataCategory[] = ["name", "email", "phone", "postal_address", "order_history"];

/** Local days of the store, both included, as instants: from the first moment of `from` to the first moment after `to`. Right on days of 23 and 25 hours. */
export function windowOfDays(from: string, to: string, zone: string): Window {
  const start = Temporal.PlainDate.from(from).toZonedDateTime(zone);
  const end = Temporal.PlainDate.from(to).add({ days: 1 }).toZonedDateTime(zone);
  return { from: new Date(start.epochMilliseconds), to: new Date(end.epochMilliseconds) };
}

/** Without `read_all_orders` Shopify shows an app the last 60 days of orders and silently nothing older. */
export const visibleOrderDays = 60;

/** The moment before which orders are invisible, or null when all are visible. */
export function invisibleBefore(grantedScopes: string[], now: Date): Date | null {
  if (grantedScopes.includes("read_all_orders")) return null;
  return new Date(now.getTime() - visibleOrderDays * 86_400_000);
}

export type RunState = "waiting" | "exporting" | "reading" | "ready" | "confirmed" | "failed" | "canceled";
export const openRunStates: RunState[] = ["waiting", "exporting", "reading"];

export type Progress = {
  done: number;
  expected: number | null;
  ratePerSecond: number | null;
  secondsLeft: number | null;
};

/** Rate since the start and time left at that rate; null until something can be said. */
export function progressOf(done: number, expected: number | null, startedAt: Date, now: Date): Progress {
  const seconds = (now.getTime() - startedAt.getTime()) / 1000;
  const rate = done > 0 && seconds > 0.5 ? done / seconds : null;
  const left =
    rate === null || expected === null || expected <= done ? null : Math.ceil((expected - done) / rate);
  return { done, expected, ratePerSecond: rate === null ? null : Math.round(rate), secondsLeft: left };
}
