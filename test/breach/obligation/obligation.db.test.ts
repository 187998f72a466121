import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { advance } from "../../../app/breach/checklist/checklist.server.ts";
import { amendClock, readIncident } from "../../../app/breach/incident/incident.server.ts";
import { writeLocalTime } from "../../../app/breach/incident/incident.ts";
import { dispatchNotice, sendNotice } from "../../../app/breach/notice/notice.server.ts";
import {
  readAssessment,
  readDuties,
  readNextMoment,
  recordTold,
} from "../../../app/breach/obligation/obligation.server.ts";
import { readTimeline } from "../../../app/breach/evidence/evidence.server.ts";
import type { Caller } from "../../../app/breach/ports.ts";
import { createRecords } from "../../demo-store/generator.ts";
import { openJoint, shopA } from "../../joint.ts";
import type { Joint } from "../../joint.ts";
import { approveLetter, declare, findAndConfirm, setUp } from "../../prepare.ts";

let joint: Joint;
let caller: Caller;
let incident: string;

beforeAll(async () => {
  joint = await openJoint();
  caller = await joint.caller(shopA);
  await setUp(caller, joint.smtpPort);
  incident = await declare(caller);
});
afterAll(() => joint.close());

const EEA = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE IS LI NO".split(
  " ",
);

describe("obligations of a store outside the EU", () => {
  test("before a list, the strictest clock is shown as possible: 72 hours from awareness", async () => {
    const next = await caller.transact(async (ctx) => readNextMoment(ctx, await readIncident(ctx, incident)));
    // Aware 2026-01-02 11:00 in Berlin (10:00 UTC); GDPR art. 33(1).
    expect(next).toMatchObject({ certainty: "possible" });
    expect(next!.actBy.toISOString()).toBe("2026-01-05T10:00:00.000Z");
  });

  test("one authority per EU and EEA country with an affected person", async () => {
    await findAndConfirm(caller, incident, { kind: "everyone", leaveOutTests: true });
    const duties = await caller.transact((ctx) => readDuties(ctx, incident));
    const told = duties
      .filter((view) => view.duty.lawId === "eu-gdpr" && view.duty.duty === "regulator")
      .map((view) => view.duty.jurisdiction);
    const lived = await caller.transact((ctx) => ctx.db.scopeTally.findMany({ select: { country: true } }));
    const expected = [...new Set(lived.map((row) => row.country))].filter((country) => EEA.includes(country));
    expect(told.toSorted()).toEqual(expected.toSorted());
    expect(told.length).toBeGreaterThan(10);
    for (const view of duties.filter(
      (each) => each.duty.lawId === "eu-gdpr" && each.duty.duty === "regulator",
    ))
      expect(view.duty.due!.actBy.toISOString()).toBe("2026-01-05T10:00:00.000Z");
  });

  test("states whose law names and addresses do not trigger are shown with the reason, and nobody is lost from the count", async () => {
    const assessment = (await caller.transact((ctx) => readAssessment(ctx, incident)))!;
    for (const state of ["US-CA", "US-NY", "US-TX"]) {
      const place = assessment.jurisdictions.find((each) => each.jurisdiction === state)!;
      expect(place.duties).toEqual([]);
      expect(place.whyNone?.gate).toBe("category");
    }
    const tally = await caller.transact((ctx) => ctx.db.scopeTally.findMany());
    const people = tally.reduce((sum, row) => sum + row.people, 0);
    const counted =
      assessment.jurisdictions.reduce((sum, place) => sum + place.people, 0) +
      assessment.unknownResidence +
      assessment.uncovered
        .filter((place) => place.partlyBy === null)
        .reduce((sum, place) => sum + place.people, 0);
    expect(counted).toBe(people);
    expect(createRecords(shopA).size.customers).toBe(shopA.customers);
  });

  test("assessing again without a change leaves no second record; a moved clock does", async () => {
    const count = async () =>
      (await caller.transact((ctx) => readTimeline(ctx, `incident:${incident}`, null, 200))).filter(
        (event) => event.type === "obligations.assessed",
      ).length;
    expect(await count()).toBe(1);
    await caller.transact((ctx) => advance(ctx, incident));
    expect(await count()).toBe(1);
    await caller.transact(async (ctx) => {
      await amendClock(ctx, incident, {
        kind: "aware",
        at: "2026-01-02T15:30",
        reason: "The log shows when we were sure.",
      });
      await advance(ctx, incident);
    });
    expect(await count()).toBe(2);
    const [first] = (await caller.transact((ctx) => readDuties(ctx, incident))).filter(
      (view) => view.duty.lawId === "eu-gdpr",
    );
    expect(first!.duty.due!.actBy.toISOString()).toBe("2026-01-05T14:30:00.000Z");
  });

  test("a regulator told late is recorded as late, starts its clock, and is never asked for again", async () => {
    const [first] = (await caller.transact((ctx) => readDuties(ctx, incident))).filter(
      (view) => view.duty.duty === "regulator",
    );
    const at = writeLocalTime(new Date(), shopA.timeZone);
    await caller.transact(async (ctx) => {
      await recordTold(ctx, incident, first!.id, { at, reference: "REF-1" });
      await advance(ctx, incident);
    });
    const after = (await caller.transact((ctx) => readDuties(ctx, incident))).find(
      (view) => view.id === first!.id,
    )!;
    expect(after).toMatchObject({ status: "done", reference: "REF-1" });
    expect(
      (await caller.transact((ctx) => readIncident(ctx, incident))).clocks.regulator_notified,
    ).toBeDefined();
    const event = (await caller.transact((ctx) => readTimeline(ctx, `incident:${incident}`, null))).find(
      (each) => each.type === "obligation.told",
    );
    expect(event?.payload).toMatchObject({ late: true });
    await expect(
      caller.transact((ctx) => recordTold(ctx, incident, first!.id, { at, reference: "" })),
    ).rejects.toThrow("alreadyDone");
  });

  test("the duty to the people is done by sending them the notice, not by saying so", async () => {
    const people = async () =>
      (await caller.transact((ctx) => readDuties(ctx, incident))).filter(
        (view) => view.duty.duty === "individuals",
      );
    const open = await people();
    expect(open.length).toBeGreaterThan(0);
    await expect(
      caller.transact((ctx) =>
        recordTold(ctx, incident, open[0]!.id, { at: "2026-01-03T10:00", reference: "" }),
      ),
    ).rejects.toThrow("doneBySending");
    const notice = await approveLetter(caller, incident);
    await caller.transact((ctx) => sendNotice(ctx, incident, notice));
    await dispatchNotice(caller, notice);
    await caller.transact((ctx) => advance(ctx, incident));
    for (const view of await people()) expect(view.status).toBe("done");
  });
});
