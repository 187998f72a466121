import type { LinksFunction, LoaderFunctionArgs } from "@remix-run/node";
import { Links, Meta, Outlet, Scripts, ScrollRestoration, useRouteLoaderData } from "@remix-run/react";
import polarisStyles from "@shopify/polaris/build/esm/styles.css?url";
import { useContext, useState } from "react";
import type { ReactNode } from "react";
import { I18nextProvider } from "react-i18next";
import { NonceContext } from "./components/nonce.ts";
import { TroublePage } from "./components/trouble.tsx";
import { env } from "./env.server.ts";
import { fallbackLanguage } from "./text/catalogue.ts";
import { createText } from "./text/i18n.ts";
import { requestLanguage } from "./text/i18n.server.ts";

export const links: LinksFunction = () => [{ rel: "stylesheet", href: polarisStyles }];

export async function loader({ request }: LoaderFunctionArgs) {
  const embedded = /^\/(app|auth)(\/|$)/.test(new URL(request.url).pathname);
  return {
    language: await requestLanguage.getLocale(request),
    // App Bridge belongs to the pages inside the admin alone.
    apiKey: embedded ? env().SHOPIFY_API_KEY : null,
  };
}

/** The language and the key are those of the document; moving between pages doesn't change them. */
export const shouldRevalidate = () => false;

export function Layout({ children }: { children: ReactNode }) {
  const page = useRouteLoaderData<typeof loader>("root");
  const nonce = useContext(NonceContext);
  const language = page?.language ?? fallbackLanguage;
  const [text] = useState(() => createText(language));
  return (
    <html lang={language}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <title>{text.t("name")}</title>
        <link rel="preconnect" href="https://cdn.shopify.com/" />
        <link rel="stylesheet" href="https://cdn.shopify.com/static/fonts/inter/v4/styles.css" />
        <Meta />
        <Links />
        {/* The first script of the document, and the last thing in its head: React takes what App Bridge adds there for no part of its own. */}
        {page?.apiKey != null && (
          <>
            <meta name="shopify-api-key" content={page.apiKey} />
            <script src="https://cdn.shopify.com/shopifycloud/app-bridge.js" />
          </>
        )}
      </head>
      <body>
        <I18nextProvider i18n={text}>{children}</I18nextProvider>
        <ScrollRestoration nonce={nonce} />
        <Scripts nonce={nonce} />
      </body>
    </html>
  );
}

export default function Root() {
  return <Outlet />;
}

export function ErrorBoundary() {
  return <TroublePage />;
}
