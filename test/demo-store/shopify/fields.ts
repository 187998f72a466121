/**
 * What each field of the schema answers. Ordinary queries (graphql-js) and bulk operations read the same table; a field that
 * is not in it is refused by name, never answered with null.
 */
import { GraphQLError } from "graphql";
import type { Person, PostalAddress } from "../generator.ts";
import type { BulkOperation, BulkOperations } from "./bulk.ts";
import {
  countListing,
  type CustomerNode,
  customerNode,
  displayNameOf,
  type ListArgs,
  listCustomers,
  type Listing,
  listOrders,
  listOrdersOf,
  type OrderNode,
  orderNode,
  readPage,
} from "./listings.ts";
import { deleteMetafields, digestOf, findMetafield, setMetafields } from "./metafields.ts";
import { hasScope, installationGid, type Store } from "./store.ts";

export type FieldContext = {
  store: Store;
  /** Null where only records are read. */
  bulk: BulkOperations | null;
  /** The whole of the customers' and orders' fields is refused (a fault). */
  accessDenied: boolean;
  primaryUrl: string;
};

type Args = Record<string, unknown>;
export type Resolve = (source: unknown, args: Args, ctx: FieldContext) => unknown;
type Table = Record<string, Resolve>;

/** The table's types are the schema's own: a `Customer` field is only ever asked of a `CustomerNode`. */
function fieldsOf<S>(fields: Record<string, (source: S, args: Args, ctx: FieldContext) => unknown>): Table {
  return fields as Table;
}

export function refuseAccess(field: string, scope: string): GraphQLError {
  const requiredAccess = `\`${scope}\` access scope.`;
  return new GraphQLError(`Access denied for ${field} field. Required access: ${requiredAccess}`, {
    extensions: {
      code: "ACCESS_DENIED",
      documentation: "https://shopify.dev/api/usage/access-scopes",
      requiredAccess,
    },
  });
}

function needScope(ctx: FieldContext, scope: string, field: string): void {
  if (ctx.accessDenied || !hasScope(ctx.store, scope)) throw refuseAccess(field, scope);
}

type AddressNode = { address: PostalAddress; owner: number; model: string };
const addressNode = (address: PostalAddress | null, owner: number, model: string): AddressNode | null =>
  address && { address, owner, model };
const numberOf = (gid: unknown) => Number(/(\d+)(\?.*)?$/.exec(String(gid))?.[1] ?? NaN);
const blankIsNull = (args: Args) =>
  typeof args.query === "string" && args.query.trim() === "" ? { ...args, query: null } : args;

const currencies: Record<string, string> = {
  US: "USD",
  GB: "GBP",
  CA: "CAD",
  AU: "AUD",
  CH: "CHF",
  JP: "JPY",
  SE: "SEK",
};
const currencyOf = (store: Store) => currencies[store.shop.countryCode] ?? "EUR";
const money = (store: Store, cents: number) => ({
  amount: (cents / 100).toFixed(2),
  currencyCode: currencyOf(store),
});
const listArgs = (args: Args) => blankIsNull(args) as ListArgs;

/** Connections the bulk operations may walk, by `Type.field`. */
export const connections: Record<
  string,
  (source: unknown, args: Args, ctx: FieldContext) => Listing<unknown>
> = {
  "QueryRoot.customers": (_source, args, ctx) => {
    needScope(ctx, "read_customers", "customers");
    return listCustomers(ctx.store, listArgs(args)) as Listing<unknown>;
  },
  "QueryRoot.orders": (_source, args, ctx) => {
    needScope(ctx, "read_orders", "orders");
    return listOrders(ctx.store, listArgs(args)) as Listing<unknown>;
  },
  "Customer.orders": (source, args, ctx) => {
    needScope(ctx, "read_orders", "orders");
    return listOrdersOf(ctx.store, (source as CustomerNode).index, listArgs(args)) as Listing<unknown>;
  },
};

const page = (name: string): Resolve => {
  return (source, args, ctx) => readPage(connections[name]!(source, args, ctx), listArgs(args));
};

