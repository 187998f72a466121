/**
 * `npm run bench` lists the benches, `npm run bench -- NAME` runs one. Each prints its figures for people, and each figure also as one
 * JSON line: {"bench","figure","value","unit","floor","goal","better"}.
 */
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { Trouble, checkMachine, install, nodeBinary, passSignals, root, toolEnv } from "../install.mjs";

const folder = path.join(root, "test/bench");
const suffix = ".bench.ts";

function listBenches() {
  return fs
    .readdirSync(folder)
    .filter((name) => name.endsWith(suffix))
    .map((name) => name.slice(0, -suffix.length));
}

/** The first comment of a bench is what it measures. */
function describe(name) {
  const text = fs.readFileSync(path.join(folder, `${name}${suffix}`), "utf8");
  const comment = /\/\*\*([\s\S]*?)\*\//.exec(text)?.[1] ?? "";
  return comment.replace(/\s*\n?\s*\*?\s+/g, " ").trim();
}

function run(args) {
  return new Promise((resolve) => {
    const child = spawn(nodeBinary(), args, {
      cwd: root,
      env: toolEnv(),
      stdio: ["ignore", "inherit", "inherit"],
      detached: true,
    });
    const release = passSignals(child, 10_000);
    child.on("close", (code) => resolve(release() ? 130 : (code ?? 1)));
  });
}

async function main() {
  const [name, ...rest] = process.argv.slice(2);
  const names = listBenches();
  if (name === undefined) {
    for (const each of names) console.log(`${each.padEnd(12)} ${describe(each)}`);
    return 0;
  }
  if (!names.includes(name))
    throw new Trouble(`There is no bench "${name}": ${names.join(", ") || "none yet"}.`);
  checkMachine();
  await install(console.log);
  const generated = await run(["prisma/generate.mjs"]);
  return generated === 0 ? run(["--expose-gc", path.join(folder, `${name}${suffix}`), ...rest]) : generated;
}

main().then(
  (code) => process.exit(code),
  (error) => {
    if (!(error instanceof Trouble)) throw error;
    console.error(error.message);
    process.exit(1);
  },
);
