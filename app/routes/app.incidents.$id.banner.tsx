import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { z } from "zod";
import { advance } from "../breach/checklist/checklist.server.ts";
import { readIncident } from "../breach/incident/incident.server.ts";
import {
  bannerContent,
  bannerSchema,
  bannerStates,
  statementSchema,
} from "../breach/publication/publication.ts";
import * as publications from "../breach/publication/publication.server.ts";
import { readContacts } from "../breach/team/team.server.ts";
import type { Words } from "../components/banner-editor.tsx";
import { BannerScreen } from "../components/banner-screen.tsx";
import { requireCaller } from "../context.server.ts";
import { env } from "../env.server.ts";
import { answerForm, answerPage, parseForm } from "../forms.server.ts";
import { renderBanner } from "../storefront-preview.server.ts";

export async function loader({ request, params }: LoaderFunctionArgs) {
  const caller = await requireCaller(request);
  const { id = "" } = params;
  const page = await answerPage(() =>
    caller.transact(async (ctx) => {
      await readIncident(ctx, id);
      const live = await publications.readPublication(ctx, id);
      const { banner, statement } = live ?? (await publications.readPublicationDraft(ctx, id));
      return { live, banner, statement, contacts: await readContacts(ctx) };
    }),
  );
  const { banner, statement, live, contacts } = page;
  const words: Words = { ...banner, ...statement };
  return {
    words,
    preview: renderBanner(bannerContent(banner, 1)),
    live: live && {
      state: live.state,
      syncFailure: live.syncFailure,
      publishedAt: live.publishedAt,
    },
    page: {
      shopName: caller.shop.name,
      contacts,
      updatedAt: live?.updatedAt ?? caller.now(),
      zone: caller.shop.timeZone,
    },
    shop: caller.shop.id,
    apiKey: env().SHOPIFY_API_KEY,
  };
}

const actSchema = z.discriminatedUnion("intent", [
  // What is being typed may be too short to keep; the preview shows it all the same.
  z.object({
    intent: z.literal("preview"),
    bannerState: z.enum(bannerStates),
    message: z.string().max(2000),
  }),
  z.object({ intent: z.literal("save"), ...bannerSchema.shape, ...statementSchema.shape }),
  z.object({ intent: z.literal("publish") }),
  z.object({ intent: z.literal("withdraw"), reason: z.string().trim().min(3, "short").max(500) }),
]);

export async function action({ request, params }: ActionFunctionArgs) {
  const caller = await requireCaller(request);
  const { id = "" } = params;
  return answerForm(async () => {
    const act = await parseForm(await request.formData(), actSchema);
    if (act.intent === "preview") return { preview: renderBanner(bannerContent(act, 1)) };
    await caller.transact(async (ctx) => {
      if (act.intent === "save")
        await publications.savePublication(ctx, id, bannerSchema.parse(act), statementSchema.parse(act));
      else if (act.intent === "publish") await publications.publishBanner(ctx, id);
      else await publications.withdrawBanner(ctx, id, act.reason);
      await advance(ctx, id);
    });
    // At once, so that what the page says next is what the store holds; a worker goes on if the store does not answer.
    await publications.syncBanner(caller, id);
    return act.intent === "save" ? { saved: true } : { done: true };
  });
}

export default function BannerPage() {
  return <BannerScreen data={useLoaderData<typeof loader>()} answer={useActionData<typeof action>()} />;
}
