import { BlockStack, Card, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import {
  encryptedAnswers,
  maliciousAnswers,
  ongoingAnswers,
  recipientsAnswers,
} from "../breach/incident/incident.ts";
import type { Facts } from "../breach/incident/incident.ts";
import { SelectInput, TextInput } from "./field.tsx";
import { useFieldError } from "./refusal.tsx";
import { SaveForm } from "./save-form.tsx";

const questions = {
  encrypted: encryptedAnswers,
  malicious: maliciousAnswers,
  recipients: recipientsAnswers,
  ongoing: ongoingAnswers,
} as const;

/** What is known of the incident; saved with Shopify's save bar. */
export function FactsForm({ facts, answer }: { facts: Facts; answer: unknown }) {
  const { t } = useTranslation("incident");
  const errorOf = useFieldError(answer);
  return (
    <SaveForm intent="facts">
      <Card>
        <BlockStack gap="400">
          <BlockStack gap="100">
            <Text as="h2" variant="headingMd">
              {t("facts.facts")}
            </Text>
            <Text as="p" tone="subdued">
              {t("facts.factsHelp")}
            </Text>
          </BlockStack>
          <TextInput
            name="title"
            label={t("facts.name")}
            defaultValue={facts.title}
            error={errorOf("title")}
            maxLength={120}
            required
          />
          {(["narrative", "measures"] as const).map((name) => (
            <TextInput
              key={name}
              name={name}
              label={t(`facts.${name}`)}
              help={t(`facts.${name}Help`)}
              defaultValue={facts[name]}
              error={errorOf(name)}
              multiline={4}
              maxLength={4000}
            />
          ))}
          {(Object.keys(questions) as (keyof typeof questions)[]).map((name) => (
            <SelectInput
              key={name}
              name={name}
              label={t(`facts.${name}`)}
              defaultValue={facts[name]}
              options={questions[name].map((value) => ({ value, label: t(`${name}.${value}`) }))}
              error={errorOf(name)}
            />
          ))}
        </BlockStack>
      </Card>
    </SaveForm>
  );
}
