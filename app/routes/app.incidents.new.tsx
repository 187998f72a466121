import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { Form, useActionData, useLoaderData, useNavigation } from "@remix-run/react";
import { BlockStack, Box, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { advance } from "../breach/checklist/checklist.server.ts";
import {
  declarationSchema,
  ongoingAnswers,
  playbookIds,
  writeLocalTime,
} from "../breach/incident/incident.ts";
import { declareIncident } from "../breach/incident/incident.server.ts";
import { DateTimeInput, RadioInput, TextInput } from "../components/field.tsx";
import { AppPage } from "../components/page.tsx";
import { FormErrorBanner, readErrors, useFieldError } from "../components/refusal.tsx";
import { requireCaller } from "../context.server.ts";
import { answerForm, parseForm } from "../forms.server.ts";

export async function loader({ request }: LoaderFunctionArgs) {
  const caller = await requireCaller(request);
  return { zone: caller.shop.timeZone, now: writeLocalTime(caller.now(), caller.shop.timeZone) };
}

export async function action({ request }: ActionFunctionArgs) {
  const caller = await requireCaller(request);
  return answerForm(async () => {
    const declaration = await parseForm(await request.formData(), declarationSchema);
    const id = await caller.transact(async (ctx) => {
      const declared = await declareIncident(ctx, declaration);
      await advance(ctx, declared);
      return declared;
    });
    return caller.redirect(`/app/incidents/${id}`);
  });
}

export default function Declare() {
  const { zone, now } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const errorOf = useFieldError(answer);
  const { t } = useTranslation("incident");
  const busy = useNavigation().state !== "idle";
  return (
    <AppPage title={t("declare.title")} subtitle={t("declare.intro")} backTo="/app" narrowWidth>
      <Form method="post" noValidate>
        <BlockStack gap="400">
          <FormErrorBanner errors={readErrors(answer)} />
          <Card>
            <BlockStack gap="400">
              <Text as="h2" variant="headingMd">
                {t("declare.what")}
              </Text>
              <RadioInput
                name="playbook"
                label={t("declare.what")}
                labelHidden
                defaultValue="app_leak"
                options={playbookIds.map((id) => ({
                  value: id,
                  label: t(`playbook.${id}.label`),
                  help: t(`playbook.${id}.help`),
                }))}
                error={errorOf("playbook")}
              />
              <TextInput
                name="title"
                label={t("declare.name")}
                help={t("declare.nameHelp")}
                error={errorOf("title")}
                maxLength={120}
                required
              />
              <TextInput
                name="narrative"
                label={t("declare.narrative")}
                help={t("declare.narrativeHelp")}
                error={errorOf("narrative")}
                multiline={3}
                maxLength={4000}
              />
            </BlockStack>
          </Card>
          <Card>
            <BlockStack gap="400">
              <Text as="h2" variant="headingMd">
                {t("declare.when")}
              </Text>
              <DateTimeInput
                name="noticed"
                label={t("declare.noticed")}
                help={t("declare.noticedHelp")}
                error={errorOf("noticed")}
                zone={zone}
                now={now}
                defaultValue={now}
                required
              />
              <DateTimeInput
                name="aware"
                label={t("declare.aware")}
                help={t("declare.awareHelp")}
                error={errorOf("aware")}
                zone={zone}
                now={now}
              />
              <RadioInput
                name="ongoing"
                label={t("declare.ongoing")}
                defaultValue="unknown"
                options={ongoingAnswers.map((id) => ({ value: id, label: t(`ongoing.${id}`) }))}
                error={errorOf("ongoing")}
              />
            </BlockStack>
          </Card>
          <Box paddingInline={{ xs: "400", sm: "0" }}>
            <InlineStack align="end">
              <Button submit variant="primary" size="large" loading={busy}>
                {t("declare.submit")}
              </Button>
            </InlineStack>
          </Box>
        </BlockStack>
      </Form>
    </AppPage>
  );
}
