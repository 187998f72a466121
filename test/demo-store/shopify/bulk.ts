/** Bulk operations: accepted or refused as Shopify would, run in the background, their files kept for seven days. */
import { randomBytes } from "node:crypto";
import {
  closeSync,
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { GraphQLError, parse, specifiedRules, validate } from "graphql";
import { bulkLines, openListings, planBulk } from "./bulk-lines.ts";
import { checkBulkRules } from "./bulk-rules.ts";
import type { FaultKind, Faults } from "./faults.ts";
import type { FieldContext } from "./fields.ts";
import type { ListArgs, Listing } from "./listings.ts";
import { loadAdminSchema } from "./schema.ts";
import { compileSearch, numberFilter, textFilter, timeFilter, wordFilter } from "./search.ts";

export type BulkStatus =
  "CREATED" | "RUNNING" | "COMPLETED" | "CANCELING" | "CANCELED" | "FAILED" | "EXPIRED";
export type BulkOperation = {
  kind: "BulkOperation";
  id: string;
  number: number;
  query: string;
  status: BulkStatus;
  errorCode: "ACCESS_DENIED" | "INTERNAL_SERVER_ERROR" | "TIMEOUT" | null;
  createdAt: Date;
  completedAt: Date | null;
  objectCount: number;
  rootObjectCount: number;
  fileSize: number | null;
  url: string | null;
  partialDataUrl: string | null;
};

type UserError = { field: string[] | null; message: string; code: string | null };
export type BulkOperations = {
  run(query: string, groupObjects: boolean): { bulkOperation: BulkOperation | null; userErrors: UserError[] };
  cancel(id: string): { bulkOperation: BulkOperation | null; userErrors: UserError[] };
  find(id: string): BulkOperation | null;
  list(args: ListArgs): Listing<BulkOperation>;
};

export type BulkDesk = BulkOperations & {
  /** The app was uninstalled: what runs stops, without a webhook. */
  stopAll(): void;
  close(): Promise<void>;
};

type Setting = {
  shop: string;
  context(): FieldContext;
  faults: Faults;
  files: BulkFiles;
  rate: number;
  leastMs: number;
  nextNumber(): number;
  /** Not called when the fault says that no webhook comes. */
  finished(operation: BulkOperation, delayMs: number): void;
};

const mostAtOnce = 5;
const meetsOperation: FaultKind[] = [
  ...(["truncated-clean", "mismatch", "bad-line", "failed-partial", "expired", "canceled"] as const),
  ...(["late-webhook", "no-webhook", "access-denied"] as const),
];

export function createBulkDesk(setting: Setting): BulkDesk {
  const operations: BulkOperation[] = [];
  const jobs = new Set<Promise<void>>();
  const stopping = new AbortController();

  const isActive = ({ status }: BulkOperation) =>
    status === "CREATED" || status === "RUNNING" || status === "CANCELING";
  // Status changes between awaits, under the reader's feet.
  const statusOf = (operation: BulkOperation): BulkStatus => operation.status;

  function run(query: string, groupObjects: boolean) {
    const refuse = (message: string, code = "INVALID") => ({
      bulkOperation: null,
      userErrors: [{ field: ["query"], message, code }],
    });
    const schema = loadAdminSchema();
    let document;
    try {
      document = parse(query);
    } catch (error) {
      return refuse(`Invalid bulk query: ${(error as Error).message}`);
    }
    const faults = validate(schema, document, specifiedRules).map((error) => error.message);
    if (faults.length === 0) faults.push(...checkBulkRules(schema, document));
    if (faults.length > 0) return refuse(`Invalid bulk query: ${faults.join(" ")}`);
    if (operations.filter(isActive).length >= mostAtOnce) {
      return refuse(
        `The maximum of ${mostAtOnce} bulk query operations for this app and shop is already running.`,
        "LIMIT_REACHED",
      );
    }

    const plan = planBulk(schema, document);
    const number = setting.nextNumber();
    const operation: BulkOperation = {
      kind: "BulkOperation",
      id: `gid://shopify/BulkOperation/${number}`,
      number,
      query,
      status: "CREATED",
      errorCode: null,
      createdAt: setting.context().store.now(),
      completedAt: null,
      objectCount: 0,
      rootObjectCount: 0,
      fileSize: null,
      url: null,
      partialDataUrl: null,
    };
    const lateBy = setting.faults.seconds(setting.shop, 30) * 1000;
    const fault = setting.faults.strikeAny(setting.shop, meetsOperation);
    let listings: Listing<unknown>[] | null = null;
    try {
      listings = openListings(plan, { ...setting.context(), accessDenied: fault === "access-denied" });
    } catch (error) {
      if (!(error instanceof GraphQLError) || error.extensions.code !== "ACCESS_DENIED") throw error;
    }
    operations.push(operation);
    const job = work(operation, plan, listings, groupObjects, fault, lateBy)
      .catch((error: unknown) => {
        // A field further down was refused, for instance a customer without `read_customers`.
        const isDenied = error instanceof GraphQLError && error.extensions.code === "ACCESS_DENIED";
        operation.status = "FAILED";
        operation.errorCode = isDenied ? "ACCESS_DENIED" : "INTERNAL_SERVER_ERROR";
        if (!isDenied) console.error(`demo store: ${operation.id} failed`, error);
        setting.finished(operation, 0);
      })
      .finally(() => jobs.delete(job));
    jobs.add(job);
    return { bulkOperation: operation, userErrors: [] };
  }

  async function work(
    operation: BulkOperation,
    plan: ReturnType<typeof planBulk>,
    listings: Listing<unknown>[] | null,
    groupObjects: boolean,
    fault: FaultKind | null,
    lateBy: number,
  ): Promise<void> {
    const pause = (ms: number) =>
      sleep(ms, undefined, { signal: stopping.signal, ref: false }).catch(() => {});
    await pause(setting.leastMs > 0 ? 150 : 1);
    if (statusOf(operation) === "CREATED") operation.status = "RUNNING";

    const path = setting.files.newPath();
    const descriptor = openSync(path, "w");
    /** Lengths of the last lines, for the fault that drops them. */
    const lastLines: number[] = [];
    let bytes = 0;
    let stopped = listings === null || fault === "failed-partial" || fault === "canceled";
    try {
      if (listings !== null) await writeLines(listings);
    } finally {
      closeSync(descriptor);
    }
    const wasWithdrawn = statusOf(operation) === "CANCELED";
    finish(operation, path, bytes, lastLines, listings !== null, stopped, fault);
    const isSilent = stopping.signal.aborted || statusOf(operation) === "EXPIRED" || wasWithdrawn;
    if (!isSilent && fault !== "no-webhook")
      setting.finished(operation, fault === "late-webhook" ? lateBy : 0);

    async function writeLines(listings: Listing<unknown>[]): Promise<void> {
      const expected = listings.reduce((sum, listing) => sum + listing.size, 0);
      const slow = setting.faults.has(setting.shop, "slow") ? 10 : 1;
      const rate =
        Math.min(setting.rate, setting.leastMs > 0 ? (expected / setting.leastMs) * 1000 : Infinity) / slow;
      const half = fault === "failed-partial" || fault === "canceled" ? Math.floor(expected / 2) : Infinity;
      const began = performance.now();
      let sliceBegan = began;
      let looked = 0;
      let spoilNext = fault === "bad-line";
      let pending: string[] = [];
      const flush = () => {
        if (pending.length > 0) bytes += writeSync(descriptor, pending.join(""));
        pending = [];
      };
      for (const line of bulkLines(plan, listings, setting.context(), groupObjects)) {
        looked += 1;
        if (line) {
          const isSpoiled = spoilNext && looked >= expected / 2;
          if (isSpoiled) spoilNext = false;
          const text = isSpoiled ? `${line.text.slice(0, Math.floor(line.text.length / 2))}\n` : line.text;
          pending.push(text);
          lastLines.push(Buffer.byteLength(text));
          if (lastLines.length > 8) lastLines.shift();
          operation.objectCount += 1;
          if (line.root) operation.rootObjectCount += 1;
        }
        const now = performance.now();
        const ahead = (looked / rate) * 1000 - (now - began);
        if (ahead > 20 || now - sliceBegan > 8) {
          flush();
          await (ahead > 20 ? pause(Math.min(ahead, 100)) : new Promise((resolve) => setImmediate(resolve)));
          sliceBegan = performance.now();
        }
        stopped = statusOf(operation) !== "RUNNING" || stopping.signal.aborted || looked >= half;
        if (stopped) break;
      }
      flush();
    }
  }

  function finish(
    operation: BulkOperation,
    path: string,
    bytes: number,
    lastLines: number[],
    allowed: boolean,
    stopped: boolean,
    fault: FaultKind | null,
  ): void {
    if (statusOf(operation) === "CANCELED" || stopping.signal.aborted) return;
    const now = setting.context().store.now();
    if (!allowed) {
      operation.status = "FAILED";
      operation.errorCode = "ACCESS_DENIED";
    } else if (stopped && fault === "failed-partial") {
      operation.status = "FAILED";
      operation.errorCode = "INTERNAL_SERVER_ERROR";
      operation.partialDataUrl = bytes > 0 ? setting.files.publish(setting.shop, path, now) : null;
    } else if (stopped) {
      operation.status = "CANCELED";
    } else if (fault === "expired") {
      operation.status = "EXPIRED";
    } else {
      operation.status = "COMPLETED";
      operation.completedAt = now;
      let size = bytes;
      if (fault === "truncated-clean" && bytes > 0) {
        size = lastLines.slice(-5).reduce((left, line) => left - line, bytes);
        truncateSync(path, size);
      }
      if (fault === "mismatch") operation.objectCount += 3;
      operation.fileSize = size;
      operation.url = bytes > 0 ? setting.files.publish(setting.shop, path, now) : null;
    }
  }

  return {
    run,
    cancel(id) {
      const operation = operations.find((candidate) => candidate.id === id) ?? null;
      if (!operation)
        return {
          bulkOperation: null,
          userErrors: [{ field: ["id"], message: "Bulk operation does not exist", code: null }],
        };
      if (!isActive(operation)) {
        const message = `A bulk operation cannot be canceled when it is ${operation.status.toLowerCase()}`;
        return { bulkOperation: operation, userErrors: [{ field: null, message, code: null }] };
      }
      operation.status = "CANCELING";
      return { bulkOperation: operation, userErrors: [] };
    },
    find: (id) => operations.find((operation) => operation.id === id) ?? null,
    list(args) {
      const search = compileSearch<BulkOperation>(
        args.query,
        "bulkOperations",
        {
          id: numberFilter(({ number }) => number),
          status: textFilter(({ status }) => status),
          operation_type: textFilter(() => "QUERY"),
          created_at: timeFilter(({ createdAt }) => Math.floor(createdAt.getTime() / 1000) * 1000),
        },
        wordFilter(({ id }) => [id]),
      );
      // Newest first, whatever the sort key, unless reversed.
      const ordered = args.reverse ? [...operations] : [...operations].reverse();
      return { size: ordered.length, at: (position) => ordered[position]!, matches: search.matches };
    },
    stopAll() {
      for (const operation of operations) if (isActive(operation)) operation.status = "CANCELED";
    },
    async close() {
      stopping.abort();
      await Promise.all(jobs);
    },
  };
}

export type BulkFiles = {
  newPath(): string;
  /** Returns the address, valid for seven days. */
  publish(shop: string, path: string, now: Date): string;
  /** False when the path isn't one of ours. */
  serve(req: IncomingMessage, res: ServerResponse): boolean;
  close(): void;
};

const sevenDays = 7 * 86_400_000;

/** Result files lie on a pre-signed address of another host in the real world; here on the wire's own. */
export function createBulkFiles(wireOrigin: string, faults: Faults, now: () => Date): BulkFiles {
  let directory: string | null = null;
  let count = 0;
  const published = new Map<string, { path: string; shop: string; expires: number }>();

  function deny(res: ServerResponse, status: number, code: string): void {
    res.writeHead(status, { "content-type": "application/xml; charset=UTF-8" });
    res.end(`<?xml version='1.0' encoding='UTF-8'?><Error><Code>${code}</Code></Error>`);
  }

  return {
    newPath() {
      directory ??= mkdtempSync(join(tmpdir(), `demo-store-bulk-${process.pid}-`));
      // Temporary folders get swept while a demo runs for days.
      mkdirSync(directory, { recursive: true });
      count += 1;
      return join(directory, `${count}.jsonl`);
    },
    publish(shop, path, at) {
      const token = randomBytes(16).toString("hex");
      published.set(token, { path, shop, expires: at.getTime() + sevenDays });
      const until = Math.floor((at.getTime() + sevenDays) / 1000);
      return `${wireOrigin}/bulk/${token}.jsonl?Expires=${until}&Signature=${randomBytes(24).toString("base64url")}`;
    },
    serve(req, res) {
      const token = /^\/bulk\/([0-9a-f]{32})\.jsonl(\?|$)/.exec(req.url ?? "")?.[1];
      if (!token) return false;
      const file = published.get(token);
      if (req.method !== "GET") deny(res, 405, "MethodNotAllowed");
      else if (!file || !existsSync(file.path)) deny(res, 404, "NoSuchKey");
      // The address belongs to a storage provider: a Shopify token sent there has leaked.
      else if (req.headers["x-shopify-access-token"] || req.headers.authorization)
        deny(res, 400, "UnexpectedCredentials");
      else if (now().getTime() > file.expires || faults.has(file.shop, "expired"))
        deny(res, 403, "ExpiredToken");
      else send(req, res, file.path, faults.strike(file.shop, "truncated"));
      return true;
    },
    close() {
      if (directory) rmSync(directory, { recursive: true, force: true });
    },
  };
}

function send(req: IncomingMessage, res: ServerResponse, path: string, cut: boolean): void {
  const size = statSync(path).size;
  const range = /^bytes=(\d+)-(\d*)$/.exec(req.headers.range ?? "");
  const start = range ? Number(range[1]) : 0;
  const end = range?.[2] ? Math.min(Number(range[2]), size - 1) : size - 1;
  if (start >= size || end < start) {
    res.writeHead(416, { "content-range": `bytes */${size}` });
    res.end();
    return;
  }
  res.writeHead(range ? 206 : 200, {
    "content-type": "application/jsonl",
    "accept-ranges": "bytes",
    "content-length": end - start + 1,
    ...(range ? { "content-range": `bytes ${start}-${end}/${size}` } : {}),
  });
  // An odd place in the middle: almost surely inside a line.
  const last = cut ? start + Math.floor((end - start) * 0.61) : end;
  const stream = createReadStream(path, { start, end: last });
  stream.pipe(res, { end: !cut });
  if (cut) stream.on("end", () => setTimeout(() => res.destroy(), 20));
  stream.on("error", () => res.destroy());
  res.on("close", () => stream.destroy());
}
