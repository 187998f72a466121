/** The two blocks of every letter that the contacts decide, drafted by the same code that drafts the letters. */
import { BlockStack, Box, Card, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { draftLetter } from "../breach/notice/notice.ts";
import type { Block } from "../breach/notice/notice.ts";
import type { Contacts } from "../breach/team/team.ts";

type Sample = { shopName: string; date: string };

function fill(text: string, sample: Sample): string {
  return text
    .replaceAll("{{ shop.name }}", sample.shopName)
    .replaceAll("{{ letter.date }}", sample.date)
    .replaceAll("{{ person.reference }}", "7K2M-9QXA");
}

function Paragraph({ text }: { text: string }) {
  const lines = text.split("\n");
  if (lines.every((line) => line.startsWith("- ")))
    return (
      <ul style={{ margin: 0, paddingInlineStart: "1.25rem" }}>
        {lines.map((line) => (
          <li key={line} style={{ overflowWrap: "anywhere" }}>
            {line.slice(2)}
          </li>
        ))}
      </ul>
    );
  return <p style={{ whiteSpace: "pre-line", overflowWrap: "anywhere" }}>{text}</p>;
}

function BlockPreview({ block, sample }: { block: Block; sample: Sample }) {
  return (
    <BlockStack gap="200">
      {block.heading !== null && (
        <Text as="h3" variant="headingSm">
          {block.heading}
        </Text>
      )}
      {fill(block.body, sample)
        .split("\n\n")
        .map((paragraph) => (
          <Paragraph key={paragraph} text={paragraph} />
        ))}
    </BlockStack>
  );
}

export function ContactsPreview({ contacts, sample }: { contacts: Contacts; sample: Sample }) {
  const { t } = useTranslation("settings");
  const letter = draftLetter("personal_data", {
    incidentDates: { occurredFrom: null, occurredTo: null, discovered: null, aware: null, zone: "UTC" },
    categories: ["name"],
    notInvolved: [],
    narrative: "",
    measures: "",
    contacts,
    nextUpdate: null,
    statementUrl: null,
  });
  const shown = letter.blocks.filter((block) => ["for_more_information", "signature"].includes(block.kind));
  return (
    <Card>
      <BlockStack gap="300">
        <BlockStack gap="050">
          <Text as="h2" variant="headingMd">
            {t("contacts.preview")}
          </Text>
          <Text as="p" tone="subdued">
            {t("contacts.previewHelp")}
          </Text>
        </BlockStack>
        <Box background="bg-surface-secondary" padding="400" borderRadius="200">
          <BlockStack gap="400">
            {shown.map((block) => (
              <BlockPreview key={block.id} block={block} sample={sample} />
            ))}
          </BlockStack>
        </Box>
      </BlockStack>
    </Card>
  );
}
