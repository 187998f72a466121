/**
 * What handling a breach needs from outside, as types. The rooms know these and nothing else of Shopify, mail or the web;
 * `app/context.server.ts` fills them in.
 */
import type { KeyObject } from "node:crypto";
import type { Prisma } from "@prisma/client";
import type { PoolClient } from "pg";

/** Who acted. Staff are named by Shopify's user id only; names are sealed in `team/`. */
export type Actor =
  | { kind: "staff"; userId: string; accountOwner: boolean; collaborator: boolean }
  | { kind: "system"; part: string }
  | { kind: "shopify"; topic: string };

export type Shop = {
  /** The permanent `*.myshopify.com` domain; the tenant key of every table. */
  id: string;
  /** IANA zone of the store, e.g. "Europe/Paris". Local days and letters use it. */
  timeZone: string;
  name: string;
};

/** The shop's data key, unwrapped: one for sealing (AES-256-GCM), one for keyed hashes (HMAC-SHA-256). */
export type ShopKeys = { seal: KeyObject; hash: KeyObject };

/** A Prisma client inside one transaction that runs as `candor_app` with `app.shop_id` set. */
export type Db = Prisma.TransactionClient;

/** Work that a worker should look at soon. Rows are the truth; a lost wake-up is found by the sweep. */
export type Wake = { kind: "advance" | "scope" | "send" | "banner"; reference: string };

type Common = {
  shop: Shop;
  actor: Actor;
  keys: ShopKeys;
  /** Legal time: what goes into clocks and deadlines. Leases use the database's clock instead. */
  now(): Date;
  records: StoreRecords;
  storefront: Storefront;
  mail: MailTransport;
  log: Log;
};

/** One transaction: what every function with effects takes first. */
export type Context = Common & {
  db: Db;
  /** Told after the transaction has committed. */
  wake(wake: Wake): void;
};

/**
 * A caller outside any transaction, for work that talks to the network in between. `transact` commits when `work` returns
 * and rolls back when it throws; `bulk` gives a plain PostgreSQL connection under the same walls, for COPY and million-row SQL.
 */
export type Caller = Common & {
  transact<T>(work: (ctx: Context) => Promise<T>): Promise<T>;
  bulk<T>(work: (client: PoolClient) => Promise<T>): Promise<T>;
  /**
   * Shows that this worker lives, by a lock that the database drops with the connection: the lock
   * (`presence|<token>`) is free as soon as the process is gone, long before its leases run out.
   */
  showPresence(token: string): Promise<{ end(): Promise<void> }>;
  /** True once this process was asked to end: what is begun is finished, nothing new is begun. */
  isEnding(): boolean;
};

/** Identifiers, counts and durations only. Never a name, an address, a token or a line of customer data. */
export type LogFields = Record<string, string | number | boolean | null | undefined>;
export type Log = {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
};

// ---------------------------------------------------------------- the store's records (adapters/admin-api, bulk-export)

export type ExportKind = "customers" | "orders";

/** Half-open window of instants [from, to). */
export type Window = { from: Date; to: Date };

export type ExportRequest = { kind: ExportKind; placed?: Window };

export type ExportState =
  "created" | "running" | "completed" | "canceling" | "canceled" | "failed" | "expired";

export type ExportStatus = {
  state: ExportState;
  errorCode: string | null;
  /** Objects written so far; when completed, the number of lines the file must have. */
  objectCount: number;
  rootObjectCount: number;
  fileSize: number | null;
  /** Pre-signed; null when the export is empty or not finished. Never stored, never logged. */
  url: string | null;
  hasPartialData: boolean;
};

export type StoreFacts = {
  name: string;
  timeZone: string;
  countryCode: string | null;
  grantedScopes: string[];
};

export type StoreCount = { count: number; exact: boolean };

/** Reads of the store. Every method may throw `Outage`: party store with reason network, unauthorized, throttled, access_denied, rejected or malformed; party
 * download with reason expired, truncated or network. */
