/** What the store says in public, and beside it how it looks: the banner in the theme's own Liquid, the statement as the page will be. */
import { useFetcher } from "@remix-run/react";
import { BlockStack, Card, InlineGrid, Text } from "@shopify/polaris";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { bannerStates, writeStatement } from "../breach/publication/publication.ts";
import type { BannerForm, Statement, StatementPage } from "../breach/publication/publication.ts";
import { SelectInput, TextInput } from "./field.tsx";
import { PreviewFrame, ViewSwitch } from "./preview-frame.tsx";
import type { Device } from "./preview-frame.tsx";
import { SaveForm } from "./save-form.tsx";

export type Words = BannerForm & Statement;

type BannerEditorProps = {
  words: Words;
  /** The banner as rendered for `words`. */
  preview: string;
  page: Omit<StatementPage, "statement">;
  errorOf: (name: string) => string | undefined;
  onChange: (words: Words) => void;
};

const statementFields = ["whatHappened", "whatInformation", "whatWeAreDoing", "whatYouCanDo"] as const;
const height = 420;

const views = ["banner", "statement"] as const;
const devices = ["desktop", "phone"] as const;

/** A neutral page around the statement; the theme's own fonts and colours are not known here. */
function frameStatement(html: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Statement</title></head><body style="margin:0;font:16px/1.6 system-ui,sans-serif;color:#202223">${html}</body></html>`;
}

export function BannerEditor({ words, preview, page, errorOf, onChange }: BannerEditorProps) {
  const { t } = useTranslation(["banner", "notice"]);
  const [now, setNow] = useState(words);
  const [view, setView] = useState<(typeof views)[number]>("banner");
  const [device, setDevice] = useState<Device>("desktop");
  const latest = useRef(words);
  const set = (field: keyof Words) => (value: string) => {
    const next = { ...latest.current, [field]: value } as Words;
    latest.current = next;
    setNow(next);
    onChange(next);
  };
  const banner = useBannerPreview(now, preview);
  const statement = useMemo(() => frameStatement(writeStatement({ ...page, statement: now })), [page, now]);
  const isBanner = view === "banner";
  return (
    <InlineGrid columns={{ xs: 1, lg: ["oneHalf", "oneHalf"] }} gap="400">
      <div style={{ minWidth: 0 }}>
        <SaveForm
          intent="save"
          onDiscard={() => {
            latest.current = words;
            setNow(words);
            onChange(words);
          }}
        >
          <BlockStack gap="400">
            <Card>
              <BlockStack gap="400">
                <Text as="h2" variant="headingMd">
                  {t("editor.banner")}
                </Text>
                <SelectInput
                  name="bannerState"
                  label={t("editor.state")}
                  help={t("editor.stateHelp")}
                  options={bannerStates.map((value) => ({ value, label: t(`bannerState.${value}`) }))}
                  defaultValue={words.bannerState}
                  onChange={set("bannerState")}
                />
                <TextInput
                  name="message"
                  label={t("editor.message")}
                  help={t("editor.messageHelp")}
                  multiline={3}
                  maxLength={240}
                  showCount
                  defaultValue={words.message}
                  error={errorOf("message")}
                  onChange={set("message")}
                />
              </BlockStack>
            </Card>
            <Card>
              <BlockStack gap="400">
                <BlockStack gap="100">
                  <Text as="h2" variant="headingMd">
                    {t("editor.statement")}
                  </Text>
                  <Text as="p">{t("editor.statementHelp")}</Text>
                </BlockStack>
                <TextInput
                  name="heading"
                  label={t("editor.heading")}
                  maxLength={120}
                  defaultValue={words.heading}
                  error={errorOf("heading")}
                  onChange={set("heading")}
                />
                {statementFields.map((field) => (
                  <TextInput
                    key={field}
                    name={field}
                    label={t(`editor.${field}`)}
                    help={t(`editor.${field}Help`)}
                    multiline={4}
                    maxLength={4000}
                    defaultValue={words[field]}
                    error={errorOf(field)}
                    onChange={set(field)}
                  />
                ))}
              </BlockStack>
            </Card>
          </BlockStack>
        </SaveForm>
      </div>
      <div style={{ minWidth: 0 }}>
        <div style={{ position: "sticky", top: 16 }}>
          <Card>
            <BlockStack gap="300">
              <ViewSwitch
                views={views.map((id) => ({ id, label: t(`preview.${id}`) }))}
                chosen={view}
                onChoose={setView}
                trailing={
                  <ViewSwitch
                    views={devices.map((id) => ({ id, label: t(`notice:preview.${id}`) }))}
                    chosen={device}
                    onChoose={setDevice}
                  />
                }
              />
              <div style={{ display: isBanner ? "block" : "none" }}>
                <PreviewFrame
                  html={banner}
                  title={t("preview.bannerFrame")}
                  device={device}
                  height={height}
                />
              </div>
              <div style={{ display: isBanner ? "none" : "block" }}>
                <PreviewFrame
                  html={statement}
                  title={t("preview.statementFrame")}
                  device={device}
                  height={height}
                />
              </div>
              <Text as="p" variant="bodySm" tone="subdued">
                {t(isBanner ? "preview.bannerNote" : "preview.statementNote")}
              </Text>
            </BlockStack>
          </Card>
        </div>
      </div>
    </InlineGrid>
  );
}

/** The extension's Liquid is rendered on the server, a moment after the last change. */
function useBannerPreview(words: Words, initial: string): string {
  const fetcher = useFetcher<{ preview?: string }>({ key: "banner-preview" });
  const { submit } = fetcher;
  const { bannerState, message } = words;
  const shown = useRef(`${bannerState}|${message}`);
  useEffect(() => {
    if (shown.current === `${bannerState}|${message}`) return;
    shown.current = `${bannerState}|${message}`;
    const values = { intent: "preview", bannerState, message };
    const timer = setTimeout(() => submit(values, { method: "post" }), 300);
    return () => clearTimeout(timer);
  }, [bannerState, message, submit]);
  return fetcher.data?.preview ?? initial;
}
