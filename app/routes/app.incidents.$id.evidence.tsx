import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useActionData, useLoaderData, useParams } from "@remix-run/react";
import { BlockStack, Card, InlineStack, Link, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { verifyStream } from "../breach/evidence/evidence.server.ts";
import { readIncident } from "../breach/incident/incident.server.ts";
import { IncidentPage } from "../components/page.tsx";
import { Timeline } from "../components/timeline.tsx";
import { requireCaller } from "../context.server.ts";
import { readEvidencePage } from "../evidence-page.server.ts";
import { answerPage } from "../forms.server.ts";

export async function loader({ request, params }: LoaderFunctionArgs) {
  const caller = await requireCaller(request);
  return answerPage(() =>
    caller.transact(async (ctx) => {
      const incident = await readIncident(ctx, params.id!);
      return readEvidencePage(ctx, `incident:${incident.id}`, request.url);
    }),
  );
}

export async function action({ request, params }: ActionFunctionArgs) {
  const caller = await requireCaller(request);
  return answerPage(() =>
    caller.transact(async (ctx) => {
      const incident = await readIncident(ctx, params.id!);
      return verifyStream(ctx, `incident:${incident.id}`);
    }),
  );
}

export default function Evidence() {
  const page = useLoaderData<typeof loader>();
  const verdict = useActionData<typeof action>() ?? null;
  const { id } = useParams();
  const { t } = useTranslation("evidence");
  return (
    <IncidentPage title={t("title")}>
      <BlockStack gap="400">
        <Timeline {...page} verdict={verdict} base={`/app/incidents/${id}/evidence`} />
        <Card>
          <InlineStack gap="200" align="space-between">
            <Text as="p">{t("otherStream")}</Text>
            <Link url="/app/settings/evidence">{t("openShop")}</Link>
          </InlineStack>
        </Card>
      </BlockStack>
    </IncidentPage>
  );
}
