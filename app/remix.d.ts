import "@remix-run/node";

declare module "@remix-run/node" {
  // Loaders' data keeps its types (dates included) across the wire.
  interface Future {
    v3_singleFetch: true;
  }
}
