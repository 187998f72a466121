/**
 * What a merchant did before the demo begins: opened Candor once in each shop, so that it is installed, and gave its contacts and its mail
 * server. Runs once per data folder, against everything running.
 */
import { createHmac, randomUUID } from "node:crypto";
import { checkSender, saveSender } from "../../app/breach/notice/notice.server.ts";
import { saveContacts } from "../../app/breach/team/team.server.ts";
import { findCaller } from "../../app/context.server.ts";
import { database } from "../../app/db.server.ts";
import { env } from "../../app/env.server.ts";
import { isEntryPoint } from "../../app/entry-point.server.ts";
import { queue } from "../../app/jobs.server.ts";

const shops = [
  {
    domain: "candor-demo.myshopify.com",
    owner: "901",
    mailDomain: "alderlane.example",
    name: "Alder Lane Ceramics",
  },
  { domain: "other-shop.myshopify.com", owner: "911", mailDomain: "othershop.example", name: "Other Shop" },
];

/** A session token as the Shopify admin gives it to a frame. */
function signIdToken(shop: string, user: string): string {
  const now = Math.floor(Date.now() / 1000);
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const body = `${part({ alg: "HS256", typ: "JWT" })}.${part({
    iss: `https://${shop}/admin`,
    dest: `https://${shop}`,
    aud: env().SHOPIFY_API_KEY,
    sub: user,
    exp: now + 60,
    nbf: now,
    iat: now,
    jti: randomUUID(),
    sid: randomUUID(),
  })}`;
  return `${body}.${createHmac("sha256", env().SHOPIFY_API_SECRET).update(body).digest("base64url")}`;
}

async function openApp(shop: string, user: string): Promise<void> {
  const query = new URLSearchParams({
    embedded: "1",
    shop,
    host: Buffer.from(`admin.shopify.com/store/${shop.split(".")[0]}`).toString("base64"),
    id_token: signIdToken(shop, user),
    locale: "en",
  });
  const response = await fetch(`${env().SHOPIFY_APP_URL}/app?${query.toString()}`, {
    headers: { "user-agent": "Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 Chrome/150.0 Safari/537.36" },
  });
  if (!response.ok) throw new Error(`Opening Candor in ${shop} answered ${response.status}.`);
}

export async function installApp(smtpPort: number): Promise<void> {
  for (const { domain, owner, mailDomain, name } of shops) {
    await openApp(domain, owner);
    const caller = await findCaller(domain, {
      kind: "staff",
      userId: owner,
      accountOwner: true,
      collaborator: false,
    });
    if (caller === null) throw new Error(`${domain} is not installed.`);
    await caller.transact(async (ctx) => {
      await saveContacts(ctx, {
        hotline: "+1 555 0142",
        hotlineHours: "Monday to Friday, 9:00 to 18:00 New York time",
        faqUrl: `https://${mailDomain}/data-questions`,
        chatUrl: `https://${mailDomain}/chat`,
        chatHours: "Every day, 10:00 to 20:00 New York time",
        replyEmail: `privacy@${mailDomain}`,
        postalAddress: `12 Alder Lane\nPortland, ME 04101\nUnited States`,
        dpoName: "",
        dpoEmail: "",
        signerName: "Robin Ahlers",
        signerTitle: "Owner",
      });
      await saveSender(ctx, {
        host: "127.0.0.1",
        port: smtpPort,
        security: "none",
        username: "",
        password: "",
        fromName: name,
        fromAddress: `letters@${mailDomain}`,
        replyTo: `privacy@${mailDomain}`,
      });
    });
    await checkSender(caller);
  }
}

if (isEntryPoint(import.meta.url)) {
  await installApp(Number(process.env["DEMO_BASE_PORT"] ?? 3900) + 6);
  await (await queue()).stop({ graceful: false });
  await database().close();
}
