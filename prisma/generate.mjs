/**
 * Makes the Prisma client when the schema has changed since it was last made. Works without the network: Prisma would download an
 * engine that generating doesn't use, unless it is shown some existing file in its place.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const mark = path.join(root, "node_modules/.prisma/client/.made-from");
const schema = fs.readFileSync(path.join(root, "prisma/schema.prisma"));
const prisma = fs.readFileSync(path.join(root, "node_modules/prisma/package.json"));
const wanted = createHash("sha256").update(schema).update(prisma).digest("hex");

if (!fs.existsSync(mark) || fs.readFileSync(mark, "utf8") !== wanted) {
  const cli = path.join(root, "node_modules/prisma/build/index.js");
  const run = spawnSync(process.execPath, [cli, "generate", "--no-hints"], {
    cwd: root,
    env: {
      ...process.env,
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      PRISMA_HIDE_UPDATE_MESSAGE: "1",
      CHECKPOINT_DISABLE: "1",
    },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (run.status !== 0) {
    console.error(`prisma generate failed:\n${run.stdout}${run.stderr}`);
    process.exit(1);
  }
  fs.writeFileSync(mark, wanted);
}
