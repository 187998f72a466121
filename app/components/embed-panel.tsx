import { Badge, BlockStack, Button, InlineStack, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { embedEditorUrl, useEmbedStatus } from "./embed-status.tsx";

const tones = {
  checking: "info",
  active: "success",
  inactive: "attention",
  unavailable: "attention",
} as const;

/** Whether visitors can see a banner at all, and the way to the theme editor. */
export function EmbedPanel({ shop, apiKey }: { shop: string; apiKey: string }) {
  const { t } = useTranslation("banner");
  const status = useEmbedStatus();
  return (
    <BlockStack gap="200">
      <InlineStack gap="200" blockAlign="center">
        <Text as="h3" variant="headingSm">
          {t("embed.title")}
        </Text>
        <Badge tone={tones[status]}>{t(`embed.state.${status}`)}</Badge>
      </InlineStack>
      <div style={{ minHeight: 40 }}>
        <Text as="p">{t(`embed.what.${status}`)}</Text>
      </div>
      <InlineStack>
        <Button url={embedEditorUrl(shop, apiKey)} target="_top">
          {t(status === "active" ? "embed.change" : "embed.switchOn")}
        </Button>
      </InlineStack>
    </BlockStack>
  );
}
