/**
 * Runs the one sentence of the architecture: routes → breach ← adapters; `breach/` imports neither side; each room imports only the rooms
 * before it, through their doors; only the files directly in `app/` join the two. And: `x.ts` does no I/O, `x.server.ts` does things.
 */
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "..");
const rooms = [
  "vault",
  "evidence",
  "team",
  "signal",
  "incident",
  "scope",
  "obligation",
  "notice",
  "publication",
  "filing",
  "support",
  "review",
  "checklist",
  "readiness",
];

type Source = { file: string; imports: string[]; text: string };

/** Static and dynamic imports, re-exports included, with paths made relative to the repository. */
export function readImports(file: string, text: string): string[] {
  const found = [...text.matchAll(/(?:from|import)\s*\(?\s*["']([^"']+)["']/g)].map(([, target]) => target!);
  return found.map((target) =>
    target.startsWith(".")
      ? path.posix.normalize(path.posix.join(path.posix.dirname(file), target)).replace(/\?.*$/, "")
      : target,
  );
}

const sources: Source[] = readdirSync(path.join(root, "app"), { recursive: true, encoding: "utf8" })
  .map((file) => `app/${file.replaceAll("\\", "/")}`)
  .filter((file) => /\.tsx?$/.test(file) && !file.endsWith(".d.ts") && !file.startsWith("app/types/"))
  .map((file) => {
    const text = readFileSync(path.join(root, file), "utf8");
    return { file, text, imports: readImports(file, text) };
  });

const roomOf = (file: string) => /^app\/breach\/([^/]+)\//.exec(file)?.[1] ?? null;
const isDirectlyInApp = (file: string) => /^app\/[^/]+$/.test(file);
const framework = /^(@remix-run\/|@shopify\/(shopify-app|polaris|app-bridge)|react|remix-i18next|i18next)/;

/** Every broken rule of one file, in words. */
export function findBreaches({ file, imports, text }: Source): string[] {
  const broken: string[] = [];
  const room = roomOf(file);
  for (const target of imports) {
    const says = (rule: string) => broken.push(`${file} imports ${target}: ${rule}`);
    if (target.startsWith("test/") || target.startsWith("prisma/"))
      says("nothing in app/ knows of test/ or prisma/");
    if (file.startsWith("app/breach/")) {
      if (target.startsWith("app/") && !target.startsWith("app/breach/"))
        says("breach/ imports neither side");
      if (framework.test(target) || target.startsWith("@shopify/")) says("breach/ knows no framework");
    }
    if (file.startsWith("app/adapters/")) {
      if (
        target.startsWith("app/") &&
        !target.startsWith("app/breach/") &&
        !target.startsWith("app/adapters/")
      )
        says("adapters import breach/ only");
      if (framework.test(target)) says("adapters know no framework");
    }
    if (file.startsWith("app/routes/") || file.startsWith("app/components/")) {
      if (target.startsWith("app/adapters/"))
        says("only the files directly in app/ join routes and adapters");
      if (file.startsWith("app/components/") && target.startsWith("app/routes/"))
        says("components do not import routes");
    }
    const other = roomOf(target);
    if (other !== null && other !== room) {
      if (room !== null && rooms.indexOf(other) > rooms.indexOf(room))
        says("a room imports only the rooms before it");
      if (!new RegExp(`^app/breach/${other}/${other}(\\.server)?\\.ts$`).test(target)) {
        says("a room is entered by its door");
      }
    }
    const pure = /\.tsx?$/.test(file) && !file.includes(".server.") && !isDirectlyInApp(file);
    if (pure && file.startsWith("app/breach/") && file !== "app/breach/ports.ts") {
      if (target.startsWith("node:") || target.includes(".server."))
        says("x.ts is law and arithmetic: no I/O");
    }
  }
  if (room !== null && !rooms.includes(room)) broken.push(`${file}: ${room} is no room`);
  if (/demo[- ]?store|DEMO_|demo-store/i.test(text)) broken.push(`${file} knows of the demo store`);
  if (/vi\.mock\(/.test(text)) broken.push(`${file} mocks`);
  return broken;
}

describe("the architecture", () => {
  test("the sentence holds", () => {
    expect(sources.length).toBeGreaterThan(60);
    expect(sources.flatMap(findBreaches)).toEqual([]);
  });

  test("the check can fail", () => {
    const wrong: [string, string][] = [
      ["app/breach/scope/x.ts", 'import { a } from "../notice/notice.ts";'],
      ["app/breach/scope/x.ts", 'import fs from "node:fs";'],
      ["app/breach/notice/x.server.ts", 'import { a } from "../scope/sighting.ts";'],
      ["app/breach/notice/x.server.ts", 'import { a } from "../../adapters/smtp.server.ts";'],
      ["app/breach/team/x.server.ts", 'import { data } from "@remix-run/node";'],
      ["app/adapters/x.server.ts", 'const a = await import("../context.server.ts");'],
      ["app/routes/x.tsx", 'export { a } from "../adapters/smtp.server.ts";'],
      ["app/x.server.ts", 'import { a } from "../test/demo-store/store.ts";'],
      ["app/breach/drawer/x.ts", ""],
    ];
    for (const [file, text] of wrong)
      expect(findBreaches({ file, text, imports: readImports(file, text) }), file + text).not.toEqual([]);
  });

  test("no file cycles", () => {
    // Types are gone before anything runs.
    const graph = new Map(
      sources.map(({ file, text }) => [
        file,
        readImports(file, text.replace(/(?:import|export) type [^;]*;/g, "")),
      ]),
    );
    const done = new Set<string>();
    const cycles: string[] = [];
    const walk = (file: string, trail: string[]): void => {
      if (trail.includes(file))
        return void cycles.push([...trail.slice(trail.indexOf(file)), file].join(" → "));
      if (done.has(file)) return;
      for (const next of graph.get(file) ?? []) walk(next, [...trail, file]);
      done.add(file);
    };
    for (const file of graph.keys()) walk(file, []);
    expect(cycles).toEqual([]);
  });

  test("the top level and its drawers stay short", () => {
    const drawers = sources.filter(
      ({ file }) => /\/(utils|types|constants|services|helpers)\//.test(file) || /\/index\.tsx?$/.test(file),
    );
    expect(drawers.map(({ file }) => file)).toEqual([]);
  });
});
