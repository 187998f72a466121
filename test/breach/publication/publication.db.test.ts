import { afterAll, beforeAll, expect, test } from "vitest";
import type { Caller } from "../../../app/breach/ports.ts";
import {
  findPublicStatement,
  publishBanner,
  readPublication,
  readPublicationDraft,
  savePublication,
  syncBanner,
  withdrawBanner,
} from "../../../app/breach/publication/publication.server.ts";
import { openJoint, shopA, shopB } from "../../joint.ts";
import type { Joint } from "../../joint.ts";
import { declare } from "../../prepare.ts";

let joint: Joint;
let caller: Caller;
let incident: string;

beforeAll(async () => {
  joint = await openJoint();
  caller = await joint.caller(shopA);
  incident = await declare(caller);
});
afterAll(() => joint.close());

function held(): unknown {
  return joint.shopify.readAppMetafield(shopA.domain, "candor", "banner");
}

test("banner and statement from draft to withdrawal, as the store holds them", async () => {
  const draft = await caller.transact((ctx) => readPublicationDraft(ctx, incident));
  expect(draft.banner.bannerState).toBe("holding");
  expect(draft.statement.whatHappened).toContain("copied our order records");
  expect(draft.statement.whatWeAreDoing).toContain("had its copy deleted");
  expect(await caller.transact((ctx) => readPublication(ctx, incident))).toBeNull();

  await caller.transact((ctx) => savePublication(ctx, incident, draft.banner, draft.statement));
  await syncBanner(caller, incident);
  expect(held()).toBeNull();
  expect(await caller.transact(findPublicStatement)).toBeNull();

  await caller.transact((ctx) => publishBanner(ctx, incident));
  await syncBanner(caller, incident);
  expect(held()).toMatchObject({
    enabled: true,
    state: "holding",
    message: { en: draft.banner.message },
    version: 1,
  });
  expect((await caller.transact((ctx) => readPublication(ctx, incident)))?.state).toBe("live");
  expect((await caller.transact(findPublicStatement))?.view.statement).toEqual(draft.statement);

  await caller.transact((ctx) =>
    savePublication(ctx, incident, { ...draft.banner, bannerState: "update" }, draft.statement),
  );
  expect((await caller.transact((ctx) => readPublication(ctx, incident)))?.state).toBe("publishing");
  await syncBanner(caller, incident);
  expect(held()).toMatchObject({ state: "update", version: 2 });

  await caller.transact((ctx) => withdrawBanner(ctx, incident, "It is over"));
  await syncBanner(caller, incident);
  expect(held()).toBeNull();
  expect((await caller.transact((ctx) => readPublication(ctx, incident)))?.state).toBe("off");
  expect(await caller.transact(findPublicStatement)).toBeNull();
});

test("a second incident's banner waits until the first is down", async () => {
  const second = await declare(caller);
  const draft = await caller.transact((ctx) => readPublicationDraft(ctx, second));
  await caller.transact(async (ctx) => {
    await savePublication(ctx, second, draft.banner, draft.statement);
    await publishBanner(ctx, incident);
  });
  await syncBanner(caller, incident);
  await expect(caller.transact((ctx) => publishBanner(ctx, second))).rejects.toMatchObject({
    code: "banner.anotherIsLive",
  });
  const other = await joint.caller(shopB);
  expect(await other.transact(findPublicStatement)).toBeNull();
});
