/**
 * Streams the result file of a bulk operation as lines.
 *
 * The link is pre-signed and lives on another host: it gets no Shopify token, is not redirected, and passes the same guard against
 * private addresses as every other outgoing connection. A file shorter than announced ends in an `Outage`, never in fewer lines.
 */
import { Outage } from "../breach/ports.ts";
import type { LineReader } from "./admin-api.server.ts";
import { guardedFetch } from "./net-guard.server.ts";

const newline = 10;

/** Splits a stream of chunks into complete lines, in batches of one per chunk. A last line without newline counts. */
export async function* splitLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer[]> {
  let rest: Buffer | null = null;
  for await (const piece of chunks) {
    let chunk = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    if (rest !== null) chunk = Buffer.concat([rest, chunk]);
    const lines: Buffer[] = [];
    let start = 0;
    for (let end = chunk.indexOf(newline, start); end !== -1; end = chunk.indexOf(newline, start)) {
      if (end > start) lines.push(chunk.subarray(start, end));
      start = end + 1;
    }
    rest = start < chunk.length ? chunk.subarray(start) : null;
    if (lines.length > 0) yield lines;
  }
  if (rest !== null) yield [rest];
}

/** `allow`: host:port pairs the guard lets through, from the environment. */
export function createLineReader(allow: string[]): LineReader {
  return async function* readLines(url, expected) {
    let response: Response;
    try {
      response = await guardedFetch(url, allow);
    } catch {
      throw new Outage("download", "network");
    }
    if (response.status === 403 || response.status === 404 || response.status === 410)
      throw new Outage("download", "expired");
    if (!response.ok || response.body === null) throw new Outage("download", "network");
    let bytes = 0;
    async function* counted(body: AsyncIterable<Uint8Array>) {
      for await (const chunk of body) {
        bytes += chunk.byteLength;
        yield chunk;
      }
    }
    try {
      yield* splitLines(counted(response.body as unknown as AsyncIterable<Uint8Array>));
    } catch (error) {
      if (error instanceof TypeError || (error instanceof Error && error.name === "AbortError"))
        throw new Outage("download", "truncated");
      throw error;
    }
    if (expected.bytes !== null && bytes !== expected.bytes) throw new Outage("download", "truncated");
  };
}
