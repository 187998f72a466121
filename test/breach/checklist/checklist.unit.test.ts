import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deriveChecklist, stepIds } from "../../../app/breach/checklist/checklist.ts";
import type { Records } from "../../../app/breach/checklist/checklist.ts";

const start: Records = {
  aware: false,
  factsKnown: false,
  contained: false,
  scope: "none",
  contactsComplete: false,
  senderVerified: false,
  regulatorDuties: { open: 0, done: 0 },
  individualDuties: { open: 0, done: 0 },
  notice: "none",
  deliveriesToMend: 0,
  banner: "off",
};

/** The road of a whole incident, one record at a time, with the act that must come next. */
const road: [Partial<Records>, string | null][] = [
  [{}, "setAware"],
  [{ aware: true }, "findPeople"],
  [{ scope: "running" }, "watchSearch"],
  [{ scope: "failed" }, "searchAgain"],
  [{ scope: "ready" }, "confirmList"],
  [{ scope: "confirmed", regulatorDuties: { open: 2, done: 0 } }, "completeFacts"],
  [{ factsKnown: true }, "tellRegulators"],
  [{ regulatorDuties: { open: 0, done: 2 } }, "completeContacts"],
  [{ contactsComplete: true }, "checkSender"],
  [{ senderVerified: true }, "draftNotice"],
  [{ notice: "draft" }, "approveNotice"],
  [{ notice: "approved" }, "sendNotice"],
  [{ notice: "sending" }, "watchSend"],
  [{ notice: "paused" }, "resumeSend"],
  [{ notice: "finished", deliveriesToMend: 3 }, "publishBanner"],
  [{ banner: "live" }, "reachTheRest"],
  [{ deliveriesToMend: 0 }, "setContained"],
  [{ contained: true }, null],
];

describe("the seven steps", () => {
  test("lead through a whole incident, one act at a time", () => {
    let records = start;
    for (const [change, next] of road) {
      records = { ...records, ...change };
      expect(deriveChecklist(records).next?.key ?? null).toBe(next);
    }
  });

  test("a step is never called done while the records say otherwise", () => {
    const records = fc.record<Records>({
      aware: fc.boolean(),
      factsKnown: fc.boolean(),
      contained: fc.boolean(),
      scope: fc.constantFrom("none", "running", "failed", "ready", "confirmed"),
      contactsComplete: fc.boolean(),
      senderVerified: fc.boolean(),
      regulatorDuties: fc.record({ open: fc.nat(3), done: fc.nat(3) }),
      individualDuties: fc.record({ open: fc.nat(3), done: fc.nat(3) }),
      notice: fc.constantFrom("none", "draft", "approved", "sending", "paused", "finished"),
      deliveriesToMend: fc.nat(3),
      banner: fc.constantFrom("off", "publishing", "live", "withdrawing"),
    });
    fc.assert(
      fc.property(records, (given) => {
        const { steps, done, next } = deriveChecklist(given);
        expect(steps.map((step) => step.id)).toEqual([...stepIds]);
        const state = Object.fromEntries(steps.map((step) => [step.id, step.state]));
        if (!given.aware) expect(state["detect"]).not.toBe("done");
        if (!given.contained || given.scope !== "confirmed") expect(state["contain"]).not.toBe("done");
        if (given.regulatorDuties.open > 0 || given.scope !== "confirmed")
          expect(["done", "not_owed"]).not.toContain(state["regulators"]);
        if (given.notice !== "finished")
          for (const id of ["notice", "support", "review"]) expect(["open", "current"]).toContain(state[id]);
        expect(steps.filter((step) => step.state === "current").length).toBeLessThanOrEqual(1);
        expect(done).toBe(steps.filter((step) => ["done", "not_owed"].includes(step.state)).length);
        if (next === null) expect(given.scope).toBe("confirmed");
      }),
    );
  });
});
