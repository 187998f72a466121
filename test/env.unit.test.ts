import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { parseEnv } from "../app/env.server.ts";

const good = {
  NODE_ENV: "production",
  DATABASE_URL: "postgresql://candor@db.internal/candor",
  CANDOR_MASTER_KEY: randomBytes(32).toString("base64"),
  SHOPIFY_API_KEY: "9f2c4d6e8a0b1c3d5e7f90a1b2c3d4e5",
  SHOPIFY_API_SECRET: randomBytes(16).toString("hex"),
  SHOPIFY_APP_URL: "https://candor.example",
} as const;

test("a whole environment is read", () => {
  expect(parseEnv({ ...good })).toMatchObject({
    CANDOR_NET_ALLOW: [],
    SHOPIFY_APP_URL: good.SHOPIFY_APP_URL,
  });
  expect(parseEnv({ ...good, CANDOR_NET_ALLOW: "127.0.0.1:25, localhost:26" }).CANDOR_NET_ALLOW).toEqual([
    "127.0.0.1:25",
    "localhost:26",
  ]);
});

describe("what is missing or no secret is refused by name, never by value", () => {
  const cases: [keyof typeof good, string | undefined][] = [
    ["DATABASE_URL", undefined],
    ["DATABASE_URL", "mysql://somewhere"],
    ["CANDOR_MASTER_KEY", undefined],
    ["CANDOR_MASTER_KEY", Buffer.alloc(32).toString("base64")],
    ["CANDOR_MASTER_KEY", Buffer.from("too short").toString("base64")],
    ["SHOPIFY_API_SECRET", "changeme"],
    ["SHOPIFY_API_SECRET", "demo"],
    ["SHOPIFY_API_SECRET", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"],
    ["SHOPIFY_APP_URL", "not an address"],
  ];
  test.each(cases)("%s = %s", (name, value) => {
    const changed: Record<string, string | undefined> = { ...good };
    if (value === undefined) delete changed[name];
    else changed[name] = value;
    const read = () => parseEnv(changed as NodeJS.ProcessEnv);
    expect(read).toThrow(name);
    if (value !== undefined) expect(read).not.toThrow(value);
  });
});

test.each(["app/env.server.ts", "app/web.server.ts", "app/worker.server.ts", "app/migrate.server.ts"])(
  "%s does not start without a database",
  (file) => {
    const { DATABASE_URL: _left, ...rest } = good;
    const run = () =>
      execFileSync(process.execPath, [file], {
        env: { ...rest, PATH: process.env["PATH"] },
        stdio: "pipe",
        encoding: "utf8",
      });
    expect(run).toThrow(/DATABASE_URL is not set/);
  },
);
