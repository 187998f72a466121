/**
 * Writes app/adapters/admin.generated.d.ts: for every named `#graphql` operation in the app, what Shopify's Admin schema says it takes
 * and gives. With --check it writes nothing, and fails when the file is out of date.
 */
import fs from "node:fs";
import path from "node:path";
import { codegen } from "@graphql-codegen/core";
import * as types from "@graphql-codegen/typescript";
import * as operations from "@graphql-codegen/typescript-operations";
import { Kind, parse } from "graphql";
import type { DocumentNode, OperationDefinitionNode } from "graphql";
import { loadAdminSchema } from "./demo-store/shopify/schema.ts";
import { root } from "./install.mjs";

type Operation = { text: string; location: string; document: DocumentNode; node: OperationDefinitionNode };

const target = path.join(root, "app/adapters/admin.generated.d.ts");

/** Nameless ones are texts for bulk operations, whose answers are lines of a file. */
function findOperations(): Operation[] {
  return fs
    .readdirSync(path.join(root, "app"), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name) && !name.endsWith(".d.ts"))
    .toSorted()
    .flatMap((location) => {
      const source = fs.readFileSync(path.join(root, "app", location), "utf8");
      return [...source.matchAll(/`(#graphql\s[^`]*)`/g)].flatMap(([, text = ""]) => {
        const document = parse(text);
        const node = document.definitions.find((each) => each.kind === Kind.OPERATION_DEFINITION);
        return node?.name === undefined ? [] : [{ text, location, document, node }];
      });
    });
}

/** The plugins print every enumeration and input of the schema, 380 kB; this keeps what the operations lead to. */
function keepReachable(output: string, roots: string[]): string {
  const parts = new Map<string, string>();
  for (const part of output.split(/\n(?=export type )/)) {
    const name = /^export type (\w+)/.exec(part)?.[1];
    if (name !== undefined) parts.set(name, part.trim());
  }
  const kept = new Set<string>();
  const waiting = [...roots];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const part = parts.get(name);
    if (part === undefined || kept.has(name)) continue;
    kept.add(name);
    waiting.push(...(part.match(/\b[A-Z]\w*\b/g) ?? []));
  }
  return [...parts].flatMap(([name, part]) => (kept.has(name) ? [part] : [])).join("\n\n");
}

function nameOf({ node }: Operation): string {
  return `${node.name?.value}${node.operation === "mutation" ? "Mutation" : "Query"}`;
}

async function generate(): Promise<string> {
  const found = findOperations();
  const output = await codegen({
    filename: target,
    schema: { kind: Kind.DOCUMENT, definitions: [] },
    schemaAst: loadAdminSchema(),
    documents: found.map(({ location, document }) => ({ location, document })),
    config: {
      onlyOperationTypes: true,
      preResolveTypes: true,
      skipTypename: true,
      avoidOptionals: { field: true },
      enumsAsTypes: true,
      defaultScalarType: "string",
      scalars: { JSON: "unknown" },
    },
    plugins: [{ types: {} }, { operations: {} }],
    pluginMap: { types, operations },
    // operations.unit.test.ts does this, more strictly.
    skipDocumentsValidation: true,
  });
  const names = found.map(nameOf);
  const reachable = keepReachable(output, [...names, ...names.map((name) => `${name}Variables`)]);
  const entries = found.map((operation) => {
    const name = nameOf(operation);
    return `  ${JSON.stringify(operation.text)}: { result: ${name}; variables: ${name}Variables };`;
  });
  return `// Written by test/codegen.ts from Shopify's Admin schema; run \`npm run codegen\` after changing an operation.

${reachable}

/** By their text, as it stands in the app. */
export type AdminOperations = {
${entries.join("\n")}
};
`;
}

const wanted = await generate();
const present = fs.existsSync(target) ? fs.readFileSync(target, "utf8") : "";
if (!process.argv.includes("--check")) fs.writeFileSync(target, wanted);
else if (present !== wanted) {
  console.error("app/adapters/admin.generated.d.ts is out of date: run npm run codegen.");
  process.exitCode = 1;
}
