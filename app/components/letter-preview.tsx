import { BlockStack, Box, Card, Spinner, Text } from "@shopify/polaris";
import { useState } from "react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { RenderedLetter } from "../breach/notice/notice.ts";
import { PreviewFrame, ViewSwitch } from "./preview-frame.tsx";

type View = "desktop" | "phone" | "text" | "checks";

const height = 560;
/** Sender and subject above the letter, with the gap below them. */
const headHeight = 52;

type LetterPreviewProps = {
  /** Null: the letter has a problem and cannot be composed; the last good one stays. */
  sample: RenderedLetter | null;
  from: string | null;
  updating?: boolean;
  /** A further view beside the letter. */
  checks?: { label: string; content: ReactNode };
};

/** The letter as an invented person gets it, as HTML and as plain text. */
export function LetterPreview({ sample, from, updating = false, checks }: LetterPreviewProps) {
  const { t } = useTranslation("notice");
  const [view, setView] = useState<View>("desktop");
  const [last, setLast] = useState(sample);
  if (sample !== null && sample !== last) setLast(sample);
  const shown = sample ?? last;
  const views: { id: View; label: string }[] = [
    { id: "desktop", label: t("preview.desktop") },
    { id: "phone", label: t("preview.phone") },
    { id: "text", label: t("preview.text") },
    ...(checks === undefined ? [] : [{ id: "checks" as const, label: checks.label }]),
  ];
  return (
    <Card>
      <BlockStack gap="300">
        <ViewSwitch
          views={views}
          chosen={view}
          onChoose={setView}
          trailing={
            <div style={{ width: 20, height: 20 }}>
              {updating && <Spinner size="small" accessibilityLabel={t("preview.updating")} />}
            </div>
          }
        />
        {view !== "checks" && (
          <Box minHeight="40px">
            {shown !== null && (
              <>
                <Text as="p" truncate>
                  <Text as="span" tone="subdued">
                    {t("preview.from")}{" "}
                  </Text>
                  {from ?? t("preview.noSender")}
                </Text>
                <Text as="p" truncate fontWeight="medium">
                  {sample === null ? t("preview.stale") : shown.subject}
                </Text>
              </>
            )}
          </Box>
        )}
        {view === "checks" ? (
          // Scrollable by keyboard too.
          <div
            style={{ height: height + headHeight, overflow: "auto" }}
            tabIndex={0}
            role="region"
            aria-label={checks?.label}
          >
            {checks?.content}
          </div>
        ) : shown === null ? (
          <Box minHeight={`${height}px`}>
            <Text as="p" tone="subdued">
              {t("preview.none")}
            </Text>
          </Box>
        ) : view === "text" ? (
          <div style={{ height, overflow: "auto" }} tabIndex={0} role="region" aria-label={t("preview.text")}>
            <pre
              style={{
                margin: 0,
                whiteSpace: "pre-wrap",
                overflowWrap: "anywhere",
                fontSize: 13,
                lineHeight: 1.5,
              }}
            >
              {shown.text}
            </pre>
          </div>
        ) : (
          <PreviewFrame html={shown.html} title={t("preview.frame")} device={view} height={height} />
        )}
        <Text as="p" variant="bodySm" tone="subdued">
          {t(view === "checks" ? "checks.machine" : "preview.invented")}
        </Text>
      </BlockStack>
    </Card>
  );
}