export type StoreRecords = {
  readStore(): Promise<StoreFacts>;
  countCustomers(): Promise<StoreCount>;
  countOrders(placed?: Window): Promise<StoreCount>;
  /** Starts a bulk operation; the query text is returned so that it can be kept as evidence. */
  startExport(request: ExportRequest): Promise<{ bulkId: string; query: string }>;
  readExport(bulkId: string): Promise<ExportStatus>;
  cancelExport(bulkId: string): Promise<void>;
  /** The lines of a finished export as bytes, newline not included. Throws when the download is shorter than announced. */
  readLines(url: string, expected: { bytes: number | null }): AsyncIterable<Buffer[]>;
};

// ---------------------------------------------------------------- the storefront (adapters/storefront)

export type BannerContent = {
  state: "holding" | "notice" | "update" | "all_clear";
  /** Plain text by ISO 639-1 code. */
  message: Record<string, string>;
  statementPath: string;
  version: number;
};

export type Storefront = {
  /** Writes the app-data metafield (null clears it) and returns what the store now holds. */
  publishBanner(content: BannerContent | null): Promise<{ digest: string }>;
  readBanner(): Promise<{ content: BannerContent | null; digest: string | null }>;
};

// ---------------------------------------------------------------- mail (adapters/smtp)

export type MailSettings = {
  host: string;
  port: number;
  /** `implicit` = TLS from the first byte (465); `starttls` = required upgrade; `none` only for hosts on the allow-list. */
  security: "implicit" | "starttls" | "none";
  username: string | null;
  password: string | null;
};

export type Envelope = { from: string; to: string };

/**
 * What became of one message. `accepted`: the server answered 2xx after the final dot. `deferred`: 4xx, may be tried again.
 * `rejected`: 5xx for this recipient or this message. `retry`: it was certainly not taken (no 354 was seen). `unknown`: 354 was seen and no
 * reply came, so it may have been taken (RFC 1047, RFC 5321 section 6.1). `refused`: the account or connection, not this message (login
 * failed, 421/454 before DATA): pause.
 */
export type Verdict = {
  outcome: "accepted" | "deferred" | "rejected" | "retry" | "unknown" | "refused";
  /** Basic reply code, when the server gave one. */
  code: number | null;
  /** Enhanced status code (RFC 3463) such as "5.1.1", when the server gave one. Never the reply's text: it may hold an address. */
  status: string | null;
  stage:
    | "connect"
    | "greeting"
    | "ehlo"
    | "starttls"
    | "auth"
    | "mail"
    | "rcpt"
    | "data"
    | "body"
    | "dot"
    | "done";
  /** How long the server asked to wait, when a 4xx reply said so ("try again in 300 seconds"). */
  retryAfterSeconds?: number;
};

export type MailConnection = {
  /**
   * One recipient, one transaction. `beforeData` runs after RCPT was accepted and before DATA is sent; if it answers false the
   * transaction is reset and the outcome is `retry`.
   */
  deliver(envelope: Envelope, message: Buffer, beforeData: () => Promise<boolean>): Promise<Verdict>;
  close(): Promise<void>;
};

export type MailTransport = {
  /** Connects and logs in. Throws `Outage` of party mail, whose reason is `<stage>` or `<stage> <code>`, never the server's text. */
  connect(settings: MailSettings): Promise<MailConnection>;
};

/**
 * An act that the rules refuse. `code` is a key under `refused` in the text catalogue, which holds the sentence for the merchant.
 * Anything else that is thrown is a bug or an outage.
 */
export class Refused extends Error {
  readonly code: string;
  readonly values: Record<string, string | number>;
  /** The form field it belongs to, if any. */
  readonly field: string | undefined;
  constructor(code: string, values: Record<string, string | number> = {}, field?: string) {
    super(`refused: ${code}`);
    this.name = "Refused";
    this.code = code;
    this.values = values;
    this.field = field;
  }
}

/**
 * A party outside did not answer, or refused. Not the merchant's mistake and not a bug: the work is tried again later or ends in a failed
 * run with a sentence. `reason` is a word, never the party's own text.
 */
export class Outage extends Error {
  readonly party: "store" | "download" | "mail";
  readonly reason: string;
  constructor(party: Outage["party"], reason: string) {
    super(`${party}: ${reason}`);
    this.name = "Outage";
    this.party = party;
    this.reason = reason;
  }
}
