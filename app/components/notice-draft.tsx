/** A letter being written: editor and preview side by side, what is still to do above them, and approval as the one act of the page. */
import { useFetcher } from "@remix-run/react";
import { BlockStack, Card, InlineGrid, Text } from "@shopify/polaris";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { letterSchema } from "../breach/notice/notice.ts";
import type { Letter } from "../breach/notice/notice.ts";
import type { LetterCheck, MendRow, NoticeView, SendProgress } from "../breach/notice/notice.server.ts";
import { ConfirmAct, FactList } from "./confirm-act.tsx";
import { LawChecks, readLetterBlockers, TodoList } from "./letter-checks.tsx";
import { LetterEditor } from "./letter-editor.tsx";
import { LetterPreview } from "./letter-preview.tsx";
import { IncidentPage } from "./page.tsx";
import { FormErrorBanner } from "./refusal.tsx";
import { SaveForm } from "./save-form.tsx";
import type { FormErrors } from "../forms.server.ts";

/** What the page of one notice shows, in every state of it. */
/** The first of them, and how many there are in all. */
export type NamedPeople = { people: MendRow[]; count: number };

export type NoticeData = {
  notice: NoticeView;
  /** Keys under `blocker`; empty unless it is a draft. */
  blockers: string[];
  check: LetterCheck;
  /** What approval would freeze; null without a confirmed list. */
  confirm: {
    letters: number;
    covered: number;
    withoutEmail: number;
    listVersion: number;
    listSha256: string;
  } | null;
  send: SendProgress;
  toReach: NamedPeople;
  doubles: NamedPeople;
  senderLine: string | null;
  approver: string | null;
  writers: string[];
  me: string;
  incidentUrl: string;
  listUrl: string;
  zone: string;
};

/** As the server would keep it, so that a space at a line's end is no change. */
function writeLetter(letter: Letter): string {
  const tidy = letterSchema.safeParse(letter);
  return JSON.stringify(tidy.success ? tidy.data : letter);
}

function pickAnswer<K extends string>(answer: unknown, key: K): unknown {
  return typeof answer === "object" && answer !== null && key in answer
    ? (answer as Record<K, unknown>)[key]
    : undefined;
}

/** Checks and renders what is in the editor, a moment after the last change. */
function useLetterCheck(text: string, saved: string, initial: NoticeData["check"]) {
  const fetcher = useFetcher<unknown>({ key: "letter-check" });
  const { submit } = fetcher;
  const isFirst = useRef(true);
  useEffect(() => {
    if (isFirst.current) {
      isFirst.current = false;
      return;
    }
    const timer = setTimeout(() => submit({ intent: "check", letter: text }, { method: "post" }), 400);
    return () => clearTimeout(timer);
  }, [text, submit]);
  const answer = pickAnswer(fetcher.data, "check") as NoticeData["check"] | undefined;
  return { check: text === saved ? initial : (answer ?? initial), checking: fetcher.state !== "idle" };
}

