import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Badge, BlockStack, Box, Button, Card, InlineStack, Text } from "@shopify/polaris";
import type { BadgeProps } from "@shopify/polaris";
import { useTranslation } from "react-i18next";
import { readSender } from "../breach/notice/notice.server.ts";
import { hasEnoughContacts } from "../breach/team/team.ts";
import { readContacts } from "../breach/team/team.server.ts";
import { embedEditorUrl, useEmbedStatus } from "../components/embed-status.tsx";
import { AppPage } from "../components/page.tsx";
import { requireCaller } from "../context.server.ts";
import { env } from "../env.server.ts";

export async function loader({ request }: LoaderFunctionArgs) {
  const caller = await requireCaller(request);
  return caller.transact(async (ctx) => {
    const sender = await readSender(ctx);
    return {
      contacts: hasEnoughContacts(await readContacts(ctx)),
      sender: sender === null ? null : { verifiedAt: sender.verifiedAt },
      embedUrl: embedEditorUrl(ctx.shop.id, env().SHOPIFY_API_KEY),
    };
  });
}

type Entry = {
  id: "contacts" | "sender" | "embed" | "evidence";
  url: string;
  state: string | null;
  done: boolean;
};

function stateLook(done: boolean): Pick<BadgeProps, "tone" | "progress"> {
  return done ? { tone: "success", progress: "complete" } : { progress: "incomplete" };
}

export default function Settings() {
  const { contacts, sender, embedUrl } = useLoaderData<typeof loader>();
  const { t } = useTranslation(["settings", "home"]);
  const embed = useEmbedStatus();
  const connected = sender?.verifiedAt != null;
  const senderState = t(sender === null ? "index.none" : connected ? "index.connected" : "index.unverified");
  const entries: Entry[] = [
    {
      id: "contacts",
      url: "/app/settings/contacts",
      state: t(contacts ? "index.complete" : "index.missing"),
      done: contacts,
    },
    { id: "sender", url: "/app/settings/sender", state: senderState, done: connected },
    { id: "embed", url: embedUrl, state: t(`home:embed.${embed}`), done: embed === "active" },
    { id: "evidence", url: "/app/settings/evidence", state: null, done: true },
  ];
  return (
    <AppPage title={t("title")} backTo="/app">
      <Card>
        <BlockStack gap="300">
          {entries.map((entry, index) => (
            <Box
              key={entry.id}
              {...(index === 0
                ? {}
                : { borderBlockStartWidth: "025", borderColor: "border", paddingBlockStart: "300" })}
            >
              <InlineStack align="space-between" blockAlign="center" gap="300">
                <BlockStack gap="050">
                  <InlineStack gap="200" blockAlign="center">
                    <Text as="h2" variant="headingSm">
                      {t(`index.${entry.id}.title`)}
                    </Text>
                    {entry.state !== null && <Badge {...stateLook(entry.done)}>{entry.state}</Badge>}
                  </InlineStack>
                  <Text as="p" tone="subdued">
                    {t(`index.${entry.id}.why`)}
                  </Text>
                </BlockStack>
                <Button url={entry.url} {...(entry.id === "embed" ? { target: "_top" } : {})}>
                  {t(`index.${entry.id}.act`)}
                </Button>
              </InlineStack>
            </Box>
          ))}
        </BlockStack>
      </Card>
    </AppPage>
  );
}
