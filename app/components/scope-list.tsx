/** A list that was found: how its number comes about, where the people live, a few of them masked. */
import { Form, useNavigation } from "@remix-run/react";
import { Badge, BlockStack, Button, Card, Divider, InlineStack, Layout, Text } from "@shopify/polaris";
import { useState } from "react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { MaskedPerson, RunView, Tally } from "../breach/scope/scope.server.ts";
import { ConfirmAct, FactList } from "./confirm-act.tsx";
import { Moment } from "./moment.tsx";
import type { SayPlace } from "./place.tsx";
import { AskForAllOrders, CriteriaInWords } from "./scope-form.tsx";

type FoundListProps = {
  run: RunView;
  zone: string;
  tally: Tally[];
  sample: MaskedPerson[];
  sayPlace: SayPlace;
  /** The search could not see orders older than 60 days. */
  missedOldOrders: boolean;
  /** The permission for older orders is there now. */
  seesAllOrders: boolean;
  peopleUrl: string;
  /** What can be done with the list. */
  children: ReactNode;
};

export function FoundList({
  run,
  zone,
  tally,
  sample,
  sayPlace,
  missedOldOrders,
  seesAllOrders,
  peopleUrl,
  children,
}: FoundListProps) {
  const { t } = useTranslation("scope");
  return (
    <Layout>
      <Layout.Section>
        <BlockStack gap="400">
          <Card>
            <BlockStack gap="400">
              <Sum run={run} />
              <Text as="p">
                {run.withoutEmail === 0
                  ? t("list.allHaveEmail")
                  : t("list.withoutEmail", { count: run.withoutEmail ?? 0 })}
              </Text>
              {missedOldOrders && <MissedOrders seenNow={seesAllOrders} />}
              {children}
            </BlockStack>
          </Card>
          <Card>
            <BlockStack gap="400">
              <Where tally={tally} sayPlace={sayPlace} />
            </BlockStack>
          </Card>
        </BlockStack>
      </Layout.Section>
      <Layout.Section variant="oneThird">
        <BlockStack gap="400">
          <Card>
            <Basis run={run} zone={zone} />
          </Card>
          <Card>
            <Sample people={sample} sayPlace={sayPlace} peopleUrl={peopleUrl} />
          </Card>
        </BlockStack>
      </Layout.Section>
    </Layout>
  );
}

/** A list that is short for want of a permission, and the way to a whole one. */
function MissedOrders({ seenNow }: { seenNow: boolean }) {
  const { t } = useTranslation("scope");
  const searching = useNavigation().formData?.get("intent") === "again";
  return (
    <BlockStack gap="200" inlineAlign="start">
      <Text as="p" tone="caution">
        {t("invisible.missed")} {t(seenNow ? "invisible.seenNow" : "invisible.askFirst")}
      </Text>
      {seenNow ? (
        <Form method="post">
          <input type="hidden" name="intent" value="again" />
          <Button submit loading={searching}>
            {t("failed.again")}
          </Button>
        </Form>
      ) : (
        <AskForAllOrders />
      )}
    </BlockStack>
  );
}

export function ListBadges({ list }: { list: RunView }) {
  const { t } = useTranslation("scope");
  const confirmed = list.state === "confirmed";
  return (
    <InlineStack gap="100">
      <Badge>{t("list.version", { version: list.version })}</Badge>
      <Badge tone={confirmed ? "success" : "attention"}>
        {t(confirmed ? "list.confirmed" : "list.found")}
      </Badge>
    </InlineStack>
  );
}

/** What can be done with a list: freeze it, or go on from a frozen one. `here` is the incident's address. */
export function ListActs({ list, here }: { list: RunView; here: string }) {
  const { t } = useTranslation("scope");
  const [asking, setAsking] = useState(false);
  const confirming = useNavigation().formData?.get("intent") === "confirm";
  const changeUrl = `${here}/scope?change=1`;
  if (list.state === "confirmed")
    return (
      <InlineStack gap="300">
        <Button variant="primary" url={`${here}/obligations`}>
          {t("done.obligations")}
        </Button>
        <Button url={`${here}/people`}>{t("done.people")}</Button>
        <Button url={changeUrl}>{t("done.again")}</Button>
      </InlineStack>
    );
  return (
    <InlineStack gap="300">
      <Button variant="primary" onClick={() => setAsking(true)} loading={confirming}>
        {t("confirm.act")}
      </Button>
      <Button url={changeUrl}>{t("confirm.change")}</Button>
      <ConfirmAct
        open={asking}
        onClose={() => setAsking(false)}
        title={t("confirm.title")}
        act={t("confirm.act")}
        values={{ intent: "confirm", run: list.id }}
      >
        <Text as="p" fontWeight="medium">
          {t("confirm.count", { count: list.people ?? 0 })}
        </Text>
        <Text as="p">{t("confirm.freeze")}</Text>
        <Text as="p">{t("confirm.undo")}</Text>
      </ConfirmAct>
    </InlineStack>
  );
}

