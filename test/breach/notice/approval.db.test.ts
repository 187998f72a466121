import { afterAll, beforeAll, expect, test } from "vitest";
import {
  countLetters,
  fillLetter,
  readNotice,
  readSendProgress,
  readWriters,
  startNotice,
} from "../../../app/breach/notice/notice.server.ts";
import type { Caller } from "../../../app/breach/ports.ts";
import { openJoint, shopA, shopB } from "../../joint.ts";
import type { Joint } from "../../joint.ts";
import { approveLetter, declare, findAndConfirm, setUp } from "../../prepare.ts";

let joint: Joint;
let caller: Caller;
let incident: string;
let run: string;

beforeAll(async () => {
  joint = await openJoint();
  caller = await joint.caller(shopA);
  incident = await declare(caller);
  run = await findAndConfirm(caller, incident, { kind: "everyone", leaveOutTests: false });
});
afterAll(() => joint.close());

test("a draft without contacts is filled from them later, and the merchant's own words stay", async () => {
  const noticeId = await caller.transact((ctx) => startNotice(ctx, incident, "personal_data", null));
  const { letter } = await caller.transact((ctx) => readNotice(ctx, incident, noticeId));
  const mine = {
    ...letter,
    blocks: letter.blocks.map((block) =>
      block.kind === "what_happened" ? { ...block, body: `${block.body}\n\nMy own words.` } : block,
    ),
  };
  expect(JSON.stringify(mine)).toContain("[[");
  await setUp(caller, joint.smtpPort);
  const filled = await caller.transact((ctx) => fillLetter(ctx, incident, noticeId, mine));
  expect(JSON.stringify(filled)).toContain("Robin Ahlers");
  expect(JSON.stringify(filled)).toContain("My own words.");
  const kept = await caller.transact((ctx) => readNotice(ctx, incident, noticeId));
  expect(kept.version).toBe(1);
  expect(kept.letter).toEqual(letter);
});

test("the counts shown before approval are those that approval plans", async () => {
  await setUp(caller, joint.smtpPort);
  const shown = await caller.transact((ctx) => countLetters(ctx, run));
  const notice = await approveLetter(caller, incident);
  const { letters, states } = await caller.transact((ctx) => readSendProgress(ctx, incident, notice));
  expect(shown).toEqual({
    letters,
    covered: states.covered ?? 0,
    withoutEmail: states.needs_alternative ?? 0,
  });
  expect(shown.letters).toBeGreaterThan(100);
  expect(shown.withoutEmail).toBeGreaterThan(0);
});

test("another shop counts nobody", async () => {
  const other = await joint.caller(shopB);
  expect(await other.transact((ctx) => countLetters(ctx, run))).toEqual({
    letters: 0,
    covered: 0,
    withoutEmail: 0,
  });
});

test("everybody who wrote is named once, in order", async () => {
  const noticeId = await approveLetter(caller, incident);
  expect(await caller.transact((ctx) => readWriters(ctx, incident, noticeId))).toEqual(["901"]);
});
