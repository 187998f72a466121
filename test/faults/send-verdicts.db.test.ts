/** A mail server that fails in every known way, mixed at random: afterwards each person's row says what that server really did. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createMailTransport } from "../../app/adapters/smtp.server.ts";
import { verifyStream } from "../../app/breach/evidence/evidence.server.ts";
import {
  dispatchNotice,
  readNotice,
  resumeNotice,
  saveSender,
  sendNotice,
} from "../../app/breach/notice/notice.server.ts";
import type { Caller } from "../../app/breach/ports.ts";
import type { PersonData } from "../../app/breach/scope/scope.server.ts";
import { openMany } from "../../app/breach/vault/vault.server.ts";
import { openJoint, shopA } from "../joint.ts";
import type { Joint } from "../joint.ts";
import { approveLetter, declare, findAndConfirm, setUp } from "../prepare.ts";
import { startFaultServer } from "./smtp-fault-server.ts";
import type { Fault, FaultServer, FaultServerOptions } from "./smtp-fault-server.ts";

let joint: Joint;
let caller: Caller;
let incident: string;
let run: string;
let server: FaultServer | undefined;

beforeAll(async () => {
  joint = await openJoint();
  caller = await joint.caller(shopA);
  incident = await declare(caller);
  run = await findAndConfirm(caller, incident, {
    kind: "orders",
    from: "2026-10-01",
    to: "2026-11-20",
    leaveOutTests: true,
  });
});
afterAll(() => joint?.close());
afterEach(async () => {
  await server?.close();
  server = undefined;
});

type Options = FaultServerOptions & { login?: { username: string; password: string } };

/** An approved notice on its way to a fault server, and a caller whose patience is short. */
async function prepare({ login, ...options }: Options): Promise<{ notice: string; sender: Caller }> {
  await setUp(caller, joint.smtpPort);
  const notice = await approveLetter(caller, incident);
  server = await startFaultServer(options);
  const { port } = server;
  await caller.transact(async (ctx) => {
    await saveSender(ctx, {
      host: "127.0.0.1",
      port,
      security: "none",
      username: login?.username ?? "",
      password: login?.password ?? "",
      fromName: "Shop A",
      fromAddress: "letters@shop.example",
      replyTo: "help@shop.example",
    });
    await sendNotice(ctx, incident, notice);
  });
  const mail = createMailTransport({
    allow: [`127.0.0.1:${port}`],
    timeouts: {
      connect: 2000,
      greeting: 2000,
      mail: 2000,
      rcpt: 2000,
      data: 2000,
      body: 250,
      dot: 250,
      farewell: 250,
    },
  });
  return { notice, sender: { ...caller, mail } };
}

/** Lets every wait of the outbox pass at once. */
async function letWaitsPass(notice: string): Promise<void> {
  await caller.transact(
    (ctx) => ctx.db.$executeRaw`
      UPDATE delivery SET next_attempt_at = clock_timestamp()
      WHERE notice_id = ${notice}::uuid AND next_attempt_at IS NOT NULL AND state IN ('planned', 'deferred', 'unknown')`,
  );
}

async function state(notice: string) {
  return caller.transact((ctx) => readNotice(ctx, incident, notice));
}

async function sendToTheEnd(sender: Caller, notice: string): Promise<void> {
  for (let round = 0; round < 60; round += 1) {
    await letWaitsPass(notice);
    await dispatchNotice(sender, notice);
    const now = await state(notice);
    if (now.state === "finished") return;
    // A run of refusals is a reason to stop and ask; the merchant looks, and goes on.
    if (now.pauseReason === "rejections") await caller.transact((ctx) => resumeNotice(ctx, incident, notice));
    else if (now.state === "paused") throw new Error(`paused: ${now.pauseReason}`);
  }
  throw new Error("the send did not end");
}

async function readRows(notice: string) {
  return caller.transact(async (ctx) => {
    const rows = await ctx.db.delivery.findMany({
      where: { noticeId: notice, addressHash: { not: null }, coveredBy: null },
    });
    const people = await ctx.db.affectedPerson.findMany({ where: { runId: run } });
    const opened = await openMany<PersonData>(ctx, "affected_person", people, "test", run);
    const addresses = new Map(people.map((person, index) => [person.id, opened[index]!.email!]));
    return rows.map((row) => ({ ...row, address: addresses.get(row.personId)! }));
  });
}

/** A seeded stream of numbers in [0, 1): mulberry32. */
function createDice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const mishaps: Fault[] = [
  "fin-at-rcpt",
  "fin-at-data",
  "450-at-rcpt",
  "550-at-rcpt",
  "451-after-dot",
  "421-after-dot",
  "garbage-after-dot",
  "fin-after-dot",
  "rst-after-dot",
  "silence-after-dot",
  "fin-mid-body",
  "deaf-mid-body",
  "250-then-rst",
];
/** After these the server has said 250. */
const agreed: Fault[] = ["none", "250-then-rst"];

