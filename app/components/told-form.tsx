import { useFetcher } from "@remix-run/react";
import { BlockStack, Button, InlineStack, Text } from "@shopify/polaris";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { DutyContext } from "./duty-card.tsx";
import { DateTimeInput, TextInput } from "./field.tsx";
import { FormErrorBanner, readErrors, useFieldError } from "./refusal.tsx";

type ToldFormProps = { obligationId: string; who: string; context: DutyContext; plain: boolean };

/** Somebody says that an authority was told. Opens at a press; each has its own answer, so that one's error is not another's. */
export function ToldForm({ obligationId, who, context, plain }: ToldFormProps) {
  const { t } = useTranslation("obligation");
  const { t: tCommon } = useTranslation();
  const fetcher = useFetcher();
  const [open, setOpen] = useState(false);
  const errorOf = useFieldError(fetcher.data);
  const errors = readErrors(fetcher.data);
  if (!open)
    return (
      <InlineStack>
        <Button
          variant={plain ? "plain" : "secondary"}
          onClick={() => setOpen(true)}
          accessibilityLabel={t("screen.told.openFor", { who })}
        >
          {t("screen.told.open")}
        </Button>
      </InlineStack>
    );
  return (
    <fetcher.Form method="post">
      <input type="hidden" name="obligation" value={obligationId} />
      <BlockStack gap="300">
        {errors?.form != null && <FormErrorBanner errors={errors} />}
        <Text as="p" tone="subdued">
          {t("screen.told.help")}
        </Text>
        <DateTimeInput
          name="at"
          label={t("screen.told.at")}
          zone={context.zone}
          now={context.nowLocal}
          defaultValue={context.nowLocal}
          error={errorOf("at")}
          required
        />
        <TextInput
          name="reference"
          label={t("screen.told.reference")}
          help={t("screen.told.referenceHelp")}
          maxLength={200}
          error={errorOf("reference")}
        />
        <InlineStack gap="200">
          <Button submit variant="primary" loading={fetcher.state !== "idle"}>
            {t("screen.told.save")}
          </Button>
          <Button onClick={() => setOpen(false)}>{tCommon("cancel")}</Button>
        </InlineStack>
      </BlockStack>
    </fetcher.Form>
  );
}
