import type { ActionFunctionArgs } from "@remix-run/node";
import { z } from "zod";
import { saveScopes } from "../breach/team/team.server.ts";
import { answerWebhook } from "../webhooks.server.ts";

const payload = z.object({ current: z.array(z.string()) });

export function action({ request }: ActionFunctionArgs) {
  return answerWebhook(request, ["app/scopes_update"], (ctx, webhook) =>
    saveScopes(ctx, payload.parse(webhook.payload).current),
  );
}
