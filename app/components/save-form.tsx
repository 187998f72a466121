import { Form } from "@remix-run/react";
import { Fragment, useEffect, useState } from "react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

type SaveFormProps = {
  children: ReactNode;
  action?: string;
  /** Posted as `intent`, when a page has several forms. */
  intent?: string;
  /** Told on Discard, for previews kept outside the form. */
  onDiscard?: () => void;
};

/**
 * A form of saved settings: Shopify's save bar appears with the first change (Built for Shopify 4.1.5). Discard mounts the fields anew, so
 * that each shows its saved value again.
 */
export function SaveForm({ children, action, intent, onDiscard }: SaveFormProps) {
  const [turn, setTurn] = useState(0);
  return (
    <Form
      method="post"
      preventScrollReset
      noValidate
      {...(action === undefined ? {} : { action })}
      data-save-bar
      data-discard-confirmation
      onReset={() => {
        setTurn((before) => before + 1);
        onDiscard?.();
      }}
    >
      {intent !== undefined && <input type="hidden" name="intent" value={intent} />}
      <Fragment key={turn}>{children}</Fragment>
    </Form>
  );
}

/** Says "Saved" once for each answer `{ saved: true }` of an action. For success only: errors stay on the page. */
export function useSavedToast(answer: unknown): void {
  const { t } = useTranslation();
  const saved = typeof answer === "object" && answer !== null && "saved" in answer;
  useEffect(() => {
    if (saved) shopify.toast.show(t("saved"));
    // Each answer is a new object, so that a second save says it again.
  }, [answer, saved, t]);
}
