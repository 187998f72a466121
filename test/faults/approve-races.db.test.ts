/** Two tabs, two people, two clicks: whatever wins, there is one batch, and nobody is written to who should not be. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { verifyStream } from "../../app/breach/evidence/evidence.server.ts";
import {
  approveNotice,
  dispatchNotice,
  readNotice,
  saveLetter,
  sendNotice,
  startNotice,
  withdrawApproval,
} from "../../app/breach/notice/notice.server.ts";
import type { Caller } from "../../app/breach/ports.ts";
import { Refused } from "../../app/breach/ports.ts";
import { openJoint, shopA } from "../joint.ts";
import type { Joint } from "../joint.ts";
import { approveLetter, declare, findAndConfirm, setUp } from "../prepare.ts";

let joint: Joint;
let caller: Caller;
let incident: string;
let run: string;

beforeAll(async () => {
  joint = await openJoint();
  caller = await joint.caller(shopA);
  incident = await declare(caller);
  run = await findAndConfirm(caller, incident, {
    kind: "orders",
    from: "2026-11-01",
    to: "2026-11-20",
    leaveOutTests: true,
  });
  await setUp(caller, joint.smtpPort);
});
afterAll(() => joint?.close());

/** A letter ready for approval. */
async function draft(): Promise<string> {
  const notice = await caller.transact((ctx) => startNotice(ctx, incident, "personal_data", null));
  await caller.transact(async (ctx) => {
    const view = await readNotice(ctx, incident, notice);
    const blocks = view.letter.blocks.map((block) => ({
      ...block,
      body: block.body.replace(/\[\[[^\]]*\]\]/g, "We know this much and will tell you more."),
    }));
    await saveLetter(ctx, incident, notice, { ...view.letter, blocks }, view.version);
  });
  return notice;
}

const view = (notice: string) => caller.transact((ctx) => readNotice(ctx, incident, notice));
const countRows = (notice: string) =>
  caller.transact((ctx) => ctx.db.delivery.count({ where: { noticeId: notice } }));
const countPeople = () => caller.transact((ctx) => ctx.db.affectedPerson.count({ where: { runId: run } }));
const approve = (notice: string, seen: number) =>
  caller.transact((ctx) => approveNotice(ctx, incident, notice, seen));
const send = (notice: string) => caller.transact((ctx) => sendNotice(ctx, incident, notice));
const withdraw = (notice: string) => caller.transact((ctx) => withdrawApproval(ctx, incident, notice));

async function countEvents(notice: string, type: string): Promise<number> {
  const events = await caller.transact((ctx) =>
    ctx.db.evidenceEvent.findMany({ where: { stream: `incident:${incident}`, type } }),
  );
  return events.filter((event) => (event.payload as { notice?: string }).notice === notice).length;
}

/** Starts all at once; what was refused must have been refused by a rule. */
async function race(acts: (() => Promise<unknown>)[]): Promise<boolean[]> {
  const ends = await Promise.allSettled(acts.map((act) => act()));
  for (const end of ends) if (end.status === "rejected") expect(end.reason).toBeInstanceOf(Refused);
  return ends.map((end) => end.status === "fulfilled");
}

/** Everybody with an address got one letter. */
async function expectOneEach(notice: string): Promise<void> {
  const letters = await caller.transact((ctx) =>
    ctx.db.delivery.findMany({ where: { noticeId: notice, addressHash: { not: null }, coveredBy: null } }),
  );
  expect(joint.mails.length).toBe(letters.length);
  expect(new Set(joint.mails.map((mail) => mail.to)).size).toBe(letters.length);
  expect(new Set(letters.map((row) => row.state))).toEqual(new Set(["accepted"]));
}

describe("at the same moment", () => {
  test("two approvals: one plan, one record", async () => {
    const notice = await draft();
    const { version } = await view(notice);
    const won = await race([
      () => approve(notice, version),
      () => approve(notice, version),
      () => approve(notice, version),
    ]);
    expect(won.filter(Boolean).length).toBe(1);
    expect(await countRows(notice)).toBe(await countPeople());
    expect(await countEvents(notice, "notice.approved")).toBe(1);
  });

  test("send in two tabs: one start, one letter each", async () => {
    joint.mails.length = 0;
    const notice = await approveLetter(caller, incident);
    await race([() => send(notice), () => send(notice), () => send(notice)]);
    await send(notice);
    expect(await countEvents(notice, "notice.send_started")).toBe(1);
    await Promise.all([
      dispatchNotice(caller, notice),
      dispatchNotice(caller, notice),
      dispatchNotice(caller, notice),
    ]);
    await expectOneEach(notice);
  });

  test.each([1, 2, 3, 4])("approval and an edit (%i): what is approved is what was seen", async (round) => {
    joint.mails.length = 0;
    const notice = await draft();
    const { version, letter } = await view(notice);
    const edit = () =>
      caller.transact((ctx) =>
        saveLetter(ctx, incident, notice, { ...letter, subject: `Edited ${round}` }, version),
      );
    const acts = [() => approve(notice, version), edit];
    const [approved, edited] =
      round % 2 === 0 ? await race(acts) : (await race(acts.toReversed())).toReversed();
    expect(approved).toBe(!edited);
    const after = await view(notice);
    if (edited) {
      expect(after).toMatchObject({ state: "draft", version: version + 1 });
      expect(await countRows(notice)).toBe(0);
      return;
    }
    expect(after).toMatchObject({ state: "approved", version });
    await send(notice);
    await dispatchNotice(caller, notice);
    expect((await view(notice)).state).toBe("finished");
    expect(joint.mails.filter((mail) => mail.raw.includes("Edited"))).toEqual([]);
    await expectOneEach(notice);
  });

  test.each([1, 2, 3, 4, 5, 6])(
    "send and withdrawal (%i): either a draft without a plan or a send with all of it",
    async (round) => {
      joint.mails.length = 0;
      const notice = await approveLetter(caller, incident);
      const acts = [() => send(notice), () => withdraw(notice)];
      const [sent, withdrawn] =
        round % 2 === 0 ? await race(acts) : (await race(acts.toReversed())).toReversed();
      expect(sent).toBe(!withdrawn);
      await dispatchNotice(caller, notice);
      if (withdrawn) {
        expect(await view(notice)).toMatchObject({ state: "draft", contentSha256: null });
        expect(await countRows(notice)).toBe(0);
        expect(joint.mails).toEqual([]);
      } else {
        expect((await view(notice)).state).toBe("finished");
        expect(await countRows(notice)).toBe(await countPeople());
        await expectOneEach(notice);
      }
    },
  );

  test("two withdrawals: one of them", async () => {
    const notice = await approveLetter(caller, incident);
    await race([() => withdraw(notice), () => withdraw(notice)]);
    expect(await view(notice)).toMatchObject({ state: "draft", contentSha256: null });
    expect(await countEvents(notice, "notice.approval_withdrawn")).toBe(1);
  });

  test("the record of all this is whole", async () => {
    expect(await caller.transact((ctx) => verifyStream(ctx, `incident:${incident}`))).toMatchObject({
      intact: true,
    });
  });
});
