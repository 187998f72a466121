/** One duty, or the same duty towards several authorities: who, by when, why, from which source, and what is left to do. */
import { Badge, BlockStack, Button, Card, Divider, InlineStack, Link, Text } from "@shopify/polaris";
import { useState } from "react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Duty, DutyKind } from "../breach/obligation/obligation.ts";
import { FactList } from "./confirm-act.tsx";
import type { OwedEntry, OwedGroup } from "./duty-groups.ts";
import { Countdown, Moment, formatMoment } from "./moment.tsx";
import { splitJurisdiction } from "./place.tsx";
import type { SayPlace } from "./place.tsx";
import { ToldForm } from "./told-form.tsx";
import { Fold, TraceSteps, useDayInWords } from "./trace.tsx";

export type DutyContext = {
  zone: string;
  now: Date;
  /** The present in `zone`, for a form. */
  nowLocal: string;
  sayPlace: SayPlace;
  noticesUrl: string;
};

const groupKeys: Record<DutyKind, string> = {
  regulator: "screen.duties.groupRegulator",
  individuals: "screen.duties.groupIndividuals",
  cra: "screen.duties.groupCra",
};

export function DutyCard({ group, context }: { group: OwedGroup; context: DutyContext }) {
  const [first] = group.entries;
  return first === undefined ? null : <OwedCard group={group} first={first} context={context} />;
}

type OwedCardProps = { group: OwedGroup; first: OwedGroup["entries"][number]; context: DutyContext };

function OwedCard({ group, first, context }: OwedCardProps) {
  const { t } = useTranslation("obligation");
  const { entries, kind } = group;
  const { duty } = first.view;
  const single = entries.length === 1;
  const facts = useFacts(group, first, context);
  const done = entries.filter(({ view }) => view.status === "done").length;
  const place = sayJurisdiction(duty, context.sayPlace);
  const title = single
    ? (duty.recipient ?? t("screen.duties.individualsIn", { place }))
    : t(groupKeys[kind], { law: group.lawName, count: entries.length });
  return (
    <Card>
      <BlockStack gap="400">
        <BlockStack gap="100">
          <InlineStack gap="200" blockAlign="center">
            <Text as="span" tone="subdued">
              {t(`duty.${kind}`)}
            </Text>
            <StatusBadge group={group} done={done} now={context.now} />
          </InlineStack>
          <Text as="h3" variant="headingMd">
            {title}
          </Text>
        </BlockStack>
        {done < entries.length && <When duty={duty} context={context} />}
        <FactList facts={facts} />
        <BlockStack gap="200">
          {single && (
            <Fold
              label={t("screen.trace.show")}
              accessibilityLabel={t("screen.trace.each", { place: title })}
            >
              <TraceSteps trace={first.place?.trace ?? []} duty={kind} />
            </Fold>
          )}
          <Content duty={duty} />
          <Notes first={first} />
        </BlockStack>
        <Divider />
        {kind === "individuals" && done < entries.length && (
          <InlineStack gap="300" blockAlign="center">
            <Text as="p">{t("screen.bySending.what")}</Text>
            <Button url={context.noticesUrl}>{t("screen.bySending.act")}</Button>
          </InlineStack>
        )}
        {single ? (
          <Outcome entry={first} context={context} who={title} />
        ) : (
          <Entries entries={entries} context={context} />
        )}
      </BlockStack>
    </Card>
  );
}

function sayJurisdiction(duty: Duty, sayPlace: SayPlace): string {
  const { country, region } = splitJurisdiction(duty.jurisdiction);
  return sayPlace(country, region);
}

function StatusBadge({ group, done, now }: { group: OwedGroup; done: number; now: Date }) {
  const { t } = useTranslation("obligation");
  const all = group.entries.length;
  if (done === all) return <Badge tone="success">{t("screen.duties.allDone")}</Badge>;
  const late = group.entries.some(
    ({ view }) => view.status !== "done" && view.duty.due !== null && view.duty.due.actBy < now,
  );
  const pending = group.entries.every(({ view }) => view.status !== "due");
  return (
    <>
      {late ? (
        <Badge tone="critical">{t("status.late")}</Badge>
      ) : (
        <Badge tone={pending ? "info" : "attention"}>
          {t(pending ? "screen.duties.waits" : "status.due")}
        </Badge>
      )}
      {done > 0 && <Badge>{t("screen.duties.doneOf", { done, all })}</Badge>}
    </>
  );
}

