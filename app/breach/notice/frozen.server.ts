/** What approval froze, read back, and the hash that proves it is still the same. */
import { createHash } from "node:crypto";
import type { Notice } from "@prisma/client";
import canonicalize from "canonicalize";
import type { Context } from "../ports.ts";
import { letterSchema } from "./notice.ts";
import type { Letter, LetterKind, SharedValues } from "./notice.ts";
import type { Sender } from "./sender.ts";
import { openSender } from "./sender.server.ts";

export type Frozen = {
  noticeId: string;
  incidentId: string;
  kind: LetterKind;
  version: number;
  letter: Letter;
  shared: SharedValues;
  sender: Sender;
  mailDate: Date;
  runId: string;
  contentSha256: string;
  listSha256: string;
  /** The content hash as everything stands now. */
  contentNow: string;
};

/** SHA-256 over all that decides the bytes of every letter, people aside. */
export function hashContent(letter: Letter, shared: SharedValues, sender: Sender): string {
  const text = canonicalize({
    letter,
    shopName: shared.shopName,
    date: shared.letterDate.at.toISOString(),
    zone: shared.letterDate.zone,
    from: { name: sender.fromName, address: sender.fromAddress },
    replyTo: sender.replyTo,
  });
  if (text === undefined) throw new Error("a letter that cannot be written as JSON");
  return createHash("sha256").update(text).digest("hex");
}

export function sharedValues(ctx: Context, mailDate: Date): SharedValues {
  return { shopName: ctx.shop.name, letterDate: { at: mailDate, zone: ctx.shop.timeZone } };
}

export async function readLetter(ctx: Context, noticeId: string, version: number): Promise<Letter> {
  const row = await ctx.db.noticeVersion.findUniqueOrThrow({
    where: { shopId_noticeId_version: { shopId: ctx.shop.id, noticeId, version } },
  });
  return letterSchema.parse(row.letter);
}

/** Null unless the notice is sending and everything it needs is there. */
export async function readFrozen(ctx: Context, noticeId: string): Promise<Frozen | null> {
  const notice: Notice | null = await ctx.db.notice.findFirst({
    where: { shopId: ctx.shop.id, id: noticeId },
  });
  if (notice === null || notice.state !== "sending") return null;
  const { approvedVersion, mailDate, runId, contentSha256, listSha256 } = notice;
  const sender = await openSender(ctx);
  if (
    sender === null ||
    approvedVersion === null ||
    mailDate === null ||
    runId === null ||
    contentSha256 === null ||
    listSha256 === null
  )
    throw new Error("a notice that is sending without an approval");
  const letter = await readLetter(ctx, noticeId, approvedVersion);
  const shared = sharedValues(ctx, mailDate);
  return {
    noticeId,
    incidentId: notice.incidentId,
    kind: letter.kind,
    version: approvedVersion,
    letter,
    shared,
    sender,
    mailDate,
    runId,
    contentSha256,
    listSha256,
    contentNow: hashContent(letter, shared, sender),
  };
}
