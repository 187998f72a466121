/** What Shopify asks of a query before it runs it in bulk: https://shopify.dev/docs/api/usage/bulk-operations/queries */
import {
  type DocumentNode,
  getNamedType,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from "graphql";

export const bulkLimits = { connections: 5, nesting: 2 };

/** Sentences, empty when the document may run in bulk. The document must be valid against the schema already. */
export function checkBulkRules(schema: GraphQLSchema, document: DocumentNode): string[] {
  const faults: string[] = [];
  const operations = document.definitions.filter(
    (definition) => definition.kind === Kind.OPERATION_DEFINITION,
  );
  if (operations.length !== 1 || operations[0]!.operation !== "query") {
    return ["Bulk queries must contain exactly one query operation."];
  }
  if (operations[0]!.variableDefinitions?.length) faults.push("Bulk queries cannot declare variables.");
  if (document.definitions.length > 1) faults.push("demo store: write bulk queries without named fragments.");

  let connections = 0;
  const nesting: string[] = [];
  const info = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(info, {
      Field: {
        enter(node) {
          const parent = info.getParentType();
          const type = getNamedType(info.getType());
          const name = node.name.value;
          if (parent === schema.getQueryType() && (name === "node" || name === "nodes")) {
            faults.push(`Bulk queries cannot contain the top-level field "${name}".`);
          }
          if (!isObjectType(type) || !type.name.endsWith("Connection")) return;
          connections += 1;
          nesting.push(name);
          if (nesting.length > bulkLimits.nesting) {
            faults.push(
              `Bulk queries cannot nest connections more than ${bulkLimits.nesting} deep: ${nesting.join(" > ")}.`,
            );
          }
          const row = getNamedType(type.getFields().nodes?.type);
          const implementsNode =
            (isObjectType(row) || isInterfaceType(row)) &&
            row.getInterfaces().some((parentType) => parentType.name === "Node");
          if (!implementsNode && row?.name !== "Node") {
            faults.push(
              `The connection "${name}" cannot be read in bulk: ${row?.name} does not implement Node.`,
            );
          }
          const selected = (node.selectionSet?.selections ?? []).flatMap((selection) =>
            selection.kind === Kind.FIELD ? [selection] : [],
          );
          const edges = selected.find((selection) => selection.name.value === "edges");
          const inner = edges?.selectionSet?.selections.find(
            (selection) => selection.kind === Kind.FIELD && selection.name.value === "node",
          );
          if (inner?.kind !== Kind.FIELD) {
            faults.push(`The connection "${name}" must select edges { node { … } }.`);
            return;
          }
          const rows = inner.selectionSet?.selections ?? [];
          const holdsConnection = rows.some(
            (selection) =>
              selection.kind === Kind.FIELD &&
              isObjectType(row) &&
              isConnection(row.getFields()[selection.name.value]?.type),
          );
          const hasId = rows.some(
            (selection) => selection.kind === Kind.FIELD && selection.name.value === "id" && !selection.alias,
          );
          if (holdsConnection && !hasId) {
            faults.push(
              "The parent 'node' field for a nested connection must select the 'id' field without an alias and must be of 'ID' return type.",
            );
          }
        },
        leave() {
          const type = getNamedType(info.getType());
          if (isObjectType(type) && type.name.endsWith("Connection")) nesting.pop();
        },
      },
    }),
  );
  if (connections === 0) faults.push("Bulk queries must contain at least one connection.");
  if (connections > bulkLimits.connections) {
    faults.push(`Bulk queries cannot contain more than ${bulkLimits.connections} connections.`);
  }
  return faults;
}

function isConnection(type: Parameters<typeof getNamedType>[0]): boolean {
  return Boolean(getNamedType(type)?.name.endsWith("Connection"));
}
