/** The next legal moment with all that a lawyer asks of it: whether it is owed, how it was counted, the source, its day and its sureness. */
import { Badge, BlockStack, Box, Card, InlineStack, Link, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import type { Duty } from "../breach/obligation/obligation.ts";
import { Countdown, Moment } from "./moment.tsx";

export type LegalMoment = {
  certainty: "owed" | "possible";
  actBy: Date;
  /** Other duties due within a day of it. */
  alsoDue: number;
  duty: Pick<Duty, "duty" | "recipient" | "citation" | "citationUrl" | "confidence" | "due">;
  /** YYYY-MM-DD: when the law's row was last checked. */
  asOf: string | null;
};

function HowCounted({ due }: { due: NonNullable<Duty["due"]> }) {
  const { t } = useTranslation(["checklist", "obligation"]);
  const { hours, days, clock, wanted } = due.basis;
  const from = t(`obligation:clock.${clock}`);
  return (
    <Text as="p" tone="subdued">
      {due.statutory ? t("moment.statutory") : t("moment.target")}{" "}
      {hours === null
        ? t("moment.counted.days", { count: days ?? 0, clock: from })
        : t("moment.counted.hours", { count: hours, clock: from })}{" "}
      {clock !== wanted && t("moment.standIn", { clock: capitalise(t(`obligation:clock.${wanted}`)) })}
    </Text>
  );
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

type NextMomentCardProps = {
  moment: LegalMoment | null;
  now: Date;
  zone: string;
  hasClock: boolean;
  dutiesUrl: string | null;
};

export function NextMomentCard({ moment, now, zone, hasClock, dutiesUrl }: NextMomentCardProps) {
  const { t } = useTranslation(["checklist", "obligation"]);
  return (
    <Card>
      <BlockStack gap="200">
        <InlineStack gap="200" blockAlign="center">
          <Text as="h2" variant="headingSm" tone="subdued">
            {t("moment.title")}
          </Text>
          {moment !== null && (
            <Badge {...(moment.certainty === "owed" ? { tone: "attention" } : {})}>
              {t(`moment.${moment.certainty}`)}
            </Badge>
          )}
        </InlineStack>
        {moment === null ? (
          <Text as="p">{t(hasClock ? "moment.none" : "moment.noneBeforeClock")}</Text>
        ) : (
          <>
            <BlockStack gap="100">
              <Text as="p" variant="headingMd">
                {t(`moment.tell.${moment.duty.duty}`)}
              </Text>
              {moment.certainty === "owed" && moment.duty.recipient !== null && (
                <Text as="p">{t("moment.recipient", { recipient: moment.duty.recipient })}</Text>
              )}
              {moment.alsoDue > 0 && (
                <Text as="p" fontWeight="medium">
                  {t("moment.alsoDue", { count: moment.alsoDue })}
                </Text>
              )}
              <Text as="p">
                <Moment at={moment.actBy} zone={zone} />
              </Text>
              <Countdown actBy={moment.actBy} now={now} variant="headingLg" fontWeight="semibold" />
            </BlockStack>
            {moment.certainty === "possible" && <Text as="p">{t("moment.possibleWhy")}</Text>}
            {moment.duty.due !== null && <HowCounted due={moment.duty.due} />}
            <Box borderBlockStartWidth="025" borderColor="border" paddingBlockStart="200">
              <BlockStack gap="050">
                <Text as="p" tone="subdued">
                  {t("moment.source")}:{" "}
                  <Link url={moment.duty.citationUrl} target="_blank">
                    {moment.duty.citation}
                  </Link>
                </Text>
                {moment.asOf !== null && (
                  <Text as="p" tone="subdued">
                    {t("moment.asOf", {
                      date: moment.asOf,
                      confidence: t(`obligation:confidence.${moment.duty.confidence}`),
                    })}
                  </Text>
                )}
              </BlockStack>
            </Box>
          </>
        )}
        {dutiesUrl !== null && <Link url={dutiesUrl}>{t("moment.all")}</Link>}
      </BlockStack>
    </Card>
  );
}
