/** Structured logs of identifiers, counts and durations. The type of a field's value is the first wall against anything else. */
import { pino } from "pino";
import type { Log } from "./breach/ports.ts";
import { env } from "./env.server.ts";

export function createLog(level: string): Log {
  const logger = pino({ level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime });
  return {
    info: (event, fields) => logger.info(fields ?? {}, event),
    warn: (event, fields) => logger.warn(fields ?? {}, event),
    error: (event, fields) => logger.error(fields ?? {}, event),
  };
}

let shared: Log | undefined;

export function log(): Log {
  shared ??= createLog(env().CANDOR_LOG_LEVEL);
  return shared;
}

/** What of an error may be written down: its name and, for our own kinds, its word. Messages of others may hold data. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return "not an error";
  const own = error.name === "Refused" || error.name === "Outage";
  const frame = error.stack?.split("\n").find((line) => line.includes("/app/"));
  return own
    ? error.message
    : `${error.name}${frame === undefined ? "" : ` ${frame.trim().replace(/\(.*\/app\//, "(app/")}`}`;
}
