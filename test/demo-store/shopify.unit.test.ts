import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parse } from "graphql";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { generate, writeBulkFiles } from "./generator.ts";
import { checkBulkRules } from "./shopify/bulk-rules.ts";
import { loadAdminSchema } from "./shopify/schema.ts";
import { createDemoShopify, type DemoShop, type DemoShopify } from "./shopify/shopify.ts";
import { readSubscriptions } from "./shopify/webhooks.ts";

const apiKey = "0123456789abcdef0123456789abcdef";
const apiSecret = "a-secret-for-tests";
const anchor = "2026-11-23T00:00:00.000Z";
const demo: DemoShop = {
  domain: "candor-demo.myshopify.com",
  name: "Demo",
  timeZone: "Europe/Berlin",
  countryCode: "DE",
  customers: 300,
  orders: 700,
  seed: 7,
  anchor,
};
const other: DemoShop = {
  ...demo,
  domain: "other-shop.myshopify.com",
  name: "Other",
  customers: 20,
  orders: 30,
  seed: 8,
};

type Received = { topic: string; body: string; hmac: string; id: string };
let received: Received[] = [];
let hookStatus = 200;
let clock = Date.parse("2026-11-23T09:00:00Z");
let app: Server;
let wire: Server;
let origin: string;
let folder: string;
let shopify: DemoShopify;

const listen = (server: Server) =>
  new Promise<string>((resolve) => {
    server.listen(0, "127.0.0.1", () =>
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    );
  });

let appOrigin: string;

beforeAll(async () => {
  loadAdminSchema();
  wire = createServer((req, res) => shopify.handle(req, res));
  origin = await listen(wire);
});
afterAll(() => {
  wire.close();
});
beforeEach(async () => {
  // Each test has its own ear: a delivery still on its way when a test ends must not count in the next one.
  const heard: Received[] = [];
  received = heard;
  hookStatus = 200;
  clock = Date.parse("2026-11-23T09:00:00Z");
  folder = mkdtempSync(join(tmpdir(), "demo-store-test-"));
  app = createServer((req, res) => {
    let body = "";
    req.on("data", (chunk) => (body += chunk));
    req.on("end", () => {
      const header = (name: string) => String(req.headers[name] ?? "");
      heard.push({
        topic: header("x-shopify-topic"),
        body,
        hmac: header("x-shopify-hmac-sha256"),
        id: header("x-shopify-webhook-id"),
      });
      res.writeHead(hookStatus).end();
    });
  });
  appOrigin = await listen(app);
  shopify = open();
});
afterEach(async () => {
  await shopify.close();
  app.closeAllConnections();
  app.close();
  rmSync(folder, { recursive: true, force: true });
});

function open(): DemoShopify {
  return createDemoShopify({
    apiKey,
    apiSecret,
    appUrl: "http://localhost:3901",
    appOrigin,
    shops: [demo, other],
    scopes: ["read_customers", "read_orders", "write_app_proxy"],
    wireOrigin: origin,
    statePath: join(folder, "state.json"),
    now: () => new Date(clock),
    bulkRate: Infinity,
  });
}

type Json = Record<string, unknown>;

