/** What a letter still lacks, said before anyone approves it: what only the merchant knows, what cannot be read, what the laws ask for. */
import { Badge, BlockStack, Box, Button, InlineStack, Link, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { gradeGoal, longestSentence } from "../breach/notice/notice.ts";
import type { Finding, LetterProblem, MissingItem, Readability } from "../breach/notice/notice.ts";
import { goToBlock } from "./letter-editor.tsx";

export type Check = {
  problems: LetterProblem[];
  missing: MissingItem[];
  findings: Finding[];
  readability: Readability;
};

/** What has to be mended before approval, as `findBlockers` counts it, for the letter as it stands in the editor. */
export function readLetterBlockers(check: Check): string[] {
  return [
    ...(check.problems.length > 0 ? ["problems"] : []),
    ...(check.missing.length > 0 ? ["missing"] : []),
    ...(check.findings.some((finding) => finding.blocking) ? ["findings"] : []),
  ];
}

/** One row per thing to do, with all the laws that ask for it. */
function mergeFindings(findings: Finding[]): Finding[] {
  const merged = new Map<string, Finding>();
  for (const finding of findings) {
    const key = JSON.stringify([finding.key, finding.values, finding.blockId]);
    const before = merged.get(key);
    const laws = [...new Set([...(before?.laws ?? []), ...finding.laws])];
    merged.set(key, { ...finding, laws });
  }
  return [...merged.values()];
}

type TodoListProps = {
  check: Check;
  /** Keys under `blocker` that lie outside the letter. */
  elsewhere: string[];
  incidentUrl: string;
  dirty: boolean;
  onFill: (() => void) | null;
  filling: boolean;
};

/** The way to approval, as one list. */
export function TodoList({ check, elsewhere, incidentUrl, dirty, onFill, filling }: TodoListProps) {
  const { t } = useTranslation(["notice", "notice-letter"]);
  const { missing, problems, findings } = check;
  // A part that only the merchant can fill is named once, not again by every law that asks for it.
  const waiting = new Set(missing.map((item) => item.blockId));
  const blocking = mergeFindings(
    findings.filter(
      (finding) => finding.blocking && (finding.blockId === null || !waiting.has(finding.blockId)),
    ),
  );
  const pages: Record<string, string> = {
    noList: `${incidentUrl}/scope`,
    nobodyToMail: `${incidentUrl}/people`,
    sender: "/app/settings/sender",
  };
  if (missing.length + problems.length + blocking.length + elsewhere.length === 0)
    return <Text as="p">{t(dirty ? "todo.saveFirst" : "todo.ready")}</Text>;
  return (
    <BlockStack gap="400">
      {elsewhere.length > 0 && (
        <BlockStack gap="200">
          {elsewhere.map((key) => (
            <Text as="p" key={key}>
              {t(`blocker.${key}`)}{" "}
              {pages[key] !== undefined && <Link url={pages[key]}>{t(`blockerLink.${key}`)}</Link>}
            </Text>
          ))}
        </BlockStack>
      )}
      {missing.length > 0 && (
        <BlockStack gap="200">
          <InlineStack align="space-between" blockAlign="center" gap="200">
            <Text as="h3" variant="headingSm">
              {t("notice-letter:missing.heading")}
            </Text>
            {onFill !== null && (
              <Button size="slim" loading={filling} onClick={onFill}>
                {t("notice-letter:missing.fill")}
              </Button>
            )}
          </InlineStack>
          {missing.map((item, index) => (
            <JumpRow
              key={`${item.key}${item.blockId}${index}`}
              text={t(`notice-letter:missing.${item.key}`, { text: item.text })}
              blockId={item.blockId}
              canJump={item.blockId !== null || item.key === "subject"}
            />
          ))}
        </BlockStack>
      )}
      {problems.length > 0 && (
        <BlockStack gap="200">
          <Text as="h3" variant="headingSm">
            {t("notice-letter:problem.title")}
          </Text>
          {problems.map((problem, index) => (
            <JumpRow
              key={index}
              text={t(`notice-letter:problem.${problem.code}`, { what: problem.what })}
              blockId={problem.blockId}
              canJump
            />
          ))}
        </BlockStack>
      )}
      {blocking.length > 0 && (
        <BlockStack gap="200">
          <Text as="h3" variant="headingSm">
            {t("notice-letter:finding.title")}
          </Text>
          {blocking.map((finding, index) => (
            <JumpRow
              key={index}
              text={t(`notice-letter:${finding.key}`, finding.values)}
              note={t("notice-letter:finding.laws", { laws: finding.laws.join(", ") })}
              blockId={finding.blockId}
              canJump={finding.blockId !== null}
            />
          ))}
        </BlockStack>
      )}
    </BlockStack>
  );
}

type JumpRowProps = { text: string; note?: string; blockId: string | null; canJump: boolean };

function JumpRow({ text, note, blockId, canJump }: JumpRowProps) {
  const { t } = useTranslation("notice");
  return (
    <InlineStack align="space-between" blockAlign="start" gap="200" wrap={false}>
      <Text as="span" breakWord>
        {text}
        {note !== undefined && (
          <Text as="span" tone="subdued">
            {" "}
            {note}
          </Text>
        )}
      </Text>
      {canJump && (
        <Box minWidth="max-content">
          <Button
            variant="plain"
            accessibilityLabel={t("todo.goTo", { what: text })}
            onClick={() => goToBlock(blockId)}
          >
            {t("todo.go")}
          </Button>
        </Box>
      )}
    </InlineStack>
  );
}

/** Every element that a law of this incident asks for, found or not; what a machine cannot judge says so. */
export function LawChecks({ check }: { check: Check }) {
  const { t } = useTranslation(["notice", "notice-letter", "obligation"]);
  const { findings, readability } = check;
  const rank = (finding: Finding) => (finding.blocking ? 0 : finding.ok ? 2 : 1);
  const name = (finding: Finding) =>
    finding.element === "requiredTitle" || finding.element === "requiredHeading"
      ? t(`notice-letter:finding.${finding.element}`, finding.values)
      : t(`obligation:content.${finding.element}`);
  return (
    <BlockStack gap="400">
      <BlockStack gap="100">
        <Text as="h3" variant="headingSm">
          {t("notice-letter:readability.title")}
        </Text>
        {readability.grade === null ? (
          <Text as="p">{t("checks.noSentence")}</Text>
        ) : (
          <InlineStack gap="200" blockAlign="center">
            <Badge tone={readability.grade <= gradeGoal ? "success" : "attention"}>
              {t(readability.grade <= gradeGoal ? "checks.easy" : "checks.hard")}
            </Badge>
            <Text as="span">
              {t("notice-letter:readability.grade", { grade: readability.grade.toFixed(1), goal: gradeGoal })}
            </Text>
          </InlineStack>
        )}
        {readability.longSentences.slice(0, 5).map((sentence, index) => (
          <JumpRow
            key={index}
            text={`“${sentence.text.slice(0, 90)}${sentence.text.length > 90 ? "…" : ""}”`}
            note={t("notice-letter:readability.longSentence", {
              words: sentence.words,
              goal: longestSentence,
            })}
            blockId={sentence.blockId}
            canJump={sentence.blockId !== null}
          />
        ))}
      </BlockStack>
      <BlockStack gap="300">
        <Text as="h3" variant="headingSm">
          {t("notice-letter:finding.title")}
        </Text>
        {findings.length === 0 && <Text as="p">{t("checks.noLaws")}</Text>}
        {[...findings]
          .toSorted((a, b) => rank(a) - rank(b))
          .map((finding, index) => (
            <BlockStack gap="050" key={index}>
              <InlineStack gap="200" blockAlign="center">
                <Badge tone={finding.ok ? "success" : finding.blocking ? "critical" : "attention"}>
                  {t(finding.ok ? "checks.found" : finding.blocking ? "checks.missing" : "checks.yourself")}
                </Badge>
                <Text as="span" fontWeight="medium">
                  {name(finding)}
                </Text>
              </InlineStack>
              {!finding.ok && <Text as="p">{t(`notice-letter:${finding.key}`, finding.values)}</Text>}
              <Text as="p" variant="bodySm" tone="subdued">
                {t("notice-letter:finding.laws", { laws: finding.laws.join(", ") })}
              </Text>
            </BlockStack>
          ))}
        <Text as="p" variant="bodySm" tone="subdued">
          {t("obligation:notAdvice")}
        </Text>
      </BlockStack>
    </BlockStack>
  );
}
