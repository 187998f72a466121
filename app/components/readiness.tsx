/** What should be set up before it is needed. Derived from the records, so it disappears by itself when everything is done. */
import { Badge, BlockStack, Box, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { embedEditorUrl, useEmbedStatus } from "./embed-status.tsx";

export type Readiness = { contacts: boolean; sender: boolean; shop: string; apiKey: string };

type Item = {
  id: "contacts" | "sender" | "embed";
  state: "done" | "open" | "unknown" | "unavailable";
  url: string;
};

export function ReadinessCard({ contacts, sender, shop, apiKey }: Readiness) {
  const { t } = useTranslation("home");
  const embed = useEmbedStatus();
  const embedStates = {
    active: "done",
    inactive: "open",
    checking: "unknown",
    unavailable: "unavailable",
  } as const;
  const items: Item[] = [
    { id: "contacts", state: contacts ? "done" : "open", url: "/app/settings/contacts" },
    { id: "sender", state: sender ? "done" : "open", url: "/app/settings/sender" },
    { id: "embed", state: embedStates[embed], url: embedEditorUrl(shop, apiKey) },
  ];
  // While Shopify is asked about the theme, what the records say decides the size of the card, so that nothing jumps.
  if (contacts && sender && (embed === "active" || embed === "checking"))
    return (
      <Card>
        <InlineStack gap="200" blockAlign="center">
          <Badge tone="success" progress="complete">
            {t("ready.done")}
          </Badge>
          <Text as="p">{t("ready.doneText")}</Text>
          <Text as="p" tone="subdued">
            {t("embed.label")}: {t(`embed.${embed}`)}
          </Text>
        </InlineStack>
      </Card>
    );
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {t("ready.title")}
          </Text>
          <Text as="p" tone="subdued">
            {t("ready.how")}
          </Text>
        </BlockStack>
        {items.map((item) => (
          <Box key={item.id} borderBlockStartWidth="025" borderColor="border" paddingBlockStart="300">
            <InlineStack align="space-between" blockAlign="center" gap="300">
              <Box maxWidth="34rem">
                <BlockStack gap="050">
                  <InlineStack gap="200" blockAlign="center">
                    <Text as="h3" variant="headingSm">
                      {t(`ready.${item.id}.title`)}
                    </Text>
                    <Badge
                      {...(item.state === "done" ? { tone: "success" } : {})}
                      progress={item.state === "done" ? "complete" : "incomplete"}
                    >
                      {t(`ready.state.${item.state}`)}
                    </Badge>
                  </InlineStack>
                  <Text as="p" tone="subdued">
                    {t(`ready.${item.id}.why`)}
                  </Text>
                </BlockStack>
              </Box>
              {item.state !== "done" && (
                // Its place is kept while Shopify is asked, so that nothing moves when the answer comes.
                <div style={item.state === "unknown" ? { visibility: "hidden" } : {}}>
                  <Button url={item.url} {...(item.id === "embed" ? { target: "_top" } : {})}>
                    {t(`ready.${item.id}.act`)}
                  </Button>
                </div>
              )}
            </InlineStack>
          </Box>
        ))}
      </BlockStack>
    </Card>
  );
}
