import { vitePlugin as remix } from "@remix-run/dev";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [
    remix({
      ignoredRouteFiles: ["**/.*"],
      future: {
        v3_fetcherPersist: true,
        v3_lazyRouteDiscovery: true,
        v3_relativeSplatPath: true,
        v3_singleFetch: true,
        v3_throwAbortReason: true,
      },
    }),
  ],
  // Both or neither: with one of them bundled alone there are two copies of Polaris's context, and pages fail on the server.
  ssr: { noExternal: ["@shopify/polaris", "@shopify/shopify-app-remix"] },
  build: {
    target: "es2022",
    // Inlined files would need `data:` in the app's content security policy.
    assetsInlineLimit: 0,
    // Polaris is one large sheet and one large chunk; the warning would come with every build.
    chunkSizeWarningLimit: 1000,
  },
});
