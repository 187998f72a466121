/**
 * The record of every act, as a hash chain per stream.
 *
 * An event's hash is SHA-256 over the RFC 8785 canonical JSON of {stream, seq, prev, at, actor, type, payload}; `prev` is the hash of
 * the event before it (64 zeros for the first). Anyone who holds a head can prove that nothing before it was changed, removed or put in.
 */
import canonicalize from "canonicalize";

export type Stream = "shop" | `incident:${string}`;

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

export type Event = {
  stream: string;
  seq: number;
  prev: string;
  hash: string;
  at: Date;
  actor: Json;
  type: string;
  payload: Json;
};

export const genesis = "0".repeat(64);

/** The exact text that is hashed. `at` is written with milliseconds in UTC. */
export function canonicalEvent(event: Omit<Event, "hash">): string {
  const text = canonicalize({
    stream: event.stream,
    seq: event.seq,
    prev: event.prev,
    at: event.at.toISOString(),
    actor: event.actor,
    type: event.type,
    payload: event.payload,
  });
  if (text === undefined) throw new Error("an event that cannot be written as JSON");
  return text;
}

export type ChainVerdict =
  | { intact: true; events: number; head: string }
  | { intact: false; seq: number; type: string; problem: "missing" | "link" | "content" };
