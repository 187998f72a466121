/** A letter that is approved: frozen, on its way, held, or sent, with what became of every one of its deliveries in words. */
import { useNavigation, useSubmit } from "@remix-run/react";
import { Badge, BlockStack, Card, InlineGrid, InlineStack, Link, ProgressBar, Text } from "@shopify/polaris";
import type { PageProps } from "@shopify/polaris";
import { useState } from "react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { explainPause } from "../breach/notice/notice.ts";
import type { FormErrors } from "../forms.server.ts";
import { ConfirmAct, FactList } from "./confirm-act.tsx";
import { LetterPreview } from "./letter-preview.tsx";
import { useLiveRefresh } from "./live.tsx";
import { Moment } from "./moment.tsx";
import type { NamedPeople, NoticeData } from "./notice-draft.tsx";
import { IncidentPage } from "./page.tsx";
import { FormErrorBanner } from "./refusal.tsx";

const tones = {
  draft: "info",
  approved: "info",
  sending: "attention",
  paused: "warning",
  finished: "success",
} as const;

export function NoticeBadge({ state }: { state: keyof typeof tones }) {
  const { t } = useTranslation("notice");
  return <Badge tone={tones[state]}>{t(`state.${state}`)}</Badge>;
}

/** "about 3 minutes left": never more exact than it can be. */
export function useTimeLeft(): (seconds: number) => string {
  const { t } = useTranslation("notice");
  return (seconds) =>
    seconds < 90
      ? t("left.seconds", { count: seconds })
      : t("left.minutes", { count: Math.ceil(seconds / 60) });
}

export function SentNotice({ data, errors }: { data: NoticeData; errors: FormErrors | null }) {
  const { t } = useTranslation(["notice", "notice-letter"]);
  const [asking, setAsking] = useState(false);
  const submit = useSubmit();
  const busy = useNavigation().state !== "idle";
  const { notice, send } = data;
  const { state } = notice;
  useLiveRefresh(state === "sending", 1500);
  const post = (intent: string) => submit({ intent }, { method: "post" });
  const actions: Partial<PageProps> =
    state === "approved"
      ? {
          primaryAction: {
            content: t("send.button", { count: send.letters }),
            disabled: send.letters === 0,
            onAction: () => setAsking(true),
          },
          secondaryActions: [
            { content: t("withdraw.button"), disabled: busy, onAction: () => post("withdraw") },
          ],
        }
      : state === "sending"
        ? {
            secondaryActions: [{ content: t("pause.button"), disabled: busy, onAction: () => post("pause") }],
          }
        : state === "paused"
          ? { primaryAction: { content: t("resume.button"), disabled: busy, onAction: () => post("resume") } }
          : {};
  return (
    <IncidentPage
      fullWidth
      title={t(`notice-letter:kind.${notice.kind}`)}
      titleMetadata={<NoticeBadge state={state} />}
      backTo={data.listUrl}
      {...actions}
    >
      <BlockStack gap="400">
        <FormErrorBanner errors={errors} />
        <InlineGrid columns={{ xs: 1, lg: ["oneHalf", "oneHalf"] }} gap="400" alignItems="start">
          <BlockStack gap="400">
            <Card>
              <BlockStack gap="300">
                <Text as="h2" variant="headingMd">
                  {t(`stage.${state}.title`)}
                </Text>
                <Text as="p">{t(`stage.${state}.what`)}</Text>
                {state === "paused" && <PauseReason reason={notice.pauseReason} />}
                {state !== "approved" && <SendProgress send={send} live={state === "sending"} />}
                <StateCounts data={data} />
              </BlockStack>
            </Card>
            {state === "finished" && <PeopleCard words="mend" named={data.toReach} />}
            {data.doubles.count > 0 && <PeopleCard words="doubles" named={data.doubles} />}
            <Frozen data={data} />
          </BlockStack>
          <LetterPreview sample={data.check.sample} from={data.senderLine} />
        </InlineGrid>
      </BlockStack>
      <ConfirmAct
        open={asking}
        onClose={() => setAsking(false)}
        title={t("send.title", { count: send.letters })}
        act={t("send.button", { count: send.letters })}
        values={{ intent: "send" }}
      >
        <Text as="p">{t("send.what")}</Text>
        <FactList
          facts={[
            [t("fact.letters"), t("count", { count: send.letters })],
            [t("fact.subject"), data.check.sample?.subject ?? ""],
            [t("fact.sender"), data.senderLine ?? ""],
          ]}
        />
      </ConfirmAct>
    </IncidentPage>
  );
}

