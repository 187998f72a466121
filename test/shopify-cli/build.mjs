/**
 * Runs `shopify app build` on this repository, without a login: Shopify's own check of shopify.app.toml and of the extensions.
 * Installs the CLI into this folder first when it is missing or older than its lock. Exits non-zero on any failure.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
const clientId = "0".repeat(32);
const cli = join(here, "node_modules", "@shopify", "cli", "bin", "run.js");

/** The repository's own Node 24; the CLI refuses Node 20. macOS has no such package and uses the one that runs this. */
function chooseNode() {
  const carried = join(root, "node_modules", ".bin", process.platform === "win32" ? "node.exe" : "node");
  return existsSync(carried) ? carried : process.execPath;
}

function isInstalled() {
  const receipt = join(here, "node_modules", ".package-lock.json");
  return (
    existsSync(cli) &&
    existsSync(receipt) &&
    statSync(receipt).mtimeMs >= statSync(join(here, "package-lock.json")).mtimeMs
  );
}

function run(command, args, options) {
  const result = spawnSync(command, args, { stdio: "inherit", ...options });
  if (result.error) throw result.error;
  return result.status ?? 1;
}

const node = chooseNode();
const path = `${dirname(node)}${delimiter}${process.env.PATH ?? ""}`;

if (!isInstalled()) {
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const status = run(npm, ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: here,
    env: { ...process.env, PATH: path },
    shell: process.platform === "win32",
  });
  if (status !== 0) process.exit(status);
}

// An empty home: no account, no cached login, nothing of the developer's.
const home = mkdtempSync(join(tmpdir(), "candor-cli-"));
let status = 1;
try {
  const args = ["app", "build", "--path", root, "--client-id", clientId, "--skip-dependencies-installation"];
  status = run(node, [cli, ...args], {
    cwd: root,
    env: {
      PATH: path,
      HOME: home,
      USERPROFILE: home,
      XDG_CONFIG_HOME: join(home, "config"),
      XDG_CACHE_HOME: join(home, "cache"),
      TMPDIR: home,
      CI: "1",
      NODE_OPTIONS: `--import=${pathToFileURL(join(here, "offline.mjs"))}`,
      SHOPIFY_CLI_NO_ANALYTICS: "1",
      SHOPIFY_CLI_SKIP_NETWORK_LEVEL_RETRY: "1",
      FORCE_COLOR: "0",
    },
  });
} finally {
  rmSync(home, { recursive: true, force: true });
}
process.exit(status);
