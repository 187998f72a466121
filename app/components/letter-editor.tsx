/** A letter as a row of cards: each part with its heading and text, what is wrong with it right under it, and the fields it may use. */
import {
  ActionList,
  BlockStack,
  Box,
  Button,
  Card,
  InlineError,
  InlineStack,
  Popover,
  Text,
  TextField,
} from "@shopify/polaris";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { blockKinds, mergeFields } from "../breach/notice/notice.ts";
import type { Block, BlockKind, Letter, LetterProblem, MissingItem } from "../breach/notice/notice.ts";

type LetterEditorProps = {
  letter: Letter;
  problems: LetterProblem[];
  missing: MissingItem[];
  onChange: (letter: Letter) => void;
};

/** Brings a part of the letter into view and puts the cursor there; `null` is the subject. */
export function goToBlock(blockId: string | null): void {
  const field = document.getElementById(blockId === null ? "letter-subject" : `body-${blockId}`);
  field?.scrollIntoView({ block: "center" });
  field?.focus({ preventScroll: true });
}

/** "what_happened-2" when the letter has that kind already. */
function newId(letter: Letter, kind: BlockKind): string {
  const taken = new Set(letter.blocks.map((block) => block.id));
  let id: string = kind;
  for (let count = 2; taken.has(id); count += 1) id = `${kind}-${count}`;
  return id;
}

export function LetterEditor({ letter, problems, missing, onChange }: LetterEditorProps) {
  const { t } = useTranslation(["notice", "notice-letter"]);
  const { blocks } = letter;
  const setBlocks = (next: Block[]) => onChange({ ...letter, blocks: next });
  const move = (from: number, to: number) => {
    const next = [...blocks];
    const [moved] = next.splice(from, 1);
    if (moved !== undefined) next.splice(to, 0, moved);
    setBlocks(next);
  };
  return (
    <BlockStack gap="400">
      <Card>
        <BlockStack gap="300">
          <TextField
            id="letter-subject"
            label={t("notice-letter:subject")}
            value={letter.subject}
            onChange={(subject) => onChange({ ...letter, subject })}
            maxLength={200}
            autoComplete="off"
            error={
              describeFirst(
                t,
                problems.filter((problem) => problem.part === "subject"),
              ) ?? false
            }
          />
          <Text as="p" tone="subdued">
            {t("notice-letter:markupHelp")}
          </Text>
        </BlockStack>
      </Card>
      {blocks.map((block, index) => (
        <BlockCard
          key={block.id}
          block={block}
          problems={problems.filter((problem) => problem.blockId === block.id)}
          missing={missing.filter((item) => item.blockId === block.id)}
          isFirst={index === 0}
          isLast={index === blocks.length - 1}
          isOnly={blocks.length === 1}
          onChange={(changed) => setBlocks(blocks.map((each) => (each.id === block.id ? changed : each)))}
          onMove={(step) => move(index, index + step)}
          onRemove={() => setBlocks(blocks.filter((each) => each.id !== block.id))}
        />
      ))}
      <AddBlock
        onAdd={(kind) => {
          const added: Block = {
            id: newId(letter, kind),
            kind,
            heading: kind === "custom" ? "" : null,
            body: "",
          };
          setBlocks([...blocks, added]);
          requestAnimationFrame(() => goToBlock(added.id));
        }}
        disabled={blocks.length >= 40}
      />
    </BlockStack>
  );
}

type Translate = ReturnType<typeof useTranslation>["t"];

function describeFirst(t: Translate, problems: LetterProblem[]): string | undefined {
  const [problem] = problems;
  if (problem === undefined) return undefined;
  const place = t("notice-letter:problem.place", { line: problem.line, column: problem.column });
  return `${place}: ${t(`notice-letter:problem.${problem.code}`, { what: problem.what })}`;
}

type BlockCardProps = {
  block: Block;
  problems: LetterProblem[];
  missing: MissingItem[];
  isFirst: boolean;
  isLast: boolean;
  isOnly: boolean;
  onChange: (block: Block) => void;
  onMove: (step: -1 | 1) => void;
  onRemove: () => void;
};

