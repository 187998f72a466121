/** `npm run demo` under Node 24: reads the flags, starts the demo, prints where to go, and ends it all in good order. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { root } from "../install.mjs";
import { startDemo } from "./demo.ts";
import type { Demo } from "./demo.ts";
import { Trouble } from "./processes.ts";

const defaultPort = 3900;
const usage = "npm run demo -- [--customers N] [--with-incidents] [--reset] [--port BASE]";

function readFlags() {
  try {
    const { values } = parseArgs({
      options: {
        customers: { type: "string" },
        port: { type: "string" },
        data: { type: "string" },
        reset: { type: "boolean", default: false },
        "with-incidents": { type: "boolean", default: false },
      },
    });
    const port =
      readNumber("--port", values.port ?? process.env["CANDOR_DEMO_PORT"], 1, 65_500) ?? defaultPort;
    return {
      port,
      customers: readNumber("--customers", values.customers, 1, 10_000_000),
      dataDir: path.resolve(values.data ?? defaultFolder(port)),
      reset: values.reset,
      withIncidents: values["with-incidents"],
    };
  } catch (error) {
    if (error instanceof Trouble) throw error;
    const said = error instanceof Error ? error.message.split(".")[0] : String(error);
    throw new Trouble(`${said}. Use: ${usage}`);
  }
}

function readNumber(flag: string, text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new Trouble(`${flag} takes a whole number from ${least} to ${most}, not "${text}".`);
  }
  return value;
}

/** One per checkout, user and port, outside the checkout: PostgreSQL may run as a user who can't read it. */
function defaultFolder(port: number): string {
  const place = createHash("sha256").update(root).digest("hex").slice(0, 10);
  const parent = process.env["TMPDIR"] ?? (fs.existsSync("/var/tmp") ? "/var/tmp" : os.tmpdir());
  return path.join(
    parent,
    `candor-demo-${process.getuid?.() ?? 0}-${place}${port === defaultPort ? "" : `-${port}`}`,
  );
}

let demo: Demo | undefined;
let ending = false;

async function end(code: number, words?: string): Promise<void> {
  if (ending) return;
  ending = true;
  if (words !== undefined) console.log(words);
  await demo?.stop();
  process.exit(code);
}

async function main(): Promise<void> {
  const started = Date.now();
  const flags = readFlags();
  const cancel = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      cancel.abort();
      if (demo !== undefined) void end(0, "Stopping …");
    });
  }
  generateClient();
  demo = await startDemo({
    port: flags.port,
    dataDir: flags.dataDir,
    reset: flags.reset,
    withIncidents: flags.withIncidents,
    ...(flags.customers === undefined ? {} : { customers: flags.customers }),
    say: (line) => console.log(line),
    onLoss: (name, how, log) =>
      void end(1, `The demo ends because its ${name} process did (${how}). Its log: ${log}`),
    signal: cancel.signal,
  });
  if (cancel.signal.aborted) return end(0, "Stopping …");
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  console.log(`
Candor is running (ready in ${seconds} s). Open:

  Shopify admin  ${demo.addresses.admin}/store/candor-demo/apps/candor
  Storefront     ${demo.addresses.storefront}
  Inbox          ${demo.addresses.inbox}

Ctrl-C stops it; data and logs stay in ${flags.dataDir}`);
}

function generateClient(): void {
  const run = spawnSync(process.execPath, [path.join(root, "prisma/generate.mjs")], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (run.status !== 0) throw new Trouble("The Prisma client could not be made.");
}

main().catch((error: unknown) => {
  if (ending) return;
  if (!(error instanceof Trouble)) console.error(error);
  else console.error(error.message);
  process.exit(1);
});
