import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData, useParams } from "@remix-run/react";
import { BlockStack, Box, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { z } from "zod";
import { readIncident } from "../breach/incident/incident.server.ts";
import { referenceOf } from "../breach/incident/incident.ts";
import { listPeople, readConfirmedRun, readLatestRun } from "../breach/scope/scope.server.ts";
import { formatMoment } from "../components/moment.tsx";
import { IncidentPage } from "../components/page.tsx";
import { PeopleList } from "../components/people-list.tsx";
import { usePlaceName } from "../components/place.tsx";
import { requireCaller } from "../context.server.ts";
import { answerPage } from "../forms.server.ts";
import { requestLanguage } from "../text/i18n.server.ts";
import { nameCountries } from "../text/places.ts";

const pageSize = 50;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const caller = await requireCaller(request);
  const language = await requestLanguage.getLocale(request);
  const after = z.guid().safeParse(new URL(request.url).searchParams.get("after")).data ?? null;
  return answerPage(() =>
    caller.transact(async (ctx) => {
      const incident = await readIncident(ctx, params.id!);
      const latest = await readLatestRun(ctx, incident.id);
      const run = latest?.state === "ready" ? latest : await readConfirmedRun(ctx, incident.id);
      // One more than the page holds tells whether another page follows.
      const people = run === null ? [] : await listPeople(ctx, run.id, after, pageSize + 1);
      return {
        incident: { title: incident.title, reference: referenceOf(incident) },
        run,
        after,
        people: people.slice(0, pageSize),
        hasMore: people.length > pageSize,
        zone: caller.shop.timeZone,
        countryNames: nameCountries(
          people.map((person) => person.country),
          language,
        ),
      };
    }),
  );
}

export default function People() {
  const { incident, run, after, people, hasMore, zone, countryNames } = useLoaderData<typeof loader>();
  const { id } = useParams();
  const { t, i18n } = useTranslation("people");
  const sayPlace = usePlaceName(countryNames);
  const here = `/app/incidents/${id}`;
  const last = people.at(-1);
  return (
    <IncidentPage
      title={t("title")}
      subtitle={`${incident.reference} · ${incident.title}`}
      backTo={`${here}/scope`}
    >
      {run === null ? (
        <Card>
          <BlockStack gap="300" inlineAlign="start">
            <Text as="h2" variant="headingMd">
              {t("none.title")}
            </Text>
            <Text as="p">{t("none.what")}</Text>
            <Button variant="primary" url={`${here}/scope`}>
              {t("none.act")}
            </Button>
          </BlockStack>
        </Card>
      ) : (
        <BlockStack gap="400">
          <Box paddingInline={{ xs: "400", sm: "0" }}>
            <Text as="p">
              {t(`intro.${run.state === "confirmed" ? "confirmed" : "ready"}`, {
                version: run.version,
                moment: formatMoment(run.confirmedAt ?? run.finishedAt ?? run.startedAt, zone, i18n.language),
              })}{" "}
              {t("shown", { shown: people.length, all: run.people ?? 0 })}
            </Text>
            <Text as="p" tone="subdued">
              {t("masked")}
            </Text>
          </Box>
          <Card padding="0">
            <PeopleList people={people} sayPlace={sayPlace} />
          </Card>
          <nav aria-label={t("pages")}>
            <Box paddingInline={{ xs: "400", sm: "0" }}>
              {" "}
              <InlineStack gap="300">
                {after !== null && <Button url={`${here}/people`}>{t("first")}</Button>}
                {hasMore && last !== undefined && (
                  <Button url={`${here}/people?after=${last.id}`}>{t("next", { count: pageSize })}</Button>
                )}
              </InlineStack>
            </Box>
          </nav>
        </BlockStack>
      )}
    </IncidentPage>
  );
}
