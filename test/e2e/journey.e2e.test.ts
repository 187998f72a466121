/**
 * The main job, as a person does it: in an ordinary browser, in the demo's admin, on a store of 2,000 customers, from declaring to a notified
 * customer, with a second person approving. What it leads to is checked against the generator's own records, by an oracle that shares no
 * code with the app.
 */
import { createHmac, randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { domainToASCII } from "node:url";
import axe from "axe-core";
import type { Browser, FrameLocator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { PersonData } from "../../app/breach/scope/scope.server.ts";
import { openSecret } from "../../app/breach/vault/vault.server.ts";
import { openDatabase } from "../../app/db.server.ts";
import type { Database } from "../../app/db.server.ts";
import { createShopRegistry } from "../../app/sessions.server.ts";
import { launchBrowser } from "../browser.ts";
import { startDemo } from "../demo-store/demo.ts";
import type { Demo } from "../demo-store/demo.ts";
import { createRecords } from "../demo-store/generator.ts";
import { findPeople, ordersOfDays } from "../oracle/people.ts";

const shop = "candor-demo.myshopify.com";
const zone = "America/New_York";
const day = 86_400_000;

const dataDir = mkdtempSync(path.join(tmpdir(), "candor-e2e-"));
let demo: Demo;
let browser: Browser;
let page: Page;
let app: FrameLocator;
let database: Database;
let incident: string;

function localDay(daysAgo: number): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(Date.now() - daysAgo * day);
}
const from = localDay(24);
const to = localDay(3);

beforeAll(async () => {
  demo = await startDemo({ port: 4300, dataDir, customers: 2000 });
  database = openDatabase(demo.databaseUrl, 4);
  browser = await launchBrowser();
  // Shopify's library turns away what calls itself headless, as it does other bots.
  const userAgent = `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${browser.version()} Safari/537.36`;
  const context = await browser.newContext({ viewport: { width: 1440, height: 1000 }, userAgent });
  page = await context.newPage();
  page.setDefaultTimeout(30_000);
  await page.goto(`${demo.addresses.admin}/store/candor-demo/apps/candor`);
  app = page.frameLocator('iframe[title="Candor"]');
  await settle();
});
afterAll(async () => {
  await browser?.close();
  await database?.close();
  await demo?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** What the browser showed when a step failed. */
afterEach(async ({ task }) => {
  if (task.result?.state !== "fail") return;
  mkdirSync("test/.out", { recursive: true });
  await page?.screenshot({ path: `test/.out/${task.name.replace(/\W+/g, "-").slice(0, 60)}.png` });
});

/** Serious findings of axe in the app's frame, in one line each. Previews inside it are sandboxed without scripts, so they are left out. */
async function findBarriers(): Promise<string[]> {
  const frame = page.frames().find((each) => each.url().startsWith(`${demo.addresses.app}/app`));
  await frame!.evaluate(axe.source);
  return frame!.evaluate(async () => {
    const { axe: scanner } = globalThis as unknown as { axe: typeof axe };
    const { violations } = await scanner.run(document, { iframes: false });
    return violations
      .filter((violation) => violation.impact === "serious" || violation.impact === "critical")
      .map((violation) => `${violation.id}: ${violation.nodes[0]?.target.join(" ")}`);
  });
}

/** Waits until the page answers: before React has taken over what the server wrote, what is typed would be lost. */
async function settle(): Promise<void> {
  const heading = app.locator("h1").first();
  for (let look = 0; look < 300; look += 1) {
    await heading.waitFor();
    const taken = await heading.evaluate((element) =>
      Object.keys(element).some((key) => key.startsWith("__react")),
    );
    if (taken) return;
    await page.waitForTimeout(100);
  }
  throw new Error("the page never came to life");
}

async function open(part: string): Promise<void> {
  await page.goto(`${demo.addresses.admin}/store/candor-demo/apps/candor/app/incidents/${incident}${part}`);
  await settle();
}

/** Switches to the other staff member, as at the next desk. */
async function switchTo(name: string, current: RegExp): Promise<void> {
  await page.getByRole("button", { name: current }).first().click();
  await page.getByRole("menuitemradio", { name }).click();
  await page.getByRole("button", { name }).first().waitFor();
  await settle();
}

/** Rows as the database holds them, opened with the shop's own key. */
async function readPeople(): Promise<
  (PersonData & { customerId: bigint | null; records: number; id: string })[]
> {
  const registry = createShopRegistry(database, String(demo.env["CANDOR_MASTER_KEY"]));
  const { keys } = (await registry.find(shop))!;
  const rows = await database.transact(
    shop,
    (db) =>
      db.$queryRaw<{ id: string; customer_id: bigint | null; records: number; sealed: Uint8Array }[]>`
      SELECT p.id, p.customer_id, p.records, p.sealed FROM affected_person p JOIN scope_run r ON r.id = p.run_id
      WHERE r.incident_id = ${incident}::uuid AND r.state = 'confirmed'`,
  );
  return rows.map((row) => ({
    id: row.id,
    customerId: row.customer_id,
    records: row.records,
    ...openSecret<PersonData>({ shop: { id: shop }, keys }, "affected_person", row.id, row.sealed),
  }));
}

function sayPerson(person: {
  customerId: bigint | number | null;
  email: string | null;
  records: number;
}): string {
  return `${person.customerId ?? "guest"}|${person.email ?? ""}|${person.records}`;
}

type Message = { rcpt: string[] | string; messageId: string; subject: string };

async function readInbox(): Promise<Message[]> {
  const messages: Message[] = [];
  for (;;) {
    const response = await fetch(`${demo.addresses.inbox}/api/messages?offset=${messages.length}&limit=500`);
    const pageOf = (await response.json()) as { messages: Message[] };
    if (pageOf.messages.length === 0) return messages;
    messages.push(...pageOf.messages);
  }
}

function asciiAddress(address: string): string {
  const at = address.lastIndexOf("@");
  return `${address.slice(0, at)}@${domainToASCII(address.slice(at + 1))}`;
}

function signIdToken(domain: string, user: string): string {
  const now = Math.floor(Date.now() / 1000);
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = {
    iss: `https://${domain}/admin`,
    dest: `https://${domain}`,
    aud: demo.env["SHOPIFY_API_KEY"],
    sub: user,
  };
  const body = `${part({ alg: "HS256", typ: "JWT" })}.${part({ ...claims, exp: now + 60, nbf: now, iat: now, jti: randomUUID(), sid: randomUUID() })}`;
  return `${body}.${createHmac("sha256", String(demo.env["SHOPIFY_API_SECRET"])).update(body).digest("base64url")}`;
}

describe("the main job", () => {
  test("declare: the clocks run within a minute", async () => {
    await app
      .getByRole("link", { name: "Declare an incident" })
      .or(app.getByRole("button", { name: "Declare an incident" }))
      .first()
      .click();
    await app.getByText("An app or service leaked data").click();
    await app.getByLabel("Short name").fill("Loyalty app leaked our orders");
    await app
      .getByLabel(/What you know so far/)
      .fill(
        "A loyalty app that we used copied our orders to a server that anyone could read. We found out from a customer.",
      );
    await app.getByLabel("Aware since").fill(`${localDay(1)}T09:30`);
    await app.getByLabel("First noticed").fill(`${localDay(1)}T09:00`);
    expect(await findBarriers()).toEqual([]);
    await app.getByRole("button", { name: "Declare and start the clocks" }).click();
    await app.getByText("Detect and confirm").first().waitFor();
    await expect.poll(() => page.url()).toMatch(/incidents\/[0-9a-f-]{36}/);
    incident = /incidents\/([0-9a-f-]{36})/.exec(page.url())![1]!;
    expect(await findBarriers()).toEqual([]);
  });

  test("facts: what is known shapes the rest", async () => {
    await open("/facts");
    await app
      .getByLabel("What you have done and are doing")
      .fill("We removed the app and changed its keys. Its maker deleted the copy.");
    await app.getByLabel("Was there bad intent?").selectOption({ label: "Yes" });
    await app.getByLabel("Could the data be read?").selectOption({ label: "Yes, the data were readable" });
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await expect
      .poll(() =>
        database.transact(
          shop,
          async (db) => (await db.incident.findUnique({ where: { id: incident } }))?.malicious,
        ),
      )
      .toBe("yes");
  });

  test("scope: the frozen list equals the brute-force answer", async () => {
    await open("/scope");
    await app.getByText("People with an order in a certain time").click();
    await app.getByLabel("First day").fill(from);
    await app.getByLabel("Last day").fill(to);
    await app.getByRole("button", { name: "Count first" }).click();
    await app
      .getByText(/\d orders?/)
      .first()
      .waitFor();
    await app.getByRole("button", { name: "Find these people" }).click();
    await app.getByText("Looking for the affected people").first().waitFor();
    await app.getByRole("button", { name: "Confirm this list" }).first().waitFor({ timeout: 90_000 });
    expect(await findBarriers()).toEqual([]);
    await app.getByRole("button", { name: "Confirm this list" }).first().click();
    await app.getByRole("dialog").getByRole("button", { name: "Confirm this list" }).click();
    await app.getByText("See whom the law says to tell").first().waitFor();

    const truth = (await (await fetch(`${demo.addresses.wire}/__truth?shop=${shop}`)).json()) as {
      anchor?: string;
    };
    const size = { domain: shop, timeZone: zone, countryCode: "US", customers: 2000, orders: 5000, seed: 1 };
    const records = createRecords({
      ...size,
      ...(truth.anchor === undefined ? {} : { anchor: truth.anchor }),
    });
    const orders = ordersOfDays(records.orders(), from, to, zone);
    const expected = findPeople(null, orders, (index) => records.customerAt(index));
    expect(expected.length).toBeGreaterThan(100);
    expect((await readPeople()).map(sayPerson).toSorted()).toEqual(expected.map(sayPerson).toSorted());
  });

  test("people: masked, whole", async () => {
    await open("/people");
    await app.getByText("•••").first().waitFor();
    const people = await readPeople();
    const text = await app.locator("body").innerText();
    for (const person of people) if (person.email !== null) expect(text).not.toContain(person.email);
    expect(await findBarriers()).toEqual([]);
  });

  test("obligations: who, by when, why, with source and date", async () => {
    await open("/obligations");
    await app
      .getByText(/art(s)?\. 33/i)
      .first()
      .waitFor();
    const text = await app.locator("body").innerText();
    expect(text).toContain("California");
    expect(text).toMatch(/2026/);
    expect(text.toLowerCase()).toContain("not legal advice");
    expect(await findBarriers()).toEqual([]);
  });

  test("notice: drafted, completed, approved by a second person, sent, and in every inbox once", async () => {
    await open("/notices");
    await app.getByRole("button", { name: "Draft the letter" }).click();
    await app.getByText("Before you can approve").first().waitFor();
    // Only the merchant knows what stands between the double brackets.
    const texts = app.locator("textarea:visible");
    const unanswered = await texts.evaluateAll((boxes) =>
      boxes.flatMap((box, index) => ((box as HTMLTextAreaElement).value.includes("[[") ? [index] : [])),
    );
    for (const index of unanswered) {
      const text = await texts.nth(index).inputValue();
      await texts
        .nth(index)
        .fill(text.replace(/\[\[[^\]]*\]\]/g, "We will tell you more as soon as we know it."));
    }
    expect(await findBarriers()).toEqual([]);
    const save = page.getByRole("button", { name: "Save", exact: true });
    if (await save.isVisible()) await save.click();
    await app.getByText("Nothing is missing. Read the preview once more, then approve.").waitFor();

    await switchTo("Mika Sato", /Robin Ahlers/);
    await app.getByRole("button", { name: "Approve…" }).click();
    await app.getByText("You approve it as a second person").waitFor();
    await app.getByRole("dialog").getByRole("button", { name: "Approve the letter" }).click();
    await app.getByText("Ready to send").waitFor();
    await app
      .getByRole("button", { name: /^Send [\d,]+ letters? now$/ })
      .first()
      .click();
    await app
      .getByRole("dialog")
      .getByRole("button", { name: /^Send [\d,]+ letters? now$/ })
      .click();
    await app.getByText("All letters have an answer").waitFor({ timeout: 120_000 });
    expect(await findBarriers()).toEqual([]);

    const wanted = [
      ...new Set((await readPeople()).flatMap((person) => (person.email === null ? [] : [person.email]))),
    ].toSorted();
    const messages = await readInbox();
    expect(messages.map((message) => asciiAddress([message.rcpt].flat().join())).toSorted()).toEqual(wanted);
    expect(new Set(messages.map((message) => message.messageId)).size).toBe(messages.length);
  });

  test("banner: off, then on the storefront within seconds, with its statement", async () => {
    expect(await (await fetch(demo.addresses.storefront)).text()).not.toContain("/apps/candor/statement");
    await open("/banner");
    await app
      .getByLabel("Message")
      .fill("Some order data was exposed. We have written to everybody it concerns.");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await app.getByRole("button", { name: "Publish…" }).click();
    await app.getByRole("dialog").getByRole("button", { name: "Publish now" }).click();
    await app.getByText("Visitors see the banner").waitFor();
    expect(await findBarriers()).toEqual([]);

    const storefront = await page.context().newPage();
    await storefront.goto(demo.addresses.storefront);
    const banner = storefront.getByRole("region", { name: /notice/i });
    await banner.getByText("Some order data was exposed.").waitFor();
    await banner.getByRole("link").first().click();
    await storefront.getByText("What happened").first().waitFor();
    await storefront.close();
  });

  test("evidence: every act is there, the chain verifies, and a byte changed by the owner is named", async () => {
    await open("/evidence");
    await app.getByRole("button", { name: "Verify the chain" }).click();
    await app.getByText("The chain is intact").waitFor();
    expect(await findBarriers()).toEqual([]);
    const types = await database.transact(shop, (db) =>
      db.evidenceEvent.findMany({
        where: { stream: `incident:${incident}` },
        select: { type: true, seq: true },
        orderBy: { seq: "asc" },
      }),
    );
    for (const type of [
      "incident.declared",
      "scope.confirmed",
      "obligations.assessed",
      "notice.approved",
      "notice.finished",
      "banner.live",
    ])
      expect(types.map((event) => event.type)).toContain(type);

    const { default: pg } = await import("pg");
    const ownerOfTables = new pg.Client({ connectionString: demo.databaseUrl });
    await ownerOfTables.connect();
    const { seq } = types.find((event) => event.type === "scope.confirmed")!;
    await ownerOfTables.query(
      `UPDATE evidence_event SET payload = jsonb_set(payload, '{people}', '1') WHERE stream = $1 AND seq = $2`,
      [`incident:${incident}`, seq],
    );
    await ownerOfTables.end();
    await app.getByRole("button", { name: "Verify the chain" }).click();
    await app.getByText(`The chain does not fit at event ${seq}`).waitFor();
  });

  test("the other shop sees nothing of it, by any route", async () => {
    const routes = readdirSync(path.resolve("app/routes")).filter((file) =>
      file.startsWith("app.incidents.$id"),
    );
    expect(routes.length).toBeGreaterThan(7);
    const notice = await database.transact(shop, (db) =>
      db.notice.findFirstOrThrow({ where: { incidentId: incident } }),
    );
    for (const file of routes) {
      const address = file
        .replace(/\.tsx$/, "")
        .replace(/\._index$/, "")
        .replaceAll(".", "/")
        .replace("$id", incident)
        .replace("$noticeId", notice.id);
      const ask = (domain: string, user: string, method: string) =>
        fetch(`${demo.addresses.app}/${address}.data`, {
          method,
          headers: {
            authorization: `Bearer ${signIdToken(domain, user)}`,
            "user-agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/150.0",
            ...(method === "POST" ? { "content-type": "application/x-www-form-urlencoded" } : {}),
          },
          ...(method === "POST" ? { body: "intent=start&reason=x" } : {}),
        });
      expect((await ask(shop, "901", "GET")).status, `${address} as its own shop`).toBe(200);
      const foreign = await ask("other-shop.myshopify.com", "911", "GET");
      expect(foreign.status, `${address} as the other shop`).toBe(404);
      expect(await foreign.text()).not.toContain("Loyalty app");
      const act = await ask("other-shop.myshopify.com", "911", "POST");
      expect([400, 404, 405, 422], `POST ${address} as the other shop`).toContain(act.status);
    }
  });

  test("no address of a customer was written to a log or into a job", async () => {
    const { readFileSync } = await import("node:fs");
    const people = (await readPeople()).flatMap((person) => (person.email === null ? [] : [person.email]));
    const logs = (["web", "worker"] as const).map((name) => readFileSync(demo.log(name), "utf8")).join("\n");
    const { default: pg } = await import("pg");
    const client = new pg.Client({ connectionString: demo.databaseUrl });
    await client.connect();
    const jobs = JSON.stringify((await client.query("SELECT data, output FROM pgboss.job")).rows);
    const plain = JSON.stringify((await client.query("SELECT payload FROM evidence_event")).rows);
    await client.end();
    expect(logs.length).toBeGreaterThan(100);
    expect(logs).not.toMatch(/id_token|signature=|hmac=|shp(at|rt|ss)_/);
    for (const email of people) {
      expect(logs.includes(email)).toBe(false);
      expect(jobs.includes(email)).toBe(false);
      expect(plain.includes(email)).toBe(false);
    }
  });
});
