/**
 * Reads a store's records through the Admin GraphQL API (2026-10).
 *
 * Every operation is a `#graphql` text without insertions, so that the test suite can check it against Shopify's schema. A throttled call
 * waits as long as the cost report says (https://shopify.dev/docs/api/usage/limits) and is tried again; nothing else is.
 */
import { createAdminApiClient } from "@shopify/admin-api-client";
import { z } from "zod";
import { Outage } from "../breach/ports.ts";
import type {
  ExportRequest,
  ExportState,
  ExportStatus,
  StoreCount,
  StoreFacts,
  StoreRecords,
  Window,
} from "../breach/ports.ts";
import type { AdminOperations } from "./admin.generated.d.ts";

export const apiVersion = "2026-10";

/** Runs an operation of the app; its variables, and what the shape may read, are those of Shopify's schema. */
export type AdminCall = <O extends keyof AdminOperations, S extends z.ZodType>(
  operation: O,
  variables: AdminOperations[O]["variables"],
  shape: AdminOperations[O]["result"] extends z.input<S> ? S : never,
) => Promise<z.output<S>>;

export type AdminAccess = {
  shop: string;
  /** A valid offline access token; asked for before every call, because it lives an hour. `renew` is true after a 401. */
  token(renew: boolean): Promise<string>;
};

const errorsSchema = z.object({
  networkStatusCode: z.number().optional(),
  message: z.string().optional(),
  graphQLErrors: z
    .array(
      z
        .object({
          message: z.string(),
          extensions: z.object({ code: z.string().optional() }).loose().optional(),
        })
        .loose(),
    )
    .optional(),
});

const costSchema = z
  .object({
    cost: z.object({
      requestedQueryCost: z.number(),
      throttleStatus: z.object({ currentlyAvailable: z.number(), restoreRate: z.number() }),
    }),
  })
  .partial();

const maxThrottled = 12;

/** One function that runs an operation on one shop and returns its parsed data. */
export function createAdminCall(access: AdminAccess): AdminCall {
  return async (operation, variables, shape) => {
    let renewed = false;
    for (let throttled = 0; ;) {
      const client = createAdminApiClient({
        storeDomain: access.shop,
        apiVersion,
        accessToken: await access.token(renewed),
        customFetchApi: (url, init) => fetch(url, { ...init, signal: AbortSignal.timeout(30_000) }),
      });
      const response = await client.request(operation as string, { variables, retries: 1 });
      if (response.errors === undefined) {
        const parsed = shape.safeParse(response.data);
        if (!parsed.success) throw new Outage("store", "malformed");
        return parsed.data;
      }
      const errors = errorsSchema.parse(response.errors);
      const code = errors.graphQLErrors?.[0]?.extensions?.code;
      if (code === "THROTTLED" && throttled < maxThrottled) {
        throttled += 1;
        const cost = costSchema.safeParse(response.extensions).data?.cost;
        const missing =
          cost === undefined ? 100 : cost.requestedQueryCost - cost.throttleStatus.currentlyAvailable;
        const seconds = Math.min(20, Math.max(0.5, missing / (cost?.throttleStatus.restoreRate ?? 50)));
        await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
        continue;
      }
      if (errors.networkStatusCode === 401 && !renewed) {
        renewed = true;
        continue;
      }
      if (code === "THROTTLED") throw new Outage("store", "throttled");
      if (code === "ACCESS_DENIED") throw new Outage("store", "access_denied");
      if (errors.networkStatusCode === 401 || errors.networkStatusCode === 403)
        throw new Outage("store", "unauthorized");
      if (errors.graphQLErrors !== undefined && errors.graphQLErrors.length > 0)
        throw new Outage("store", "rejected");
      throw new Outage("store", "network");
    }
  };
}

const shopQuery = `#graphql
  query CandorStore {
    shop { name ianaTimezone shopAddress { countryCodeV2 } }
    currentAppInstallation { accessScopes { handle } }
  }
`;

const customersCountQuery = `#graphql
  query CandorCustomersCount {
    customersCount(limit: null) { count precision }
  }
`;

const ordersCountQuery = `#graphql
  query CandorOrdersCount($query: String) {
    ordersCount(query: $query, limit: null) { count precision }
  }
`;

const runBulkMutation = `#graphql
  mutation CandorRunBulk($query: String!) {
    bulkOperationRunQuery(query: $query) {
      bulkOperation { id }
      userErrors { field message code }
    }
  }
`;

const bulkStatusQuery = `#graphql
  query CandorBulkStatus($id: ID!) {
    bulkOperation(id: $id) { id status errorCode objectCount rootObjectCount fileSize url partialDataUrl }
  }
`;

const cancelBulkMutation = `#graphql
  mutation CandorCancelBulk($id: ID!) {
    bulkOperationCancel(id: $id) {
      bulkOperation { id }
      userErrors { field message }
    }
  }
`;

