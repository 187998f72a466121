/**
 * The environment, parsed once. Start-up fails with one sentence per missing or unusable value; secrets that are known from
 * documentation, or too weak to be secrets, are refused.
 */
import { z } from "zod";
import { isEntryPoint } from "./entry-point.server.ts";

/** Values that appear in documentation and templates; never secrets. */
const placeholders = new Set([
  "changeme",
  "secret",
  "demo",
  "test",
  "password",
  "your-api-secret",
  "0123456789abcdef0123456789abcdef",
]);

function isRealSecret(value: string): boolean {
  return value.length >= 16 && !placeholders.has(value.toLowerCase()) && new Set(value).size >= 8;
}

const secret = z.string().refine(isRealSecret, "is a placeholder or too short to be a secret");

const masterKey = z
  .string()
  .refine((text) => Buffer.from(text, "base64").length === 32, "must be 32 bytes in base64")
  .refine(
    (text) => new Set(Buffer.from(text, "base64")).size >= 12,
    "is not random: make one with `openssl rand -base64 32`",
  );

const schema = z.object({
  DATABASE_URL: z
    .string()
    .refine((text) => /^postgres(ql)?:\/\//.test(text), "must be a postgresql:// address"),
  CANDOR_MASTER_KEY: masterKey,
  SHOPIFY_API_KEY: z.string().min(8),
  SHOPIFY_API_SECRET: secret,
  SHOPIFY_APP_URL: z.url(),
  /** host:port pairs that may be reached although private or without TLS. Empty in production. */
  CANDOR_NET_ALLOW: z
    .string()
    .default("")
    .transform((text) =>
      text
        .split(",")
        .map((part) => part.trim())
        .filter(Boolean),
    ),
  CANDOR_LOG_LEVEL: z.enum(["debug", "info", "warn", "error", "silent"]).default("info"),
});

export type Env = z.infer<typeof schema>;

/** Throws one Error that lists every problem, by name and never by value. */
export function parseEnv(source: NodeJS.ProcessEnv): Env {
  const result = schema.safeParse(source);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => {
    const name = String(issue.path[0]);
    return source[name] === undefined ? `${name} is not set.` : `${name} ${issue.message}.`;
  });
  throw new Error(`Candor cannot start:\n  ${lines.join("\n  ")}`);
}

let parsed: Env | undefined;

/** The process's own environment, parsed on first use. */
export function env(): Env {
  parsed ??= parseEnv(process.env);
  return parsed;
}

if (isEntryPoint(import.meta.url)) {
  try {
    env();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