describe("a server with every fault", () => {
  test.each([11, 12, 13])("seed %i: every row says what the server did", async (seed) => {
    const dice = createDice(seed);
    const { notice, sender } = await prepare({
      fault: () => (dice() < 0.75 ? "none" : mishaps[Math.floor(dice() * mishaps.length)]!),
    });
    await sendToTheEnd(sender, notice);

    const rows = await readRows(notice);
    const byAddress = Map.groupBy(server!.transactions, (each) => /<(.*)>/.exec(each.rcpt)?.[1] ?? "");
    expect(new Set(server!.transactions.map((each) => each.fault)).size).toBeGreaterThan(10);
    const seen: Record<string, number> = {};
    for (const row of rows) {
      const tries = byAddress.get(row.address) ?? [];
      const taken = tries.filter((each) => each.taken).length;
      const yes = tries.filter((each) => agreed.includes(each.fault)).length;
      const doubted = row.reason === "possible_double";
      const label = `${row.state} ${row.reason ?? ""}`.trim();
      seen[label] = (seen[label] ?? 0) + 1;
      const about = { label, faults: tries.map((each) => each.fault) };
      switch (label) {
        case "accepted":
          expect({ ...about, taken, yes }).toEqual({ ...about, taken: 1, yes: 1 });
          break;
        case "accepted possible_double":
          expect({ ...about, yes, last: tries.at(-1)?.taken }).toEqual({ ...about, yes: 1, last: true });
          break;
        case "unknown possible_double":
          expect({ ...about, yes, next: row.nextAttemptAt }).toEqual({ ...about, yes: 0, next: null });
          break;
        case "rejected refused_by_server":
          expect({ ...about, yes, code: row.replyCode, last: tries.at(-1)?.fault }).toEqual({
            ...about,
            yes: 0,
            code: 550,
            last: "550-at-rcpt",
          });
          break;
        default:
          throw new Error(`unexpected end: ${JSON.stringify(about)}`);
      }
      expect({ ...about, taken }).toMatchObject(doubted || taken <= 1 ? about : { taken: 1 });
      expect(taken).toBeLessThanOrEqual(2);
    }
    // Every kind of end was met, and nobody outside the list was written to.
    expect(Object.keys(seen).toSorted()).toEqual([
      "accepted",
      "accepted possible_double",
      "rejected refused_by_server",
      ...(seen["unknown possible_double"] ? ["unknown possible_double"] : []),
    ]);
    const planned = new Set(rows.map((row) => row.address));
    expect([...byAddress.keys()].filter((address) => address !== "" && !planned.has(address))).toEqual([]);
    // A repeated letter is the same letter.
    for (const tries of byAddress.values())
      expect(
        new Set(tries.flatMap((each) => (each.taken ? [each.body!.toString("latin1")] : []))).size,
      ).toBeLessThanOrEqual(1);
    expect(await caller.transact((ctx) => verifyStream(ctx, `incident:${incident}`))).toMatchObject({
      intact: true,
    });
  });
});

describe("trouble with the account", () => {
  test.each<Fault>(["421-at-mail", "454-at-mail"])(
    "%s pauses the notice, blames nobody, and goes on from there",
    async (fault) => {
      let broken = true;
      const { notice, sender } = await prepare({
        fault: (transaction) => (broken && transaction >= 30 ? fault : "none"),
      });
      await dispatchNotice(sender, notice);
      const paused = await state(notice);
      expect(paused.state).toBe("paused");
      expect(paused.pauseReason).toContain(fault.slice(0, 3));
      const rows = await readRows(notice);
      const taken = server!.transactions.filter((each) => each.taken).length;
      expect(new Set(rows.map((row) => row.state))).toEqual(new Set(["accepted", "planned"]));
      expect(rows.filter((row) => row.state === "accepted").length).toBe(taken);
      expect(rows.filter((row) => row.reason !== null)).toEqual([]);

      broken = false;
      await caller.transact((ctx) => resumeNotice(ctx, incident, notice));
      await sendToTheEnd(sender, notice);
      const received = server!.transactions
        .filter((each) => each.taken)
        .map((each) => /<(.*)>/.exec(each.rcpt)![1]!);
      expect(received.toSorted()).toEqual(rows.map((row) => row.address).toSorted());
    },
  );

  test("a refused login pauses the notice with everybody still planned, and is not tried again and again", async () => {
    const { notice, sender } = await prepare({
      login: { username: "shop", password: "wrong" },
      extensions: ["8BITMIME", "SMTPUTF8", "AUTH PLAIN LOGIN"],
      authReply: "535 5.7.8 no\r\n",
    });
    await dispatchNotice(sender, notice);
    const paused = await state(notice);
    expect(paused).toMatchObject({ state: "paused", pauseReason: "sender auth 535" });
    expect(new Set((await readRows(notice)).map((row) => row.state))).toEqual(new Set(["planned"]));
    expect(server!.transactions).toEqual([]);
    // Providers lock accounts after a handful of wrong passwords.
    expect(server!.commands.filter((line) => line.startsWith("AUTH")).length).toBeLessThanOrEqual(4);
  });

  test("a server that is gone pauses the notice with everybody still planned", async () => {
    const { notice, sender } = await prepare({});
    await server!.close();
    server = undefined;
    await dispatchNotice(sender, notice);
    expect(await state(notice)).toMatchObject({ state: "paused", pauseReason: "sender connect" });
    expect(new Set((await readRows(notice)).map((row) => row.state))).toEqual(new Set(["planned"]));
  });

  test("a server that refuses nearly everybody stops the send early", async () => {
    const { notice, sender } = await prepare({ fault: () => "550-at-rcpt" });
    await dispatchNotice(sender, notice);
    expect(await state(notice)).toMatchObject({ state: "paused", pauseReason: "rejections" });
    const rows = await readRows(notice);
    expect(rows.filter((row) => row.state === "rejected").length).toBeLessThanOrEqual(200);
    expect(rows.filter((row) => row.state === "planned").length).toBeGreaterThan(0);
  });
});
