/** The step between wanting and doing, for acts that cannot be taken back or that customers will see. */
import { useNavigation, useSubmit } from "@remix-run/react";
import { BlockStack, Modal } from "@shopify/polaris";
import { useEffect, useRef } from "react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

type ConfirmActProps = {
  open: boolean;
  onClose: () => void;
  title: string;
  /** Says what is done, on the button: "Send 1,204 letters". */
  act: string;
  /** Posted to this page's action. */
  values: Record<string, string>;
  destructive?: boolean;
  disabled?: boolean;
  children: ReactNode;
};

export function ConfirmAct({
  open,
  onClose,
  title,
  act,
  values,
  destructive,
  disabled,
  children,
}: ConfirmActProps) {
  const { t } = useTranslation();
  const submit = useSubmit();
  const busy = useNavigation().state !== "idle";
  const opener = useRef<HTMLElement | null>(null);
  useEffect(() => {
    if (open) {
      opener.current = document.activeElement instanceof HTMLElement ? document.activeElement : null;
      return;
    }
    // After the dialog has let go of the focus.
    const back = setTimeout(() => opener.current?.focus(), 50);
    return () => clearTimeout(back);
  }, [open]);
  return (
    <Modal
      open={open}
      onClose={onClose}
      title={title}
      primaryAction={{
        content: act,
        destructive: destructive ?? false,
        disabled: disabled ?? false,
        loading: busy,
        onAction: () => {
          submit(values, { method: "post" });
          onClose();
        },
      }}
      secondaryActions={[{ content: t("cancel"), onAction: onClose }]}
    >
      <Modal.Section>
        <BlockStack gap="300">{children}</BlockStack>
      </Modal.Section>
    </Modal>
  );
}

/** Facts in two columns that wrap on a phone. */
export function FactList({ facts }: { facts: [label: string, value: ReactNode][] }) {
  return (
    <dl style={{ margin: 0, display: "grid", gap: 8 }}>
      {facts.map(([label, value]) => (
        <div key={label} style={{ display: "flex", flexWrap: "wrap", gap: "2px 12px" }}>
          <dt style={{ flex: "0 0 180px", color: "var(--p-color-text-secondary)" }}>{label}</dt>
          <dd style={{ flex: "1 1 200px", margin: 0, minWidth: 0, overflowWrap: "anywhere" }}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
