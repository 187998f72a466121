/** Runs a bulk query's selection over the records and yields the lines that Shopify writes. */
import {
  type DocumentNode,
  type FieldNode,
  getArgumentValues,
  getNamedType,
  getNullableType,
  GraphQLError,
  type GraphQLObjectType,
  type GraphQLSchema,
  isLeafType,
  isListType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from "graphql";
import { canResolve, connections, type FieldContext, resolveField } from "./fields.ts";
import type { Listing } from "./listings.ts";

type FieldPlan = {
  key: string;
  type: string;
  field: string;
  args: Record<string, unknown>;
  list: boolean;
  inner: FieldPlan[] | null;
};
type ConnectionPlan = {
  path: string;
  args: Record<string, unknown>;
  row: FieldPlan[];
  nested: ConnectionPlan[];
};
export type BulkPlan = ConnectionPlan[];

const unknown = (type: string, field: string) =>
  new GraphQLError(`demo store does not resolve ${type}.${field} in bulk`);

/** The document must be valid and keep the bulk rules. Throws for what the demo store can't answer. */
export function planBulk(schema: GraphQLSchema, document: DocumentNode): BulkPlan {
  const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION)!;

  function eachField(set: SelectionSetNode, parent: GraphQLObjectType): FieldNode[] {
    return set.selections.flatMap((selection) => {
      if (selection.kind === Kind.FIELD) return [selection];
      if (
        selection.kind === Kind.INLINE_FRAGMENT &&
        (!selection.typeCondition || selection.typeCondition.name.value === parent.name)
      ) {
        return eachField(selection.selectionSet, parent);
      }
      throw new GraphQLError("demo store does not resolve fragments in bulk");
    });
  }

  function planConnection(node: FieldNode, parent: GraphQLObjectType): ConnectionPlan {
    const path = `${parent.name}.${node.name.value}`;
    const definition = parent.getFields()[node.name.value]!;
    if (!Object.hasOwn(connections, path)) throw unknown(parent.name, node.name.value);
    const type = getNamedType(definition.type) as GraphQLObjectType;
    const row = getNamedType(type.getFields().nodes!.type) as GraphQLObjectType;
    const edges = eachField(node.selectionSet!, type).find((field) => field.name.value === "edges")!;
    const rowNode = eachField(edges.selectionSet!, type).find((field) => field.name.value === "node")!;
    const { plain, nested } = planRow(rowNode.selectionSet!, row, true);
    // Page sizes and cursors are ignored in bulk.
    const {
      first: _first,
      last: _last,
      after: _after,
      before: _before,
      ...args
    } = getArgumentValues(definition, node, {});
    return { path, args, row: plain, nested };
  }

  function planRow(
    set: SelectionSetNode,
    parent: GraphQLObjectType,
    top: boolean,
  ): { plain: FieldPlan[]; nested: ConnectionPlan[] } {
    const plain: FieldPlan[] = [];
    const nested: ConnectionPlan[] = [];
    for (const node of eachField(set, parent)) {
      const name = node.name.value;
      const definition = parent.getFields()[name];
      if (!definition) {
        if (name !== "__typename") throw unknown(parent.name, name);
        plain.push({
          key: node.alias?.value ?? name,
          type: parent.name,
          field: name,
          args: {},
          list: false,
          inner: null,
        });
        continue;
      }
      const type = getNamedType(definition.type);
      if (type.name.endsWith("Connection")) {
        if (!top)
          throw new GraphQLError(`demo store does not resolve connections inside ${parent.name} in bulk`);
        nested.push(planConnection(node, parent));
        continue;
      }
      if (!canResolve(parent.name, name)) throw unknown(parent.name, name);
      let inner: FieldPlan[] | null = null;
      if (!isLeafType(type)) {
        if (!isObjectType(type)) throw unknown(parent.name, name);
        inner = planRow(node.selectionSet!, type, false).plain;
      }
      plain.push({
        key: node.alias?.value ?? name,
        type: parent.name,
        field: name,
        args: getArgumentValues(definition, node, {}),
        list: isListType(getNullableType(definition.type)),
        inner,
      });
    }
    return { plain, nested };
  }

  const query = schema.getQueryType()!;
  return eachField(operation.selectionSet, query).map((node) => {
    const definition = query.getFields()[node.name.value];
    if (!definition || !getNamedType(definition.type).name.endsWith("Connection"))
      throw unknown(query.name, node.name.value);
    return planConnection(node, query);
  });
}

function project(plan: FieldPlan[], source: unknown, ctx: FieldContext): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (const { key, type, field, args, list, inner } of plan) {
    const value = field === "__typename" ? type : resolveField(type, field, source, args, ctx);
    if (value === null || value === undefined) row[key] = null;
    else if (!inner) row[key] = value;
    else if (list) row[key] = (value as unknown[]).map((item) => project(inner, item, ctx));
    else row[key] = project(inner, value, ctx);
  }
  return row;
}

/** As Rails writes JSON: markup characters and the two Unicode line ends are escaped. */
function writeLine(row: Record<string, unknown>): string {
  const text = JSON.stringify(row);
  if (!/[<>&\u2028\u2029]/.test(text)) return `${text}\n`;
  return `${text.replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`)}\n`;
}

export type BulkLine = { text: string; root: boolean };

export function openListings(plan: BulkPlan, ctx: FieldContext): Listing<unknown>[] {
  return plan.map((connection) => connections[connection.path]!({}, connection.args, ctx));
}

/** How many parents go by before their children follow: Shopify only promises that a child comes after its parent. */
const flock = 16;

/** Yields null for a record that the filter left out, so that whoever writes can breathe. */
export function* bulkLines(
  plan: BulkPlan,
  listings: Listing<unknown>[],
  ctx: FieldContext,
  groupObjects = false,
): Generator<BulkLine | null> {
  for (let i = 0; i < plan.length; i++) {
    const connection = plan[i]!;
    const listing = listings[i]!;
    let waiting: { node: unknown; id: unknown }[] = [];
    for (let position = 0; position < listing.size; position++) {
      const node = listing.at(position);
      if (!listing.matches(node)) {
        yield null;
        continue;
      }
      const row = project(connection.row, node, ctx);
      yield { text: writeLine(row), root: true };
      if (connection.nested.length === 0) continue;
      waiting.push({ node, id: row.id });
      if (groupObjects || waiting.length === flock) {
        yield* childLines(connection.nested, waiting, ctx);
        waiting = [];
      }
    }
    yield* childLines(connection.nested, waiting, ctx);
  }
}

function* childLines(
  nested: ConnectionPlan[],
  parents: { node: unknown; id: unknown }[],
  ctx: FieldContext,
): Generator<BulkLine> {
  for (const child of nested) {
    for (const parent of parents) {
      const listing = connections[child.path]!(parent.node, child.args, ctx);
      for (let position = 0; position < listing.size; position++) {
        const node = listing.at(position);
        if (!listing.matches(node)) continue;
        yield { text: writeLine({ ...project(child.row, node, ctx), __parentId: parent.id }), root: false };
      }
    }
  }
}
