/** The incidents of the shop, and the figures of the open ones together. */
import { Link } from "@remix-run/react";
import { Badge, BlockStack, Box, Card, InlineGrid, InlineStack, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { formatMoment, timeLeft, useLeftInWords } from "./moment.tsx";

export type IncidentSummary = {
  id: string;
  reference: string;
  title: string;
  state: "open" | "closed";
  stepsDone: number;
  steps: number;
  /** Null before a list was confirmed. */
  affected: number | null;
  notified: number;
  next: { actBy: Date; certainty: "owed" | "possible"; duty: "regulator" | "individuals" | "cra" } | null;
};

function soonest(incidents: IncidentSummary[]): IncidentSummary["next"] {
  const dated = incidents.flatMap((incident) => (incident.next === null ? [] : [incident.next]));
  return dated.toSorted((a, b) => a.actBy.getTime() - b.actBy.getTime())[0] ?? null;
}

export function IncidentMetrics({ incidents, now }: { incidents: IncidentSummary[]; now: Date }) {
  const { t, i18n } = useTranslation("home");
  const say = useLeftInWords();
  const number = new Intl.NumberFormat(i18n.language);
  const known = incidents.filter((incident) => incident.affected !== null);
  const affected = known.reduce((sum, incident) => sum + (incident.affected ?? 0), 0);
  const notified = known.reduce((sum, incident) => sum + incident.notified, 0);
  const next = soonest(incidents);
  const figures = [
    ["affected", known.length === 0 ? null : number.format(affected)],
    ["notified", number.format(notified)],
    ["toReach", known.length === 0 ? null : number.format(Math.max(0, affected - notified))],
  ] as const;
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack gap="200" blockAlign="center">
          <Text as="h2" variant="headingMd">
            {t("metrics.title")}
          </Text>
          <Badge>{t("metrics.open", { count: incidents.length })}</Badge>
        </InlineStack>
        <InlineGrid columns={{ xs: 2, md: 4 }} gap="400">
          {figures.map(([id, figure]) => (
            <BlockStack key={id} gap="050">
              <Text as="p" tone="subdued">
                {t(`metrics.${id}`)}
              </Text>
              <Text as="p" variant={figure === null ? "headingMd" : "headingLg"}>
                {figure ?? t("metrics.unknown")}
              </Text>
            </BlockStack>
          ))}
          <BlockStack gap="050">
            <Text as="p" tone="subdued">
              {t("metrics.next")}
            </Text>
            <Text as="p" variant="headingMd">
              {next === null ? t("metrics.nothing") : say(timeLeft(next.actBy, now))}
            </Text>
          </BlockStack>
        </InlineGrid>
      </BlockStack>
    </Card>
  );
}

function NextLine({ next, zone, now }: { next: IncidentSummary["next"]; zone: string; now: Date }) {
  const { t, i18n } = useTranslation(["home", "checklist"]);
  const say = useLeftInWords();
  if (next === null) return <Text as="p">{t("home:list.noMoment")}</Text>;
  const left = timeLeft(next.actBy, now);
  return (
    <Text as="p" {...(left.late && next.certainty === "owed" ? { tone: "critical" } : {})}>
      {t(`checklist:moment.line.${next.certainty}.${next.duty}`, {
        at: formatMoment(next.actBy, zone, i18n.language),
        left: say(left),
      })}
    </Text>
  );
}

export function IncidentList({
  incidents,
  zone,
  now,
}: {
  incidents: IncidentSummary[];
  zone: string;
  now: Date;
}) {
  const { t } = useTranslation("home");
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t("list.title")}
        </Text>
        {incidents.map((incident) => (
          <Box key={incident.id} borderBlockStartWidth="025" borderColor="border" paddingBlockStart="300">
            <BlockStack gap="100">
              <InlineStack gap="200" blockAlign="center">
                <Text as="h3" variant="headingSm" breakWord>
                  <Link
                    to={`/app/incidents/${incident.id}`}
                    className="Polaris-Link Polaris-Link--removeUnderline"
                  >
                    {incident.reference} · {incident.title}
                  </Link>
                </Text>
                <Badge
                  {...(incident.state === "open" ? { tone: "attention" } : {})}
                  progress={incident.state === "open" ? "partiallyComplete" : "complete"}
                >
                  {t(`list.${incident.state}`)}
                </Badge>
              </InlineStack>
              {incident.state === "open" && <NextLine next={incident.next} zone={zone} now={now} />}
              <Text as="p" tone="subdued">
                {[
                  t("list.steps", { done: incident.stepsDone, count: incident.steps }),
                  ...(incident.affected === null
                    ? [t("list.affectedUnknown")]
                    : [
                        t("list.affected", { count: incident.affected }),
                        t("list.notified", { count: incident.notified }),
                        t("list.toReach", { count: Math.max(0, incident.affected - incident.notified) }),
                      ]),
                ].join(" · ")}
              </Text>
            </BlockStack>
          </Box>
        ))}
      </BlockStack>
    </Card>
  );
}
