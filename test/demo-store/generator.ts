/**
 * The demo store's customers and orders: seeded, of any size, with the mess that real stores have. Records are in our own shape,
 * not in Shopify's: an oracle reads them here, the app reads the same people through the Admin API.
 *
 * The mess: guest orders, also of people who are customers; one mailbox under several spellings (case, surrounding spaces,
 * composed and decomposed letters); customers entered twice; no e-mail, no contact at all, broken e-mails; till orders
 * without a name; test and cancelled orders; orders on and one second before local midnight; gifts to other countries.
 */
import { createRecords, type CustomerRecord, type OrderRecord, type StoreSize } from "./generator/records.ts";

export { createRecords } from "./generator/records.ts";
export type { CustomerRecord, OrderRecord, Records, StoreSize } from "./generator/records.ts";
export type { Person, PostalAddress } from "./generator/people.ts";
export { writeBulkFiles, type BulkFile } from "./shopify/bulk-files.ts";

/** Lazy iterables: a million customers never stand in memory together. Both can be walked again. */
export function generate(shop: StoreSize): {
  customers(): Iterable<CustomerRecord>;
  orders(): Iterable<OrderRecord>;
} {
  const records = createRecords(shop);
  return { customers: () => records.customers(), orders: () => records.orders() };
}