function When({ duty, context }: { duty: Duty; context: DutyContext }) {
  const { t, i18n } = useTranslation("obligation");
  const { due } = duty;
  if (due === null)
    return (
      <Text as="p" fontWeight="medium">
        {t("screen.waiting", { clock: t(`clock.${duty.waitingFor ?? "aware"}`) })}
      </Text>
    );
  const late = due.actBy < context.now;
  return (
    <BlockStack gap="100">
      <Text as="p" variant="headingLg">
        <Moment at={due.actBy} zone={context.zone} />
      </Text>
      <InlineStack gap="200">
        <Countdown actBy={due.actBy} now={context.now} />
        <Text as="span" tone="subdued">
          {t(due.statutory ? "due.statutory" : "due.planningTarget")}
        </Text>
      </InlineStack>
      {due.legalReading !== null && (
        <Text as="p" tone="subdued">
          {t("due.legalReading")}: {formatMoment(due.legalReading, context.zone, i18n.language)}.{" "}
          {t("due.legalReadingHelp")}
        </Text>
      )}
      {late && duty.content.includes("reasonsForDelayIfLate") && <Text as="p">{t("due.lateReasons")}</Text>}
    </BlockStack>
  );
}

function useFacts(group: OwedGroup, first: OwedEntry, context: DutyContext): [string, ReactNode][] {
  const { t, i18n } = useTranslation("obligation");
  const { duty } = first.view;
  const { place } = first;
  const people = t("screen.duties.people", {
    count: group.entries.reduce((sum, { view }) => sum + view.people, 0),
  });
  const facts: [string, ReactNode][] = [];
  if (group.entries.length === 1) {
    facts.push([t("screen.fact.people"), `${sayJurisdiction(duty, context.sayPlace)} · ${people}`]);
    if (duty.recipientUrl !== null)
      facts.push([
        t("screen.fact.site"),
        <Outside key="site" url={duty.recipientUrl}>
          {new URL(duty.recipientUrl).hostname}
        </Outside>,
      ]);
  } else facts.push([t("screen.fact.people"), people]);
  if (place !== null && place.memberStates.length > 1)
    facts.push([
      t("screen.fact.standsFor"),
      place.memberStates
        .map((state) =>
          t("screen.duties.placeAndPeople", { place: context.sayPlace(state.country), people: state.people }),
        )
        .join(", "),
    ]);
  if (duty.standard !== null) facts.push([t("screen.fact.words"), `“${t(`standard.${duty.standard}`)}”`]);
  if (duty.due !== null) {
    const { hours, days, clock, wanted, from } = duty.due.basis;
    const values = { clock: t(`clock.${clock}`), moment: formatMoment(from, context.zone, i18n.language) };
    facts.push([
      t("screen.fact.counted"),
      <>
        {hours === null
          ? t("screen.counted.days", { count: days ?? 0, ...values })
          : t("screen.counted.hours", { count: hours, ...values })}
        {clock !== wanted && (
          <Text as="p" tone="subdued">
            {t("screen.counted.standIn", { wanted: t(`clock.${wanted}`) })}
          </Text>
        )}
      </>,
    ]);
  }
  if (duty.order !== null) facts.push([t("screen.fact.order"), t(`order.${duty.order}`)]);
  facts.push([t("screen.fact.law"), <Source key="law" duty={duty} asOf={place?.asOf ?? null} />]);
  return facts;
}

/** Citation, the day it was checked, and how sure we are: never one without the others. */
function Source({ duty, asOf }: { duty: Duty; asOf: string | null }) {
  const { t } = useTranslation("obligation");
  const day = useDayInWords();
  const confidence = t(`screen.confidence.${duty.confidence}`);
  return (
    <>
      <Outside url={duty.citationUrl}>{duty.citation}</Outside>
      <Text as="p" tone="subdued">
        {asOf === null
          ? confidence
          : t("screen.source", { asOf: t("asOf", { date: day(asOf) }), confidence })}
      </Text>
    </>
  );
}

function Notes({ first }: { first: OwedEntry }) {
  const { t } = useTranslation("obligation");
  const notes: [string, string | null][] = [
    [t("screen.fact.note"), first.view.duty.note],
    [t("screen.fact.pending"), first.place?.pendingChanges ?? null],
    [t("screen.fact.records"), first.place?.recordKeeping ?? null],
  ];
  const facts = notes.filter((each): each is [string, string] => each[1] !== null);
  if (facts.length === 0) return null;
  return (
    <Fold label={t("screen.fact.more")}>
      <FactList facts={facts} />
    </Fold>
  );
}

function Outside({ url, children }: { url: string; children: string }) {
  return (
    <Link url={url} target="_blank">
      {children}
    </Link>
  );
}

