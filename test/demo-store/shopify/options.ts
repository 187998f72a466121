import type { IncomingMessage, ServerResponse } from "node:http";
import type { Fault } from "./faults.ts";

export type DemoShop = {
  domain: string;
  name: string;
  timeZone: string;
  countryCode: string;
  customers: number;
  orders: number;
  seed: number;
  /** End of the shop's history, ISO 8601. Default: the start of the UTC day on which the state file was first written. */
  anchor?: string;
  /** Where a browser finds the storefront, e.g. "http://localhost:3902"; told to the app as `primaryDomain`. Default: https and the domain. */
  storefrontUrl?: string;
};

export type DemoShopifyOptions = {
  apiKey: string;
  apiSecret: string;
  appUrl: string;
  /** Where the app's web process listens, for webhooks. */
  appOrigin: string;
  shops: DemoShop[];
  scopes: string[];
  /** Where this wire is reached, e.g. http://127.0.0.1:3904; bulk result addresses begin with it. */
  wireOrigin: string;
  /** JSON file that keeps app-data metafields, granted scopes, tokens and history ends across restarts. */
  statePath?: string;
  now?: () => Date;
  /** Objects a bulk operation yields per second; default 20,000, and then at least 1.5 s in all, so that progress can be seen. */
  bulkRate?: number;
};

export type Staff = {
  id: string;
  firstName: string;
  lastName: string;
  email: string;
  accountOwner: boolean;
  locale: string;
};

/** A customer as an admin page lists them. */
export type ListedCustomer = {
  /** gid */
  id: string;
  displayName: string;
  email: string | null;
  phone: string | null;
  city: string | null;
  provinceCode: string | null;
  countryCode: string | null;
  numberOfOrders: number;
  createdAt: string;
  tags: string[];
};

export type DemoShopify = {
  /** The wire: token exchange and refresh, Admin GraphQL, bulk result files, POST /__faults, GET /__truth. */
  handle(req: IncomingMessage, res: ServerResponse): void;
  /** HS256 JWT signed with the app's secret, as the admin gives App Bridge; lives 60 s. */
  idToken(shop: string, userId: string): string;
  /** The parsed value (text where the type is no JSON), for the storefront's Liquid. */
  readAppMetafield(shop: string, namespace: string, key: string): unknown | null;
  staff(shop: string): Staff[];
  shop(domain: string): DemoShop | null;
  grantedScopes(shop: string): string[];
  /** Adds scopes and sends app/scopes_update. */
  grantScopes(shop: string, scopes: string[]): void;
  revokeScopes(shop: string, scopes: string[]): void;
  /** One attempt now; unless `badHmac`, a refusal is followed by redeliveries with the same id. Status 0: no answer. */
  sendWebhook(
    shop: string,
    topic: string,
    payload: unknown,
    options?: { webhookId?: string; badHmac?: boolean },
  ): Promise<{ status: number }>;
  /** Adds timestamp (if absent) and signature. */
  signProxyQuery(params: Record<string, string>): Record<string, string>;
  customers(
    shop: string,
    options?: { first?: number; after?: string | null; query?: string },
  ): Promise<{ customers: ListedCustomer[]; total: number; endCursor: string | null; hasNextPage: boolean }>;
  /** By gid or number. */
  customer(shop: string, id: string): ListedCustomer | null;
  isInstalled(shop: string): boolean;
  uninstall(shop: string): Promise<void>;
  reinstall(shop: string): void;
  setFault(shop: string, fault: Fault | null): void;
  close(): Promise<void>;
};
