import { Badge, BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import type { BadgeProps } from "@shopify/polaris";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Band, Severity } from "../breach/obligation/obligation.ts";
import { FactList } from "./confirm-act.tsx";
import { Fold } from "./trace.tsx";

const tones: Record<Band, NonNullable<BadgeProps["tone"]>> = {
  low: "success",
  medium: "info",
  high: "warning",
  very_high: "critical",
};

/** 0.75 → 0_75: a point would part the key. */
function keyOf(points: number): string {
  return String(points).replace(".", "_");
}

/** How grave the breach is by ENISA's method, and from what that follows. */
export function SeverityCard({ severity, factsUrl }: { severity: Severity; factsUrl: string }) {
  const { t, i18n } = useTranslation("obligation");
  const { t: tCategory } = useTranslation("scope-categories");
  const { score, band, inputs, assumed } = severity;
  const number = (value: number) => new Intl.NumberFormat(i18n.language).format(value);
  const circumstances = inputs.confidentiality + inputs.integrity + inputs.availability + inputs.malicious;
  const categories = inputs.contextFrom.map((category) => tCategory(`category.${category}`)).join(", ");
  const facts: [string, ReactNode][] = [
    [
      t("severity.context"),
      <>
        {t(categories === "" ? "screen.severity.contextNone" : "screen.severity.contextOf", {
          context: inputs.context,
          categories,
        })}
        {inputs.contextAdjustment !== 0 && (
          <Text as="p" tone="subdued">
            {t("severity.contextAdjusted", {
              steps: new Intl.NumberFormat(i18n.language, { signDisplay: "always" }).format(
                inputs.contextAdjustment,
              ),
            })}
          </Text>
        )}
      </>,
    ],
    [t("severity.identification"), t(`screen.severity.identification.${keyOf(inputs.identification)}`)],
    [t("severity.confidentiality"), t(`screen.severity.confidentiality.${keyOf(inputs.confidentiality)}`)],
    [t("severity.malicious"), t(`screen.severity.malicious.${keyOf(inputs.malicious)}`)],
    [
      t("screen.severity.formula"),
      t("screen.severity.sum", {
        context: inputs.context,
        identification: inputs.identification,
        circumstances: number(circumstances),
        score: number(score),
      }),
    ],
  ];
  const notes = [
    ...assumed.map((what) => t(`severity.assumed.${what}`)),
    ...(severity.unreadableScore === null
      ? []
      : [
          t("severity.unintelligible"),
          t("severity.unreadableScore", { score: number(severity.unreadableScore) }),
        ]),
    ...(severity.manyPeople ? [t("severity.manyPeople")] : []),
  ];
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack gap="300" blockAlign="center">
          <Text as="h2" variant="headingMd">
            {t("severity.title")}
          </Text>
          <Badge tone={tones[band]}>{t(`band.${band}`)}</Badge>
          <Text as="span">{t("severity.score", { score: number(score) })}</Text>
        </InlineStack>
        <Text as="p" tone="subdued">
          {t("screen.severity.engineering")}
        </Text>
        {assumed.map((what) => (
          <Text as="p" key={what}>
            {t(`severity.assumed.${what}`)}
          </Text>
        ))}
        {assumed.length > 0 && (
          <InlineStack>
            <Button url={factsUrl}>{t("screen.severity.facts")}</Button>
          </InlineStack>
        )}
        <Fold label={t("screen.severity.how")}>
          <BlockStack gap="300">
            <FactList facts={facts} />
            {notes.slice(assumed.length).map((note) => (
              <Text as="p" key={note}>
                {note}
              </Text>
            ))}
            <Text as="p" tone="subdued">
              {t("severity.method")}
            </Text>
          </BlockStack>
        </Fold>
      </BlockStack>
    </Card>
  );
}
