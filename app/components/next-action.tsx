import { useParams } from "@remix-run/react";
import { BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import type { Action } from "../breach/checklist/checklist.ts";

/** Acts whose page is not one of the incident's own. */
const elsewhere: Record<string, string> = {
  contacts: "/app/settings/contacts",
  sender: "/app/settings/sender",
};
/** Clocks open their form at once. */
const clocks: Record<string, string> = {
  setAware: "?clock=aware#aware",
  setContained: "?clock=contained#contained",
};

/** The one thing to do next: the dominant act of the page. */
export function NextAction({ action }: { action: Action | null }) {
  const { id } = useParams();
  const { t } = useTranslation("checklist");
  const key = action?.key ?? "none";
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingSm" tone="subdued">
          {t("next.title")}
        </Text>
        <BlockStack gap="100">
          <Text as="p" variant="headingLg">
            {t(`next.${key}.title`)}
          </Text>
          <Text as="p">{t(`next.${key}.why`)}</Text>
        </BlockStack>
        {action !== null && (
          <InlineStack>
            <Button
              variant="primary"
              size="large"
              url={elsewhere[action.page] ?? `/app/incidents/${id}/${action.page}${clocks[action.key] ?? ""}`}
            >
              {t(`next.${key}.act`)}
            </Button>
          </InlineStack>
        )}
      </BlockStack>
    </Card>
  );
}
