import { expect, test } from "vitest";
import { explainPause } from "../../../app/breach/notice/notice.ts";
import text from "../../../app/text/en/notice.json" with { type: "json" };

test.each([
  [null, "byHand", null, null],
  ["", "byHand", null, null],
  ["content changed", "contentChanged", null, null],
  ["list changed", "listChanged", null, null],
  ["rejections", "rejections", null, null],
  ["uninstalled", "uninstalled", null, null],
  ["sender auth 535", "sender", "auth", "535"],
  ["sender connect", "sender", "connect", null],
  ["sender something new", "other", null, null],
  ["a reason of next year", "other", null, null],
])("%j is %s", (reason, key, stage, code) => {
  const cause = explainPause(reason);
  expect(cause).toEqual({ key, stage, code });
  expect(text.paused).toHaveProperty(cause.key);
  if (cause.stage !== null) expect(text.stageOfMail).toHaveProperty(cause.stage);
});
