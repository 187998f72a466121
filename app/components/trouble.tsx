/** The calm page for what was not found, not allowed, or went wrong: what it means, and what to do now. */
import { isRouteErrorResponse, useLocation, useRouteError } from "@remix-run/react";
import { BlockStack, Button, Card, InlineStack, Page, Text } from "@shopify/polaris";
import { AppProvider } from "@shopify/shopify-app-remix/react";
import { useTranslation } from "react-i18next";

function kindOf(error: unknown): "notFound" | "signedOut" | "broken" {
  if (!isRouteErrorResponse(error)) return "broken";
  if (error.status === 404) return "notFound";
  return [401, 403, 410].includes(error.status) ? "signedOut" : "broken";
}

/** `framed`: the page around it has brought Polaris already. */
export function TroublePage({ framed = false }: { framed?: boolean }) {
  const kind = kindOf(useRouteError());
  const inApp = useLocation().pathname.startsWith("/app");
  const { t } = useTranslation();
  const page = (
    <Page narrowWidth title={t(`trouble.${kind}.title`)}>
      <Card>
        <BlockStack gap="400">
          <Text as="p">{t(`trouble.${kind}.what`)}</Text>
          <Text as="p">{t(`trouble.${kind}.todo`)}</Text>
          {inApp && kind !== "signedOut" && (
            <InlineStack gap="200">
              <Button variant="primary" url="/app">
                {t("trouble.backToIncidents")}
              </Button>
              {kind === "broken" && (
                <Button onClick={() => location.reload()}>{t("trouble.tryAgain")}</Button>
              )}
            </InlineStack>
          )}
        </BlockStack>
      </Card>
    </Page>
  );
  return framed ? (
    page
  ) : (
    <AppProvider isEmbeddedApp={false} apiKey="">
      {page}
    </AppProvider>
  );
}
