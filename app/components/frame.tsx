/** What every page inside the admin stands in: Polaris with its words, and navigation that asks before unsaved changes are lost. */
import { useBlocker } from "@remix-run/react";
import { AppProvider } from "@shopify/shopify-app-remix/react";
import { useEffect } from "react";
import type { ReactNode } from "react";

/** Shopify's save bar asks; the page waits for its answer. Sending the form itself stays on the page and is not asked about. */
function useLeaveConfirmation(): void {
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      currentLocation.pathname !== nextLocation.pathname &&
      document.querySelector("form[data-save-bar]") !== null,
  );
  useEffect(() => {
    if (blocker.state !== "blocked") return;
    let stale = false;
    void shopify.saveBar.leaveConfirmation().then(() => {
      if (!stale) blocker.proceed();
    });
    return () => {
      stale = true;
    };
  }, [blocker]);
}

export function Frame({ apiKey, children }: { apiKey: string; children: ReactNode }) {
  useLeaveConfirmation();
  // The root document has loaded App Bridge already, first in its head (Built for Shopify 3.1.1).
  return (
    <AppProvider isEmbeddedApp={false} apiKey={apiKey}>
      <main>{children}</main>
    </AppProvider>
  );
}
