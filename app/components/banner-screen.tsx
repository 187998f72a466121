/** The banner's page: what the store holds now, the words with their preview, and the two acts, publishing and taking down. */
import { useNavigation } from "@remix-run/react";
import { Badge, BlockStack, Card, InlineGrid, Link, Text, TextField } from "@shopify/polaris";
import type { PageProps } from "@shopify/polaris";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { statementPath } from "../breach/publication/publication.ts";
import type { PublicationState, StatementPage } from "../breach/publication/publication.ts";
import { BannerEditor } from "./banner-editor.tsx";
import type { Words } from "./banner-editor.tsx";
import { ConfirmAct } from "./confirm-act.tsx";
import { EmbedPanel } from "./embed-panel.tsx";
import { useLiveRefresh } from "./live.tsx";
import { Moment } from "./moment.tsx";
import { IncidentPage } from "./page.tsx";
import { FormErrorBanner, readErrors, useFieldError } from "./refusal.tsx";
import { useSavedToast } from "./save-form.tsx";

export type BannerData = {
  words: Words;
  /** The banner as HTML, rendered for `words`. */
  preview: string;
  /** Null: nothing was saved yet and `words` is a draft. */
  live: { state: PublicationState; syncFailure: string | null; publishedAt: Date | null } | null;
  page: Omit<StatementPage, "statement">;
  shop: string;
  apiKey: string;
};

const tones = { off: "info", publishing: "attention", live: "success", withdrawing: "attention" } as const;

export function BannerScreen({ data, answer }: { data: BannerData; answer: unknown }) {
  const { words, preview, live, page, shop, apiKey } = data;
  const { t } = useTranslation("banner");
  const errorOf = useFieldError(answer);
  const busy = useNavigation().state !== "idle";
  const [asking, setAsking] = useState<"publish" | "withdraw" | null>(null);
  const [reason, setReason] = useState("");
  const saved = useMemo(() => JSON.stringify(words), [words]);
  const [typed, setTyped] = useState(saved);
  const [lastSaved, setLastSaved] = useState(saved);
  if (lastSaved !== saved) {
    setLastSaved(saved);
    setTyped(saved);
  }
  useSavedToast(answer);
  const state = live?.state ?? "off";
  useLiveRefresh(state === "publishing" || state === "withdrawing", 2000);
  const dirty = typed !== saved;
  const isUp = state === "live" || state === "publishing";
  const askTo = (wanted: "publish" | "withdraw") => () => setAsking(wanted);
  // Drafted words are no change of the form, so Shopify's save bar does not offer to keep them.
  const keepDraft = () => document.querySelector<HTMLFormElement>("form[data-save-bar]")?.requestSubmit();
  const actions: Pick<PageProps, "primaryAction" | "secondaryActions"> = isUp
    ? { secondaryActions: [{ content: t("withdraw.button"), disabled: busy, onAction: askTo("withdraw") }] }
    : live === null
      ? { primaryAction: { content: t("keepDraft"), loading: busy, onAction: keepDraft } }
      : {
          primaryAction: {
            content: t("publish.button"),
            disabled: dirty || busy,
            onAction: askTo("publish"),
          },
        };
  return (
    <IncidentPage
      fullWidth
      title={t("title")}
      titleMetadata={<Badge tone={tones[state]}>{t(`state.${state}`)}</Badge>}
      {...actions}
    >
      <BlockStack gap="400">
        <FormErrorBanner errors={readErrors(answer)} />
        <Card>
          <InlineGrid columns={{ xs: 1, md: ["twoThirds", "oneThird"] }} gap="400">
            <BlockStack gap="200">
              <Text as="h2" variant="headingMd">
                {t(`now.${state}`)}
              </Text>
              <Text as="p">{live === null ? t("now.saveFirst") : t(`nowWhat.${state}`)}</Text>
              {live?.syncFailure != null && (
                <Text as="p" tone="critical">
                  {t([`failure.${live.syncFailure}`, "failure.other"])}
                </Text>
              )}
              {isUp && (
                <Text as="p">
                  {live?.publishedAt != null && (
                    <>
                      {t("since")} <Moment at={live.publishedAt} zone={page.zone} />.{" "}
                    </>
                  )}
                  <Link url={`https://${shop}${statementPath}`} target="_blank">
                    {t("openStatement")}
                  </Link>
                </Text>
              )}
            </BlockStack>
            <EmbedPanel shop={shop} apiKey={apiKey} />
          </InlineGrid>
        </Card>
        <BannerEditor
          words={words}
          preview={preview}
          page={page}
          errorOf={errorOf}
          onChange={(next) => setTyped(JSON.stringify(next))}
        />
      </BlockStack>
      <ConfirmAct
        open={asking === "publish"}
        onClose={() => setAsking(null)}
        title={t("publish.title")}
        act={t("publish.act")}
        values={{ intent: "publish" }}
      >
        <Text as="p">{t("publish.what")}</Text>
        <Text as="p" fontWeight="medium">
          “{words.message}”
        </Text>
      </ConfirmAct>
      <ConfirmAct
        open={asking === "withdraw"}
        onClose={() => setAsking(null)}
        title={t("withdraw.title")}
        act={t("withdraw.act")}
        values={{ intent: "withdraw", reason }}
        disabled={reason.trim().length < 3}
        destructive
      >
        <Text as="p">{t("withdraw.what")}</Text>
        <TextField
          label={t("withdraw.reason")}
          helpText={t("withdraw.reasonHelp")}
          value={reason}
          onChange={setReason}
          maxLength={500}
          multiline={2}
          autoComplete="off"
        />
      </ConfirmAct>
    </IncidentPage>
  );
}
