import fc from "fast-check";
import { expect, test } from "vitest";
import {
  backoffSeconds,
  maxAttempts,
  referenceOfDelivery,
  settle,
} from "../../../app/breach/notice/outbox.ts";
import type { Verdict } from "../../../app/breach/ports.ts";

const verdict = (outcome: Verdict["outcome"]): Verdict => ({
  outcome,
  code: null,
  status: null,
  stage: "done",
});

// What became of it, after how many tries, with or without an earlier doubt → state, whether it is tried again, whether it is marked.
test.each([
  ["accepted", 0, false, "accepted", false, null],
  ["accepted", 1, true, "accepted", false, "possible_double"],
  ["rejected", 0, false, "rejected", false, "refused_by_server"],
  ["deferred", 0, false, "deferred", true, null],
  ["deferred", 7, false, "needs_alternative", false, "deferred_too_often"],
  ["deferred", 0, true, "unknown", true, "possible_double"],
  ["unknown", 0, false, "unknown", true, "possible_double"],
  ["unknown", 1, true, "unknown", false, "possible_double"],
  ["retry", 0, false, "planned", true, null],
  ["retry", 1, true, "unknown", true, "possible_double"],
  ["refused", 0, false, "planned", true, null],
] as const)("%s after %i tries (doubtful: %s) → %s", (outcome, attempts, doubtful, state, again, reason) => {
  const step = settle(verdict(outcome), attempts, doubtful);
  expect(step.state).toBe(state);
  expect(step.waitSeconds !== null).toBe(again);
  expect(step.reason).toBe(reason);
});

test("whatever the server says, a delivery ends: no endless road, and a doubt is never forgotten", () => {
  const outcomes = fc.constantFrom<Verdict["outcome"]>(
    "accepted",
    "rejected",
    "deferred",
    "unknown",
    "retry",
  );
  fc.assert(
    fc.property(fc.array(outcomes, { minLength: 20, maxLength: 40 }), (said) => {
      let attempts = 0;
      let doubtful = false;
      let tries = 0;
      for (const outcome of said) {
        const step = settle(verdict(outcome), attempts, doubtful);
        tries += 1;
        attempts += step.countsAsAttempt ? 1 : 0;
        if (doubtful && step.state !== "rejected" && step.state !== "needs_alternative")
          expect(step.reason).toBe("possible_double");
        doubtful = step.reason === "possible_double";
        if (step.waitSeconds === null) {
          expect(tries).toBeLessThanOrEqual(maxAttempts);
          return;
        }
      }
      throw new Error("it never ended");
    }),
  );
});

test("waits double, respect the server's wish, and stay within four hours of our own making", () => {
  expect([0, 1, 2, 3].map((attempts) => backoffSeconds(attempts, undefined))).toEqual([300, 600, 1200, 2400]);
  expect(backoffSeconds(12, undefined)).toBe(14_400);
  expect(backoffSeconds(0, 900)).toBe(900);
  expect(backoffSeconds(3, 60)).toBe(2400);
});

test("a reference is short, readable and the same every time", () => {
  const id = "0f8fad5b-d9cb-469f-a165-70867728950e";
  expect(referenceOfDelivery(id)).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
  expect(referenceOfDelivery(id)).toBe(referenceOfDelivery(id));
  // 0x0f8fad5bd9 in base 32 (Crockford), by hand: 1 30 7 26 26 22 30 25.
  expect(referenceOfDelivery(id)).toBe("1Y7T-TPYS");
});