function Sum({ run }: { run: RunView }) {
  const { t, i18n } = useTranslation("scope");
  const number = new Intl.NumberFormat(i18n.language);
  const rows: [string, number, boolean][] = [
    [t("list.sum.people"), run.people ?? 0, true],
    [t("list.sum.merged"), run.merged ?? 0, false],
    [t("list.sum.matched"), run.rowsMatched, false],
  ];
  return (
    <BlockStack gap="300">
      <Text as="p" variant="heading2xl">
        {t("list.people", { count: run.people ?? 0 })}
      </Text>
      <Text as="h2" variant="headingSm">
        {t("list.sum.title")}
      </Text>
      <dl style={{ margin: 0 }}>
        {rows.map(([label, value, strong], index) => (
          <div
            key={label}
            style={{
              display: "flex",
              justifyContent: "space-between",
              gap: 12,
              padding: "4px 0",
              ...(index === 2 ? { borderTop: "1px solid var(--p-color-border)" } : {}),
            }}
          >
            <dt>
              {index === 1 ? "+ " : index === 2 ? "= " : ""}
              {label}
            </dt>
            <dd style={{ margin: 0, fontVariantNumeric: "tabular-nums" }}>
              <Text as="span" fontWeight={strong ? "semibold" : "regular"}>
                {number.format(value)}
              </Text>
            </dd>
          </div>
        ))}
      </dl>
      <Text as="p" tone="subdued">
        {t("list.sum.read", { count: run.progress.done })}
      </Text>
    </BlockStack>
  );
}

type Bar = { key: string; label: string; people: number };

/** Adds up people by country, or by region within one. Most first. */
function gather(tally: Tally[], keyOf: (row: Tally) => string): { key: string; people: number }[] {
  const sums = new Map<string, number>();
  for (const row of tally) sums.set(keyOf(row), (sums.get(keyOf(row)) ?? 0) + row.people);
  return [...sums].map(([key, people]) => ({ key, people })).toSorted((a, b) => b.people - a.people);
}

export function Where({ tally, sayPlace }: { tally: Tally[]; sayPlace: SayPlace }) {
  const { t } = useTranslation("scope");
  const known = tally.filter((row) => row.country !== null);
  const unknown = tally.reduce((sum, row) => sum + (row.country === null ? row.people : 0), 0);
  const all = tally.reduce((sum, row) => sum + row.people, 0);
  const countries = gather(known, (row) => row.country ?? "").map(({ key, people }) => ({
    key,
    label: sayPlace(key),
    people,
  }));
  const within = (country: string): Bar[] =>
    gather(
      known.filter((row) => row.country === country),
      (row) => row.region ?? "",
    ).map(({ key, people }) => ({
      key,
      label:
        key === "" ? t("list.where.noRegion") : t([`region.${country}-${key}`, "place.code"], { code: key }),
      people,
    }));
  return (
    <>
      <BlockStack gap="100">
        <Text as="h2" variant="headingMd">
          {t("list.where.title")}
        </Text>
        <Text as="p" tone="subdued">
          {t("list.where.help")}
        </Text>
      </BlockStack>
      {unknown > 0 && (
        <Text as="p" tone="caution" fontWeight="medium">
          {t("list.where.unknown", { count: unknown })}
        </Text>
      )}
      <Bars bars={countries} of={all} />
      {(["US", "CA"] as const).map((country) => {
        const bars = within(country);
        if (bars.length === 0) return null;
        return (
          <BlockStack key={country} gap="200">
            <Divider />
            <Text as="h3" variant="headingSm">
              {t(`list.where.${country}`)}
            </Text>
            <Bars bars={bars} of={all} />
          </BlockStack>
        );
      })}
    </>
  );
}

const barsAtFirst = 8;

