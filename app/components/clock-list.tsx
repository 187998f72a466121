/** Every clock with its meaning in law, its setting and history, and a form to amend it. One form is open at a time. */
import { Form, useNavigation, useSearchParams } from "@remix-run/react";
import { Badge, BlockStack, Box, Button, Card, InlineStack, List, Text } from "@shopify/polaris";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { clockKinds, settableClocks } from "../breach/incident/incident.ts";
import type { ClockKind } from "../breach/incident/incident.ts";
import { DateTimeInput, TextInput } from "./field.tsx";
import { formatMoment } from "./moment.tsx";
import { useFieldError } from "./refusal.tsx";

export type ClockSetting = {
  at: Date | null;
  zone: string;
  reason: string | null;
  recordedAt: Date;
  version: number;
};
export type ClockView = {
  kind: ClockKind;
  at: Date | null;
  /** `at` as the form wants it, in the shop's zone; empty when not set. */
  local: string;
  /** Newest first, the one in force included. */
  history: ClockSetting[];
};

function isSettable(kind: ClockKind): boolean {
  return settableClocks.some((each) => each === kind);
}

function ClockForm({
  clock,
  zone,
  now,
  answer,
}: {
  clock: ClockView;
  zone: string;
  now: string;
  answer: unknown;
}) {
  const { t } = useTranslation(["incident", "common"]);
  const errorOf = useFieldError(answer);
  const busy = useNavigation().state !== "idle";
  return (
    <Form method="post" preventScrollReset noValidate>
      <input type="hidden" name="intent" value="clock" />
      <input type="hidden" name="kind" value={clock.kind} />
      <BlockStack gap="300">
        <DateTimeInput
          name="at"
          label={t("clocks.at")}
          zone={zone}
          now={now}
          defaultValue={clock.local}
          help={clock.at === null ? undefined : t("clocks.atHelp")}
          error={errorOf("at")}
        />
        {clock.at !== null && (
          <TextInput
            name="reason"
            label={t("clocks.reason")}
            help={t("clocks.reasonHelp")}
            error={errorOf("reason")}
            maxLength={500}
            required
          />
        )}
        <InlineStack>
          <Button submit variant="primary" loading={busy}>
            {t("clocks.save")}
          </Button>
        </InlineStack>
      </BlockStack>
    </Form>
  );
}

function History({ settings }: { settings: ClockSetting[] }) {
  const { t, i18n } = useTranslation("incident");
  const say = (at: Date, zone: string) => formatMoment(at, zone, i18n.language);
  return (
    <details>
      <summary>{t("clocks.history", { count: settings.length })}</summary>
      <List>
        {settings.map((setting) => (
          <List.Item key={setting.version}>
            {setting.at === null ? t("clocks.withdrawn") : say(setting.at, setting.zone)}
            {" · "}
            {t("clocks.recorded", { at: say(setting.recordedAt, setting.zone) })}
            {setting.reason !== null && ` · ${t("clocks.because", { reason: setting.reason })}`}
          </List.Item>
        ))}
      </List>
    </details>
  );
}

type ClockListProps = { clocks: ClockView[]; zone: string; now: string; answer: unknown };

export function ClockList({ clocks, zone, now, answer }: ClockListProps) {
  const { t, i18n } = useTranslation("incident");
  const [search] = useSearchParams();
  const asked = clockKinds.find((kind) => kind === search.get("clock")) ?? null;
  const [open, setOpen] = useState<ClockKind | null>(asked);
  const wasSaved = typeof answer === "object" && answer !== null && "saved" in answer;
  useEffect(() => {
    if (wasSaved) setOpen(null);
  }, [answer, wasSaved]);

  return (
    <Card>
      <BlockStack gap="300">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {t("clocks.title")}
          </Text>
          <Text as="p" tone="subdued">
            {t("clocks.help")}
          </Text>
        </BlockStack>
        {clocks.map((clock) => {
          const [current, ...earlier] = clock.history;
          return (
            <Box
              key={clock.kind}
              id={clock.kind}
              borderBlockStartWidth="025"
              borderColor="border"
              paddingBlockStart="300"
            >
              <BlockStack gap="200">
                <InlineStack align="space-between" blockAlign="start" gap="200">
                  <Text as="h3" variant="headingSm">
                    {t(`clock.${clock.kind}.label`)}
                  </Text>
                  {isSettable(clock.kind) && (
                    <Button
                      ariaExpanded={open === clock.kind}
                      accessibilityLabel={`${t(clock.at === null ? "clocks.set" : "clocks.change")}: ${t(`clock.${clock.kind}.label`)}`}
                      onClick={() => setOpen(open === clock.kind ? null : clock.kind)}
                    >
                      {t(clock.at === null ? "clocks.set" : "clocks.change")}
                    </Button>
                  )}
                </InlineStack>
                {clock.at === null ? (
                  <InlineStack>
                    <Badge progress="incomplete">{t("clocks.notSet")}</Badge>
                  </InlineStack>
                ) : (
                  <Text as="p" fontWeight="medium">
                    {formatMoment(clock.at, zone, i18n.language)}
                  </Text>
                )}
                <Text as="p" tone="subdued">
                  {t(`clock.${clock.kind}.help`)} {!isSettable(clock.kind) && t("clocks.byAct")}
                </Text>
                {current?.reason != null && (
                  <Text as="p" tone="subdued">
                    {t("clocks.because", { reason: current.reason })}
                  </Text>
                )}
                {earlier.length > 0 && <History settings={earlier} />}
                {open === clock.kind && <ClockForm clock={clock} zone={zone} now={now} answer={answer} />}
              </BlockStack>
            </Box>
          );
        })}
      </BlockStack>
    </Card>
  );
}
