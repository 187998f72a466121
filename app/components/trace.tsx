/** The reasoning of the law data, step by step, in words. */
import { BlockStack, Button, Collapsible, Icon, InlineStack, Text } from "@shopify/polaris";
import { CheckCircleIcon, InfoIcon, XCircleIcon } from "@shopify/polaris-icons";
import { useId, useState } from "react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { DutyKind, TraceStep } from "../breach/obligation/obligation.ts";
import { formatDay } from "./moment.tsx";

/** `2026-11-23` in words. */
export function useDayInWords(): (day: string) => string {
  const { i18n } = useTranslation();
  return (day) => formatDay(new Date(`${day}T00:00:00Z`), "UTC", i18n.language);
}

/** Says one step as a sentence. */
export function useTraceSentence(): (step: TraceStep) => string {
  const { t, i18n } = useTranslation("obligation");
  const { t: tCategory } = useTranslation("scope-categories");
  const day = useDayInWords();
  const isDay = /^\d{4}-\d{2}-\d{2}$/;
  return (step) => {
    const values: Record<string, string | number> = {};
    for (const [name, value] of Object.entries(step.values))
      values[name] = typeof value === "string" && isDay.test(value) ? day(value) : value;
    if (step.categories !== undefined)
      values["categories"] = new Intl.ListFormat(i18n.language, { type: "unit" }).format(
        step.categories.map((category) => tCategory(`inSentence.${category}`)),
      );
    if (step.clock !== undefined) values["clock"] = t(`clock.${step.clock}`);
    if (step.usedClock !== undefined) values["usedClock"] = t(`clock.${step.usedClock}`);
    return t(`trace.${step.key}`, values);
  };
}

const icons = { pass: CheckCircleIcon, stop: XCircleIcon, note: InfoIcon } as const;
const tones = { pass: "success", stop: "caution", note: "subdued" } as const;

/** The steps about one duty and about the law as a whole; all of them without `duty`. */
export function TraceSteps({ trace, duty = null }: { trace: TraceStep[]; duty?: DutyKind | null }) {
  const { t } = useTranslation("obligation");
  const say = useTraceSentence();
  const steps = trace.filter((step) => duty === null || step.duty === null || step.duty === duty);
  return (
    <ol style={{ margin: 0, padding: 0, listStyle: "none", display: "grid", gap: 8 }}>
      {steps.map((step, index) => (
        <li key={index} style={{ display: "grid", gridTemplateColumns: "20px 1fr", gap: 8 }}>
          <span style={{ marginTop: 1 }}>
            <Icon
              source={icons[step.outcome]}
              tone={tones[step.outcome]}
              accessibilityLabel={t(`outcome.${step.outcome}`)}
            />
          </span>
          <span>
            <Text as="span" tone="subdued">
              {t(`gate.${step.gate}`)}:
            </Text>{" "}
            {say(step)}
          </span>
        </li>
      ))}
    </ol>
  );
}

/** A part of the page that opens at a press. */
export function Fold({
  label,
  accessibilityLabel,
  children,
}: {
  label: string;
  accessibilityLabel?: string;
  children: ReactNode;
}) {
  const id = useId();
  const [open, setOpen] = useState(false);
  return (
    <BlockStack gap={open ? "200" : "0"}>
      <InlineStack>
        <Button
          variant="plain"
          disclosure={open ? "up" : "down"}
          onClick={() => setOpen(!open)}
          ariaExpanded={open}
          ariaControls={id}
          {...(accessibilityLabel === undefined ? {} : { accessibilityLabel })}
        >
          {label}
        </Button>
      </InlineStack>
      <Collapsible id={id} open={open} transition={false}>
        {children}
      </Collapsible>
    </BlockStack>
  );
}
