/** Refusals as sentences: beside the field they belong to, or in one banner at the top. They stay until the form is sent again. */
import { Banner, BlockStack, Text } from "@shopify/polaris";
import type { BannerHandles } from "@shopify/polaris";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { FormError, FormErrors } from "../forms.server.ts";

/** What an action may have answered; anything without `errors` went through. */
type Answer = unknown;

function errorsOf(answer: Answer): FormErrors | null {
  if (typeof answer !== "object" || answer === null || !("errors" in answer)) return null;
  return answer.errors as FormErrors;
}

/** Turns a refusal into its sentence. */
export function useRefusal(): (error: FormError) => string {
  const { t } = useTranslation("refused");
  return (error) => t([error.key, "unknown"], error.values);
}

/** `(name) => sentence | undefined` for the fields of a form. */
export function useFieldError(answer: Answer): (name: string) => string | undefined {
  const say = useRefusal();
  const fields = errorsOf(answer)?.fields ?? {};
  return (name) => {
    const error = fields[name];
    return error === undefined ? undefined : say(error);
  };
}

/** One critical banner that takes the focus, so that nobody overlooks a refusal, on screen or by ear. */
export function FormErrorBanner({
  errors,
  title,
}: {
  errors: FormErrors | null | undefined;
  title?: string;
}) {
  const { t } = useTranslation();
  const say = useRefusal();
  const banner = useRef<BannerHandles>(null);
  useEffect(() => {
    if (errors != null) banner.current?.focus();
  }, [errors]);
  if (errors == null) return null;
  const count = Object.keys(errors.fields).length;
  return (
    <Banner ref={banner} tone="critical" title={title ?? t("refusal.title")}>
      <BlockStack gap="100">
        {errors.form !== null && <Text as="p">{say(errors.form)}</Text>}
        {count > 0 && <Text as="p">{t("refusal.fields", { count })}</Text>}
      </BlockStack>
    </Banner>
  );
}

/** The errors of an action's answer, for `FormErrorBanner`. */
export function readErrors(answer: Answer): FormErrors | null {
  return errorsOf(answer);
}
