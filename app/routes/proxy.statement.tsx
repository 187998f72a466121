import type { LoaderFunctionArgs } from "@remix-run/node";
import { writeNoStatement, writeStatement } from "../breach/publication/publication.ts";
import { findPublicStatement } from "../breach/publication/publication.server.ts";
import { readContacts } from "../breach/team/team.server.ts";
import { findCaller } from "../context.server.ts";
import { readProxyShop } from "../shopify.server.ts";

/** Shopify sets the answer into the shop's theme. Short-lived, so that a withdrawn statement is gone at once. */
function answer(html: string, status: number): Response {
  const headers = {
    "Content-Type": "application/liquid; charset=utf-8",
    "Cache-Control": "public, max-age=15",
  };
  return new Response(html, { status, headers });
}

/** The public statement on the shop's own domain. The shop is the one whose signature the request carries, never one that it names. */
export async function loader({ request }: LoaderFunctionArgs) {
  const shop = await readProxyShop(request);
  const caller = await findCaller(shop, { kind: "shopify", topic: "app_proxy" });
  if (caller === null) return answer(writeNoStatement(shop), 404);
  const page = await caller.transact(async (ctx) => {
    const found = await findPublicStatement(ctx);
    return found === null ? null : { ...found.view, contacts: await readContacts(ctx) };
  });
  if (page === null) return answer(writeNoStatement(caller.shop.name), 404);
  const { statement, contacts, updatedAt } = page;
  return answer(
    writeStatement({
      shopName: caller.shop.name,
      statement,
      contacts,
      updatedAt,
      zone: caller.shop.timeZone,
    }),
    200,
  );
}
