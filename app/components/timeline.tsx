/** One stream of the record: its events in words, newest first, each with what exactly was recorded; and the verdict on the whole chain. */
import { Form, useNavigation } from "@remix-run/react";
import { Banner, BlockStack, Box, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import type { ChainVerdict, Event } from "../breach/evidence/evidence.ts";
import { describeEvent } from "./event-words.ts";
import { Moment } from "./moment.tsx";

/** `who`: a staff member's name where it is known. */
export type TimelineEvent = Omit<Event, "stream" | "actor"> & {
  who: { kind: "staff" | "system" | "shopify"; name: string };
};

const mono = {
  fontFamily: "var(--p-font-family-mono)",
  overflowWrap: "anywhere",
  whiteSpace: "pre-wrap",
  margin: 0,
} as const;

function Details({ event }: { event: TimelineEvent }) {
  const { t } = useTranslation("evidence");
  const rows = [
    ["seq", String(event.seq)],
    ["type", event.type],
    ["at", event.at.toISOString()],
    ["hash", event.hash],
    ["prev", event.prev],
    ["payload", JSON.stringify(event.payload, null, 2)],
  ] as const;
  return (
    <Box paddingBlockStart="200">
      <dl style={{ margin: 0, display: "grid", gap: "0.25rem" }}>
        {rows.map(([key, value]) => (
          <div key={key}>
            <Text as="dt" variant="bodySm" tone="subdued">
              {t(`detail.${key}`)}
            </Text>
            <dd style={{ margin: 0 }}>
              <pre style={mono}>{value}</pre>
            </dd>
          </div>
        ))}
      </dl>
    </Box>
  );
}

function EventRow({ event, zone, bare = false }: { event: TimelineEvent; zone: string; bare?: boolean }) {
  const { t, i18n } = useTranslation("evidence");
  const who =
    event.who.kind === "staff" && event.who.name !== ""
      ? event.who.name
      : t(`who.${event.who.kind}`, { id: event.who.name });
  return (
    <Box {...(bare ? {} : { borderBlockStartWidth: "025", borderColor: "border" })} paddingBlock="300">
      <BlockStack gap="050">
        <Text as="p" fontWeight="medium" breakWord>
          {describeEvent(event, t, zone, i18n.language)}
        </Text>
        <Text as="p" tone="subdued">
          {who} · <Moment at={event.at} zone={zone} />
        </Text>
        <details>
          <summary>
            <Text as="span" tone="subdued">
              {t("number", { seq: event.seq })} · {t("hash", { hash: event.hash.slice(0, 12) })}… ·{" "}
              {t("details")}
            </Text>
          </summary>
          <Details event={event} />
        </details>
      </BlockStack>
    </Box>
  );
}

/** Groups of letters that follow each other become one row. */
function groupBatches(events: TimelineEvent[]): TimelineEvent[][] {
  const groups: TimelineEvent[][] = [];
  for (const event of events) {
    const last = groups.at(-1);
    if (event.type === "notice.batch" && last?.[0]?.type === "notice.batch") last.push(event);
    else groups.push([event]);
  }
  return groups;
}

function Verdict({ verdict }: { verdict: ChainVerdict }) {
  const { t } = useTranslation("evidence");
  if (!verdict.intact)
    return (
      <Banner tone="critical" title={t("verdict.broken", { seq: verdict.seq })}>
        <p>{t(`verdict.problem.${verdict.problem}`, { seq: verdict.seq, what: verdict.type })}</p>
        <p>{t("verdict.todo")}</p>
      </Banner>
    );
  return (
    <Banner tone="success" title={t("verdict.intact")}>
      {verdict.events === 0 ? (
        <p>{t("verdict.empty")}</p>
      ) : (
        <>
          <p>{t("verdict.intactText", { count: verdict.events })}</p>
          <p>
            {t("verdict.head")}: <code style={{ overflowWrap: "anywhere" }}>{verdict.head}</code>
          </p>
          <p>{t("verdict.keep")}</p>
        </>
      )}
    </Banner>
  );
}

type TimelineProps = {
  events: TimelineEvent[];
  zone: string;
  verdict: ChainVerdict | null;
  /** Whether events newer or older than these exist. */
  newer: boolean;
  older: boolean;
  /** Where the page of older events begins. */
  base: string;
};

export function Timeline({ events, zone, verdict, newer, older, base }: TimelineProps) {
  const { t } = useTranslation("evidence");
  const busy = useNavigation().formMethod === "POST";
  const last = events.at(-1)?.seq ?? 0;
  return (
    <BlockStack gap="400">
      <Card>
        <BlockStack gap="300">
          <Text as="p">{t("what")}</Text>
          <Form method="post" action={base}>
            <Button submit variant="primary" loading={busy}>
              {t("verify")}
            </Button>
          </Form>
          <div aria-live="polite">{verdict !== null && <Verdict verdict={verdict} />}</div>
        </BlockStack>
      </Card>
      <Card>
        {events.length === 0 && <Text as="p">{t("empty")}</Text>}
        {groupBatches(events).map(([first, ...rest], index) =>
          first === undefined ? null : rest.length === 0 ? (
            <EventRow key={first.seq} event={first} zone={zone} bare={index === 0} />
          ) : (
            <BatchRow key={first.seq} batches={[first, ...rest]} zone={zone} bare={index === 0} />
          ),
        )}
        {(newer || older) && (
          <InlineStack gap="200" align="center">
            {newer && <Button url={base}>{t("newest")}</Button>}
            {older && <Button url={`${base}?before=${last}`}>{t("older")}</Button>}
          </InlineStack>
        )}
      </Card>
    </BlockStack>
  );
}

function BatchRow({ batches, zone, bare }: { batches: TimelineEvent[]; zone: string; bare: boolean }) {
  const { t } = useTranslation("evidence");
  const [newest] = batches;
  const oldest = batches.at(-1);
  if (newest === undefined || oldest === undefined) return null;
  return (
    <Box {...(bare ? {} : { borderBlockStartWidth: "025", borderColor: "border" })} paddingBlock="300">
      <BlockStack gap="050">
        <Text as="p" fontWeight="medium">
          {t("batches", { count: batches.length })}
        </Text>
        <Text as="p" tone="subdued">
          {t("who.system")} · <Moment at={oldest.at} zone={zone} /> – <Moment at={newest.at} zone={zone} />
        </Text>
        <details>
          <summary>
            <Text as="span" tone="subdued">
              {t("details")}
            </Text>
          </summary>
          <Box paddingInlineStart="400">
            {batches.map((batch) => (
              <EventRow key={batch.seq} event={batch} zone={zone} />
            ))}
          </Box>
        </details>
      </BlockStack>
    </Box>
  );
}
