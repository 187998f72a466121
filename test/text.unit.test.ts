/** Every text that the code names exists in the catalogue: a missing one would show its key to somebody in distress. */
import fs from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { deriveChecklist } from "../app/breach/checklist/checklist.ts";
import type { Records } from "../app/breach/checklist/checklist.ts";

const app = path.resolve(import.meta.dirname, "../app");

function listSources(folder: string, pattern: RegExp): { file: string; source: string }[] {
  return fs
    .readdirSync(path.join(app, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => pattern.test(file))
    .map((file) => ({
      file: path.join(folder, file),
      source: fs.readFileSync(path.join(app, folder, file), "utf8"),
    }));
}

/** `namespace:key` of everything in the catalogue's files, read as plain JSON. A key with plural or context forms counts without them too. */
function readCatalogue(): Set<string> {
  const keys = new Set<string>();
  const folder = path.join(app, "text/en");
  function walk(value: unknown, at: string): void {
    if (typeof value === "string") {
      keys.add(at);
      keys.add(at.replace(/_(zero|one|two|few|many|other)$/, ""));
      return;
    }
    for (const [key, inner] of Object.entries(value as Record<string, unknown>))
      walk(inner, at.endsWith(":") ? `${at}${key}` : `${at}.${key}`);
  }
  for (const file of fs.readdirSync(folder))
    walk(JSON.parse(fs.readFileSync(path.join(folder, file), "utf8")), `${path.basename(file, ".json")}:`);
  return keys;
}

/** The text between a call's parentheses, strings and templates respected. */
function readArguments(source: string, open: number): string {
  let depth = 0;
  let quote = "";
  for (let at = open; at < source.length; at += 1) {
    const char = source[at]!;
    if (quote !== "") {
      if (char === "\\") at += 1;
      else if (char === quote) quote = "";
    } else if (`"'\``.includes(char)) quote = char;
    else if (char === "(") depth += 1;
    else if (char === ")" && (depth -= 1) === 0) return source.slice(open + 1, at);
  }
  throw new Error("a call without an end");
}

function findCalls(source: string, name: RegExp): string[] {
  return [...source.matchAll(name)].map((found) => readArguments(source, found.index + found[0].length - 1));
}

/** The namespaces that a file's `useTranslation` calls name, the first of each being its default. */
function readNamespaces(source: string): string[] {
  const calls = findCalls(source, /\buseTranslation\(/g);
  return [
    ...new Set(
      calls.flatMap((call) => [...call.matchAll(/"([^"]+)"/g)].map(([, name]) => name!).slice(0, 1)),
    ),
  ].concat(calls.some((call) => call.trim() === "") ? ["common"] : []);
}

/** The first of a call's arguments. */
function firstOf(call: string): string {
  let depth = 0;
  let quote = "";
  for (let at = 0; at < call.length; at += 1) {
    const char = call[at]!;
    if (quote !== "") {
      if (char === "\\") at += 1;
      else if (char === quote) quote = "";
    } else if (`"'\``.includes(char)) quote = char;
    else if ("([{".includes(char)) depth += 1;
    else if (")]}".includes(char)) depth -= 1;
    else if (char === "," && depth === 0) return call.slice(0, at).trim();
  }
  return call.trim();
}

/** Literal keys of `t("…")` and of `t(condition ? "…" : "…")`; what fills a template key is tested where it is declared. */
function readKeys(source: string): string[] {
  return findCalls(source, /(?<![\w.$])t\(/g).flatMap((call) => {
    const first = firstOf(call);
    const whole = /^"([^"]+)"$/.exec(first);
    if (whole !== null) return [whole[1]!];
    if (first.startsWith("`")) return [];
    return [...first.matchAll(/[?:]\s+"([^"\n]+)"(?=\s*(?::|\?|$))/g)].map(([, key]) => key!);
  });
}

const catalogue = readCatalogue();
const screens = ["routes", "components"].flatMap((folder) => listSources(folder, /\.tsx?$/));
const rooms = listSources("breach", /\.ts$/);

describe("the text catalogue", () => {
  it.each(screens.filter(({ source }) => /\bt\(/.test(source)))("has every key of $file", ({ source }) => {
    const namespaces = readNamespaces(source);
    const missing = readKeys(source).filter((key) =>
      key.includes(":")
        ? !catalogue.has(key)
        : (namespaces.length > 0 ? namespaces : ["common", "evidence"]).every(
            (namespace) => !catalogue.has(`${namespace}:${key}`),
          ),
    );
    expect(missing).toEqual([]);
  });

  it("has a sentence for every refusal", () => {
    const codes = [...rooms, ...screens, ...listSources(".", /^[^/]+\.server\.tsx?$/)].flatMap(({ source }) =>
      findCalls(source, /\bnew Refused\(/g).map(
        (call) => /^\s*"([^"]+)"/.exec(call)?.[1] ?? `not a literal: ${call}`,
      ),
    );
    expect(codes.length).toBeGreaterThan(20);
    expect(codes.filter((code) => !catalogue.has(`refused:${code}`))).toEqual([]);
  });

  it("has a sentence for every word with which a form's schema refuses", () => {
    const word =
      /\.(?:min|max|regex|refine)\([^;]{0,200}?,\s*"([a-z][A-Za-z]*)",?\s*\)|\bmessage: "([a-z][A-Za-z]*)"/g;
    const words = [...rooms, ...screens]
      .filter(({ source }) => source.includes('from "zod"'))
      .flatMap(({ source }) => [...source.matchAll(word)].map(([, last, named]) => (last ?? named)!));
    expect(words.length).toBeGreaterThan(8);
    const missing = new Set(
      [...words, "invalid", "tooLong"].filter((each) => !catalogue.has(`refused:field.${each}`)),
    );
    expect([...missing]).toEqual([]);
  });

  it("has a sentence for every kind of event", () => {
    const types = rooms.flatMap(({ file, source }) => [
      ...findCalls(source, /\brecord\((?=ctx,)/g).flatMap((call) => {
        const named = [...call.split(/,\s*\{/)[0]!.matchAll(/"([a-z_]+\.[a-z_]+)"/g)].map(
          ([, type]) => type!,
        );
        // `act` is a parameter of `moveNotice`, whose callers are read below.
        return named.length > 0 || /,\s*act,/.test(call) ? named : [`not a literal in ${file}`];
      }),
      ...findCalls(source, /(?<!function )\bmoveNotice\(/g).flatMap((call) =>
        [...call.matchAll(/"([a-z_]+\.[a-z_]+)"/g)].map(([, type]) => type!),
      ),
    ]);
    expect(new Set(types).size).toBeGreaterThan(20);
    expect(types.filter((type) => !catalogue.has(`evidence:event.${type}`))).toEqual([]);
  });

  it("has every text of the checklist, whatever the records say", () => {
    const wanted = new Set<string>();
    for (const records of everyRecords()) {
      const { steps, next } = deriveChecklist(records);
      for (const part of ["title", "why", "act"]) if (next !== null) wanted.add(`next.${next.key}.${part}`);
      for (const step of steps) {
        for (const part of ["title", "why", "good"]) wanted.add(`step.${step.id}.${part}`);
        wanted.add(`state.${step.state}`);
        for (const note of step.notes) wanted.add(`note.${note}`);
      }
    }
    expect(wanted.size).toBeGreaterThan(80);
    expect([...wanted].filter((key) => !catalogue.has(`checklist:${key}`))).toEqual([]);
  });
});

function* everyRecords(): Generator<Records> {
  const either = [true, false];
  const duties = [0, 1].flatMap((open) => [0, 1].map((done) => ({ open, done })));
  for (const scope of ["none", "running", "failed", "ready", "confirmed"] as const)
    for (const notice of ["none", "draft", "approved", "sending", "paused", "finished"] as const)
      for (const banner of ["off", "publishing", "live", "withdrawing"] as const)
        for (const regulatorDuties of duties)
          for (const deliveriesToMend of [0, 1])
            for (const aware of either)
              for (const factsKnown of either)
                for (const contained of either)
                  for (const contactsComplete of either)
                    for (const senderVerified of either)
                      yield {
                        aware,
                        factsKnown,
                        contained,
                        scope,
                        contactsComplete,
                        senderVerified,
                        regulatorDuties,
                        individualDuties: regulatorDuties,
                        notice,
                        deliveriesToMend,
                        banner,
                      };
}
