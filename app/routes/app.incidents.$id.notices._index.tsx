import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { Form, Link as RouterLink, useActionData, useLoaderData, useNavigation } from "@remix-run/react";
import { BlockStack, Box, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { Fragment, useState } from "react";
import { useTranslation } from "react-i18next";
import { advance } from "../breach/checklist/checklist.server.ts";
import { readLocalTime, writeLocalTime } from "../breach/incident/incident.ts";
import { readIncident } from "../breach/incident/incident.server.ts";
import { letterKinds, startNoticeSchema } from "../breach/notice/notice.ts";
import { listNotices, readSendProgress, startNotice } from "../breach/notice/notice.server.ts";
import { Refused } from "../breach/ports.ts";
import { DateTimeInput, RadioInput } from "../components/field.tsx";
import { Moment } from "../components/moment.tsx";
import { NoticeBadge } from "../components/notice-sending.tsx";
import { IncidentPage } from "../components/page.tsx";
import { FormErrorBanner, readErrors, useFieldError } from "../components/refusal.tsx";
import { requireCaller } from "../context.server.ts";
import { answerForm, answerPage, parseForm } from "../forms.server.ts";

const dayMs = 86_400_000;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const caller = await requireCaller(request);
  const { id = "" } = params;
  const zone = caller.shop.timeZone;
  const inThreeDays = writeLocalTime(new Date(caller.now().getTime() + 3 * dayMs), zone).slice(0, 10);
  const notices = await answerPage(() =>
    caller.transact(async (ctx) => {
      await readIncident(ctx, id);
      const rows = [];
      for (const { letter: _letter, ...notice } of await listNotices(ctx, id))
        rows.push({ ...notice, send: await readSendProgress(ctx, id, notice.id) });
      return rows;
    }),
  );
  return { notices, zone, nextUpdate: `${inThreeDays}T17:00` };
}

export async function action({ request, params }: ActionFunctionArgs) {
  const caller = await requireCaller(request);
  const { id = "" } = params;
  return answerForm(async () => {
    const start = await parseForm(await request.formData(), startNoticeSchema);
    const isHolding = start.kind === "holding_statement";
    const nextUpdate = isHolding ? readLocalTime(start.nextUpdate, caller.shop.timeZone) : null;
    if (nextUpdate !== null && nextUpdate <= caller.now()) throw new Refused("field.past", {}, "nextUpdate");
    const noticeId = await caller.transact(async (ctx) => {
      await readIncident(ctx, id);
      const started = await startNotice(ctx, id, start.kind, nextUpdate);
      await advance(ctx, id);
      return started;
    });
    return caller.redirect(`/app/incidents/${id}/notices/${noticeId}`);
  });
}

export default function NoticesPage() {
  const { notices, zone, nextUpdate } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const { t } = useTranslation(["notice", "notice-letter"]);
  const errorOf = useFieldError(answer);
  const busy = useNavigation().state !== "idle";
  const [kind, setKind] = useState<string>("personal_data");
  return (
    <IncidentPage title={t("list.title")}>
      <BlockStack gap="400">
        <FormErrorBanner errors={readErrors(answer)} />
        {notices.length > 0 && (
          <Card padding="0">
            {notices.map((notice, index) => (
              <Fragment key={notice.id}>
                {index > 0 && <Box borderBlockStartWidth="025" borderColor="border" />}
                <Box padding="400">
                  <BlockStack gap="100">
                    <InlineStack gap="200" blockAlign="center">
                      <RouterLink
                        to={notice.id}
                        relative="path"
                        style={{ color: "var(--p-color-text-link)" }}
                      >
                        <Text as="span" fontWeight="semibold">
                          {t(`notice-letter:kind.${notice.kind}`)}
                        </Text>
                      </RouterLink>
                      <NoticeBadge state={notice.state} />
                    </InlineStack>
                    <Text as="p" tone="subdued">
                      {["sending", "paused", "finished"].includes(notice.state)
                        ? t("progress.settled", { count: notice.send.letters, settled: notice.send.settled })
                        : t("version", { version: notice.version })}
                      {". "}
                      {t("list.started")} <Moment at={notice.createdAt} zone={zone} />
                    </Text>
                  </BlockStack>
                </Box>
              </Fragment>
            ))}
          </Card>
        )}
        <Card>
          <Form method="post">
            <BlockStack gap="400">
              <BlockStack gap="100">
                <Text as="h2" variant="headingMd">
                  {t(notices.length === 0 ? "start.first" : "start.another")}
                </Text>
                <Text as="p">{t("start.what")}</Text>
              </BlockStack>
              <RadioInput
                name="kind"
                label={t("start.kind")}
                defaultValue="personal_data"
                onChange={setKind}
                options={letterKinds.map((each) => ({
                  value: each,
                  label: t(`notice-letter:kind.${each}`),
                  help: t(`notice-letter:kindHelp.${each}`),
                }))}
              />
              {kind === "holding_statement" && (
                <DateTimeInput
                  name="nextUpdate"
                  label={t("start.nextUpdate")}
                  help={t("start.nextUpdateHelp")}
                  zone={zone}
                  defaultValue={nextUpdate}
                  error={errorOf("nextUpdate")}
                />
              )}
              <InlineStack>
                <Button submit variant={notices.length === 0 ? "primary" : "secondary"} loading={busy}>
                  {t("start.button")}
                </Button>
              </InlineStack>
            </BlockStack>
          </Form>
        </Card>
      </BlockStack>
    </IncidentPage>
  );
}
