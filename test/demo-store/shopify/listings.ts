/** Lists of customers and orders as the Admin API gives them: searched, sorted, in pages. */
import type { CustomerRecord, OrderRecord, Person, Records } from "../generator.ts";
import {
  booleanFilter,
  compileSearch,
  type Filter,
  listFilter,
  numberFilter,
  SearchRefused,
  textFilter,
  timeFilter,
  tokenFilter,
  wordFilter,
} from "./search.ts";
import { firstVisibleOrder, type Store } from "./store.ts";

/** A customer whose costlier half (orders, dates) is computed when first asked for. */
export type CustomerNode = { kind: "Customer"; index: number; person: Person; record(): CustomerRecord };
export type OrderNode = { kind: "Order"; record: OrderRecord };

/** Candidates in their natural order; `matches` says which belong. */
export type Listing<T> = { size: number; at(position: number): T; matches(item: T): boolean };

export type ListArgs = {
  first?: number | null;
  after?: string | null;
  last?: number | null;
  before?: string | null;
  query?: string | null;
  sortKey?: string | null;
  reverse?: boolean | null;
  savedSearchId?: string | null;
};

export function customerNode(records: Records, index: number): CustomerNode {
  let full: CustomerRecord | undefined;
  return {
    kind: "Customer",
    index,
    person: records.personAt(index),
    record: () => (full ??= records.customerAt(index)),
  };
}

export function orderNode(records: Records, index: number): OrderNode {
  return { kind: "Order", record: records.orderAt(index) };
}

export function displayNameOf(person: Person): string {
  const name = [person.firstName, person.lastName].filter(Boolean).join(" ");
  return name || person.email || person.phone || "";
}

const customerSearch: Record<string, Filter<CustomerNode>> = {
  id: numberFilter((node) => node.record().id),
  email: tokenFilter((node) => node.person.email),
  phone: textFilter((node) => node.person.phone),
  first_name: textFilter((node) => node.person.firstName),
  last_name: textFilter((node) => node.person.lastName),
  country: textFilter((node) => node.person.address?.countryCode ?? null),
  state: textFilter((node) => node.record().state),
  tag: listFilter((node) => node.record().tags),
  tag_not: listFilter((node) => node.record().tags, false),
  orders_count: numberFilter((node) => node.record().numberOfOrders),
  customer_date: timeFilter((node) => Date.parse(node.record().createdAt)),
  updated_at: timeFilter((node) => Date.parse(node.record().updatedAt)),
};
const customerWords = wordFilter<CustomerNode>(({ person }) => [
  displayNameOf(person),
  person.email,
  person.phone,
]);

/** `customersCount` knows fewer filters, and calls the date differently. */
const customerCountSearch: Record<string, Filter<CustomerNode>> = {
  id: customerSearch.id!,
  created_at: customerSearch.customer_date!,
  updated_at: customerSearch.updated_at!,
};

function orderSearch(records: Records): Record<string, Filter<OrderNode>> {
  const placed = timeFilter<OrderNode>((node) => Date.parse(node.record.createdAt));
  return {
    id: numberFilter((node) => node.record.id),
    name: (term, field) =>
      textFilter<OrderNode>((node) => node.record.name.replace("#", ""))(
        { ...term, value: term.value.replace("#", "") },
        field,
      ),
    email: tokenFilter((node) => node.record.email),
    customer_id: numberFilter((node) =>
      node.record.customer === null ? -1 : records.customerAt(node.record.customer).id,
    ),
    created_at: placed,
    processed_at: placed,
    updated_at: timeFilter((node) => Date.parse(node.record.cancelledAt ?? node.record.createdAt)),
    test: booleanFilter((node) => node.record.test),
    source_name: textFilter((node) => node.record.sourceName),
    gateway: listFilter((node) => node.record.gateways),
    tag: listFilter((node) => node.record.tags),
    tag_not: listFilter((node) => node.record.tags, false),
    status: ({ value }) => {
      if (value === "cancelled") return (node) => node.record.cancelledAt !== null;
      if (value === "not_closed" || value === "open") return (node) => node.record.cancelledAt === null;
      if (value === "closed") return () => false;
      throw new SearchRefused(`demo store: orders have no status "${value}"`);
    },
  };
}

function arrange<T>(
  size: number,
  at: (position: number) => T,
  matches: (item: T) => boolean,
  reverse: boolean,
  key?: (item: T) => string,
): Listing<T> {
  if (!key) return { size, at: reverse ? (position) => at(size - 1 - position) : at, matches };
  if (size > 100_000)
    throw new SearchRefused(
      "demo store: a list of more than 100,000 is only sorted by ID or by date of order",
    );
  const sorted: { position: number; key: string }[] = [];
  for (let position = 0; position < size; position++) {
    const item = at(position);
    if (matches(item)) sorted.push({ position, key: key(item) });
  }
  sorted.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.position - b.position));
  if (reverse) sorted.reverse();
  return { size: sorted.length, at: (position) => at(sorted[position]!.position), matches: () => true };
}

