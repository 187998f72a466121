import { redirect } from "@remix-run/node";
import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useActionData, useLoaderData, useSearchParams } from "@remix-run/react";
import { BlockStack, Box, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { z } from "zod";
import { advance } from "../breach/checklist/checklist.server.ts";
import { readIncident } from "../breach/incident/incident.server.ts";
import { referenceOf, writeLocalTime } from "../breach/incident/incident.ts";
import { Outage } from "../breach/ports.ts";
import {
  cancelScope,
  confirmScope,
  listPeople,
  missedOldOrders,
  previewScope,
  readConfirmedRun,
  readGroup,
  readLatestRun,
  readTally,
  saveGroup,
  startScope,
} from "../breach/scope/scope.server.ts";
import { categoriesSchema, criteriaSchema, invisibleBefore, openRunStates } from "../breach/scope/scope.ts";
import { useLiveRefresh } from "../components/live.tsx";
import { formatMoment } from "../components/moment.tsx";
import { IncidentPage } from "../components/page.tsx";
import { usePlaceName } from "../components/place.tsx";
import { FormErrorBanner, readErrors, useFieldError } from "../components/refusal.tsx";
import { ScopeForm } from "../components/scope-form.tsx";
import type { Counted } from "../components/scope-form.tsx";
import { FoundList, ListActs, ListBadges } from "../components/scope-list.tsx";
import { RunFailed, RunProgress } from "../components/scope-run.tsx";
import { readStore, requireCaller } from "../context.server.ts";
import type { MerchantCaller } from "../context.server.ts";
import { answerForm, answerPage, parseForm } from "../forms.server.ts";
import { requestLanguage } from "../text/i18n.server.ts";
import { nameCountries } from "../text/places.ts";

export async function loader({ request, params }: LoaderFunctionArgs) {
  const caller = await requireCaller(request);
  const language = await requestLanguage.getLocale(request);
  const changing = new URL(request.url).searchParams.has("change");
  return answerPage(() =>
    caller.transact(async (ctx) => {
      const incident = await readIncident(ctx, params.id!);
      const run = await readLatestRun(ctx, incident.id);
      const listed = !changing && (run?.state === "ready" || run?.state === "confirmed") ? run : null;
      const tally = listed === null ? [] : await readTally(ctx, listed.id);
      return {
        incident: { id: incident.id, title: incident.title, reference: referenceOf(incident) },
        run,
        tally,
        sample: listed === null ? [] : await listPeople(ctx, listed.id, null, 5),
        missed: listed !== null && (await missedOldOrders(ctx, incident.id, listed.id)),
        confirmed: await readConfirmedRun(ctx, incident.id),
        group: await readGroup(ctx, incident.id),
        zone: caller.shop.timeZone,
        today: writeLocalTime(caller.now(), caller.shop.timeZone).slice(0, 10),
        invisibleBefore: invisibleBefore(caller.grantedScopes, caller.now()),
        countryNames: nameCountries(
          tally.map((row) => row.country),
          language,
        ),
      };
    }),
  );
}

const criteriaForm = z.preprocess(
  (form) => ({
    categories: [],
    ...(form as Record<string, unknown>),
    leaveOutTests: (form as Record<string, unknown>)["leaveOutTests"] === "yes",
  }),
  z.intersection(criteriaSchema, z.object({ categories: categoriesSchema })),
);
const runForm = z.object({ run: z.guid() });

async function countFirst(caller: MerchantCaller, form: FormData): Promise<{ counted: Counted }> {
  const { categories: _categories, ...criteria } = await parseForm(form, criteriaForm);
  try {
    return { counted: { criteria, counts: await previewScope(caller, criteria, caller.grantedScopes) } };
  } catch (error) {
    if (!(error instanceof Outage)) throw error;
    return { counted: { criteria, counts: "silent" } };
  }
}

/** Stops the run, then what Shopify may still be writing for it; that it cannot be reached does not keep the run going. */
async function stopSearch(caller: MerchantCaller, incidentId: string, runId: string): Promise<void> {
  const exports = await caller.transact(async (ctx) => {
    const open = await cancelScope(ctx, incidentId, runId);
    await advance(ctx, incidentId);
    return open;
  });
  for (const bulkId of exports)
    await caller.records.cancelExport(bulkId).catch((error: unknown) => {
      if (!(error instanceof Outage)) throw error;
    });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const caller = await requireCaller(request);
  const id = params.id!;
  const form = await request.formData();
  return answerForm(async () => {
    switch (form.get("intent")) {
      case "preview":
        return countFirst(caller, form);
      case "permission":
        await readStore(caller);
        return null;
      case "start": {
        const { categories, ...criteria } = await parseForm(form, criteriaForm);
        await caller.transact(async (ctx) => {
          await saveGroup(ctx, id, criteria, categories);
          await startScope(ctx, id, caller.grantedScopes);
          await advance(ctx, id);
        });
        break;
      }
      case "again":
        await caller.transact(async (ctx) => {
          await startScope(ctx, id, caller.grantedScopes);
          await advance(ctx, id);
        });
        break;
      case "cancel":
        await stopSearch(caller, id, (await parseForm(form, runForm)).run);
        break;
      case "confirm": {
        const { run } = await parseForm(form, runForm);
        await caller.transact(async (ctx) => {
          await confirmScope(ctx, id, run);
          await advance(ctx, id);
        });
        break;
      }
      default:
        throw new Response(null, { status: 400 });
    }
    // Not Shopify's own redirect, which would carry `change` along.
    return redirect(`/app/incidents/${id}/scope`);
  });
}

export default function Scope() {
  const page = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const { t, i18n } = useTranslation("scope");
  const [search] = useSearchParams();
  const sayPlace = usePlaceName(page.countryNames);
  const errorOf = useFieldError(answer);
  const { run, confirmed, zone, incident } = page;
  const running = run !== null && openRunStates.includes(run.state);
  useLiveRefresh(running, 1500);

  const here = `/app/incidents/${incident.id}`;
  const changing = search.has("change") && !running;
  const list = !changing && (run?.state === "ready" || run?.state === "confirmed") ? run : null;
  const failed = !changing && run?.state === "failed" ? run : null;
  // Of an older list that still counts the page says so; of the one it shows, the badge does.
  const older = confirmed !== null && confirmed.id !== list?.id ? confirmed : null;
  const counted = answer != null && "counted" in answer ? answer.counted : null;

  return (
    <IncidentPage
      title={t("title")}
      subtitle={`${incident.reference} · ${incident.title}`}
      titleMetadata={list !== null && <ListBadges list={list} />}
    >
      <BlockStack gap="400">
        <FormErrorBanner errors={readErrors(answer)} />
        {older !== null && (
          <Box paddingInline={{ xs: "400", sm: "0" }}>
            <Text as="p">
              {t("done.older", {
                version: older.version,
                count: older.people ?? 0,
                moment: formatMoment(older.confirmedAt ?? older.startedAt, zone, i18n.language),
              })}
            </Text>
          </Box>
        )}
        {running ? (
          <RunProgress run={run} zone={zone} />
        ) : failed !== null ? (
          <RunFailed run={failed} changeUrl={`${here}/scope?change=1`} />
        ) : list !== null ? (
          <FoundList
            run={list}
            zone={zone}
            tally={page.tally}
            sample={page.sample}
            sayPlace={sayPlace}
            missedOldOrders={page.missed}
            seesAllOrders={page.invisibleBefore === null}
            peopleUrl={`${here}/people`}
          >
            <ListActs list={list} here={here} />
          </FoundList>
        ) : (
          <>
            <Box paddingInline={{ xs: "400", sm: "0" }}>
              <Text as="p">{t(run?.state === "canceled" && !changing ? "canceled.note" : "intro")}</Text>
            </Box>
            <ScopeForm
              group={page.group}
              zone={zone}
              today={page.today}
              invisibleBefore={page.invisibleBefore}
              counted={counted}
              errorOf={errorOf}
            />
          </>
        )}
      </BlockStack>
    </IncidentPage>
  );
}
