/** The seven steps, each with its state in a word and a shape, why it matters, and what the records say. */
import { Badge, BlockStack, Box, Card, InlineStack, List, Text } from "@shopify/polaris";
import type { BadgeProps } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import type { Step, StepState } from "../breach/checklist/checklist.ts";

const looks: Record<StepState, Pick<BadgeProps, "tone" | "progress">> = {
  done: { tone: "success", progress: "complete" },
  current: { tone: "attention", progress: "partiallyComplete" },
  open: { progress: "incomplete" },
  not_owed: { tone: "success", progress: "complete" },
  by_hand: { tone: "info", progress: "partiallyComplete" },
};

export function StepList({ steps, done }: { steps: Step[]; done: number }) {
  const { t } = useTranslation("checklist");
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd">
            {t("title")}
          </Text>
          <Text as="p" tone="subdued">
            {t("progress", { done, count: steps.length })}
          </Text>
        </InlineStack>
        <ol style={{ listStyle: "none", margin: 0, padding: 0 }}>
          {steps.map((step, index) => (
            <li key={step.id}>
              <Box
                borderBlockStartWidth="025"
                borderColor="border"
                paddingBlock="300"
                {...(step.state === "current" ? { background: "bg-surface-secondary" } : {})}
              >
                <Box {...(step.state === "current" ? { paddingInline: "300" } : {})}>
                  <BlockStack gap="100">
                    <InlineStack gap="200" blockAlign="center">
                      <Text as="h3" variant="headingSm">
                        {index + 1}. {t(`step.${step.id}.title`)}
                      </Text>
                      <Badge {...looks[step.state]}>{t(`state.${step.state}`)}</Badge>
                    </InlineStack>
                    <Text as="p">
                      {t(`step.${step.id}.why`)} {t(`step.${step.id}.good`)}
                    </Text>
                    <List>
                      {step.notes.map((note) => (
                        <List.Item key={note}>
                          <Text as="span" tone="subdued">
                            {t(`note.${note}`)}
                          </Text>
                        </List.Item>
                      ))}
                    </List>
                  </BlockStack>
                </Box>
              </Box>
            </li>
          ))}
        </ol>
      </BlockStack>
    </Card>
  );
}
