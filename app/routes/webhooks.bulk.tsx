import type { ActionFunctionArgs } from "@remix-run/node";
import { z } from "zod";
import { findRunOfExport } from "../breach/scope/scope.server.ts";
import { answerWebhook } from "../webhooks.server.ts";

const payload = z.object({ admin_graphql_api_id: z.string() });

/** The news only wakes the search it belongs to; what Shopify says of the export is asked for there. */
export function action({ request }: ActionFunctionArgs) {
  return answerWebhook(request, ["bulk_operations/finish"], async (ctx, webhook) => {
    const run = await findRunOfExport(ctx, payload.parse(webhook.payload).admin_graphql_api_id);
    if (run !== null) ctx.wake({ kind: "scope", reference: run });
  });
}