async function post(path: string, body: Json, headers: Record<string, string> = {}, shop = demo.domain) {
  const response = await fetch(origin + path, {
    method: "POST",
    headers: { "content-type": "application/json", "x-demo-shop": shop, ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Json };
}

function exchange(extra: Json = {}, shop = demo.domain) {
  return post(
    "/admin/oauth/access_token",
    {
      client_id: apiKey,
      client_secret: apiSecret,
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      subject_token: shopify.idToken(shop, shopify.staff(shop)[0]!.id),
      subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
      requested_token_type: "urn:shopify:params:oauth:token-type:offline-access-token",
      expiring: "1",
      ...extra,
    },
    {},
    shop,
  );
}

const refresh = (token: unknown) =>
  post("/admin/oauth/access_token", {
    client_id: apiKey,
    client_secret: apiSecret,
    grant_type: "refresh_token",
    refresh_token: token,
  });

async function admin(query: string, variables: Json = {}, token?: unknown, shop = demo.domain) {
  const access = token ?? (await exchange({}, shop)).body.access_token;
  return post(
    `/admin/api/2026-10/graphql.json`,
    { query, variables },
    { "x-shopify-access-token": String(access) },
    shop,
  );
}

type GraphqlError = { message: string; extensions?: { code?: string } };
const errorsOf = (answer: { body: Json }) => (answer.body.errors ?? []) as GraphqlError[];
const dataOf = <T>(answer: { body: Json }) => answer.body.data as T;

const runText = /* GraphQL */ `
  mutation Run($query: String!) {
    bulkOperationRunQuery(query: $query) {
      bulkOperation {
        id
        status
      }
      userErrors {
        field
        message
        code
      }
    }
  }
`;
const readText = /* GraphQL */ `
  query Read($id: ID!) {
    bulkOperation(id: $id) {
      id
      status
      errorCode
      objectCount
      rootObjectCount
      fileSize
      url
      partialDataUrl
      createdAt
      completedAt
    }
  }
`;
type Operation = {
  id: string;
  status: string;
  errorCode: string | null;
  objectCount: string;
  rootObjectCount: string;
  fileSize: string | null;
  url: string | null;
  partialDataUrl: string | null;
};

async function runBulk(query: string, shop = demo.domain): Promise<Operation> {
  const token = (await exchange({}, shop)).body.access_token;
  const started = dataOf<{
    bulkOperationRunQuery: { bulkOperation: Operation | null; userErrors: { message: string }[] };
  }>(await admin(runText, { query }, token, shop)).bulkOperationRunQuery;
  expect(started.userErrors).toEqual([]);
  for (let tries = 0; tries < 200; tries++) {
    const { bulkOperation } = dataOf<{ bulkOperation: Operation }>(
      await admin(readText, { id: started.bulkOperation!.id }, token, shop),
    );
    if (!["CREATED", "RUNNING", "CANCELING"].includes(bulkOperation.status)) return bulkOperation;
    await sleep(10);
  }
  throw new Error("the bulk operation did not end");
}

const readLines = async (url: string) => (await (await fetch(url)).text()).split("\n").filter(Boolean);

describe("tokens", () => {
  test("an id token buys expiring offline and online tokens, and the Admin API takes them", async () => {
    const offline = await exchange();
    expect(offline.body).toMatchObject({
      expires_in: 3600,
      refresh_token_expires_in: 7_776_000,
      scope: "read_customers,read_orders,write_app_proxy",
    });
    const online = await exchange({
      requested_token_type: "urn:shopify:params:oauth:token-type:online-access-token",
    });
    expect(online.body.associated_user).toMatchObject({ id: 901, first_name: "Robin", account_owner: true });
    for (const { body } of [offline, online]) {
      const answer = await admin("{ shop { myshopifyDomain ianaTimezone } }", {}, body.access_token);
      expect(answer.body.data).toEqual({
        shop: { myshopifyDomain: demo.domain, ianaTimezone: "Europe/Berlin" },
      });
    }
  });

  test("refuses a forged, foreign or stale id token, and a wrong secret", async () => {
    const good = shopify.idToken(demo.domain, "901");
    const refused = [
      await exchange({ subject_token: `${good.slice(0, -4)}AAAA` }),
      await exchange({ subject_token: shopify.idToken(other.domain, "901") }),
      await exchange({ subject_token: shopify.idToken(demo.domain, "555") }),
      await exchange({ client_secret: "wrong" }),
      await exchange({ expiring: "0" }),
    ];
    clock += 71_000;
    refused.push(await exchange({ subject_token: good }));
    expect(refused.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400, 400]);
  });

  test("access tokens die after an hour; the old refresh token works until its replacement is used", async () => {
    const first = (await exchange()).body;
    clock += 3_601_000;
    expect((await admin("{ shop { name } }", {}, first.access_token)).status).toBe(401);
    const second = (await refresh(first.refresh_token)).body;
    const again = await refresh(first.refresh_token);
    expect(again.status).toBe(200);
    expect((await admin("{ shop { name } }", {}, second.access_token)).status).toBe(200);
    expect((await refresh(first.refresh_token)).status).toBe(400);
    expect((await refresh(second.refresh_token)).status).toBe(200);
  });

  test("another shop's token opens nothing", async () => {
    const { access_token } = (await exchange({}, other.domain)).body;
    expect((await admin("{ shop { name } }", {}, access_token)).status).toBe(401);
  });

  test("after uninstalling nothing works; tokens and metafields outlive a restart, not an uninstall", async () => {
    const { access_token, refresh_token } = (await exchange()).body;
    await shopify.close();
    shopify = open();
    expect((await admin("{ shop { name } }", {}, access_token)).status).toBe(200);
    await shopify.uninstall(demo.domain);
    expect(received.map(({ topic }) => topic)).toEqual(["app/uninstalled"]);
    expect((await admin("{ shop { name } }", {}, access_token)).status).toBe(401);
    expect((await refresh(refresh_token)).status).toBe(400);
    expect((await exchange()).status).toBe(400);
    shopify.reinstall(demo.domain);
    expect((await exchange()).status).toBe(200);
  });

  test("Shopify's own library, sent here by the preload, exchanges, refreshes and queries", async () => {
    const script = `
      import "@shopify/shopify-api/adapters/node";
      import { shopifyApi, ApiVersion, RequestedTokenType } from "@shopify/shopify-api";
      const api = shopifyApi({ apiKey: "${apiKey}", apiSecretKey: "${apiSecret}", hostName: "localhost:3901", apiVersion: ApiVersion.October26, isEmbeddedApp: true, logger: { level: 0 } });
      const shop = "${demo.domain}";
      const { session } = await api.auth.tokenExchange({ shop, sessionToken: process.env.ID_TOKEN, requestedTokenType: RequestedTokenType.OfflineAccessToken, expiring: true });
      const next = await api.auth.refreshToken({ shop, refreshToken: session.refreshToken });
      const client = new api.clients.Graphql({ session: next.session });
      const { data } = await client.request("{ shop { name } }");
      const plain = globalThis.fetch;
      globalThis.fetch = (...args) => plain(...args);
      const direct = await fetch("https://${demo.domain}/nowhere");
      console.log(JSON.stringify({ name: data.shop.name, direct: direct.status }));
    `;
    // The library believes the machine's clock.
    clock = Date.now();
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
      env: {
        ...process.env,
        NODE_OPTIONS: `--import=${new URL("./preload.mjs", import.meta.url).href}`,
        DEMO_STORE_ORIGIN: origin,
        ID_TOKEN: shopify.idToken(demo.domain, "902"),
      },
    });
    let output = "";
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (output += chunk));
    await new Promise((resolve) => child.on("close", resolve));
    expect(output.trim()).toBe('{"name":"Demo","direct":404}');
  });
});