export function DraftNotice({ data, errors }: { data: NoticeData; errors: FormErrors | null }) {
  const { t } = useTranslation(["notice", "notice-letter"]);
  const { notice, confirm } = data;
  const saved = useMemo(() => writeLetter(notice.letter), [notice.letter]);
  const [letter, setLetter] = useState<Letter>(notice.letter);
  const text = useMemo(() => writeLetter(letter), [letter]);
  const dirty = text !== saved;
  const { check, checking } = useLetterCheck(text, saved, data.check);
  const [asking, setAsking] = useState<"approve" | "redraft" | null>(null);

  // A new version: just saved, or drafted again. Somebody else's, met while saving, doesn't take away what was typed here.
  const [shown, setShown] = useState({ version: notice.version, text: saved });
  if (shown.version !== notice.version && (errors === null || text === shown.text)) {
    setShown({ version: notice.version, text: saved });
    setLetter(notice.letter);
  }

  // Shopify's save bar looks at its form when something in it says that it changed.
  const field = useRef<HTMLInputElement>(null);
  const lastText = useRef(text);
  useEffect(() => {
    if (lastText.current === text) return;
    lastText.current = text;
    field.current?.dispatchEvent(new Event("change", { bubbles: true }));
  }, [text]);

  const filler = useFetcher<unknown>({ key: "letter-fill" });
  const filled = pickAnswer(filler.data, "filled") as Letter | undefined;
  const [lastFilled, setLastFilled] = useState(filled);
  if (filled !== lastFilled) {
    setLastFilled(filled);
    if (filled !== undefined) setLetter(filled);
  }

  const elsewhere = data.blockers.filter((key) => ["noList", "nobodyToMail", "sender"].includes(key));
  const ready = elsewhere.length === 0 && readLetterBlockers(check).length === 0;
  const openFindings = check.findings.filter((finding) => !finding.ok).length;
  return (
    <IncidentPage
      fullWidth
      title={t(`notice-letter:kind.${notice.kind}`)}
      subtitle={t("version", { version: shown.version })}
      backTo={data.listUrl}
      primaryAction={{
        content: t("approve.button"),
        disabled: !ready || dirty || confirm === null,
        onAction: () => setAsking("approve"),
      }}
      secondaryActions={[{ content: t("redraft.button"), onAction: () => setAsking("redraft") }]}
    >
      <BlockStack gap="400">
        <FormErrorBanner errors={errors} />
        <Card>
          <BlockStack gap="300">
            <Text as="h2" variant="headingMd">
              {t("todo.title")}
            </Text>
            <TodoList
              check={check}
              elsewhere={elsewhere}
              incidentUrl={data.incidentUrl}
              dirty={dirty}
              filling={filler.state !== "idle"}
              onFill={
                check.missing.some((item) => item.answered)
                  ? () => filler.submit({ intent: "fill", letter: text }, { method: "post" })
                  : null
              }
            />
          </BlockStack>
        </Card>
        <InlineGrid columns={{ xs: 1, lg: ["oneHalf", "oneHalf"] }} gap="400">
          <div style={{ minWidth: 0 }}>
            <SaveForm intent="save" onDiscard={() => setLetter(notice.letter)}>
              <input type="hidden" name="seen" value={shown.version} />
              <input ref={field} type="hidden" name="letter" value={text} />
              <LetterEditor
                letter={letter}
                problems={check.problems}
                missing={check.missing}
                onChange={setLetter}
              />
            </SaveForm>
          </div>
          <div style={{ minWidth: 0 }}>
            <div style={{ position: "sticky", top: 16 }}>
              <LetterPreview
                sample={check.sample}
                from={data.senderLine}
                updating={checking}
                checks={{
                  label: t("checks.tab", { count: openFindings }),
                  content: <LawChecks check={check} />,
                }}
              />
            </div>
          </div>
        </InlineGrid>
      </BlockStack>
      {confirm !== null && (
        <ConfirmAct
          open={asking === "approve"}
          onClose={() => setAsking(null)}
          title={t("approve.title")}
          act={t("approve.act")}
          values={{ intent: "approve", seen: String(notice.version) }}
        >
          <Text as="p">{t("approve.what")}</Text>
          <FactList
            facts={[
              [t("fact.letters"), t("count", { count: confirm.letters })],
              [t("fact.covered"), t("count", { count: confirm.covered })],
              [t("fact.withoutEmail"), t("count", { count: confirm.withoutEmail })],
              [
                t("fact.list"),
                t("fact.listValue", { version: confirm.listVersion, hash: confirm.listSha256.slice(0, 12) }),
              ],
              [t("fact.sender"), data.senderLine ?? ""],
              [t("fact.letterVersion"), String(notice.version)],
              [t("fact.approver"), data.me],
            ]}
          />
          <Text as="p" fontWeight="medium">
            {t(data.writers.includes(data.me) ? "approve.samePerson" : "approve.otherPerson", {
              names: data.writers.join(", "),
            })}
          </Text>
        </ConfirmAct>
      )}
      <ConfirmAct
        open={asking === "redraft"}
        onClose={() => setAsking(null)}
        title={t("redraft.title")}
        act={t("redraft.act")}
        values={{ intent: "redraft" }}
      >
        <Text as="p">{t("redraft.what")}</Text>
      </ConfirmAct>
    </IncidentPage>
  );
}