const customersExport = `#graphql
  {
    customers {
      edges { node {
        id firstName lastName locale updatedAt
        defaultEmailAddress { emailAddress }
        defaultPhoneNumber { phoneNumber }
        defaultAddress { countryCodeV2 provinceCode }
      } }
    }
  }
`;

const ordersExport = `#graphql
  {
    orders(query: "__FILTER__", sortKey: CREATED_AT) {
      edges { node {
        id email phone createdAt test customerLocale
        customer {
          id firstName lastName locale
          defaultEmailAddress { emailAddress }
          defaultPhoneNumber { phoneNumber }
          defaultAddress { countryCodeV2 provinceCode }
        }
        shippingAddress { firstName lastName countryCodeV2 provinceCode }
        billingAddress { firstName lastName countryCodeV2 provinceCode }
      } }
    }
  }
`;

/** Shopify's search syntax for a half-open window of creation times. */
export function placedFilter(placed: Window): string {
  return `created_at:>='${placed.from.toISOString()}' created_at:<'${placed.to.toISOString()}'`;
}

/** The query text of a bulk export, with its filter filled in. */
export function exportQuery(request: ExportRequest): string {
  const template = request.kind === "customers" ? customersExport : ordersExport;
  return template
    .replace("#graphql", "")
    .replace("__FILTER__", request.placed === undefined ? "" : placedFilter(request.placed))
    .trim();
}

const countSchema = z
  .object({ count: z.number().int(), precision: z.enum(["EXACT", "AT_LEAST"]) })
  .nullable();

function readCount(count: z.infer<typeof countSchema>): StoreCount {
  return { count: count?.count ?? 0, exact: count?.precision === "EXACT" };
}

const unsigned = z.union([z.string(), z.number()]).transform(Number);
const userErrors = z.array(z.object({ message: z.string() }).loose());

const statusSchema = z.object({
  bulkOperation: z
    .object({
      status: z.enum(["CREATED", "RUNNING", "COMPLETED", "CANCELING", "CANCELED", "FAILED", "EXPIRED"]),
      errorCode: z.string().nullable(),
      objectCount: unsigned,
      rootObjectCount: unsigned,
      fileSize: unsigned.nullable(),
      url: z.string().nullable(),
      partialDataUrl: z.string().nullable(),
    })
    .nullable(),
});

export type LineReader = StoreRecords["readLines"];

/** The store's records as the rooms see them. `readLines` comes from `bulk-export.server.ts`. */
export function createStoreRecords(call: AdminCall, readLines: LineReader): StoreRecords {
  return {
    async readStore(): Promise<StoreFacts> {
      const answer = await call(
        shopQuery,
        {},
        z.object({
          shop: z.object({
            name: z.string(),
            ianaTimezone: z.string(),
            shopAddress: z.object({ countryCodeV2: z.string().nullable() }),
          }),
          currentAppInstallation: z.object({ accessScopes: z.array(z.object({ handle: z.string() })) }),
        }),
      );
      return {
        name: answer.shop.name,
        timeZone: answer.shop.ianaTimezone,
        countryCode: answer.shop.shopAddress.countryCodeV2,
        grantedScopes: answer.currentAppInstallation.accessScopes.map((scope) => scope.handle),
      };
    },
    async countCustomers() {
      return readCount(
        (await call(customersCountQuery, {}, z.object({ customersCount: countSchema }))).customersCount,
      );
    },
    async countOrders(placed) {
      const query = placed === undefined ? null : placedFilter(placed);
      return readCount(
        (await call(ordersCountQuery, { query }, z.object({ ordersCount: countSchema }))).ordersCount,
      );
    },
    async startExport(request) {
      const query = exportQuery(request);
      const answer = await call(
        runBulkMutation,
        { query },
        z.object({
          bulkOperationRunQuery: z
            .object({ bulkOperation: z.object({ id: z.string() }).nullable(), userErrors })
            .nullable(),
        }),
      );
      const bulkId = answer.bulkOperationRunQuery?.bulkOperation?.id;
      if (bulkId === undefined) throw new Outage("store", "rejected");
      return { bulkId, query };
    },
    async readExport(bulkId): Promise<ExportStatus> {
      const operation = (await call(bulkStatusQuery, { id: bulkId }, statusSchema)).bulkOperation;
      if (operation === null) throw new Outage("store", "rejected");
      return {
        state: operation.status.toLowerCase() as ExportState,
        errorCode: operation.errorCode,
        objectCount: operation.objectCount,
        rootObjectCount: operation.rootObjectCount,
        fileSize: operation.fileSize,
        url: operation.url,
        hasPartialData: operation.partialDataUrl !== null,
      };
    },
    async cancelExport(bulkId) {
      await call(
        cancelBulkMutation,
        { id: bulkId },
        z.object({ bulkOperationCancel: z.object({ userErrors }).nullable() }),
      );
    },
    readLines,
  };
}