/** Bars with their numbers in words; the length only repeats what the text says. */
function Bars({ bars, of }: { bars: Bar[]; of: number }) {
  const { t, i18n } = useTranslation("scope");
  const [open, setOpen] = useState(false);
  const shown = open ? bars : bars.slice(0, barsAtFirst);
  const most = bars[0]?.people ?? 1;
  const percent = new Intl.NumberFormat(i18n.language, { style: "percent" });
  return (
    <BlockStack gap="200" inlineAlign="start">
      <ul style={{ margin: 0, padding: 0, listStyle: "none", display: "grid", gap: 10, width: "100%" }}>
        {shown.map(({ key, label, people }) => (
          <li key={key}>
            <InlineStack align="space-between" gap="200" wrap={false}>
              <Text as="span">{label}</Text>
              <span style={{ whiteSpace: "nowrap", fontVariantNumeric: "tabular-nums" }}>
                {t("list.where.share", {
                  people,
                  share: people / of < 0.01 ? `< ${percent.format(0.01)}` : percent.format(people / of),
                })}
              </span>
            </InlineStack>
            <div
              aria-hidden="true"
              style={{
                height: 6,
                borderRadius: 3,
                background: "var(--p-color-bg-fill-tertiary)",
                marginTop: 2,
              }}
            >
              <div
                style={{
                  height: 6,
                  borderRadius: 3,
                  width: `${Math.max(1, (people / most) * 100)}%`,
                  background: "var(--p-color-bg-fill-brand)",
                }}
              />
            </div>
          </li>
        ))}
      </ul>
      {bars.length > barsAtFirst && (
        <Button variant="plain" onClick={() => setOpen(!open)} ariaExpanded={open}>
          {open ? t("list.where.fewer") : t("list.where.all", { count: bars.length - barsAtFirst })}
        </Button>
      )}
    </BlockStack>
  );
}

function Basis({ run, zone }: { run: RunView; zone: string }) {
  const { t } = useTranslation("scope");
  const { t: tCategory } = useTranslation("scope-categories");
  const facts: [string, ReactNode][] = [
    [t("list.basis.who"), <CriteriaInWords key="who" criteria={run.basis.criteria} zone={zone} />],
    [
      t("list.basis.what"),
      run.basis.categories.map((category) => tCategory(`category.${category}`)).join(", "),
    ],
    [t("list.basis.when"), <Moment key="when" at={run.startedAt} zone={zone} />],
  ];
  if (run.confirmedAt !== null)
    facts.push([t("list.basis.confirmedAt"), <Moment key="confirmed" at={run.confirmedAt} zone={zone} />]);
  if (run.listSha256 !== null)
    facts.push([
      t("list.basis.hash"),
      <code key="hash" title={run.listSha256}>
        {run.listSha256.slice(0, 16)}…
      </code>,
    ]);
  return (
    <BlockStack gap="300">
      <Text as="h2" variant="headingMd">
        {t("list.basis.title")}
      </Text>
      <FactList facts={facts} />
    </BlockStack>
  );
}

function Sample({
  people,
  sayPlace,
  peopleUrl,
}: {
  people: MaskedPerson[];
  sayPlace: SayPlace;
  peopleUrl: string;
}) {
  const { t } = useTranslation("scope");
  return (
    <BlockStack gap="300">
      <BlockStack gap="100">
        <Text as="h2" variant="headingMd">
          {t("list.sample.title")}
        </Text>
        <Text as="p" tone="subdued">
          {t("list.sample.help")}
        </Text>
      </BlockStack>
      <ul style={{ margin: 0, padding: 0, listStyle: "none", display: "grid", gap: 8 }}>
        {people.map((person) => (
          <li key={person.id} style={{ overflowWrap: "anywhere" }}>
            <Text as="p" fontWeight="medium">
              {person.name === "" ? t("list.sample.noName") : <bdi>{person.name}</bdi>}
            </Text>
            <Text as="p">{person.email ?? t("list.sample.noEmail")}</Text>
            <Text as="p" tone="subdued">
              {t("list.sample.person", {
                place: sayPlace(person.country, person.region),
                count: person.orders,
              })}
            </Text>
          </li>
        ))}
      </ul>
      <InlineStack>
        <Button variant="plain" url={peopleUrl}>
          {t("list.sample.all")}
        </Button>
      </InlineStack>
    </BlockStack>
  );
}
