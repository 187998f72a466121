/** An event of the record as a sentence. Its type is a key under `event` in the catalogue `evidence`; its payload fills the sentence. */
import type { TFunction } from "i18next";
import type { Json } from "../breach/evidence/evidence.ts";
import { formatMoment } from "./moment.tsx";

type Payload = { [key: string]: Json };

function isObject(value: Json | undefined): value is Payload {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function numberOf(payload: Json | undefined, key: string): number {
  const value = isObject(payload) ? payload[key] : undefined;
  return typeof value === "number" ? value : 0;
}

function lengthOf(value: Json | undefined): number {
  return Array.isArray(value) ? value.length : 0;
}

/** Letters with an answer other than "accepted": the people behind them are reached another way. */
function restOf(states: Json | undefined): number {
  return ["rejected", "unknown", "needs_alternative"].reduce(
    (sum, state) => sum + numberOf(states, state),
    0,
  );
}

/** Values that the sentences of some types need beside the payload's own. */
function specialValues(
  type: string,
  payload: Payload,
  t: TFunction,
  zone: string,
  language: string,
): Record<string, unknown> {
  switch (type) {
    case "incident.facts_saved":
      return { count: lengthOf(payload["changes"]) };
    case "contacts.saved":
      return { count: lengthOf(payload["fields"]) };
    case "clock.set":
      return {
        clock: t(`incident:clock.${String(payload["kind"])}.label`),
        at: typeof payload["at"] === "string" ? formatMoment(new Date(payload["at"]), zone, language) : "",
        context: payload["at"] === null ? "withdrawn" : payload["before"] === null ? undefined : "changed",
      };
    case "scope.found":
    case "scope.confirmed":
      return { count: numberOf(payload, "people") };
    case "obligations.assessed":
      return {
        count: lengthOf(payload["duties"]),
        severity: t(`obligation:band.${String(payload["severity"])}`),
      };
    case "obligation.people_told":
      return { count: numberOf(payload, "duties") };
    case "obligation.told": {
      const [, place = "", duty = ""] = String(payload["duty"]).split(":");
      return { duty: `${t(`obligation:duty.${duty}`)} (${place})` };
    }
    case "notice.approved":
      return { count: numberOf(payload, "letters") };
    case "notice.batch":
      return { count: numberOf(payload, "rows"), accepted: numberOf(payload["states"], "accepted") };
    case "notice.finished":
      return { accepted: numberOf(payload["states"], "accepted"), rest: restOf(payload["states"]) };
    default:
      return {};
  }
}

export function describeEvent(
  event: { type: string; payload: Json },
  t: TFunction,
  zone: string,
  language: string,
): string {
  const payload = isObject(event.payload) ? event.payload : {};
  const values = { ...payload, ...specialValues(event.type, payload, t, zone, language) };
  return t([`evidence:event.${event.type}`, event.type], values);
}
