import type { LinksFunction, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { BlockStack, Card, Link, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { readChecklist } from "../breach/checklist/checklist.server.ts";
import { referenceOf } from "../breach/incident/incident.ts";
import { readIncident } from "../breach/incident/incident.server.ts";
import { lawById } from "../breach/obligation/obligation.ts";
import { readAssessment, readNextMoment } from "../breach/obligation/obligation.server.ts";
import { useLiveRefresh } from "../components/live.tsx";
import { formatMoment } from "../components/moment.tsx";
import overviewStyles from "../components/overview.css?url";
import { NextAction } from "../components/next-action.tsx";
import { NextMomentCard } from "../components/next-moment.tsx";
import { AppPage } from "../components/page.tsx";
import { StepList } from "../components/step-list.tsx";
import { requireCaller } from "../context.server.ts";
import { answerPage } from "../forms.server.ts";

export const links: LinksFunction = () => [{ rel: "stylesheet", href: overviewStyles }];

export async function loader({ request, params }: LoaderFunctionArgs) {
  const caller = await requireCaller(request);
  return answerPage(() =>
    caller.transact(async (ctx) => {
      const incident = await readIncident(ctx, params.id!);
      const next = await readNextMoment(ctx, incident);
      return {
        incident: {
          id: incident.id,
          reference: referenceOf(incident),
          title: incident.title,
          createdAt: incident.createdAt,
          aware: incident.clocks.aware ?? null,
        },
        hasClock: Object.keys(incident.clocks).length > 0,
        assessed: (await readAssessment(ctx, incident.id)) !== null,
        checklist: await readChecklist(ctx, incident.id),
        moment: next && { ...next, asOf: lawById(next.duty.lawId)?.asOf ?? null },
        now: ctx.now(),
        zone: ctx.shop.timeZone,
      };
    }),
  );
}

const pages = ["facts", "scope", "obligations", "notices", "banner", "evidence"] as const;

export default function Overview() {
  const { incident, checklist, moment, now, zone, hasClock, assessed } = useLoaderData<typeof loader>();
  const { t, i18n } = useTranslation("checklist");
  const at = (date: Date) => formatMoment(date, zone, i18n.language);
  const base = `/app/incidents/${incident.id}`;
  // A search or a send moves the steps on by itself; otherwise only the time left grows old.
  useLiveRefresh(true, checklist.next?.key.startsWith("watch") === true ? 3000 : 60_000);
  return (
    <AppPage title={incident.title} subtitle={incident.reference} backTo="/app">
      <div className="candor-overview">
        <div>
          <NextAction action={checklist.next} />
        </div>
        <div>
          <NextMomentCard
            moment={moment}
            now={now}
            zone={zone}
            hasClock={hasClock}
            dutiesUrl={assessed ? `${base}/obligations` : null}
          />
        </div>
        <div>
          <StepList steps={checklist.steps} done={checklist.done} />
        </div>
        <Card>
          <BlockStack gap="200">
            <Text as="h2" variant="headingSm" tone="subdued">
              {t("links.title")}
            </Text>
            {pages.map((page) => (
              <Link key={page} url={`${base}/${page}`}>
                {t(`links.${page}`)}
              </Link>
            ))}
            <Text as="p" tone="subdued">
              {t("about.declared", { at: at(incident.createdAt) })}
            </Text>
            <Text as="p" tone="subdued">
              {incident.aware === null
                ? t("about.awareMissing")
                : t("about.aware", { at: at(incident.aware) })}
            </Text>
          </BlockStack>
        </Card>
      </div>
    </AppPage>
  );
}
