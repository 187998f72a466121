/**
 * A Chromium for the browser tests, that needs neither apt nor a download: the one in the npm package @sparticuz/chromium (Linux x64,
 * with the libraries a bare machine lacks), else an installed one. CANDOR_TEST_BROWSER names another.
 */
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { inflate } from "@sparticuz/chromium";
import { chromium } from "playwright-core";
import type { Browser } from "playwright-core";
import { Trouble, root, takeTurn } from "./install.mjs";

/** Quiet on a closed network, and at home in a container. */
const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
  "--font-render-hinting=none",
];

type Program = { executablePath: string; env: Record<string, string> };

export async function launchBrowser(): Promise<Browser> {
  const { executablePath, env } = await findProgram();
  return chromium.launch({ executablePath, args: flags, headless: true, env: { ...process.env, ...env } });
}

async function findProgram(): Promise<Program> {
  const chosen = process.env["CANDOR_TEST_BROWSER"];
  if (chosen !== undefined) return { executablePath: chosen, env: {} };
  if (process.platform === "linux" && process.arch === "x64") return unpackCarried();
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  const mac = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
  ];
  const folders = (process.env["PATH"] ?? "").split(path.delimiter);
  const installed = [
    ...names.flatMap((name) => folders.map((folder) => path.join(folder, name))),
    ...mac,
  ].find((file) => fs.existsSync(file));
  if (installed === undefined) {
    throw new Trouble("No Chromium was found: install one, or name one in CANDOR_TEST_BROWSER.");
  }
  return { executablePath: installed, env: {} };
}

/** Unpacked once per installation, whole or not at all. The package itself would unpack to fixed names in the shared /tmp. */
async function unpackCarried(): Promise<Program> {
  const place = path.join(unpackFolder(), `chromium-${carriedVersion()}`);
  const release = await takeTurn("chromium", () => undefined);
  try {
    if (!fs.existsSync(place)) await unpackTo(place);
  } finally {
    release();
  }
  const libraries = [path.join(place, "al2023/lib"), place, process.env["LD_LIBRARY_PATH"]]
    .filter(Boolean)
    .join(":");
  return {
    executablePath: path.join(place, "chromium"),
    env: {
      LD_LIBRARY_PATH: libraries,
      ...(hasFonts() ? {} : { FONTCONFIG_PATH: path.join(place, "fonts") }),
    },
  };
}

function unpackFolder(): string {
  const beside = path.join(root, "node_modules/.cache/candor");
  try {
    fs.mkdirSync(beside, { recursive: true });
    fs.accessSync(beside, fs.constants.W_OK);
    return beside;
  } catch {
    const own = path.join(os.tmpdir(), `candor-chromium-${process.getuid?.() ?? 0}`);
    fs.mkdirSync(own, { recursive: true, mode: 0o700 });
    if (fs.statSync(own).uid !== process.getuid?.()) throw new Trouble(`${own} belongs to another user.`);
    return own;
  }
}

const packageFolder = path.join(root, "node_modules/@sparticuz/chromium");

function carriedVersion(): string {
  const { version } = JSON.parse(fs.readFileSync(path.join(packageFolder, "package.json"), "utf8")) as {
    version: string;
  };
  return version;
}

async function unpackTo(place: string): Promise<void> {
  const draft = `${place}.new`;
  fs.rmSync(draft, { recursive: true, force: true });
  fs.mkdirSync(draft);
  const before = process.env["TMPDIR"];
  // Where `inflate` puts things.
  process.env["TMPDIR"] = draft;
  try {
    const parts = ["chromium.br", "al2023.tar.br", "swiftshader.tar.br", "fonts.tar.br"];
    await Promise.all(parts.map((part) => inflate(path.join(packageFolder, "bin", part))));
  } finally {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
  }
  fs.chmodSync(path.join(draft, "chromium"), 0o755);
  const settings = path.join(draft, "fonts/fonts.conf");
  const fonts = path.join(place, "fonts");
  const text = fs.readFileSync(settings, "utf8").replace("<dir>/tmp/fonts</dir>", `<dir>${fonts}</dir>`);
  fs.writeFileSync(settings, text.replace("/tmp/fonts-cache/", `${fonts}/cache`));
  fs.renameSync(draft, place);
}

/** A machine without any font would show pages without any letters: then the package's one font, Open Sans, is used. */
function hasFonts(): boolean {
  if (!fs.existsSync("/etc/fonts/fonts.conf")) return false;
  const folders = ["/usr/share/fonts", "/usr/local/share/fonts", path.join(os.homedir(), ".fonts")];
  return folders.some(
    (folder) =>
      fs.existsSync(folder) &&
      execFileSync("find", [folder, "-name", "*.[to]tf"], { encoding: "utf8" }) !== "",
  );
}
