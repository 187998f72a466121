import { domainToASCII } from "node:url";
import { simpleParser } from "mailparser";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { verifyStream } from "../../../app/breach/evidence/evidence.server.ts";
import { readIncident } from "../../../app/breach/incident/incident.server.ts";
import {
  dispatchNotice,
  pauseNotice,
  readNotice,
  readSendProgress,
  resumeNotice,
  saveLetter,
  saveSender,
  sendNotice,
} from "../../../app/breach/notice/notice.server.ts";
import type { Caller } from "../../../app/breach/ports.ts";
import type { PersonData } from "../../../app/breach/scope/scope.server.ts";
import { openMany, seal } from "../../../app/breach/vault/vault.server.ts";
import { openJoint, shopA } from "../../joint.ts";
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
  run = await findAndConfirm(caller, incident, {
    kind: "orders",
    from: "2026-01-01",
    to: "2026-11-20",
    leaveOutTests: true,
  });
});
afterAll(() => joint.close());
beforeEach(async () => {
  joint.mails.length = 0;
  await setUp(caller, joint.smtpPort);
});

async function addresses(): Promise<string[]> {
  return caller.transact(async (ctx) => {
    const rows = await ctx.db.affectedPerson.findMany({ where: { runId: run } });
    const people = await openMany<PersonData>(ctx, "affected_person", rows, "test", run);
    return [...new Set(people.flatMap((person) => (person.email === null ? [] : [person.email])))].toSorted();
  });
}

/** The sink reads A-labels back into the domain's own script. */
function received(): string[] {
  return joint.mails
    .map(
      ({ to }) => `${to.slice(0, to.lastIndexOf("@"))}@${domainToASCII(to.slice(to.lastIndexOf("@") + 1))}`,
    )
    .toSorted();
}

