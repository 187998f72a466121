/**
 * The web process. Like remix-serve, but its log holds no query: Shopify puts the session token and the app proxy's signature there.
 */
import path from "node:path";
import { createRequestHandler } from "@remix-run/express";
import type { ServerBuild } from "@remix-run/node";
import compression from "compression";
import express from "express";
import { z } from "zod";
import { env } from "./env.server.ts";
import { log } from "./log.server.ts";
import { onEnding } from "./shutdown.server.ts";

const root = path.resolve(import.meta.dirname, "..");
const listening = z.object({
  PORT: z.coerce.number().int().min(1).max(65_535).default(3000),
  HOST: z.string().optional(),
});

env();
const { PORT: port, HOST: host } = listening.parse(process.env);
const build = (await import(path.join(root, "build/server/index.js"))) as ServerBuild;

const app = express();
app.disable("x-powered-by");
app.set("trust proxy", 1);
app.use((req, res, next) => {
  const started = process.hrtime.bigint();
  res.on("finish", () => {
    const ms = Number((process.hrtime.bigint() - started) / 1_000_000n);
    log().info("web.answered", { method: req.method, path: req.path, status: res.statusCode, ms });
  });
  next();
});
app.use(compression());
app.use(
  "/assets",
  express.static(path.join(root, "build/client/assets"), { immutable: true, maxAge: "1y", redirect: false }),
);
app.use(express.static(path.join(root, "build/client"), { maxAge: "1h", redirect: false }));
app.all("*", createRequestHandler({ build, mode: "production" }));

const server = host === undefined ? app.listen(port) : app.listen(port, host);
server.on("listening", () => log().info("web.listening", { port }));
server.on("error", (error: NodeJS.ErrnoException) => {
  console.error(
    error.code === "EADDRINUSE"
      ? `Port ${port} is taken.`
      : `Candor could not listen on port ${port} (${error.code}).`,
  );
  process.exit(1);
});

/** Longest that a request under way may hold up the end, in milliseconds. */
const graceMs = 10_000;
onEnding(
  () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeIdleConnections();
      setTimeout(resolve, graceMs).unref();
    }),
);
