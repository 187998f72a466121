import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { BlockStack, Box, Button, Card, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { z } from "zod";
import { advance } from "../breach/checklist/checklist.server.ts";
import { readIncident } from "../breach/incident/incident.server.ts";
import { referenceOf, writeLocalTime } from "../breach/incident/incident.ts";
import {
  readAssessment,
  readDuties,
  recordTold,
  toldSchema,
} from "../breach/obligation/obligation.server.ts";
import { readConfirmedRun } from "../breach/scope/scope.server.ts";
import { DutyCard } from "../components/duty-card.tsx";
import { groupDuties } from "../components/duty-groups.ts";
import { formatMoment } from "../components/moment.tsx";
import { GapsCard, NoDutyCard } from "../components/no-duty.tsx";
import { IncidentPage } from "../components/page.tsx";
import { splitJurisdiction, usePlaceName } from "../components/place.tsx";
import { SeverityCard } from "../components/severity-card.tsx";
import { requireCaller } from "../context.server.ts";
import { answerForm, answerPage, parseForm } from "../forms.server.ts";
import { requestLanguage } from "../text/i18n.server.ts";
import { nameCountries } from "../text/places.ts";

export async function loader({ request, params }: LoaderFunctionArgs) {
  const caller = await requireCaller(request);
  const language = await requestLanguage.getLocale(request);
  return answerPage(() =>
    caller.transact(async (ctx) => {
      const incident = await readIncident(ctx, params.id!);
      const assessment = await readAssessment(ctx, incident.id);
      const duties = await readDuties(ctx, incident.id);
      const codes = [
        ...duties.map((view) => splitJurisdiction(view.duty.jurisdiction).country),
        ...(assessment?.jurisdictions ?? []).flatMap((place) => [
          splitJurisdiction(place.jurisdiction).country,
          ...place.memberStates.map((state) => state.country),
        ]),
        ...(assessment?.uncovered ?? []).map((place) => place.country),
      ];
      return {
        incident: { id: incident.id, title: incident.title, reference: referenceOf(incident) },
        assessment,
        duties,
        list: await readConfirmedRun(ctx, incident.id),
        zone: caller.shop.timeZone,
        now: caller.now(),
        nowLocal: writeLocalTime(caller.now(), caller.shop.timeZone),
        countryNames: nameCountries(codes, language),
      };
    }),
  );
}

export async function action({ request, params }: ActionFunctionArgs) {
  const caller = await requireCaller(request);
  return answerForm(async () => {
    const { obligation, ...told } = await parseForm(
      await request.formData(),
      toldSchema.extend({ obligation: z.guid() }),
    );
    await caller.transact(async (ctx) => {
      await recordTold(ctx, params.id!, obligation, told);
      await advance(ctx, params.id!);
    });
    return { saved: true };
  });
}

export default function Obligations() {
  const { incident, assessment, duties, list, zone, now, nowLocal, countryNames } =
    useLoaderData<typeof loader>();
  const { t, i18n } = useTranslation("obligation");
  const sayPlace = usePlaceName(countryNames);
  const here = `/app/incidents/${incident.id}`;
  const context = { zone, now, nowLocal, sayPlace, noticesUrl: `${here}/notices` };
  return (
    <IncidentPage title={t("screen.title")} subtitle={`${incident.reference} · ${incident.title}`}>
      {assessment === null || list === null ? (
        <Card>
          <BlockStack gap="300" inlineAlign="start">
            <Text as="h2" variant="headingMd">
              {t("screen.before.title")}
            </Text>
            <Text as="p">{t("screen.before.what")}</Text>
            <Button variant="primary" url={`${here}/scope`}>
              {t("screen.before.act")}
            </Button>
          </BlockStack>
        </Card>
      ) : (
        <BlockStack gap="400">
          <Box paddingInline={{ xs: "400", sm: "0" }}>
            {" "}
            <Text as="p">
              {t("screen.basis", {
                version: list.version,
                moment: formatMoment(list.confirmedAt ?? list.startedAt, zone, i18n.language),
              })}
            </Text>
          </Box>
          <SeverityCard severity={assessment.severity} factsUrl={`${here}/facts`} />
          <Box paddingInline={{ xs: "400", sm: "0" }}>
            {" "}
            <Text as="h2" variant="headingLg">
              {t("screen.duties.title")}
            </Text>
          </Box>
          {duties.length === 0 && (
            <Card>
              <Text as="p">{t("screen.duties.none")}</Text>
            </Card>
          )}
          {groupDuties(duties, assessment).map((group) => (
            <DutyCard key={group.key} group={group} context={context} />
          ))}
          <NoDutyCard assessment={assessment} sayPlace={sayPlace} />
          <GapsCard assessment={assessment} sayPlace={sayPlace} />
          <Box paddingInline={{ xs: "400", sm: "0" }}>
            {" "}
            <Text as="p" tone="subdued">
              {t("screen.footer")}
            </Text>
          </Box>
        </BlockStack>
      )}
    </IncidentPage>
  );
}