describe("the Admin API", () => {
  test("refuses what the real one would refuse, and names what this one can't answer", async () => {
    expect(errorsOf(await admin("{ shop { nmae } }"))[0]).toMatchObject({
      extensions: { code: "undefinedField" },
    });
    expect(errorsOf(await admin("{ productsCount { count } }"))[0]!.message).toBe(
      "demo store does not resolve QueryRoot.productsCount",
    );
    expect(errorsOf(await admin("{ customers(first: 1) { nodes { email } } }"))[0]!.message).toBe(
      "demo store does not resolve Customer.email",
    );
    expect(errorsOf(await admin("{ customers { nodes { id } } }"))[0]!.message).toMatch(/first or last/);
  });

  test("pages through customers and orders, forward and back, as the generator made them", async () => {
    const text =
      "query P($after: String) { customers(first: 100, after: $after) { nodes { displayName defaultEmailAddress { emailAddress validFormat } numberOfOrders } pageInfo { hasNextPage endCursor } } }";
    type Row = {
      displayName: string;
      defaultEmailAddress: { emailAddress: string; validFormat: boolean } | null;
      numberOfOrders: string;
    };
    type Pages = { customers: { nodes: Row[]; pageInfo: { hasNextPage: boolean; endCursor: string } } };
    const rows: Row[] = [];
    let after: string | null = null;
    do {
      const { customers }: Pages = dataOf<Pages>(await admin(text, { after }));
      rows.push(...customers.nodes);
      after = customers.pageInfo.hasNextPage ? customers.pageInfo.endCursor : null;
    } while (after);
    const made = [...generate(demo).customers()];
    expect(rows.map((row) => row.defaultEmailAddress)).toEqual(
      made.map(({ email, emailValid }) =>
        email === null ? null : { emailAddress: email, validFormat: emailValid },
      ),
    );
    expect(rows.map((row) => row.numberOfOrders)).toEqual(
      made.map((customer) => String(customer.numberOfOrders)),
    );

    type Orders = { orders: { nodes: { name: string }[]; pageInfo: { hasPreviousPage: boolean } } };
    const newest = dataOf<Orders>(
      await admin("{ orders(first: 3, reverse: true) { nodes { name } pageInfo { hasPreviousPage } } }"),
    );
    expect(newest.orders.nodes.map(({ name }) => name)).toEqual(["#1700", "#1699", "#1698"]);
    const last = dataOf<Orders>(
      await admin("{ orders(last: 2) { nodes { name } pageInfo { hasPreviousPage } } }"),
    );
    expect(last.orders).toEqual({
      nodes: [{ name: "#1699" }, { name: "#1700" }],
      pageInfo: { hasPreviousPage: true },
    });
  });

  test("searches, counts, and refuses a filter it does not know", async () => {
    shopify.grantScopes(demo.domain, ["read_all_orders"]);
    const from = "2026-09-01T00:00:00+02:00";
    const to = "2026-10-01T00:00:00+02:00";
    const made = [...generate(demo).orders()];
    const inWindow = made.filter(
      ({ createdAt }) => Date.parse(createdAt) >= Date.parse(from) && Date.parse(createdAt) < Date.parse(to),
    );
    const count = async (query: string) => {
      const answer = await admin(
        "query C($q: String) { ordersCount(query: $q, limit: null) { count precision } }",
        { q: query },
      );
      return (
        dataOf<{ ordersCount: { count: number } } | null>(answer)?.ordersCount?.count ??
        errorsOf(answer)[0]!.message
      );
    };
    const window = `created_at:>='${from}' created_at:<'${to}'`;
    expect(inWindow.length).toBeGreaterThan(10);
    expect(await count(window)).toBe(inWindow.length);
    expect(await count(`${window} test:false`)).toBe(inWindow.filter(({ test: isTest }) => !isTest).length);
    expect(await count(`${window} AND NOT source_name:web`)).toBe(
      inWindow.filter((order) => order.sourceName !== "web").length,
    );
    expect(await count(`(${window}) OR name:1001`)).toBe(inWindow.length + 1);
    expect(await count("created:>'2026-09-01T00:00:00Z'")).toMatch(/no filter "created"/);
    expect(await count("created_at:>=2026-09-01")).toMatch(/wants a time with an offset/);
    expect(await count("created_at:>=2026-09-01T00:00:00Z")).toMatch(/quote the value/);

    const someone = [...generate(demo).customers()].find((customer) => customer.emailValid)!;
    const found = await admin("query F($q: String) { customers(first: 5, query: $q) { nodes { id } } }", {
      q: `email:"${someone.email!.toUpperCase()}"`,
    });
    expect(found.body.data).toEqual({
      customers: { nodes: [{ id: `gid://shopify/Customer/${someone.id}` }] },
    });
    const limited = await admin(
      "{ customersCount(limit: 100) { count precision } all: customersCount(limit: null) { count precision } }",
    );
    expect(limited.body.data).toEqual({
      customersCount: { count: 100, precision: "AT_LEAST" },
      all: { count: 300, precision: "EXACT" },
    });
  });

  test("enforces scopes; without read_all_orders older orders are absent without a word", async () => {
    const total = async () =>
      dataOf<{ ordersCount: { count: number } }>(await admin("{ ordersCount(limit: null) { count } }"))
        .ordersCount.count;
    const recent = await total();
    const limit = clock - 60 * 86_400_000;
    expect(recent).toBe(
      [...generate(demo).orders()].filter(({ createdAt }) => Date.parse(createdAt) >= limit).length,
    );
    shopify.grantScopes(demo.domain, ["read_all_orders"]);
    expect(await total()).toBe(700);
    await expect.poll(() => received.map(({ topic }) => topic)).toEqual(["app/scopes_update"]);
    shopify.revokeScopes(demo.domain, ["read_customers"]);
    const [error] = errorsOf(await admin("{ customers(first: 1) { nodes { id } } }"));
    expect(error).toMatchObject({ extensions: { code: "ACCESS_DENIED" } });
    expect(error!.message).toBe(
      "Access denied for customers field. Required access: `read_customers` access scope.",
    );
  });

  test("counts cost, throttles, and refuses a query that is too large", async () => {
    const token = (await exchange()).body.access_token;
    const text =
      "{ customers(first: 240) { nodes { id defaultEmailAddress { emailAddress } defaultAddress { zip } } } }";
    const first = await admin(text, {}, token);
    const cost = (first.body.extensions as { cost: { requestedQueryCost: number; actualQueryCost: number } })
      .cost;
    expect(cost.requestedQueryCost).toBe(2 + 240 * 3);
    expect(cost.actualQueryCost).toBeLessThan(cost.requestedQueryCost);
    const answers = await Promise.all(Array.from({ length: 6 }, () => admin(text, {}, token)));
    const throttled = answers.filter((answer) => errorsOf(answer)[0]?.extensions?.code === "THROTTLED");
    expect(throttled.length).toBeGreaterThan(0);
    expect(throttled[0]).toMatchObject({
      status: 200,
      body: { extensions: { cost: { actualQueryCost: null } } },
    });
    const large = await admin(
      "{ customers(first: 250) { nodes { id defaultAddress { zip } lastOrder { id } orders(first: 5) { nodes { id } } } } }",
      {},
      token,
    );
    expect(errorsOf(large)[0]!.extensions!.code).toBe("MAX_COST_EXCEEDED");
    shopify.setFault(demo.domain, { kind: "throttled", times: 2 });
    const codes = [];
    for (let i = 0; i < 3; i++)
      codes.push(errorsOf(await admin("{ shop { name } }", {}, token))[0]?.extensions?.code);
    expect(codes).toEqual(["THROTTLED", "THROTTLED", undefined]);
  });

  test("keeps app-data metafields, with compare-and-set", async () => {
    const token = (await exchange()).body.access_token;
    const read =
      '{ currentAppInstallation { id metafield(namespace: "candor", key: "banner") { value compareDigest } } }';
    type Installation = {
      currentAppInstallation: { id: string; metafield: { value: string; compareDigest: string } | null };
    };
    const ownerId = dataOf<Installation>(await admin(read, {}, token)).currentAppInstallation.id;
    const set = (value: string, compareDigest: string | null) =>
      admin(
        "mutation S($m: [MetafieldsSetInput!]!) { metafieldsSet(metafields: $m) { metafields { namespace key compareDigest } userErrors { field message code } } }",
        { m: [{ ownerId, namespace: "candor", key: "banner", type: "json", value, compareDigest }] },
        token,
      );
    type Set = { metafieldsSet: { userErrors: { code: string }[] } };
    expect(dataOf<Set>(await set("{", null)).metafieldsSet.userErrors[0]!.code).toBe("INVALID_VALUE");
    expect(dataOf<Set>(await set('{"enabled":true}', null)).metafieldsSet.userErrors).toEqual([]);
    expect(dataOf<Set>(await set('{"enabled":false}', null)).metafieldsSet.userErrors[0]!.code).toBe(
      "STALE_OBJECT",
    );
    expect(shopify.readAppMetafield(demo.domain, "candor", "banner")).toEqual({ enabled: true });
    expect(shopify.readAppMetafield(other.domain, "candor", "banner")).toBeNull();
    const { metafield } = dataOf<Installation>(await admin(read, {}, token)).currentAppInstallation;
    expect(
      dataOf<Set>(await set('{"enabled":false}', metafield!.compareDigest)).metafieldsSet.userErrors,
    ).toEqual([]);
    const gone = await admin(
      "mutation D($m: [MetafieldIdentifierInput!]!) { metafieldsDelete(metafields: $m) { deletedMetafields { key } userErrors { message } } }",
      { m: [{ ownerId, namespace: "candor", key: "banner" }] },
      token,
    );
    expect(gone.body.data).toEqual({
      metafieldsDelete: { deletedMetafields: [{ key: "banner" }], userErrors: [] },
    });
    expect(shopify.readAppMetafield(demo.domain, "candor", "banner")).toBeNull();
  });
});