function SendProgress({ send, live }: { send: NoticeData["send"]; live: boolean }) {
  const { t } = useTranslation("notice");
  const left = useTimeLeft();
  const { settled, letters, progress } = send;
  const share = letters === 0 ? 100 : Math.floor((settled / letters) * 100);
  return (
    <BlockStack gap="200">
      <ProgressBar progress={share} size="small" animated={false} ariaLabelledBy="send-progress" />
      <div id="send-progress" aria-live="off" style={{ minHeight: 20 }}>
        <InlineStack gap="300">
          <Text as="span" fontWeight="medium" numeric>
            {t("progress.settled", { count: letters, settled })}
          </Text>
          {live && (
            <Text as="span" tone="subdued" numeric>
              {progress.ratePerSecond === null
                ? t("progress.starting")
                : t("progress.rate", { count: progress.ratePerSecond })}
              {progress.secondsLeft !== null && `, ${left(progress.secondsLeft)}`}
            </Text>
          )}
        </InlineStack>
      </div>
    </BlockStack>
  );
}

/** Order and words of what can become of a letter. */
const shownStates = [
  "accepted",
  "planned",
  "claimed",
  "attempting",
  "deferred",
  "unknown",
  "rejected",
  "covered",
  "needs_alternative",
] as const;

function StateCounts({ data }: { data: NoticeData }) {
  const { t } = useTranslation("notice");
  const { states } = data.send;
  const moving = ["claimed", "attempting"] as const;
  const shown = shownStates.filter(
    (state) => (states[state] ?? 0) > 0 && !moving.some((each) => each === state),
  );
  const underWay = moving.reduce((sum, state) => sum + (states[state] ?? 0), 0);
  const facts: [string, ReactNode][] = shown.map((state) => [
    t(`delivery.${state}`),
    t("count", { count: states[state] ?? 0 }),
  ]);
  if (underWay > 0) facts.splice(1, 0, [t("delivery.attempting"), t("count", { count: underWay })]);
  return <FactList facts={facts} />;
}

function PauseReason({ reason }: { reason: string | null }) {
  const { t } = useTranslation("notice");
  const { key, stage, code } = explainPause(reason);
  return (
    <Text as="p" fontWeight="medium">
      {t(`paused.${key}`, { stage: stage === null ? "" : t(`stageOfMail.${stage}`), code: code ?? "" })}
    </Text>
  );
}

/** `words`: where its title and sentences lie in the catalogue. */
function PeopleCard({ words, named: { people, count } }: { words: "mend" | "doubles"; named: NamedPeople }) {
  const { t } = useTranslation("notice");
  const reasons = Map.groupBy(people, (row) => {
    const why =
      row.reason === "possible_double"
        ? t(row.state === "accepted" ? "reason.possible_double" : "reason.noAnswer")
        : t([`reason.${row.reason ?? ""}`, "reason.other"]);
    return row.code === null ? why : `${why} ${t("reason.code", { code: row.status ?? row.code })}`;
  });
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t(`${words}.title`)}
        </Text>
        {people.length === 0 ? (
          <Text as="p">{t("mend.none")}</Text>
        ) : (
          <>
            <Text as="p">{t(`${words}.what`)}</Text>
            {[...reasons].map(([reason, rows]) => (
              <BlockStack gap="100" key={reason}>
                <Text as="h3" variant="headingSm">
                  {reason}
                </Text>
                <ul
                  style={{
                    margin: 0,
                    padding: 0,
                    listStyle: "none",
                    display: "flex",
                    flexWrap: "wrap",
                    gap: "4px 24px",
                  }}
                >
                  {rows.map((row) => (
                    <li key={row.id}>
                      {row.name.trim() === "" ? t("mend.noName") : row.name}
                      {row.email !== null && (
                        <Text as="span" tone="subdued">
                          {" "}
                          {row.email}
                        </Text>
                      )}
                    </li>
                  ))}
                </ul>
              </BlockStack>
            ))}
            {count > people.length && (
              <Text as="p" tone="subdued">
                {t("mend.more", { count: count - people.length })}
              </Text>
            )}
          </>
        )}
      </BlockStack>
    </Card>
  );
}

function Frozen({ data }: { data: NoticeData }) {
  const { t } = useTranslation("notice");
  const { notice, zone } = data;
  const moment = (at: Date | null) => (at === null ? "–" : <Moment at={at} zone={zone} />);
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          {t("frozen.title")}
        </Text>
        <Text as="p" tone="subdued">
          {t("frozen.what")}
        </Text>
        <FactList
          facts={[
            [t("fact.approvedBy"), data.approver ?? ""],
            [t("fact.approvedAt"), moment(notice.approvedAt)],
            ...(notice.startedAt === null
              ? []
              : [[t("fact.startedAt"), moment(notice.startedAt)] as [string, ReactNode]]),
            ...(notice.finishedAt === null
              ? []
              : [[t("fact.finishedAt"), moment(notice.finishedAt)] as [string, ReactNode]]),
            [t("fact.letterVersion"), String(notice.version)],
            [t("fact.contentHash"), <code key="content">{notice.contentSha256}</code>],
            [t("fact.listHash"), <code key="list">{notice.listSha256}</code>],
          ]}
        />
        <Link url={`${data.incidentUrl}/evidence`}>{t("frozen.evidence")}</Link>
      </BlockStack>
    </Card>
  );
}
