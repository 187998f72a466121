import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { Form, useActionData, useLoaderData, useNavigation } from "@remix-run/react";
import { Badge, Banner, BlockStack, Button, Card, InlineStack, Layout, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { senderSchema } from "../breach/notice/notice.ts";
import { checkSender, readSender, saveSender } from "../breach/notice/notice.server.ts";
import { formatMoment } from "../components/moment.tsx";
import { AppPage } from "../components/page.tsx";
import { FormErrorBanner, readErrors, useRefusal } from "../components/refusal.tsx";
import { useSavedToast } from "../components/save-form.tsx";
import { SenderForm } from "../components/sender-form.tsx";
import { requireCaller } from "../context.server.ts";
import { answerForm, parseForm } from "../forms.server.ts";

export async function loader({ request }: LoaderFunctionArgs) {
  const caller = await requireCaller(request);
  return { sender: await caller.transact(readSender), zone: caller.shop.timeZone };
}

export async function action({ request }: ActionFunctionArgs) {
  const caller = await requireCaller(request);
  return answerForm(async () => {
    const form = await request.formData();
    if (form.get("intent") === "check") {
      await checkSender(caller);
      return { checked: true as const };
    }
    const sender = await parseForm(form, senderSchema);
    await caller.transact((ctx) => saveSender(ctx, sender));
    return { saved: true as const };
  });
}

export default function SenderPage() {
  const { sender, zone } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const { t, i18n } = useTranslation("settings");
  const checking = useNavigation().formData?.get("intent") === "check";
  const say = useRefusal();
  useSavedToast(answer);
  const errors = readErrors(answer);
  const host = errors?.fields["host"];
  // What the check found stands beside its button.
  const unreachable = host?.key === "sender.unreachable" ? host : null;
  const verifiedAt = sender?.verifiedAt ?? null;
  return (
    <AppPage title={t("sender.title")} subtitle={t("sender.why")} backTo="/app/settings">
      <BlockStack gap="400">
        {unreachable === null && <FormErrorBanner errors={errors} />}
        <Layout>
          <Layout.Section>
            <SenderForm sender={sender} answer={answer} />
          </Layout.Section>
          <Layout.Section variant="oneThird">
            <Card>
              <BlockStack gap="300">
                <InlineStack gap="200" blockAlign="center">
                  <Text as="h2" variant="headingMd">
                    {t("sender.check.title")}
                  </Text>
                  <Badge
                    {...(verifiedAt === null ? {} : { tone: "success" })}
                    progress={verifiedAt === null ? "incomplete" : "complete"}
                  >
                    {t(
                      sender === null
                        ? "index.none"
                        : verifiedAt === null
                          ? "index.unverified"
                          : "index.complete",
                    )}
                  </Badge>
                </InlineStack>
                <Text as="p">
                  {sender === null
                    ? t("sender.check.none")
                    : verifiedAt === null
                      ? t("sender.check.unverified")
                      : t("sender.check.verified", { at: formatMoment(verifiedAt, zone, i18n.language) })}
                </Text>
                <Text as="p" tone="subdued">
                  {t("sender.check.help")}
                </Text>
                {unreachable !== null && !checking && (
                  <Banner tone="critical" title={t("sender.check.failed")}>
                    <p>{say(unreachable)}</p>
                  </Banner>
                )}
                <Form method="post" preventScrollReset>
                  <input type="hidden" name="intent" value="check" />
                  <Button submit variant="primary" loading={checking} disabled={sender === null}>
                    {t("sender.check.act")}
                  </Button>
                </Form>
              </BlockStack>
            </Card>
          </Layout.Section>
        </Layout>
      </BlockStack>
    </AppPage>
  );
}