export function listCustomers(store: Store, args: ListArgs, counting = false): Listing<CustomerNode> {
  const { records } = store;
  const subject = counting ? "customersCount" : "customers";
  const search = compileSearch(
    args.query,
    subject,
    counting ? customerCountSearch : customerSearch,
    customerWords,
  );
  const keys: Record<string, ((node: CustomerNode) => string) | undefined> = {
    ID: undefined,
    RELEVANCE: undefined,
    CREATED_AT: (node) => node.record().createdAt,
    UPDATED_AT: (node) => node.record().updatedAt,
    NAME: ({ person }) => `${person.lastName ?? ""}\0${person.firstName ?? ""}`,
  };
  const sortKey = args.sortKey ?? "ID";
  if (!Object.hasOwn(keys, sortKey))
    throw new SearchRefused(`demo store does not resolve CustomerSortKeys.${sortKey}`);
  const at = (position: number) => customerNode(records, position);
  return arrange(records.size.customers, at, search.matches, args.reverse ?? false, keys[sortKey]);
}

export function listOrders(store: Store, args: ListArgs): Listing<OrderNode> {
  const { records } = store;
  if (args.savedSearchId) throw new SearchRefused("demo store does not resolve savedSearchId");
  if (!["PROCESSED_AT", "CREATED_AT", "ORDER_NUMBER", "ID", "RELEVANCE"].includes(args.sortKey ?? "ID")) {
    throw new SearchRefused(`demo store does not resolve OrderSortKeys.${args.sortKey}`);
  }
  const search = compileSearch(
    args.query,
    "orders",
    orderSearch(records),
    wordFilter<OrderNode>(({ record }) => [
      record.name,
      record.email,
      [record.shipping?.firstName, record.shipping?.lastName].filter(Boolean).join(" "),
    ]),
  );
  const { from, to } = search.bounds("created_at");
  const start = Math.max(firstVisibleOrder(store), from === -Infinity ? 0 : records.firstOrderFrom(from));
  const end = to === Infinity ? records.size.orders : records.firstOrderFrom(to + 1);
  const at = (position: number) => orderNode(records, start + position);
  return arrange(Math.max(0, end - start), at, search.matches, args.reverse ?? false);
}

export function listOrdersOf(store: Store, customer: number, args: ListArgs): Listing<OrderNode> {
  const { records } = store;
  const search = compileSearch(
    args.query,
    "orders",
    orderSearch(records),
    wordFilter<OrderNode>(({ record }) => [record.name]),
  );
  const first = firstVisibleOrder(store);
  const indexes = records.ordersOf(customer).filter((index) => index >= first);
  return arrange(
    indexes.length,
    (i) => orderNode(records, indexes[i]!),
    search.matches,
    args.reverse ?? false,
  );
}

export type Page<T> = {
  edges: { cursor: string; node: T }[];
  nodes: T[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
};

const writeCursor = (position: number) =>
  Buffer.from(JSON.stringify({ last_id: position })).toString("base64");
function readCursor(cursor: string): number {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, "base64").toString("utf8"));
    if (
      typeof parsed === "object" &&
      parsed !== null &&
      "last_id" in parsed &&
      Number.isInteger(parsed.last_id)
    ) {
      return Number(parsed.last_id);
    }
  } catch {
    // falls through to the refusal
  }
  throw new SearchRefused("Invalid cursor for current pagination sort.");
}

const breathe = () => new Promise<void>((resolve) => setImmediate(resolve));
const breathEvery = 5000;

export async function readPage<T>(listing: Listing<T>, args: ListArgs): Promise<Page<T>> {
  const backward = args.last != null;
  const wanted = args.first ?? args.last;
  if (wanted == null) throw new SearchRefused("you must provide one of first or last");
  if (wanted < 0 || wanted > 250)
    throw new SearchRefused(`first or last must be between 0 and 250, not ${wanted}`);
  const low = args.after ? readCursor(args.after) + 1 : 0;
  const high = args.before ? readCursor(args.before) : listing.size;
  const found: { position: number; node: T }[] = [];
  let more = false;
  let looked = 0;
  for (let step = 0; step < high - low; step++) {
    if (++looked % breathEvery === 0) await breathe();
    const position = backward ? high - 1 - step : low + step;
    const node = listing.at(position);
    if (!listing.matches(node)) continue;
    if (found.length === wanted) {
      more = true;
      break;
    }
    found.push({ position, node });
  }
  if (backward) found.reverse();
  return {
    edges: found.map(({ position, node }) => ({ cursor: writeCursor(position), node })),
    nodes: found.map(({ node }) => node),
    pageInfo: {
      hasNextPage: backward ? high < listing.size : more,
      hasPreviousPage: backward ? more : low > 0,
      startCursor: found.length > 0 ? writeCursor(found[0]!.position) : null,
      endCursor: found.length > 0 ? writeCursor(found.at(-1)!.position) : null,
    },
  };
}

/** `plain`: every candidate belongs, so that counting needs no walk. */
export async function countListing<T>(
  listing: Listing<T>,
  limit: number | null,
  plain: boolean,
): Promise<{ count: number; precision: string }> {
  let count = 0;
  if (plain) count = listing.size;
  else {
    for (let position = 0; position < listing.size; position++) {
      if (position % breathEvery === breathEvery - 1) await breathe();
      if (listing.matches(listing.at(position))) count++;
      if (limit !== null && count > limit) break;
    }
  }
  return limit !== null && count > limit
    ? { count: limit, precision: "AT_LEAST" }
    : { count, precision: "EXACT" };
}
