/** Whether the published theme shows the banner: the app embed is switched on once, in the theme editor (Built for Shopify 4.2.3). */
import { useEffect, useState } from "react";

const extensionHandle = "storefront-notice";
const embedHandle = "banner";

/** What `app.extensions()` tells of one block of a theme app extension. */
type ThemeBlock = { handle: string; status: "active" | "available" | "unavailable" };

export type EmbedStatus = "checking" | "active" | "inactive" | "unavailable";

/** Asks Shopify which embeds the published theme shows; again when the merchant comes back from the theme editor. */
export function useEmbedStatus(): EmbedStatus {
  const [status, setStatus] = useState<EmbedStatus>("checking");
  useEffect(() => {
    let gone = false;
    const look = async () => {
      try {
        const extensions = await shopify.app.extensions();
        const blocks = extensions
          .filter((each) => each.handle === extensionHandle && each.type === "theme_app_extension")
          .flatMap((each) => each.activations as ThemeBlock[]);
        const isActive = blocks.some((block) => block.handle === embedHandle && block.status === "active");
        if (!gone) setStatus(isActive ? "active" : "inactive");
      } catch {
        // Outside the admin, or an App Bridge that cannot tell: say so instead of guessing.
        if (!gone) setStatus("unavailable");
      }
    };
    void look();
    const onReturn = () => {
      if (document.visibilityState === "visible") void look();
    };
    document.addEventListener("visibilitychange", onReturn);
    return () => {
      gone = true;
      document.removeEventListener("visibilitychange", onReturn);
    };
  }, []);
  return status;
}

/** The theme editor with the banner's embed switched on, ready to be saved. */
export function embedEditorUrl(shop: string, apiKey: string): string {
  return `https://${shop}/admin/themes/current/editor?context=apps&template=index&activateAppId=${apiKey}/${embedHandle}`;
}