describe("bulk operations", () => {
  const customersText =
    "{ customers { edges { node { id firstName lastName displayName numberOfOrders createdAt defaultEmailAddress { emailAddress validFormat } defaultAddress { countryCodeV2 provinceCode city zip } } } } }";

  test("give the same rows as ordinary pages, and tell the app when they are done", async () => {
    const operation = await runBulk(customersText);
    const lines = await readLines(operation.url!);
    expect(operation).toMatchObject({ status: "COMPLETED", objectCount: "300", rootObjectCount: "300" });
    type Pages = {
      customers: { edges: { node: unknown }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
    };
    const paged: unknown[] = [];
    for (let after: string | null = null, more = true; more;) {
      const body = customersText
        .slice(1, -1)
        .replace("customers", "customers(first: 150, after: $after)")
        .replace("edges", "pageInfo { hasNextPage endCursor } edges");
      const { customers }: Pages = dataOf<Pages>(
        await admin(`query P($after: String) { ${body} }`, { after }),
      );
      paged.push(...customers.edges.map(({ node }) => node));
      after = customers.pageInfo.endCursor;
      more = customers.pageInfo.hasNextPage;
    }
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(paged);
    await expect.poll(() => received.length).toBe(1);
    const [hook] = received;
    expect(JSON.parse(hook!.body)).toMatchObject({
      admin_graphql_api_id: operation.id,
      status: "completed",
      type: "query",
    });
    expect(hook!.hmac).toBe(createHmac("sha256", apiSecret).update(hook!.body).digest("base64"));
  });

  test("children of a nested connection carry __parentId, after their parent, not always next to it", async () => {
    shopify.grantScopes(demo.domain, ["read_all_orders"]);
    const operation = await runBulk(
      "{ customers { edges { node { id orders { edges { node { id name } } } } } } }",
    );
    const rows = (await readLines(operation.url!)).map(
      (line) => JSON.parse(line) as { id: string; name?: string; __parentId?: string },
    );
    const made = [...generate(demo).orders()].filter((order) => order.customer !== null);
    expect(operation).toMatchObject({ objectCount: String(300 + made.length), rootObjectCount: "300" });
    const seen = new Set<string>();
    let apart = 0;
    let parent = "";
    for (const row of rows) {
      if (!row.__parentId) {
        seen.add(row.id);
        parent = row.id;
        expect(row).toEqual({ id: row.id });
      } else {
        expect(seen.has(row.__parentId)).toBe(true);
        if (row.__parentId !== parent) apart++;
      }
    }
    expect(apart).toBeGreaterThan(0);
    const customers = [...generate(demo).customers()];
    expect(rows.flatMap((row) => (row.__parentId ? [`${row.__parentId} ${row.name}`] : [])).sort()).toEqual(
      made.map((order) => `gid://shopify/Customer/${customers[order.customer!]!.id} ${order.name}`).sort(),
    );
  });

  test("an empty result has no file; a window gives exactly its orders; ranges are served", async () => {
    const none = await runBulk(
      "{ orders(query: \"created_at:>'2030-01-01T00:00:00Z'\") { edges { node { id } } } }",
    );
    expect(none).toMatchObject({ status: "COMPLETED", url: null, objectCount: "0" });
    const some = await runBulk(
      "{ orders(query: \"created_at:>='2026-11-01T00:00:00+01:00' created_at:<'2026-11-08T00:00:00+01:00'\", sortKey: CREATED_AT) { edges { node { id name email createdAt customer { id } shippingAddress { countryCodeV2 } } } } }",
    );
    const lines = await readLines(some.url!);
    const made = [...generate(demo).orders()].filter(
      ({ createdAt }) => createdAt >= "2026-10-31T23:00:00.000Z" && createdAt < "2026-11-07T23:00:00.000Z",
    );
    expect(lines.map((line) => (JSON.parse(line) as { name: string }).name)).toEqual(
      made.map(({ name }) => name),
    );
    const part = await fetch(some.url!, { headers: { range: "bytes=10-19" } });
    expect([part.status, part.headers.get("content-range"), await part.text()]).toEqual([
      206,
      `bytes 10-19/${some.fileSize}`,
      lines[0]!.slice(10, 20),
    ]);
    expect((await fetch(some.url!, { headers: { "x-shopify-access-token": "shpat_x" } })).status).toBe(400);
    clock += 8 * 86_400_000;
    expect((await fetch(some.url!)).status).toBe(403);
  });

  test.each([
    ["{ shop { name } }", /at least one connection/],
    ["{ customers { edges { node { nope } } } }", /Cannot query field/],
    ['{ node(id: "gid://shopify/Order/1") { id } }', /top-level field "node"/],
    ["{ customers { nodes { id } } }", /edges/],
    ["not a query", /Syntax Error/],
  ])("refuses %s", async (query, message) => {
    const { bulkOperationRunQuery } = dataOf<{
      bulkOperationRunQuery: { bulkOperation: null; userErrors: { message: string; code: string }[] };
    }>(await admin(runText, { query }));
    expect(bulkOperationRunQuery.bulkOperation).toBeNull();
    expect(bulkOperationRunQuery.userErrors[0]).toMatchObject({
      code: "INVALID",
      message: expect.stringMatching(message),
    });
  });

  test("bulk rules count connections", () => {
    const six = Array.from({ length: 6 }, (_, i) => `c${i}: customers { edges { node { id } } }`).join(" ");
    expect(checkBulkRules(loadAdminSchema(), parse(`{ ${six} }`)).join()).toMatch(/more than 5/);
  });

  test("five at once, the sixth is refused; one can be cancelled", async () => {
    await shopify.close();
    shopify = createDemoShopify({
      apiKey,
      apiSecret,
      appUrl: "",
      appOrigin,
      shops: [demo],
      scopes: ["read_customers"],
      wireOrigin: origin,
      bulkRate: 100,
    });
    const token = (await exchange()).body.access_token;
    const started = [];
    for (let i = 0; i < 6; i++)
      started.push(
        dataOf<{
          bulkOperationRunQuery: { bulkOperation: Operation | null; userErrors: { code: string }[] };
        }>(await admin(runText, { query: customersText }, token)).bulkOperationRunQuery,
      );
    expect(started.map(({ userErrors }) => userErrors[0]?.code)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      "LIMIT_REACHED",
    ]);
    const { id } = started[0]!.bulkOperation!;
    await admin(
      "mutation C($id: ID!) { bulkOperationCancel(id: $id) { bulkOperation { status } userErrors { message } } }",
      { id },
      token,
    );
    await expect
      .poll(
        async () =>
          dataOf<{ bulkOperation: Operation }>(await admin(readText, { id }, token)).bulkOperation.status,
      )
      .toBe("CANCELED");
    await expect
      .poll(() => received.map(({ body }) => (JSON.parse(body) as { status: string }).status))
      .toEqual(["canceled"]);
  });

  test("orders with customers fail without read_customers, at the first customer", async () => {
    shopify.revokeScopes(demo.domain, ["read_customers"]);
    const operation = await runBulk("{ orders { edges { node { id customer { id } } } } }");
    expect(operation).toMatchObject({ status: "FAILED", errorCode: "ACCESS_DENIED", url: null });
    expect(await runBulk("{ orders { edges { node { id email } } } }")).toMatchObject({
      status: "COMPLETED",
    });
  });

  test("faults", async () => {
    const strike = async (fault: Parameters<DemoShopify["setFault"]>[1]) => {
      const set = await post("/__faults", { shop: demo.domain, fault });
      expect(set.status).toBe(200);
      return runBulk(customersText);
    };
    const cut = await strike({ kind: "truncated", times: 1 });
    const response = await fetch(cut.url!);
    expect(response.headers.get("content-length")).toBe(cut.fileSize);
    await expect(response.text()).rejects.toThrow();
    expect((await readLines(cut.url!)).length).toBe(300);

    const short = await strike({ kind: "truncated-clean", times: 1 });
    expect([short.objectCount, (await readLines(short.url!)).length]).toEqual(["300", 295]);
    expect((await (await fetch(short.url!)).arrayBuffer()).byteLength).toBe(Number(short.fileSize));

    const mismatch = await strike({ kind: "mismatch", times: 1 });
    expect([mismatch.objectCount, (await readLines(mismatch.url!)).length]).toEqual(["303", 300]);

    const bad = await strike({ kind: "bad-line", times: 1 });
    const lines = await readLines(bad.url!);
    const isBroken = (line: string) => {
      try {
        JSON.parse(line);
        return false;
      } catch {
        return true;
      }
    };
    expect([lines.length, lines.filter(isBroken).length]).toEqual([300, 1]);

    const failed = await strike({ kind: "failed-partial", times: 1 });
    expect(failed).toMatchObject({ status: "FAILED", errorCode: "INTERNAL_SERVER_ERROR", url: null });
    expect((await readLines(failed.partialDataUrl!)).length).toBe(150);

    expect(await strike({ kind: "expired", times: 1 })).toMatchObject({ status: "EXPIRED", url: null });
    expect(await strike({ kind: "canceled", times: 1 })).toMatchObject({ status: "CANCELED", url: null });
    expect(await strike({ kind: "access-denied", times: 1 })).toMatchObject({
      status: "FAILED",
      errorCode: "ACCESS_DENIED",
    });
    await expect.poll(() => received.length).toBe(7);
    expect(await strike({ kind: "late-webhook", times: 1, seconds: 0.2 })).toMatchObject({
      status: "COMPLETED",
    });
    expect(received.length).toBe(7);
    await expect.poll(() => received.length).toBe(8);
    expect(await strike({ kind: "no-webhook", times: 1 })).toMatchObject({ status: "COMPLETED" });
    await sleep(50);
    expect(received.length).toBe(8);
    shopify.setFault(demo.domain, { kind: "refresh-refused", times: 1 });
    const { refresh_token } = (await exchange()).body;
    expect([(await refresh(refresh_token)).status, (await refresh(refresh_token)).status]).toEqual([
      400, 200,
    ]);
  });

  test("a temp folder swept away costs the old file, not the next operation", async () => {
    const before = await runBulk(customersText);
    const swept = readdirSync(tmpdir()).filter((name) => name.startsWith(`demo-store-bulk-${process.pid}-`));
    for (const name of swept) rmSync(join(tmpdir(), name), { recursive: true });
    expect(swept.length).toBeGreaterThan(0);
    expect((await fetch(before.url!)).status).toBe(404);
    expect((await readLines((await runBulk(customersText)).url!)).length).toBe(300);
  });

  test("files written for benches hold the same lines", async () => {
    const operation = await runBulk(customersText);
    const files = writeBulkFiles(demo, folder, { customers: customersText });
    expect(readFileSync(files.customers!.path, "utf8")).toBe(await (await fetch(operation.url!)).text());
    expect(files.customers).toMatchObject({
      objectCount: 300,
      rootObjectCount: 300,
      bytes: Number(operation.fileSize),
    });
  });
});

