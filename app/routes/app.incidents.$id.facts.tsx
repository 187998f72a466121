import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { BlockStack, Layout } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { advance } from "../breach/checklist/checklist.server.ts";
import { clockKinds, clockSchema, factsSchema, writeLocalTime } from "../breach/incident/incident.ts";
import { amendClock, readClockHistory, readIncident, saveFacts } from "../breach/incident/incident.server.ts";
import { ClockList } from "../components/clock-list.tsx";
import type { ClockView } from "../components/clock-list.tsx";
import { FactsForm } from "../components/facts-form.tsx";
import { IncidentPage } from "../components/page.tsx";
import { FormErrorBanner, readErrors } from "../components/refusal.tsx";
import { useSavedToast } from "../components/save-form.tsx";
import { requireCaller } from "../context.server.ts";
import { answerForm, answerPage, parseForm } from "../forms.server.ts";

export async function loader({ request, params }: LoaderFunctionArgs) {
  const caller = await requireCaller(request);
  const zone = caller.shop.timeZone;
  return answerPage(() =>
    caller.transact(async (ctx) => {
      const incident = await readIncident(ctx, params.id!);
      const history = await readClockHistory(ctx, incident.id);
      const clocks = clockKinds.map((kind): ClockView => {
        const at = incident.clocks[kind] ?? null;
        const settings = history.filter((setting) => setting.kind === kind).toReversed();
        return {
          kind,
          at,
          local: at === null ? "" : writeLocalTime(at, zone),
          history: settings.map(({ at, zone, reason, recordedAt, version }) => ({
            at,
            zone,
            reason,
            recordedAt,
            version,
          })),
        };
      });
      return { facts: factsSchema.parse(incident), clocks, zone, now: writeLocalTime(ctx.now(), zone) };
    }),
  );
}

export async function action({ request, params }: ActionFunctionArgs) {
  const caller = await requireCaller(request);
  return answerForm(async () => {
    const form = await request.formData();
    if (form.get("intent") === "clock") {
      const amendment = await parseForm(form, clockSchema);
      await caller.transact(async (ctx) => {
        await amendClock(ctx, params.id!, amendment);
        await advance(ctx, params.id!);
      });
    } else {
      const facts = await parseForm(form, factsSchema);
      await caller.transact(async (ctx) => {
        await saveFacts(ctx, params.id!, facts);
        await advance(ctx, params.id!);
      });
    }
    return { saved: true as const };
  });
}

export default function FactsAndClocks() {
  const { facts, clocks, zone, now } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const { t } = useTranslation("incident");
  useSavedToast(answer);
  const errors = readErrors(answer);
  // A clock's refusal stands in its own form, where the reader is.
  const concernsClock =
    errors !== null && errors.form === null && ("at" in errors.fields || "reason" in errors.fields);
  return (
    <IncidentPage title={t("facts.title")}>
      <BlockStack gap="400">
        {!concernsClock && <FormErrorBanner errors={errors} />}
        <Layout>
          <Layout.Section variant="oneHalf">
            <FactsForm facts={facts} answer={answer} />
          </Layout.Section>
          <Layout.Section variant="oneHalf">
            <ClockList clocks={clocks} zone={zone} now={now} answer={answer} />
          </Layout.Section>
        </Layout>
      </BlockStack>
    </IncidentPage>
  );
}
