/** One shop of the demo Shopify: its records, what the app may see of them, and what it stored. */
import type { Records } from "../generator.ts";
import type { DemoShop } from "./options.ts";
import type { ShopState } from "./state.ts";

export type Store = {
  shop: DemoShop;
  /** The number inside the shop's gid. */
  id: number;
  records: Records;
  state: ShopState;
  now(): Date;
  save(): void;
};

/** Shopify: a `write_` scope brings its `read_` scope along. */
export function hasScope(store: Store, scope: string): boolean {
  const { scopes } = store.state;
  return scopes.includes(scope) || scopes.includes(scope.replace(/^read_/, "write_"));
}

const sixtyDays = 60 * 86_400_000;

/** Index of the first order the app may see: without `read_all_orders` older ones are silently absent. */
export function firstVisibleOrder(store: Store): number {
  if (store.state.scopes.includes("read_all_orders")) return 0;
  return store.records.firstOrderFrom(store.now().getTime() - sixtyDays);
}

export function takeId(store: Store): number {
  store.state.nextId += 1;
  return store.state.nextId;
}

export function installationGid(store: Store): string {
  return `gid://shopify/AppInstallation/${store.state.installationId}`;
}