describe("webhooks and the app proxy", () => {
  test("go to the app's own paths, signed, and come again with the same id when they were not taken", async () => {
    hookStatus = 500;
    expect(
      await shopify.sendWebhook(demo.domain, "customers/redact", { shop_id: 1 }, { webhookId: "w-1" }),
    ).toEqual({ status: 500 });
    hookStatus = 200;
    await expect.poll(() => received.length, { timeout: 3000 }).toBe(2);
    expect(received.map(({ id }) => id)).toEqual(["w-1", "w-1"]);
    await shopify.sendWebhook(demo.domain, "customers/redact", {}, { badHmac: true });
    expect(received[2]!.hmac).not.toBe(
      createHmac("sha256", apiSecret).update(received[2]!.body).digest("base64"),
    );
  });

  test("subscriptions are read from shopify.app.toml", () => {
    const toml =
      '[webhooks]\napi_version = "2026-10"\n[[webhooks.subscriptions]]\ntopics = ["a/b", "c/d"]\nuri = "/x"\n[[webhooks.subscriptions]]\ncompliance_topics = ["shop/redact"]\nuri = "/y"\n[app_proxy]\nuri = "/z"\n';
    expect(readSubscriptions(toml)).toEqual({ "a/b": "/x", "c/d": "/x", "shop/redact": "/y" });
  });

  test("proxy queries are signed as Shopify documents it", () => {
    const params = {
      shop: demo.domain,
      path_prefix: "/apps/candor",
      logged_in_customer_id: "42",
      timestamp: "1790000000",
    };
    const text =
      "logged_in_customer_id=42path_prefix=/apps/candorshop=candor-demo.myshopify.comtimestamp=1790000000";
    expect(shopify.signProxyQuery(params).signature).toBe(
      createHmac("sha256", apiSecret).update(text).digest("hex"),
    );
  });

  test("an admin page can list and find customers", async () => {
    const all = await shopify.customers(demo.domain, { first: 2 });
    expect([all.total, all.customers.length, all.hasNextPage]).toEqual([300, 2, true]);
    const [someone] = all.customers;
    expect(
      (await shopify.customers(demo.domain, { query: someone!.email ?? someone!.displayName })).customers,
    ).toContainEqual(someone);
    expect(shopify.customer(demo.domain, someone!.id)).toEqual(someone);
    expect(shopify.customer(other.domain, someone!.id)).toBeNull();
    const truth = (await (await fetch(`${origin}/__truth?shop=${demo.domain}`)).json()) as Json;
    expect(truth).toMatchObject({ customers: 300, orders: 700, ordersInWindow: 700 });
  });
});
