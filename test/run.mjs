/**
 * `npm test`: installs what is missing, then runs every kind of check, and ends with the line `N passed, N failed`.
 * `npm test -- unit` runs one part; what follows its name goes to the tool (`npm test -- db test/breach/scope`).
 * Starts under Node 20 before anything is installed; what it runs runs under Node 24.
 */
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { Trouble, checkMachine, install, nodeBinary, passSignals, root, toolEnv } from "./install.mjs";

const installedPostgres = "/usr/lib/postgresql/15/bin/postgres";
const partLimitMs = 20 * 60_000;

/** A part is a command that passes or fails as one, or a vitest project with tests to count. */
const checks = {
  types: ["node_modules/typescript/bin/tsc", "--noEmit"],
  lint: [
    "node_modules/oxlint/bin/oxlint",
    "--config",
    "test/oxlint.json",
    "--deny-warnings",
    "app",
    "prisma",
    "test",
    "extensions",
  ],
  format: ["node_modules/prettier/bin/prettier.cjs", "--check", "--log-level", "warn", "."],
  codegen: ["test/codegen.ts", "--check"],
  shopify: ["test/shopify-cli/build.mjs"],
  build: ["test/build.ts"],
};
const projects = { unit: {}, db: {}, "db on PostgreSQL 15": { CANDOR_TEST_PG: "installed" }, e2e: {} };

const total = { passed: 0, failed: 0 };
let interrupted = false;
let scratch = "";

/** Runs a command under Node 24 and gives back how it ended and all it said. */
function run(args, env = {}) {
  return new Promise((resolve) => {
    const output = [];
    const child = spawn(nodeBinary(), args, {
      cwd: root,
      env: toolEnv({ FORCE_COLOR: "0", NO_COLOR: "1", ...env }),
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const release = passSignals(child, 10_000);
    const limit = setTimeout(() => {
      output.push(Buffer.from(`\nStopped after ${partLimitMs / 60_000} minutes.\n`));
      process.kill(-child.pid, "SIGKILL");
    }, partLimitMs);
    child.stdout.on("data", (chunk) => output.push(chunk));
    child.stderr.on("data", (chunk) => output.push(chunk));
    child.on("error", (error) => output.push(Buffer.from(String(error))));
    child.on("close", (code) => {
      clearTimeout(limit);
      if (release()) interrupted = true;
      resolve({ code: code ?? 1, output: Buffer.concat(output).toString("utf8") });
    });
  });
}

async function runCheck(name, rest) {
  const started = Date.now();
  const { code, output } = await run([...checks[name], ...rest]);
  report(name, started, code === 0 ? 1 : 0, code === 0 ? 0 : 1, 0, output);
}

async function runProject(name, rest) {
  const started = Date.now();
  const file = path.join(scratch, `${name.replaceAll(" ", "-")}.json`);
  const args = [
    "node_modules/vitest/vitest.mjs",
    "run",
    "--config",
    "test/vitest.config.ts",
    "--project",
    name.split(" ")[0],
  ];
  const reporters = ["--reporter=dot", "--reporter=json", `--outputFile.json=${file}`];
  const { code, output } = await run([...args, ...reporters, ...rest], projects[name]);
  const { passed, failed: counted, skipped } = countTests(file);
  // Errors outside any test, or a run that never got to write its report.
  const failed = counted === 0 && (code !== 0 || passed === 0) ? 1 : counted;
  report(
    name,
    started,
    passed,
    failed,
    skipped,
    passed === 0 && output === "" ? "No tests were found." : output,
  );
}

/** A file that fails to load has no tests in it, and counts as one that failed. */
function countTests(file) {
  if (!fs.existsSync(file)) return { passed: 0, failed: 0, skipped: 0 };
  const result = JSON.parse(fs.readFileSync(file, "utf8"));
  const broken = result.testResults.filter(
    (suite) => suite.status === "failed" && !suite.assertionResults.some((test) => test.status === "failed"),
  );
  return {
    passed: result.numPassedTests,
    failed: result.numFailedTests + broken.length,
    skipped: result.numPendingTests + result.numTodoTests,
  };
}

function report(name, started, passed, failed, skipped, output) {
  if (interrupted) return;
  total.passed += passed;
  total.failed += failed;
  const counts = [
    `${passed} passed`,
    failed > 0 && `${failed} failed`,
    skipped > 0 && `${skipped} skipped`,
  ].filter(Boolean);
  console.log(
    `${name.padEnd(20)} ${counts.join(", ").padEnd(28)} ${((Date.now() - started) / 1000).toFixed(1)} s`,
  );
  if (failed > 0) console.log(`\n${output.trim()}\n`);
}

/** Parts of one lane follow each other; lanes run side by side. */
async function runLane(names, rest) {
  for (const name of names) {
    if (interrupted) return;
    await (name in checks ? runCheck(name, rest) : runProject(name, rest));
  }
}

function finish() {
  fs.rmSync(scratch, { recursive: true, force: true });
  if (interrupted) process.exit(130);
  console.log(`${total.passed} passed, ${total.failed} failed`);
  process.exit(total.failed === 0 ? 0 : 1);
}

async function main() {
  const [only, ...rest] = process.argv.slice(2);
  const known = [...Object.keys(checks), "unit", "db", "e2e"];
  if (only !== undefined && !known.includes(only))
    throw new Trouble(`There is no part "${only}": ${known.join(", ")}.`);
  checkMachine();
  await install(console.log);
  scratch = fs.mkdtempSync(path.join(os.tmpdir(), "candor-run-"));
  const generated = await run(["prisma/generate.mjs"]);
  if (generated.code !== 0) {
    report("prisma client", Date.now(), 0, 1, 0, generated.output);
    return finish();
  }
  const integration = fs.existsSync(installedPostgres) ? ["db", "db on PostgreSQL 15"] : ["db"];
  if (only !== undefined) {
    await runLane(
      only === "db" ? integration : only === "e2e" ? ["build"] : [only],
      only === "e2e" ? [] : rest,
    );
    if (only === "e2e") await runLane(["e2e"], rest);
    return finish();
  }
  await Promise.all([
    runLane(["types", "lint", "format", "codegen", "shopify", "build"], []),
    runLane(["unit", ...integration], []),
  ]);
  // Alone: a browser that shares two processors with everything else tests the machine's patience.
  await runLane(["e2e"], []);
  finish();
}

main().catch((error) => {
  if (!(error instanceof Trouble)) throw error;
  console.error(error.message);
  console.log("0 passed, 1 failed");
  process.exit(1);
});
