/**
 * Loaded before Shopify's CLI: no name outside this machine resolves, so that the build asks nobody and never waits for a timeout.
 */
import dns from "node:dns";

dns.lookup = (host, options, done) => {
  const answer = typeof options === "function" ? options : done;
  const error = new Error(`getaddrinfo ENOTFOUND ${host}`);
  setTimeout(answer, 1, Object.assign(error, { code: "ENOTFOUND", syscall: "getaddrinfo", hostname: host }));
};

// The CLI looks for a newer version of itself beside the build; when that fails at once, the HTTP client it carries (got) trips
// over its own cancellation. Anything else that nobody handles ends the process as usual.
process.on("unhandledRejection", (error) => {
  if (!String(error).includes("`onCancel` handler was attached after the promise settled")) throw error;
});
