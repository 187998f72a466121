/**
 * Every Admin operation written in the app, checked against Shopify's whole schema, with deprecations as errors; queries that
 * run in bulk also against the rules for bulk operations. A text counts when it is a template that begins with `#graphql`.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type DocumentNode,
  getNamedType,
  Kind,
  NoDeprecatedCustomRule,
  parse,
  specifiedRules,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
} from "graphql";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { checkBulkRules } from "./demo-store/shopify/bulk-rules.ts";
import { loadAdminSchema } from "./demo-store/shopify/schema.ts";

const app = new URL("../app", import.meta.url).pathname;

type Text = { place: string; text: string };

/** Every text literal of a TypeScript source; a template with `${}` keeps them written out. */
function findLiterals(place: string, source: string): Text[] {
  const found: Text[] = [];
  const file = ts.createSourceFile(place, source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const walk = (node: ts.Node): void => {
    const isPlain = ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node);
    if (isPlain || ts.isTemplateExpression(node)) {
      const line = file.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      found.push({ place: `${place}:${line}`, text: isPlain ? node.text : node.getText().slice(1, -1) });
    }
    ts.forEachChild(node, walk);
  };
  walk(file);
  return found;
}

const isMarked = ({ text }: Text) => /^\s*#graphql\s+\S/.test(text);
const looksLikeGraphql = ({ text }: Text) =>
  /^\s*(query|mutation|subscription)(\s+\w+)?\s*(\([^)]*\)\s*)?\{/.test(text);

function findAppLiterals(): Text[] {
  return readdirSync(app, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name) && !name.endsWith(".d.ts"))
    .flatMap((name) => findLiterals(join("app", name), readFileSync(join(app, name), "utf8")));
}

/** Only a bulk operation may leave a connection's page size open. */
function runsInBulk(document: DocumentNode): boolean {
  const info = new TypeInfo(loadAdminSchema());
  let open = false;
  visit(
    document,
    visitWithTypeInfo(info, {
      Field(node) {
        if (!getNamedType(info.getType())?.name.endsWith("Connection")) return;
        open ||= !node.arguments?.some(({ name }) => name.value === "first" || name.value === "last");
      },
    }),
  );
  return open;
}

function checkText(text: string): string[] {
  if (text.includes("${")) return ["a GraphQL text is written out: no ${} inside"];
  let document: DocumentNode;
  try {
    document = parse(text);
  } catch (error) {
    return [(error as Error).message];
  }
  const schema = loadAdminSchema();
  const faults = validate(schema, document, [...specifiedRules, NoDeprecatedCustomRule]).map(
    ({ message }) => message,
  );
  if (faults.length > 0) return faults;
  const named = document.definitions.every(
    (definition) => definition.kind !== Kind.OPERATION_DEFINITION || definition.name !== undefined,
  );
  if (runsInBulk(document)) return checkBulkRules(schema, document);
  return named ? [] : ["give the operation a name, so that a log line can say which one it was"];
}

describe("Admin operations of the app", () => {
  const literals = findAppLiterals();
  const texts = literals.filter(isMarked);

  test.each(texts)("$place is accepted by Shopify's schema", ({ text }) => {
    expect(checkText(text)).toEqual([]);
  });

  test("there are some, and none goes without its mark", () => {
    expect(texts.length).toBeGreaterThan(0);
    expect(literals.filter(looksLikeGraphql).map(({ place }) => place)).toEqual([]);
  });
});

describe("the check itself", () => {
  test("finds marked texts in source, and texts that lack the mark", () => {
    const source =
      "// `#graphql` here is talk\nconst q = `#graphql\n  query Name { shop { name } }\n`;\nrun(q, `query Bare { shop { name } }`);";
    const literals = findLiterals("x.ts", source);
    expect(literals.filter(isMarked).map(({ place }) => place)).toEqual(["x.ts:2"]);
    expect(literals.filter(looksLikeGraphql).map(({ place }) => place)).toEqual(["x.ts:5"]);
  });

  test.each([
    ["a wrong field", "#graphql\n query Q { shop { nmae } }", /Cannot query field "nmae"/],
    ["a deprecated field", "#graphql\n query Q { customers(first: 1) { nodes { email } } }", /deprecated/],
    [
      "a deprecated field in a bulk query",
      "#graphql\n { customers { edges { node { id phone } } } }",
      /deprecated/,
    ],
    ["a wrong argument", "#graphql\n query Q { customer(gid: 1) { id } }", /Unknown argument "gid"/],
    ["a spliced text", "#graphql\n query Q { ${field} }", /written out/],
    ["a syntax error", "#graphql\n query Q { shop { name }", /Syntax Error/],
    ["an operation without a name", "#graphql\n { shop { name } }", /name/],
    ["nodes in bulk", "#graphql\n { customers { nodes { id } } }", /edges/],
    [
      "three levels in bulk",
      "#graphql\n { customers { edges { node { id orders { edges { node { id lineItems { edges { node { id } } } } } } } } } }",
      /nest/,
    ],
    [
      "a row that is no Node",
      '#graphql\n { customerSegmentMembers(query: "") { edges { node { id } } } }',
      /Node|first/,
    ],
    [
      "children of a parent without id",
      "#graphql\n { customers { edges { node { orders { edges { node { id } } } } } } }",
      /select the 'id' field/,
    ],
  ])("refuses %s", (_name, text, message) => {
    expect(checkText(text).join("\n")).toMatch(message);
  });

  test.each([
    "#graphql\n query Shop { shop { name } }",
    "#graphql\n query Page($q: String) { customers(first: 10, query: $q) { nodes { id } } }",
    '#graphql\n { orders(query: "__FILTER__", sortKey: CREATED_AT) { edges { node { id email } } } }',
  ])("accepts %s", (text) => {
    expect(checkText(text)).toEqual([]);
  });
});
