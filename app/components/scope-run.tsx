/** A search that goes on, and one that gave no list. */
import { Form, useNavigation } from "@remix-run/react";
import { Badge, Banner, BlockStack, Button, Card, InlineStack, ProgressBar, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import type { RunView } from "../breach/scope/scope.server.ts";
import type { Progress } from "../breach/scope/scope.ts";
import { formatMoment } from "./moment.tsx";
import { CriteriaInWords } from "./scope-form.tsx";

const phases = ["waiting", "exporting", "reading"] as const;

export function RunProgress({ run, zone }: { run: RunView; zone: string }) {
  const { t, i18n } = useTranslation("scope");
  const stopping = useNavigation().formData?.get("intent") === "cancel";
  const at = phases.findIndex((phase) => phase === run.state);
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="100">
          <Text as="h2" variant="headingMd">
            {t("run.title")}
          </Text>
          <CriteriaInWords criteria={run.basis.criteria} zone={zone} />
          <Text as="p" tone="subdued">
            {t("run.since", { moment: formatMoment(run.startedAt, zone, i18n.language) })}
          </Text>
        </BlockStack>
        <ol style={{ margin: 0, padding: 0, listStyle: "none", display: "grid", gap: 8 }}>
          {phases.map((phase, index) => {
            const state = index < at ? "done" : index === at ? "now" : "later";
            return (
              <li key={phase} aria-current={state === "now" ? "step" : undefined}>
                <InlineStack gap="200" blockAlign="center" align="space-between" wrap>
                  <Text
                    as="span"
                    {...(state === "later" ? { tone: "subdued" } : {})}
                    fontWeight={state === "now" ? "semibold" : "regular"}
                  >
                    {index + 1}. {t(`run.phase.${phase}`)}
                  </Text>
                  <Badge
                    {...(state === "done" ? { tone: "success" } : state === "now" ? { tone: "info" } : {})}
                  >
                    {t(`run.state.${state}`)}
                  </Badge>
                </InlineStack>
              </li>
            );
          })}
        </ol>
        <RunNumbers progress={run.progress} />
        <BlockStack gap="300" inlineAlign="start">
          <Text as="p" tone="subdued">
            {t("run.leave")}
          </Text>
          <Form method="post">
            <input type="hidden" name="intent" value="cancel" />
            <input type="hidden" name="run" value={run.id} />
            <Button submit loading={stopping}>
              {t("run.cancel")}
            </Button>
          </Form>
        </BlockStack>
      </BlockStack>
    </Card>
  );
}

/** Of one height in every phase, so that nothing jumps. */
function RunNumbers({ progress }: { progress: Progress }) {
  const { t } = useTranslation("scope");
  const { done, expected, ratePerSecond, secondsLeft } = progress;
  const words = [
    expected === null ? t("run.written", { count: done }) : t("run.read", { done, expected }),
    ratePerSecond === null || ratePerSecond === 0 ? null : t("run.rate", { count: ratePerSecond }),
    secondsLeft === null
      ? null
      : secondsLeft < 90
        ? t("run.left.seconds", { count: secondsLeft })
        : t("run.left.minutes", { count: Math.ceil(secondsLeft / 60) }),
  ];
  return (
    <div style={{ minHeight: 44 }}>
      <BlockStack gap="200">
        <ProgressBar
          progress={expected === null || expected === 0 ? 0 : Math.min(100, (done / expected) * 100)}
          tone="highlight"
          size="small"
          ariaLabelledBy="run-numbers"
          animated={false}
        />
        <Text as="p" id="run-numbers">
          {words.filter((each) => each !== null).join(" · ")}
        </Text>
      </BlockStack>
    </div>
  );
}

export function RunFailed({ run, changeUrl }: { run: RunView; changeUrl: string }) {
  const { t } = useTranslation("scope");
  const searching = useNavigation().formData?.get("intent") === "again";
  const code = run.failure?.code ?? "exportFailed";
  const values = { objects: 0, ...run.failure?.values };
  return (
    <Card>
      <BlockStack gap="400">
        <Banner tone="critical" title={t("failed.title")}>
          <Text as="p">{t(`failure.${code}`, values)}</Text>
        </Banner>
        <Text as="p">{t(`next.${code}`)}</Text>
        <Text as="p" tone="subdued">
          {t("failed.none")}
        </Text>
        <InlineStack gap="300">
          <Form method="post">
            <input type="hidden" name="intent" value="again" />
            <Button submit variant="primary" loading={searching}>
              {t("failed.again")}
            </Button>
          </Form>
          <Button url={changeUrl}>{t("failed.change")}</Button>
        </InlineStack>
      </BlockStack>
    </Card>
  );
}
