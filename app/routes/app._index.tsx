import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { BlockStack, Card, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { readChecklist } from "../breach/checklist/checklist.server.ts";
import { referenceOf } from "../breach/incident/incident.ts";
import type { IncidentFacts } from "../breach/incident/incident.ts";
import { listIncidents } from "../breach/incident/incident.server.ts";
import { countNotified, isSenderVerified } from "../breach/notice/notice.server.ts";
import { readNextMoment } from "../breach/obligation/obligation.server.ts";
import type { Context } from "../breach/ports.ts";
import { readConfirmedRun } from "../breach/scope/scope.server.ts";
import { hasEnoughContacts } from "../breach/team/team.ts";
import { readContacts } from "../breach/team/team.server.ts";
import { IncidentList, IncidentMetrics } from "../components/incident-list.tsx";
import type { IncidentSummary } from "../components/incident-list.tsx";
import { AppPage } from "../components/page.tsx";
import { ReadinessCard } from "../components/readiness.tsx";
import { requireCaller } from "../context.server.ts";
import { env } from "../env.server.ts";

async function summarise(ctx: Context, incident: IncidentFacts): Promise<IncidentSummary> {
  const checklist = await readChecklist(ctx, incident.id);
  const run = await readConfirmedRun(ctx, incident.id);
  const next = incident.state === "open" ? await readNextMoment(ctx, incident) : null;
  return {
    id: incident.id,
    reference: referenceOf(incident),
    title: incident.title,
    state: incident.state,
    stepsDone: checklist.done,
    steps: checklist.steps.length,
    affected: run?.people ?? null,
    notified: await countNotified(ctx, incident.id),
    next: next === null ? null : { actBy: next.actBy, certainty: next.certainty, duty: next.duty.duty },
  };
}

export async function loader({ request }: LoaderFunctionArgs) {
  const caller = await requireCaller(request);
  return caller.transact(async (ctx) => {
    const incidents: IncidentSummary[] = [];
    for (const incident of await listIncidents(ctx)) incidents.push(await summarise(ctx, incident));
    return {
      incidents,
      now: ctx.now(),
      zone: ctx.shop.timeZone,
      readiness: {
        contacts: hasEnoughContacts(await readContacts(ctx)),
        sender: await isSenderVerified(ctx),
        shop: ctx.shop.id,
        apiKey: env().SHOPIFY_API_KEY,
      },
    };
  });
}

export default function Home() {
  const { incidents, now, zone, readiness } = useLoaderData<typeof loader>();
  const { t } = useTranslation("home");
  const open = incidents.filter((incident) => incident.state === "open");
  return (
    <AppPage title={t("title")} primaryAction={{ content: t("declare"), url: "/app/incidents/new" }}>
      <BlockStack gap="400">
        {open.length > 0 && <IncidentMetrics incidents={open} now={now} />}
        {incidents.length > 0 ? (
          <IncidentList incidents={incidents} zone={zone} now={now} />
        ) : (
          <Card>
            <BlockStack gap="200">
              <Text as="h2" variant="headingMd">
                {t("empty.title")}
              </Text>
              <Text as="p">{t("empty.what")}</Text>
            </BlockStack>
          </Card>
        )}
        <ReadinessCard {...readiness} />
      </BlockStack>
    </AppPage>
  );
}
