import type { ActionFunctionArgs } from "@remix-run/node";
import { advanceAll } from "../breach/checklist/checklist.server.ts";
import { takePrivacyRequest } from "../breach/support/support.server.ts";
import { privacyPayload, privacyTopics } from "../breach/support/support.ts";
import { answerWebhook } from "../webhooks.server.ts";

export function action({ request }: ActionFunctionArgs) {
  return answerWebhook(request, privacyTopics, async (ctx, webhook) => {
    const topic = privacyTopics.find((each) => each === webhook.topic);
    if (topic === undefined) return;
    const { customer } = privacyPayload.parse(webhook.payload);
    await takePrivacyRequest(ctx, topic, {
      customerId: customer?.id == null ? null : BigInt(customer.id),
      email: customer?.email ?? null,
    });
    if (topic !== "shop/redact") await advanceAll(ctx);
  });
}