function findCustomer(ctx: FieldContext, gid: unknown): CustomerNode | null {
  needScope(ctx, "read_customers", "customer");
  const index = ctx.store.records.customerIndex(numberOf(gid));
  return index === null ? null : customerNode(ctx.store.records, index);
}
function findOrder(ctx: FieldContext, gid: unknown): OrderNode | null {
  needScope(ctx, "read_orders", "order");
  const index = ctx.store.records.orderIndex(numberOf(gid));
  const node = index === null ? null : orderNode(ctx.store.records, index);
  const visible = listOrders(ctx.store, {});
  return node && visible.size > 0 && node.record.index >= (visible.at(0) as OrderNode).record.index
    ? node
    : null;
}
function findNode(ctx: FieldContext, gid: unknown): unknown {
  const type = /^gid:\/\/shopify\/(\w+)\//.exec(String(gid))?.[1];
  if (type === "Customer") return findCustomer(ctx, gid);
  if (type === "Order") return findOrder(ctx, gid);
  if (type === "BulkOperation") return ctx.bulk!.find(String(gid));
  throw new GraphQLError(`demo store does not resolve node ${type}`);
}

const shopGid = (store: Store) => `gid://shopify/Shop/${store.id}`;

export const fields: Record<string, Table> = {
  QueryRoot: {
    shop: (_source, _args, ctx) => ctx.store,
    currentAppInstallation: (_source, _args, ctx) => ctx.store,
    customers: page("QueryRoot.customers"),
    orders: page("QueryRoot.orders"),
    customer: (_source, { id }, ctx) => findCustomer(ctx, id),
    order: (_source, { id }, ctx) => findOrder(ctx, id),
    node: (_source, { id }, ctx) => findNode(ctx, id),
    nodes: (_source, { ids }, ctx) => (ids as unknown[]).map((id) => findNode(ctx, id)),
    customersCount: (_source, args, ctx) => {
      needScope(ctx, "read_customers", "customersCount");
      const listing = listCustomers(ctx.store, listArgs(args), true);
      return countListing(listing, args.limit as number | null, !listArgs(args).query);
    },
    ordersCount: (_source, args, ctx) => {
      needScope(ctx, "read_orders", "ordersCount");
      const { query } = listArgs(args);
      // Only a time window: the window's two ends are the whole answer.
      const plain = !query || /^(\s*(AND\s+)?created_at:\s*[<>]=?\s*(['"])[^'"]*\3)+\s*$/.test(query);
      return countListing(listOrders(ctx.store, listArgs(args)), args.limit as number | null, plain);
    },
    bulkOperation: (_source, { id }, ctx) => ctx.bulk!.find(String(id)),
    bulkOperations: (_source, args, ctx) => readPage(ctx.bulk!.list(listArgs(args)), listArgs(args)),
  },

  Mutation: {
    bulkOperationRunQuery: (_source, { query, groupObjects }, ctx) =>
      ctx.bulk!.run(String(query), groupObjects === true),
    bulkOperationCancel: (_source, { id }, ctx) => ctx.bulk!.cancel(String(id)),
    metafieldsSet: (_source, { metafields }, ctx) => setMetafields(ctx.store, metafields),
    metafieldsDelete: (_source, { metafields }, ctx) => deleteMetafields(ctx.store, metafields),
  },

  Shop: fieldsOf<Store>({
    id: (store) => shopGid(store),
    name: ({ shop }) => shop.name,
    email: ({ shop }) => `owner@${shop.domain.split(".")[0]}.example`,
    contactEmail: ({ shop }) => `hello@${shop.domain.split(".")[0]}.example`,
    myshopifyDomain: ({ shop }) => shop.domain,
    url: (_store, _args, ctx) => ctx.primaryUrl,
    primaryDomain: (store, _args, ctx) => ({
      id: `gid://shopify/Domain/${store.id}`,
      url: ctx.primaryUrl,
      host: new URL(ctx.primaryUrl).host,
      sslEnabled: ctx.primaryUrl.startsWith("https:"),
    }),
    ianaTimezone: ({ shop }) => shop.timeZone,
    currencyCode: (store) => currencyOf(store),
    createdAt: () => "2023-02-01T09:00:00Z",
    shopAddress: ({ shop, id }) => ({
      id: `gid://shopify/ShopAddress/${id}`,
      company: shop.name,
      address1: "1 Sample Street",
      address2: null,
      city: "Sampletown",
      countryCodeV2: shop.countryCode,
      provinceCode: null,
      zip: "10000",
      phone: null,
    }),
    plan: () => ({ publicDisplayName: "Basic", shopifyPlus: false, partnerDevelopment: false }),
    customerAccountsV2: (_store, _args, ctx) => ({
      customerAccountsVersion: "NEW_CUSTOMER_ACCOUNTS",
      loginLinksVisibleOnStorefrontAndCheckout: true,
      loginRequiredAtCheckout: false,
      url: `${ctx.primaryUrl}/account`,
    }),
  }),

  AppInstallation: fieldsOf<Store>({
    id: (store) => installationGid(store),
    accessScopes: ({ state }) =>
      state.scopes.map((handle) => ({ handle, description: handle.replaceAll("_", " ") })),
    metafield: (store, { namespace, key }) => findMetafield(store, namespace, key),
  }),

  Metafield: fieldsOf<ReturnType<typeof findMetafield> & object>({
    id: ({ id }) => `gid://shopify/Metafield/${id}`,
    legacyResourceId: ({ id }) => String(id),
    namespace: ({ namespace }) => namespace,
    key: ({ key }) => key,
    type: ({ type }) => type,
    value: ({ value }) => value,
    jsonValue: ({ value, type }) => (type === "json" ? JSON.parse(value) : value),
    compareDigest: ({ value }) => digestOf(value),
    sizeInBytes: ({ value }) => Buffer.byteLength(value),
    ownerType: () => "API_PERMISSION",
    createdAt: ({ createdAt }) => createdAt,
    updatedAt: ({ updatedAt }) => updatedAt,
  }),

  Customer: fieldsOf<CustomerNode>({
    id: (node, _args, { store }) => `gid://shopify/Customer/${store.records.customerId(node.index)}`,
    legacyResourceId: (node, _args, { store }) => String(store.records.customerId(node.index)),
    firstName: ({ person }) => person.firstName,
    lastName: ({ person }) => person.lastName,
    displayName: ({ person }) => displayNameOf(person),
    locale: ({ person }) => person.locale,
    state: (node) => node.record().state,
    tags: (node) => node.record().tags,
    note: (node) => node.record().note,
    createdAt: (node) => writeTime(node.record().createdAt),
    updatedAt: (node) => writeTime(node.record().updatedAt),
    numberOfOrders: (node, _args, ctx) => String(ctx.store.records.countOrdersOf(node.index)),
    verifiedEmail: ({ person }) => person.emailValid,
    dataSaleOptOut: () => false,
    taxExempt: ({ person }) => person.b2b,
    amountSpent: (node, _args, { store }) => {
      const spent = store.records
        .ordersOf(node.index)
        .reduce((sum, index) => sum + store.records.orderAt(index).total, 0);
      return money(store, spent);
    },
    defaultEmailAddress: ({ person }) => (person.email === null ? null : person),
    defaultPhoneNumber: ({ person }) => (person.phone === null ? null : person),
    defaultAddress: (node) => addressNode(node.person.address, node.index, "CustomerAddress"),
    lastOrder: (node, _args, ctx) => {
      needScope(ctx, "read_orders", "lastOrder");
      const listing = listOrdersOf(ctx.store, node.index, {});
      return listing.size === 0 ? null : listing.at(listing.size - 1);
    },
    orders: page("Customer.orders"),
  }),

  CustomerEmailAddress: fieldsOf<Person>({
    emailAddress: ({ email }) => email,
    validFormat: ({ emailValid }) => emailValid,
    marketingState: () => "NOT_SUBSCRIBED",
    marketingOptInLevel: () => null,
    marketingUpdatedAt: () => null,
  }),
  CustomerPhoneNumber: fieldsOf<Person>({ phoneNumber: ({ phone }) => phone }),

  Order: fieldsOf<OrderNode>({
    id: ({ record }) => `gid://shopify/Order/${record.id}`,
    legacyResourceId: ({ record }) => String(record.id),
    name: ({ record }) => record.name,
    number: ({ record }) => record.index + 1001,
    email: ({ record }) => record.email,
    phone: ({ record }) => record.phone,
    createdAt: ({ record }) => writeTime(record.createdAt),
    processedAt: ({ record }) => writeTime(record.createdAt),
    updatedAt: ({ record }) => writeTime(record.cancelledAt ?? record.createdAt),
    cancelledAt: ({ record }) => record.cancelledAt && writeTime(record.cancelledAt),
    cancelReason: ({ record }) => (record.cancelledAt ? "CUSTOMER" : null),
    test: ({ record }) => record.test,
    sourceName: ({ record }) => record.sourceName,
    sourceIdentifier: () => null,
    registeredSourceUrl: () => null,
    clientIp: () => null,
    paymentGatewayNames: ({ record }) => record.gateways,
    tags: ({ record }) => record.tags,
    note: () => null,
    customerLocale: ({ record }) => record.locale,
    currencyCode: (_node, _args, { store }) => currencyOf(store),
    totalPriceSet: ({ record }, _args, { store }) => money(store, record.total),
    app: ({ record }) => {
      const names: Record<string, string> = {
        web: "Online Store",
        pos: "Point of Sale",
        shopify_draft_order: "Draft Orders",
      };
      const name = names[record.sourceName] ?? "Sample Channel";
      return { id: `gid://shopify/OrderApp/${580111 + name.length}`, name };
    },
    customer: ({ record }, _args, ctx) => {
      if (record.customer === null) return null;
      needScope(ctx, "read_customers", "customer");
      return customerNode(ctx.store.records, record.customer);
    },
    shippingAddress: ({ record }) => addressNode(record.shipping, 2 * record.index, "Address"),
    billingAddress: ({ record }) => addressNode(record.billing, 2 * record.index + 1, "Address"),
    displayAddress: ({ record }) =>
      addressNode(record.shipping ?? record.billing, 2 * record.index + (record.shipping ? 0 : 1), "Address"),
  }),

  OrderApp: fieldsOf<{ id: string; name: string }>({ id: ({ id }) => id, name: ({ name }) => name }),
  MoneyBag: fieldsOf<{ amount: string }>({
    shopMoney: (amount) => amount,
    presentmentMoney: (amount) => amount,
  }),
  MoneyV2: fieldsOf<{ amount: string; currencyCode: string }>({
    amount: ({ amount }) => amount,
    currencyCode: ({ currencyCode }) => currencyCode,
  }),

  MailingAddress: fieldsOf<AddressNode>({
    id: ({ owner, model }) => `gid://shopify/MailingAddress/${8_000_000_000_000 + owner}?model_name=${model}`,
    firstName: ({ address }) => address.firstName,
    lastName: ({ address }) => address.lastName,
    name: ({ address }) => [address.firstName, address.lastName].filter(Boolean).join(" ") || null,
    company: ({ address }) => address.company,
    address1: ({ address }) => address.address1,
    address2: () => null,
    city: ({ address }) => address.city,
    provinceCode: ({ address }) => address.provinceCode,
    countryCodeV2: ({ address }) => address.countryCode,
    zip: ({ address }) => address.zip,
    phone: ({ address }) => address.phone,
  }),

  BulkOperation: fieldsOf<BulkOperation>({
    id: ({ id }) => id,
    status: (operation) => operation.status,
    errorCode: ({ errorCode }) => errorCode,
    type: () => "QUERY",
    query: ({ query }) => query,
    createdAt: ({ createdAt }) => writeTime(createdAt.toISOString()),
    completedAt: ({ completedAt }) => completedAt && writeTime(completedAt.toISOString()),
    objectCount: ({ objectCount }) => String(objectCount),
    rootObjectCount: ({ rootObjectCount }) => String(rootObjectCount),
    fileSize: ({ fileSize }) => (fileSize === null ? null : String(fileSize)),
    url: ({ url }) => url,
    partialDataUrl: ({ partialDataUrl }) => partialDataUrl,
  }),
};

/** Shopify writes times without fractions of a second. */
function writeTime(iso: string): string {
  return iso.replace(/\.\d+Z$/, "Z");
}

/** Types that only carry data along: their fields are read off the answer itself. */
function readOwn(source: unknown, field: string): unknown {
  return typeof source === "object" && source !== null && Object.hasOwn(source, field)
    ? (source as Record<string, unknown>)[field]
    : undefined;
}

/** Stricter than `resolveField`: a bulk operation must know before it starts that it can answer. */
export function canResolve(type: string, field: string): boolean {
  return field === "__typename" || (Object.hasOwn(fields, type) && Object.hasOwn(fields[type]!, field));
}

export function resolveField(
  type: string,
  field: string,
  source: unknown,
  args: Args,
  ctx: FieldContext,
): unknown {
  const table = Object.hasOwn(fields, type) ? fields[type] : undefined;
  if (table) {
    const resolve = Object.hasOwn(table, field) ? table[field] : undefined;
    if (!resolve) throw new GraphQLError(`demo store does not resolve ${type}.${field}`);
    return resolve(source, args, ctx);
  }
  const value = readOwn(source, field);
  if (value === undefined) throw new GraphQLError(`demo store does not resolve ${type}.${field}`);
  return value;
}

export function resolveTypeOf(source: unknown): string | undefined {
  const kind = readOwn(source, "kind");
  return typeof kind === "string" ? kind : undefined;
}
