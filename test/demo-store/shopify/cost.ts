/** What a query costs, and the leaky bucket it is paid from: https://shopify.dev/docs/api/usage/limits */
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLSchema,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionSetNode,
  type ValueNode,
} from "graphql";

export const bucketLimits = { maximum: 2000, restoreRate: 100, singleQuery: 1000 };

type Variables = Record<string, unknown>;

/**
 * Scalars 0, objects 1, a connection 2 and its page size times one row, a mutation 10. Where `data` is given, the rows that came
 * are counted instead of those that were asked for.
 */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Variables,
  operationName?: string | null,
  data?: unknown,
): number {
  const operations = document.definitions.filter(
    (definition) => definition.kind === Kind.OPERATION_DEFINITION,
  );
  const operation = operations.find((candidate) => !operationName || candidate.name?.value === operationName);
  if (!operation) return 0;
  const fragments = new Map(
    document.definitions
      .filter(
        (definition): definition is FragmentDefinitionNode => definition.kind === Kind.FRAGMENT_DEFINITION,
      )
      .map((definition) => [definition.name.value, definition]),
  );

  const readNumber = (value: ValueNode | undefined): number | null => {
    if (value?.kind === Kind.INT) return Number(value.value);
    if (value?.kind === Kind.VARIABLE && typeof variables[value.name.value] === "number")
      return Number(variables[value.name.value]);
    return null;
  };

  function costOfSet(set: SelectionSetNode, typeName: string, rows: number | null, answer: unknown): number {
    const type = schema.getType(typeName);
    let cost = 0;
    for (const selection of set.selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(selection.name.value);
        if (fragment)
          cost += costOfSet(fragment.selectionSet, fragment.typeCondition.name.value, rows, answer);
        continue;
      }
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        cost += costOfSet(
          selection.selectionSet,
          selection.typeCondition?.name.value ?? typeName,
          rows,
          answer,
        );
        continue;
      }
      if (!isObjectType(type) && !isInterfaceType(type)) continue;
      const name = selection.name.value;
      const inner = getNamedType(type.getFields()[name]?.type);
      if (!inner || !isCompositeType(inner) || !selection.selectionSet) continue;
      const value =
        typeof answer === "object" && answer !== null
          ? (answer as Variables)[selection.alias?.value ?? name]
          : undefined;
      if (data !== undefined && (value === null || value === undefined)) continue;

      const isPage = typeName.endsWith("Connection") && (name === "edges" || name === "nodes");
      const list = Array.isArray(value) ? value : null;
      if (isPage) {
        const count = list ? list.length : (rows ?? 1);
        cost += list
          ? list.reduce<number>(
              (sum, item) =>
                sum + costOfSet(selection.selectionSet!, inner.name, null, item) + (name === "nodes" ? 1 : 0),
              0,
            )
          : count *
            (costOfSet(selection.selectionSet, inner.name, null, undefined) + (name === "nodes" ? 1 : 0));
      } else if (inner.name.endsWith("Connection")) {
        const asked = selection.arguments?.find(
          ({ name: { value: key } }) => key === "first" || key === "last",
        );
        cost += 2 + costOfSet(selection.selectionSet, inner.name, readNumber(asked?.value), value);
      } else if (inner.name === "PageInfo") {
        continue;
      } else {
        cost += 1 + costOfSet(selection.selectionSet, inner.name, null, list ? list[0] : value);
      }
    }
    return cost;
  }

  const root = operation.operation === "mutation" ? schema.getMutationType()! : schema.getQueryType()!;
  if (operation.operation === "mutation") return 10 * operation.selectionSet.selections.length;
  return costOfSet(operation.selectionSet, root.name, null, data);
}

export type Bucket = { available(): number; take(points: number): boolean; giveBack(points: number): void };

/** On the machine's own clock: the bucket fills in real time, whatever time the shop believes it is. */
export function createBucket(): Bucket {
  let level = bucketLimits.maximum;
  let at = performance.now();
  function refill(): void {
    const now = performance.now();
    level = Math.min(bucketLimits.maximum, level + ((now - at) / 1000) * bucketLimits.restoreRate);
    at = now;
  }
  return {
    available() {
      refill();
      return Math.floor(level);
    },
    take(points) {
      refill();
      if (level < points) return false;
      level -= points;
      return true;
    },
    giveBack(points) {
      refill();
      level = Math.min(bucketLimits.maximum, level + points);
    },
  };
}