describe("a send", () => {
  test("reaches every person with an address once, with the right letter, and says when it is done", async () => {
    const notice = await approveLetter(caller, incident);
    await caller.transact((ctx) => sendNotice(ctx, incident, notice));
    await dispatchNotice(caller, notice);
    const view = await caller.transact((ctx) => readNotice(ctx, incident, notice));
    expect(view.state).toBe("finished");
    expect(received()).toEqual(await addresses());

    const [mail] = joint.mails;
    const parsed = await simpleParser(mail!.raw);
    expect(parsed.from?.value).toEqual([{ address: "letters@shop.example", name: "Shop A" }]);
    expect(parsed.text).toContain("Robin Ahlers");
    expect(parsed.text).not.toMatch(/\{\{|\[\[/);
    expect(parsed.html).toContain("Robin Ahlers");
    expect(
      new Set(joint.mails.map((each) => /^Message-ID: (.*)$/im.exec(each.raw.toString())![1])).size,
    ).toBe(joint.mails.length);

    const progress = await caller.transact((ctx) => readSendProgress(ctx, incident, notice));
    expect(progress.settled).toBe(progress.letters);
    expect(progress.states.accepted).toBe(joint.mails.length);
    expect(
      (await caller.transact((ctx) => readIncident(ctx, incident))).clocks.individuals_notified,
    ).toBeDefined();
    expect(await caller.transact((ctx) => verifyStream(ctx, `incident:${incident}`))).toMatchObject({
      intact: true,
    });
  });

  test("two workers at once send nobody two letters", async () => {
    const notice = await approveLetter(caller, incident);
    await caller.transact((ctx) => sendNotice(ctx, incident, notice));
    await Promise.all([dispatchNotice(caller, notice), dispatchNotice(caller, notice)]);
    expect(received()).toEqual(await addresses());
  });

  test("pause stops it, resume goes on, nobody is missed or repeated", async () => {
    const notice = await approveLetter(caller, incident);
    await caller.transact((ctx) => sendNotice(ctx, incident, notice));
    const sending = dispatchNotice(caller, notice);
    while (joint.mails.length < 10) await new Promise((resolve) => setTimeout(resolve, 2));
    await caller.transact((ctx) => pauseNotice(ctx, incident, notice));
    await sending;
    const sofar = joint.mails.length;
    expect(sofar).toBeLessThan((await addresses()).length);
    await dispatchNotice(caller, notice);
    expect(joint.mails.length).toBe(sofar);
    await caller.transact((ctx) => resumeNotice(ctx, incident, notice));
    await dispatchNotice(caller, notice);
    expect(received()).toEqual(await addresses());
  });

  test("a sender changed after approval stops the send before the first letter", async () => {
    const notice = await approveLetter(caller, incident);
    await caller.transact(async (ctx) => {
      await saveSender(ctx, {
        host: "127.0.0.1",
        port: joint.smtpPort,
        security: "none",
        username: "",
        password: "",
        fromName: "Somebody else",
        fromAddress: "letters@shop.example",
        replyTo: "",
      });
      await sendNotice(ctx, incident, notice);
    });
    await dispatchNotice(caller, notice);
    expect(await caller.transact((ctx) => readNotice(ctx, incident, notice))).toMatchObject({
      state: "paused",
      pauseReason: "content changed",
    });
    expect(joint.mails).toEqual([]);
  });

  test("a list changed after approval stops the send before the first letter", async () => {
    const notice = await approveLetter(caller, incident);
    await caller.transact((ctx) => sendNotice(ctx, incident, notice));
    const [taken] = await caller.transact((ctx) =>
      ctx.db.affectedPerson.findMany({ where: { runId: run }, take: 1 }),
    );
    await caller.transact((ctx) => ctx.db.affectedPerson.delete({ where: { id: taken!.id } }));
    await dispatchNotice(caller, notice);
    expect(await caller.transact((ctx) => readNotice(ctx, incident, notice))).toMatchObject({
      state: "paused",
      pauseReason: "list changed",
    });
    expect(joint.mails).toEqual([]);
    await caller.transact((ctx) =>
      ctx.db.affectedPerson.create({
        data: {
          ...taken!,
          sealed: Uint8Array.from(taken!.sealed),
          personKey: Uint8Array.from(taken!.personKey),
          emailHash: taken!.emailHash && Uint8Array.from(taken!.emailHash),
        },
      }),
    );
  });

  test("somebody erased between approval and sending is set aside, and everybody else is told", async () => {
    const notice = await approveLetter(caller, incident);
    const person = await caller.transact((ctx) =>
      ctx.db.affectedPerson.findFirstOrThrow({ where: { runId: run, emailHash: { not: null } } }),
    );
    const nobody: PersonData = { firstName: "", lastName: "", email: null, phone: null };
    const all = await addresses();
    await caller.transact((ctx) =>
      ctx.db.affectedPerson.update({
        where: { id: person.id },
        data: { sealed: seal(ctx, "affected_person", person.id, nobody) },
      }),
    );
    await caller.transact((ctx) => sendNotice(ctx, incident, notice));
    await dispatchNotice(caller, notice);
    const row = await caller.transact((ctx) =>
      ctx.db.delivery.findFirstOrThrow({ where: { noticeId: notice, personId: person.id } }),
    );
    expect(row).toMatchObject({ state: "needs_alternative", reason: "erased" });
    expect((await caller.transact((ctx) => readNotice(ctx, incident, notice))).state).toBe("finished");
    expect(joint.mails.length).toBe(all.length - 1);
    await caller.transact((ctx) =>
      ctx.db.affectedPerson.update({
        where: { id: person.id },
        data: { sealed: Uint8Array.from(person.sealed) },
      }),
    );
  });

  test("a longer list mails only the people whom an earlier one did not reach", async () => {
    const own = await declare(caller);
    await findAndConfirm(caller, own, {
      kind: "orders",
      from: "2026-11-10",
      to: "2026-11-14",
      leaveOutTests: true,
    });
    const first = await approveLetter(caller, own);
    await caller.transact((ctx) => sendNotice(ctx, own, first));
    await dispatchNotice(caller, first);
    const before = received();
    expect(before.length).toBeGreaterThan(0);
    await findAndConfirm(caller, own, {
      kind: "orders",
      from: "2026-11-05",
      to: "2026-11-16",
      leaveOutTests: true,
    });
    const second = await approveLetter(caller, own);
    await caller.transact((ctx) => sendNotice(ctx, own, second));
    await dispatchNotice(caller, second);
    const after = received();
    expect(new Set(after).size).toBe(after.length);
    expect(after.length).toBeGreaterThan(before.length);
  });

  test("an approved letter cannot be edited", async () => {
    const notice = await approveLetter(caller, incident);
    const view = await caller.transact((ctx) => readNotice(ctx, incident, notice));
    await expect(
      caller.transact((ctx) =>
        saveLetter(ctx, incident, notice, { ...view.letter, subject: "Other" }, view.version),
      ),
    ).rejects.toThrow("notice.notDraft");
  });
});
