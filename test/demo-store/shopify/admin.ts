/** One Admin GraphQL request, from text to answer. */
import { type DocumentNode, execute, GraphQLError, parse, specifiedRules, validate } from "graphql";
import { type Bucket, bucketLimits, costOf } from "./cost.ts";
import { type FieldContext, resolveField, resolveTypeOf } from "./fields.ts";
import { loadAdminSchema } from "./schema.ts";
import { SearchRefused } from "./search.ts";

export type AdminRequest = {
  query: string;
  variables: Record<string, unknown>;
  operationName: string | null;
};

const limitsPage = "https://shopify.dev/api/usage/rate-limits";

function throttleStatus(bucket: Bucket) {
  return {
    maximumAvailable: bucketLimits.maximum,
    currentlyAvailable: bucket.available(),
    restoreRate: bucketLimits.restoreRate,
  };
}

/** Always HTTP 200, as the real API answers. `throttled`: answer THROTTLED whatever the bucket holds. */
export async function answerAdmin(
  request: AdminRequest,
  ctx: FieldContext,
  bucket: Bucket,
  throttled: boolean,
): Promise<unknown> {
  const schema = loadAdminSchema();
  let document: DocumentNode;
  try {
    document = parse(request.query);
  } catch (error) {
    return { errors: [(error as GraphQLError).toJSON()] };
  }
  const faults = validate(schema, document, specifiedRules);
  if (faults.length > 0) {
    return {
      errors: faults.map((fault) => ({
        ...fault.toJSON(),
        extensions: {
          code: fault.message.startsWith("Cannot query field")
            ? "undefinedField"
            : "argumentLiteralsIncompatible",
        },
      })),
    };
  }

  const { variables, operationName } = request;
  const requestedQueryCost = costOf(schema, document, variables, operationName);
  const cost = (actualQueryCost: number | null) => ({
    cost: { requestedQueryCost, actualQueryCost, throttleStatus: throttleStatus(bucket) },
  });
  if (requestedQueryCost > bucketLimits.singleQuery) {
    const message = `Query cost is ${requestedQueryCost}, which exceeds the single query max cost limit (${bucketLimits.singleQuery}).`;
    const extensions = {
      code: "MAX_COST_EXCEEDED",
      cost: requestedQueryCost,
      maxCost: bucketLimits.singleQuery,
      documentation: limitsPage,
    };
    return { errors: [{ message, extensions }] };
  }
  if (throttled || !bucket.take(requestedQueryCost)) {
    return {
      errors: [{ message: "Throttled", extensions: { code: "THROTTLED", documentation: limitsPage } }],
      extensions: cost(null),
    };
  }

  const result = await execute({
    schema,
    document,
    rootValue: {},
    contextValue: ctx,
    variableValues: variables,
    operationName,
    fieldResolver: async (source: unknown, args: Record<string, unknown>, context: FieldContext, info) => {
      try {
        return await resolveField(info.parentType.name, info.fieldName, source, args, context);
      } catch (error) {
        if (error instanceof SearchRefused)
          throw new GraphQLError(error.message, { extensions: { code: "INVALID_SEARCH" } });
        throw error;
      }
    },
    typeResolver: resolveTypeOf,
  });
  // What was never fetched is not paid for.
  const actual = result.data ? costOf(schema, document, variables, operationName, result.data) : 0;
  bucket.giveBack(Math.max(0, requestedQueryCost - actual));
  return {
    ...(result.data === undefined ? {} : { data: result.data }),
    ...(result.errors ? { errors: result.errors.map((error) => error.toJSON()) } : {}),
    extensions: cost(actual),
  };
}
