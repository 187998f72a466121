/**
 * Writes and checks the chain. `record` shares the transaction of the act it records, so neither exists without the other; the database
 * clock stamps it; a lock per stream keeps the chain linear under concurrent writers.
 */
import { createHash, randomBytes, randomUUID } from "node:crypto";
import type { Prisma } from "@prisma/client";
import type { Context } from "../ports.ts";
import { seal } from "../vault/vault.server.ts";
import { canonicalEvent, genesis } from "./evidence.ts";
import type { ChainVerdict, Event, Json, Stream } from "./evidence.ts";

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Keeps other writers of a stream waiting until this transaction ends: what is read after it stands. */
export async function holdStream(ctx: Context, stream: Stream): Promise<void> {
  await ctx.db.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`${ctx.shop.id}|${stream}`}, 0))`;
}

/** Appends one event to its stream and returns its place and hash. */
export async function record(
  ctx: Context,
  stream: Stream,
  type: string,
  payload: { [key: string]: Json },
): Promise<{ seq: number; hash: string }> {
  await holdStream(ctx, stream);
  const [head] = await ctx.db.$queryRaw<{ seq: number | null; hash: string | null; at: Date }[]>`
    SELECT e.seq, e.hash, date_trunc('milliseconds', clock_timestamp()) AS at
    FROM (SELECT 1) one LEFT JOIN LATERAL (
      SELECT seq, hash FROM evidence_event WHERE shop_id = ${ctx.shop.id} AND stream = ${stream} ORDER BY seq DESC LIMIT 1
    ) e ON true`;
  if (head === undefined) throw new Error("the database clock did not answer");
  const event = {
    stream,
    seq: (head.seq ?? 0) + 1,
    prev: head.hash ?? genesis,
    at: head.at,
    actor: ctx.actor as Json,
    type,
    payload,
  };
  const hash = sha256(canonicalEvent(event));
  await ctx.db.evidenceEvent.create({
    data: {
      ...event,
      shopId: ctx.shop.id,
      hash,
      actor: event.actor as Prisma.InputJsonValue,
      payload: payload as Prisma.InputJsonValue,
    },
  });
  return { seq: event.seq, hash };
}

/**
 * Puts personal text beside the chain: the event carries only SHA-256(salt, text); salt and text lie in a sealed cell that can be erased
 * without breaking the chain.
 */
export async function commitText(ctx: Context, text: string): Promise<{ cell: string; commitment: string }> {
  const cell = randomUUID();
  const salt = randomBytes(16).toString("hex");
  await ctx.db.evidenceCell.create({
    data: { id: cell, shopId: ctx.shop.id, sealed: seal(ctx, "evidence_cell", cell, { salt, text }) },
  });
  return { cell, commitment: sha256(`${salt}${text}`) };
}

/** What stands in a record for text that people typed, and that may name somebody: a commitment, or null for no text. */
export async function commitTyped(ctx: Context, text: string): Promise<Json> {
  return text === "" ? null : { ...(await commitText(ctx, text)) };
}

/** Walks the whole stream and names the first event that does not fit, if any. */
export async function verifyStream(ctx: Context, stream: Stream): Promise<ChainVerdict> {
  let prev = genesis;
  let seq = 0;
  for (;;) {
    const rows = await ctx.db.evidenceEvent.findMany({
      where: { shopId: ctx.shop.id, stream, seq: { gt: seq } },
      orderBy: { seq: "asc" },
      take: 500,
    });
    if (rows.length === 0) return { intact: true, events: seq, head: prev };
    for (const row of rows) {
      if (row.seq !== seq + 1) return { intact: false, seq: seq + 1, type: row.type, problem: "missing" };
      if (row.prev !== prev) return { intact: false, seq: row.seq, type: row.type, problem: "link" };
      const expected = sha256(
        canonicalEvent({ ...row, actor: row.actor as Json, payload: row.payload as Json }),
      );
      if (expected !== row.hash) return { intact: false, seq: row.seq, type: row.type, problem: "content" };
      prev = row.hash;
      seq = row.seq;
    }
  }
}

/** One page of a stream, newest first. */
export async function readTimeline(
  ctx: Context,
  stream: Stream,
  before: number | null,
  take = 50,
): Promise<Event[]> {
  const rows = await ctx.db.evidenceEvent.findMany({
    where: { shopId: ctx.shop.id, stream, ...(before === null ? {} : { seq: { lt: before } }) },
    orderBy: { seq: "desc" },
    take,
  });
  return rows.map((row) => ({ ...row, actor: row.actor as Json, payload: row.payload as Json }));
}
