import { redirect } from "@remix-run/node";
import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { Card, Page, Text } from "@shopify/polaris";
import { AppProvider } from "@shopify/shopify-app-remix/react";
import { useTranslation } from "react-i18next";

/** Shopify opens the app here, with the shop in the address; everybody else is told where to find it. */
export function loader({ request }: LoaderFunctionArgs) {
  const { search, searchParams } = new URL(request.url);
  if (searchParams.has("shop") || searchParams.has("host")) throw redirect(`/app${search}`);
  return null;
}

export const meta: MetaFunction = () => [{ title: "Candor" }];

export default function Welcome() {
  const { t } = useTranslation();
  return (
    <AppProvider isEmbeddedApp={false} apiKey="">
      <Page narrowWidth title={t("name")}>
        <Card>
          <Text as="p">{t("welcome")}</Text>
        </Card>
      </Page>
    </AppProvider>
  );
}
