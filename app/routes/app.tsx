import type { HeadersFunction, LoaderFunctionArgs } from "@remix-run/node";
import { isRouteErrorResponse, Link, Outlet, useRouteError, useRouteLoaderData } from "@remix-run/react";
import { NavMenu } from "@shopify/app-bridge-react";
import { boundary } from "@shopify/shopify-app-remix/server";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Frame } from "../components/frame.tsx";
import { TroublePage } from "../components/trouble.tsx";
import { requireCaller } from "../context.server.ts";
import { env } from "../env.server.ts";

export async function loader({ request }: LoaderFunctionArgs) {
  await requireCaller(request);
  return { apiKey: env().SHOPIFY_API_KEY };
}

/** Every other loader checks the session itself. */
export const shouldRevalidate = () => false;

function Surroundings({ children }: { children: ReactNode }) {
  const data = useRouteLoaderData<typeof loader>("routes/app");
  const { t } = useTranslation();
  return (
    <Frame apiKey={data?.apiKey ?? ""}>
      <NavMenu>
        <Link to="/app" rel="home">
          {t("nav.incidents")}
        </Link>
        <Link to="/app/settings">{t("nav.settings")}</Link>
      </NavMenu>
      {children}
    </Frame>
  );
}

export default function App() {
  return (
    <Surroundings>
      <Outlet />
    </Surroundings>
  );
}

export const headers: HeadersFunction = (args) => boundary.headers(args);

export function ErrorBoundary() {
  const error = useRouteError();
  // Shopify's library answers a request without a session by throwing a page of its own, with status 200.
  if (isRouteErrorResponse(error) && error.status === 200)
    return <div dangerouslySetInnerHTML={{ __html: String(error.data) }} />;
  return (
    <Surroundings>
      <TroublePage framed />
    </Surroundings>
  );
}
