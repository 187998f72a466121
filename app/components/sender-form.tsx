import { BlockStack, Card, InlineGrid, Text } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import type { SenderView } from "../breach/notice/notice.ts";
import { SelectInput, TextInput } from "./field.tsx";
import { useFieldError } from "./refusal.tsx";
import { SaveForm } from "./save-form.tsx";

const securities = ["implicit", "starttls", "none"] as const;

/** The shop's mail server and the address its letters come from. The password goes in and never comes out. */
export function SenderForm({ sender, answer }: { sender: SenderView | null; answer: unknown }) {
  const { t } = useTranslation("settings");
  const errorOf = useFieldError(answer);
  return (
    <SaveForm intent="save">
      <BlockStack gap="400">
        <Card>
          <BlockStack gap="400">
            <Text as="h2" variant="headingMd">
              {t("sender.from")}
            </Text>
            <TextInput
              name="fromName"
              label={t("sender.fromName")}
              help={t("sender.fromNameHelp")}
              defaultValue={sender?.fromName ?? ""}
              error={errorOf("fromName")}
              maxLength={100}
              required
            />
            <TextInput
              name="fromAddress"
              type="email"
              label={t("sender.fromAddress")}
              defaultValue={sender?.fromAddress ?? ""}
              error={errorOf("fromAddress")}
              required
            />
            <TextInput
              name="replyTo"
              type="email"
              label={t("sender.replyTo")}
              help={t("sender.replyToHelp")}
              defaultValue={sender?.replyTo ?? ""}
              error={errorOf("replyTo")}
            />
          </BlockStack>
        </Card>
        <Card>
          <BlockStack gap="400">
            <Text as="h2" variant="headingMd">
              {t("sender.server")}
            </Text>
            <TextInput
              name="host"
              label={t("sender.host")}
              help={t("sender.hostHelp")}
              defaultValue={sender?.host ?? ""}
              error={errorOf("host")}
              required
            />
            <InlineGrid columns={{ xs: 1, sm: 2 }} gap="400">
              <TextInput
                name="port"
                type="number"
                min="1"
                max="65535"
                label={t("sender.port")}
                help={t("sender.portHelp")}
                defaultValue={String(sender?.port ?? 465)}
                error={errorOf("port")}
                required
              />
              <SelectInput
                name="security"
                label={t("sender.security")}
                defaultValue={sender?.security ?? "implicit"}
                options={securities.map((value) => ({ value, label: t(`sender.securityOption.${value}`) }))}
                error={errorOf("security")}
              />
            </InlineGrid>
            <TextInput
              name="username"
              label={t("sender.username")}
              defaultValue={sender?.username ?? ""}
              error={errorOf("username")}
            />
            <TextInput
              name="password"
              type="password"
              autoComplete="new-password"
              label={t("sender.password")}
              help={t(sender?.hasPassword === true ? "sender.passwordKept" : "sender.passwordNew")}
              error={errorOf("password")}
            />
          </BlockStack>
        </Card>
      </BlockStack>
    </SaveForm>
  );
}
