import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { BlockStack, Card, Layout, Text } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { contactsSchema } from "../breach/team/team.ts";
import type { Contacts } from "../breach/team/team.ts";
import { readContacts, saveContacts } from "../breach/team/team.server.ts";
import { ContactsPreview } from "../components/contacts-preview.tsx";
import { TextInput } from "../components/field.tsx";
import { formatDay } from "../components/moment.tsx";
import { AppPage } from "../components/page.tsx";
import { FormErrorBanner, readErrors, useFieldError } from "../components/refusal.tsx";
import { SaveForm, useSavedToast } from "../components/save-form.tsx";
import { requireCaller } from "../context.server.ts";
import { answerForm, parseForm } from "../forms.server.ts";

export async function loader({ request }: LoaderFunctionArgs) {
  const caller = await requireCaller(request);
  const contacts = await caller.transact(readContacts);
  return { contacts, shopName: caller.shop.name, zone: caller.shop.timeZone, now: caller.now() };
}

export async function action({ request }: ActionFunctionArgs) {
  const caller = await requireCaller(request);
  return answerForm(async () => {
    const contacts = await parseForm(await request.formData(), contactsSchema);
    await caller.transact((ctx) => saveContacts(ctx, contacts));
    return { saved: true as const };
  });
}

const groups: { id: "questions" | "signing" | "protection"; fields: (keyof Contacts)[] }[] = [
  { id: "questions", fields: ["hotline", "hotlineHours", "replyEmail", "faqUrl", "chatUrl", "chatHours"] },
  { id: "signing", fields: ["signerName", "signerTitle", "postalAddress"] },
  { id: "protection", fields: ["dpoName", "dpoEmail"] },
];
const types: Partial<Record<keyof Contacts, "tel" | "email" | "url">> = {
  hotline: "tel",
  replyEmail: "email",
  dpoEmail: "email",
  faqUrl: "url",
  chatUrl: "url",
};

export default function ContactsPage() {
  const { contacts, shopName, zone, now } = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const errorOf = useFieldError(answer);
  const { t, i18n } = useTranslation("settings");
  const [typed, setTyped] = useState(contacts);
  useSavedToast(answer);
  return (
    <AppPage title={t("contacts.title")} subtitle={t("contacts.intro")} backTo="/app/settings">
      <Layout>
        <Layout.Section>
          <SaveForm onDiscard={() => setTyped(contacts)}>
            <BlockStack gap="400">
              <FormErrorBanner errors={readErrors(answer)} />
              {groups.map((group) => (
                <Card key={group.id}>
                  <BlockStack gap="400">
                    <Text as="h2" variant="headingMd">
                      {t(`contacts.${group.id}`)}
                    </Text>
                    {group.id === "protection" && <Text as="p">{t("contacts.protectionHelp")}</Text>}
                    {group.fields.map((name) => (
                      <TextInput
                        key={name}
                        name={name}
                        label={t(`contacts.${name}`)}
                        help={t(`contacts.${name}Help`, { defaultValue: "" })}
                        type={types[name] ?? "text"}
                        {...(name === "postalAddress" ? { multiline: 3 } : {})}
                        defaultValue={contacts[name]}
                        error={errorOf(name)}
                        onChange={(value) => setTyped((before) => ({ ...before, [name]: value }))}
                      />
                    ))}
                  </BlockStack>
                </Card>
              ))}
            </BlockStack>
          </SaveForm>
        </Layout.Section>
        <Layout.Section variant="oneThird">
          <div style={{ position: "sticky", top: "1rem" }}>
            <ContactsPreview
              contacts={typed}
              sample={{ shopName, date: formatDay(now, zone, i18n.language) }}
            />
          </div>
        </Layout.Section>
      </Layout>
    </AppPage>
  );
}
