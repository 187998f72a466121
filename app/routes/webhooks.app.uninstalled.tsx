import type { ActionFunctionArgs } from "@remix-run/node";
import { leaveShop } from "../breach/support/support.server.ts";
import { answerWebhook } from "../webhooks.server.ts";

export function action({ request }: ActionFunctionArgs) {
  return answerWebhook(request, ["app/uninstalled"], async (ctx, webhook) => {
    // A late delivery must not undo a return: the store came back after this was triggered.
    const shop = await ctx.db.shop.findUniqueOrThrow({ where: { id: ctx.shop.id } });
    if (webhook.triggeredAt !== null && webhook.triggeredAt < shop.installedAt) return;
    await leaveShop(ctx);
  });
}