function Content({ duty }: { duty: Duty }) {
  const { t } = useTranslation("obligation");
  const { content, forbidden, requiredTitle, requiredHeadings } = duty;
  if (content.length + forbidden.length + requiredHeadings.length === 0 && requiredTitle === null)
    return null;
  const list = (words: string[]) => (
    <ul style={{ margin: 0, paddingInlineStart: 20 }}>
      {words.map((each) => (
        <li key={each}>{each}</li>
      ))}
    </ul>
  );
  const facts: [string, ReactNode][] = [];
  if (forbidden.length > 0)
    facts.push([t("screen.content.forbidden"), list(forbidden.map((each) => t(`content.${each}`)))]);
  if (requiredTitle !== null) facts.push([t("screen.content.requiredTitle"), `“${requiredTitle}”`]);
  if (requiredHeadings.length > 0) facts.push([t("screen.content.headings"), list(requiredHeadings)]);
  return (
    <Fold label={t("screen.content.show")}>
      <BlockStack gap="300">
        {content.length > 0 && list(content.map((each) => t(`content.${each}`)))}
        {facts.length > 0 && <FactList facts={facts} />}
        <Text as="p" tone="subdued">
          {t("screen.content.confidence", { confidence: t(`confidence.${duty.contentConfidence}`) })}
        </Text>
      </BlockStack>
    </Fold>
  );
}

const entriesAtFirst = 5;

/** The places of a duty that several have: the open ones first, then those with most people. */
function Entries({ entries, context }: { entries: OwedEntry[]; context: DutyContext }) {
  const { t } = useTranslation("obligation");
  const [all, setAll] = useState(false);
  const rank = ({ view }: OwedEntry) => (view.status === "done" ? 1 : 0);
  const sorted = entries.toSorted((a, b) => rank(a) - rank(b) || b.view.people - a.view.people);
  const hidden = entries.length - entriesAtFirst;
  return (
    <BlockStack gap="300">
      <ul style={{ margin: 0, padding: 0, listStyle: "none" }}>
        {(all ? sorted : sorted.slice(0, entriesAtFirst)).map((entry) => (
          <li
            key={entry.view.id}
            style={{ padding: "10px 0", borderBottom: "1px solid var(--p-color-border-secondary)" }}
          >
            <EntryRow entry={entry} context={context} />
          </li>
        ))}
      </ul>
      {hidden > 0 && (
        <InlineStack>
          <Button variant="plain" onClick={() => setAll(!all)} ariaExpanded={all}>
            {all ? t("screen.duties.fewer") : t("screen.duties.more", { count: hidden })}
          </Button>
        </InlineStack>
      )}
    </BlockStack>
  );
}

function EntryRow({ entry, context }: { entry: OwedEntry; context: DutyContext }) {
  const { t } = useTranslation("obligation");
  const { duty, people } = entry.view;
  const place = sayJurisdiction(duty, context.sayPlace);
  return (
    <BlockStack gap="150">
      <InlineStack gap="200" align="space-between" wrap={false}>
        <Text as="h4" variant="headingSm">
          {place}
        </Text>
        <Text as="span" tone="subdued">
          {t("screen.duties.people", { count: people })}
        </Text>
      </InlineStack>
      {duty.recipient !== null && (
        <div>
          {duty.recipientUrl === null ? (
            duty.recipient
          ) : (
            <Outside url={duty.recipientUrl}>{duty.recipient}</Outside>
          )}
        </div>
      )}
      <Outcome entry={entry} context={context} who={duty.recipient ?? place} plain />
      <Fold label={t("screen.trace.show")} accessibilityLabel={t("screen.trace.each", { place })}>
        <TraceSteps trace={entry.place?.trace ?? []} duty={duty.duty} />
      </Fold>
    </BlockStack>
  );
}

type OutcomeProps = {
  entry: OwedEntry;
  context: DutyContext;
  who: string;
  /** One of many: a button that does not stand out. */
  plain?: boolean;
};

/** What was done about it, or the form that says so. */
function Outcome({ entry, context, who, plain = false }: OutcomeProps) {
  const { t, i18n } = useTranslation("obligation");
  const { view } = entry;
  if (view.doneAt === null)
    return view.duty.duty === "individuals" ? null : (
      <ToldForm obligationId={view.id} who={who} context={context} plain={plain} />
    );
  const moment = formatMoment(view.doneAt, context.zone, i18n.language);
  const late = view.duty.due !== null && view.doneAt > view.duty.due.actBy;
  return (
    <InlineStack gap="200" blockAlign="center">
      <Badge tone="success">{t("screen.duties.allDone")}</Badge>
      <Text as="span">
        {view.duty.duty === "individuals"
          ? t("screen.told.sent", { moment })
          : view.reference === null
            ? t("screen.told.done", { moment })
            : t("screen.told.doneReference", { moment, reference: view.reference })}
      </Text>
      {late && (
        <Text as="span" tone="caution">
          {t("screen.told.late")}
        </Text>
      )}
    </InlineStack>
  );
}
