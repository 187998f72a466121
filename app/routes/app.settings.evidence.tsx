import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { useTranslation } from "react-i18next";
import { verifyStream } from "../breach/evidence/evidence.server.ts";
import { AppPage } from "../components/page.tsx";
import { Timeline } from "../components/timeline.tsx";
import { requireCaller } from "../context.server.ts";
import { readEvidencePage } from "../evidence-page.server.ts";

export async function loader({ request }: LoaderFunctionArgs) {
  const caller = await requireCaller(request);
  return caller.transact((ctx) => readEvidencePage(ctx, "shop", request.url));
}

export async function action({ request }: ActionFunctionArgs) {
  const caller = await requireCaller(request);
  return caller.transact((ctx) => verifyStream(ctx, "shop"));
}

export default function ShopEvidence() {
  const page = useLoaderData<typeof loader>();
  const verdict = useActionData<typeof action>() ?? null;
  const { t } = useTranslation("evidence");
  return (
    <AppPage title={t("shopTitle")} backTo="/app/settings">
      <Timeline {...page} verdict={verdict} base="/app/settings/evidence" />
    </AppPage>
  );
}
