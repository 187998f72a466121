import { createHash } from "node:crypto";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  commitText,
  readTimeline,
  record,
  verifyStream,
} from "../../../app/breach/evidence/evidence.server.ts";
import type { Caller } from "../../../app/breach/ports.ts";
import { openSecret } from "../../../app/breach/vault/vault.server.ts";
import { openJoint, shopA } from "../../joint.ts";
import type { Joint } from "../../joint.ts";

let joint: Joint;
let caller: Caller;
/** The owner role: what the app can never be. */
let tamperer: pg.Client;

beforeAll(async () => {
  joint = await openJoint();
  caller = await joint.caller(shopA);
  tamperer = new pg.Client({ connectionString: joint.url });
  await tamperer.connect();
});
afterAll(async () => {
  await tamperer.end();
  await joint.close();
});

/** RFC 8785 by hand for the shapes used here: keys in order, no spaces. */
function writeCanonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(writeCanonical).join(",")}]`;
  if (typeof value === "object" && value !== null)
    return `{${Object.entries(value)
      .toSorted(([x], [y]) => (x < y ? -1 : 1))
      .map(([key, each]) => `${JSON.stringify(key)}:${writeCanonical(each)}`)
      .join(",")}}`;
  return JSON.stringify(value);
}

let stream: `incident:${string}`;
let counter = 0;
beforeEach(async () => {
  counter += 1;
  stream = `incident:test-${counter}`;
  for (let index = 1; index <= 6; index += 1)
    await caller.transact((ctx) =>
      record(ctx, stream, `test.event_${index}`, { index, text: "Zoë's „note“", list: [1, 2.5, null, true] }),
    );
});

describe("the chain", () => {
  test("an event's hash can be made again by anyone from what is stored", async () => {
    const events = (await caller.transact((ctx) => readTimeline(ctx, stream, null))).toReversed();
    let prev = "0".repeat(64);
    for (const event of events) {
      expect(event.prev).toBe(prev);
      const { stream: name, seq, at, actor, type, payload } = event;
      const text = writeCanonical({ stream: name, seq, prev, at: at.toISOString(), actor, type, payload });
      expect(createHash("sha256").update(text).digest("hex")).toBe(event.hash);
      prev = event.hash;
    }
    expect(await caller.transact((ctx) => verifyStream(ctx, stream))).toEqual({
      intact: true,
      events: 6,
      head: prev,
    });
  });

  const tampering: [string, string, { seq: number; problem: string }][] = [
    [
      "one byte of a payload",
      `UPDATE evidence_event SET payload = jsonb_set(payload, '{text}', '"Zoe"') WHERE stream = $1 AND seq = 3`,
      { seq: 3, problem: "content" },
    ],
    [
      "who acted",
      `UPDATE evidence_event SET actor = '{"kind":"system","part":"x"}' WHERE stream = $1 AND seq = 2`,
      { seq: 2, problem: "content" },
    ],
    [
      "a moment",
      `UPDATE evidence_event SET at = at + interval '1 millisecond' WHERE stream = $1 AND seq = 1`,
      { seq: 1, problem: "content" },
    ],
    [
      "a removed event",
      `DELETE FROM evidence_event WHERE stream = $1 AND seq = 4`,
      { seq: 4, problem: "missing" },
    ],
    [
      "the removed first event",
      `DELETE FROM evidence_event WHERE stream = $1 AND seq = 1`,
      { seq: 1, problem: "missing" },
    ],
    [
      "a changed hash",
      `UPDATE evidence_event SET hash = repeat('a', 64) WHERE stream = $1 AND seq = 5`,
      { seq: 5, problem: "content" },
    ],
    [
      "a changed link",
      `UPDATE evidence_event SET prev = repeat('b', 64) WHERE stream = $1 AND seq = 6`,
      { seq: 6, problem: "link" },
    ],
  ];
  test.each(tampering)(
    "after %s was tampered with by the owner, verify names the event",
    async (_what, sql, expected) => {
      await tamperer.query(sql, [stream]);
      expect(await caller.transact((ctx) => verifyStream(ctx, stream))).toMatchObject({
        intact: false,
        ...expected,
      });
    },
  );

  test("twenty writers at once make one line", async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        caller.transact((ctx) => record(ctx, stream, "test.parallel", { index })),
      ),
    );
    expect(await caller.transact((ctx) => verifyStream(ctx, stream))).toMatchObject({
      intact: true,
      events: 26,
    });
  });

  test("an act that fails leaves no record", async () => {
    const failing = caller.transact(async (ctx) => {
      await record(ctx, stream, "test.never", {});
      throw new Error("the act failed");
    });
    await expect(failing).rejects.toThrow("the act failed");
    expect(await caller.transact((ctx) => verifyStream(ctx, stream))).toMatchObject({ events: 6 });
  });

  test("personal text can be erased without breaking the chain that commits to it", async () => {
    const { cell, commitment } = await caller.transact(async (ctx) => {
      const made = await commitText(ctx, "Ana Silva called");
      await record(ctx, stream, "test.committed", made);
      return made;
    });
    const row = await caller.transact((ctx) =>
      ctx.db.evidenceCell.findUniqueOrThrow({ where: { id: cell } }),
    );
    const { salt, text } = openSecret<{ salt: string; text: string }>(
      caller,
      "evidence_cell",
      cell,
      row.sealed!,
    );
    expect(
      createHash("sha256")
        .update(salt + text)
        .digest("hex"),
    ).toBe(commitment);
    await caller.transact((ctx) =>
      ctx.db.evidenceCell.update({ where: { id: cell }, data: { sealed: null, erasedAt: new Date() } }),
    );
    expect(await caller.transact((ctx) => verifyStream(ctx, stream))).toMatchObject({ intact: true });
  });
});

afterEach(async () => {
  await tamperer.query("DELETE FROM evidence_event WHERE stream = $1", [stream]);
});