function BlockCard({
  block,
  problems,
  missing,
  isFirst,
  isLast,
  isOnly,
  onChange,
  onMove,
  onRemove,
}: BlockCardProps) {
  const { t } = useTranslation(["notice", "notice-letter"]);
  const name = t(`notice-letter:block.${block.kind}`);
  const body = useRef<HTMLDivElement>(null);
  const insert = (text: string) => {
    const area = body.current?.querySelector("textarea");
    const start = area?.selectionStart ?? block.body.length;
    const end = area?.selectionEnd ?? start;
    onChange({ ...block, body: block.body.slice(0, start) + text + block.body.slice(end) });
    requestAnimationFrame(() => {
      area?.focus();
      area?.setSelectionRange(start + text.length, start + text.length);
    });
  };
  const error = describeFirst(
    t,
    problems.filter((problem) => problem.part === "body"),
  );
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h3" variant="headingSm">
            {name}
          </Text>
          <InlineStack gap="300">
            <Button
              variant="plain"
              disabled={isFirst}
              accessibilityLabel={t("editor.upOf", { name })}
              onClick={() => onMove(-1)}
            >
              {t("editor.up")}
            </Button>
            <Button
              variant="plain"
              disabled={isLast}
              accessibilityLabel={t("editor.downOf", { name })}
              onClick={() => onMove(1)}
            >
              {t("editor.down")}
            </Button>
            <Button
              variant="plain"
              tone="critical"
              disabled={isOnly}
              accessibilityLabel={t("editor.removeOf", { name })}
              onClick={onRemove}
            >
              {t("editor.remove")}
            </Button>
          </InlineStack>
        </InlineStack>
        <Text as="p" tone="subdued">
          {t(`notice-letter:blockHelp.${block.kind}`)}
        </Text>
        {block.heading === null ? (
          block.kind !== "title" && (
            <InlineStack>
              <Button variant="plain" onClick={() => onChange({ ...block, heading: "" })}>
                {t("editor.addHeading")}
              </Button>
            </InlineStack>
          )
        ) : (
          <TextField
            label={t("notice-letter:heading")}
            value={block.heading}
            onChange={(heading) => onChange({ ...block, heading })}
            maxLength={120}
            autoComplete="off"
            error={
              describeFirst(
                t,
                problems.filter((problem) => problem.part === "heading"),
              ) ?? false
            }
          />
        )}
        <div ref={body}>
          <TextField
            id={`body-${block.id}`}
            label={t("notice-letter:text")}
            labelHidden={block.kind === "title"}
            value={block.body}
            onChange={(text) => onChange({ ...block, body: text })}
            maxLength={12_000}
            autoComplete="off"
            multiline={block.kind === "title" ? 1 : 3}
            error={error ?? false}
          />
        </div>
        {missing.map((item) => (
          <InlineError
            key={`${item.key}${item.line}${item.text}`}
            fieldID={`body-${block.id}`}
            message={t("editor.stillMissing", {
              what: t(`notice-letter:missing.${item.key}`, { text: item.text }),
            })}
          />
        ))}
        <InlineStack align="end">
          <InsertField onInsert={insert} name={name} />
        </InlineStack>
      </BlockStack>
    </Card>
  );
}

function InsertField({ onInsert, name }: { onInsert: (text: string) => void; name: string }) {
  const { t } = useTranslation(["notice", "notice-letter"]);
  const [open, setOpen] = useState(false);
  const choose = (text: string) => {
    setOpen(false);
    onInsert(text);
  };
  const items = mergeFields.map((each) => ({
    content: t(`notice-letter:${each.label}`, { sample: each.sample }),
    helpText:
      each.use === "flag"
        ? undefined
        : each.always
          ? each.sample
          : `${each.sample}. ${t("notice-letter:field.sometimesEmpty")}`,
    onAction: () =>
      choose(
        each.use === "flag" || !each.always
          ? `{% if ${each.field} %}${each.use === "flag" ? t("editor.yourText") : ` {{ ${each.field} }}`}{% endif %}`
          : `{{ ${each.field} }}`,
      ),
  }));
  return (
    <Popover
      active={open}
      onClose={() => setOpen(false)}
      activator={
        <Button
          disclosure
          size="slim"
          accessibilityLabel={t("editor.insertInto", { name })}
          onClick={() => setOpen((before) => !before)}
        >
          {t("editor.insert")}
        </Button>
      }
    >
      <Box maxWidth="340px">
        <ActionList items={items} />
      </Box>
    </Popover>
  );
}

function AddBlock({ onAdd, disabled }: { onAdd: (kind: BlockKind) => void; disabled: boolean }) {
  const { t } = useTranslation(["notice", "notice-letter"]);
  const [open, setOpen] = useState(false);
  return (
    <InlineStack>
      <Popover
        active={open}
        onClose={() => setOpen(false)}
        activator={
          <Button disclosure disabled={disabled} onClick={() => setOpen((before) => !before)}>
            {t("editor.add")}
          </Button>
        }
      >
        <Box maxWidth="340px">
          <ActionList
            items={blockKinds.map((kind) => ({
              content: t(`notice-letter:block.${kind}`),
              onAction: () => {
                setOpen(false);
                onAdd(kind);
              },
            }))}
          />
        </Box>
      </Popover>
    </InlineStack>
  );
}
