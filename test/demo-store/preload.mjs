/**
 * Sends what the app's servers fetch from `*.myshopify.com` to the demo store instead. Used as
 * `NODE_OPTIONS=--import=<this file>` with `DEMO_STORE_ORIGIN`; without that variable it does nothing.
 */
const origin = process.env.DEMO_STORE_ORIGIN;

if (origin) {
  const wrapped = new WeakMap();

  function redirect(target) {
    if (typeof target !== "function") return target;
    const known = wrapped.get(target);
    if (known) return known;
    function fetch(input, init) {
      const isRequest = typeof input === "object" && input !== null && "url" in input && !("href" in input);
      let url;
      try {
        url = new URL(isRequest ? input.url : String(input));
      } catch {
        return target.call(this, input, init);
      }
      if (!url.hostname.endsWith(".myshopify.com")) return target.call(this, input, init);
      const headers = new Headers(init?.headers ?? (isRequest ? input.headers : undefined));
      headers.set("x-demo-shop", url.hostname);
      const moved = new URL(url.pathname + url.search, origin);
      if (!isRequest) return target.call(this, moved.href, { ...init, headers });
      const copied = {
        method: input.method,
        body: input.body,
        signal: input.signal,
        redirect: input.redirect,
      };
      return target.call(this, moved.href, {
        ...copied,
        ...(input.body ? { duplex: "half" } : {}),
        ...init,
        headers,
      });
    }
    wrapped.set(target, fetch);
    wrapped.set(fetch, fetch);
    return fetch;
  }

  // An accessor, because Remix may replace the global fetch later on: whatever is put there is wrapped too.
  let current = redirect(globalThis.fetch);
  Object.defineProperty(globalThis, "fetch", {
    configurable: true,
    enumerable: true,
    get: () => current,
    set: (next) => {
      current = redirect(next);
    },
  });
}
