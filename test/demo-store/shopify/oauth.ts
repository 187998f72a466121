/** Id tokens, token exchange and refresh, as the admin and `/admin/oauth/access_token` do them. */
import { createHmac, randomBytes, randomUUID, timingSafeEqual } from "node:crypto";
import type { Faults } from "./faults.ts";
import type { Staff } from "./options.ts";
import type { Store } from "./store.ts";

type Keys = { apiKey: string; apiSecret: string };
export type Answer = { status: number; body: unknown };

const exchangeGrant = "urn:ietf:params:oauth:grant-type:token-exchange";
const onlineKind = "urn:shopify:params:oauth:token-type:online-access-token";
const offlineKind = "urn:shopify:params:oauth:token-type:offline-access-token";
const lifetimes = { offline: 3600, online: 86_399, refresh: 7_776_000, idToken: 60 };

const sign = (secret: string, text: string) => createHmac("sha256", secret).update(text).digest();
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

export function writeIdToken(keys: Keys, shop: string, userId: string, now: Date): string {
  const seconds = Math.floor(now.getTime() / 1000);
  const text = `${encode({ alg: "HS256", typ: "JWT" })}.${encode({
    iss: `https://${shop}/admin`,
    dest: `https://${shop}`,
    aud: keys.apiKey,
    sub: userId,
    exp: seconds + lifetimes.idToken,
    nbf: seconds,
    iat: seconds,
    jti: randomUUID(),
    sid: randomUUID(),
  })}`;
  return `${text}.${sign(keys.apiSecret, text).toString("base64url")}`;
}

function readIdToken(keys: Keys, shop: string, token: string, now: Date): { sub: string } | null {
  const [head, body, signature] = token.split(".");
  if (!head || !body || !signature) return null;
  const expected = sign(keys.apiSecret, `${head}.${body}`);
  const given = Buffer.from(signature, "base64url");
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  try {
    const claims = JSON.parse(Buffer.from(body, "base64url").toString("utf8")) as Record<string, unknown>;
    const seconds = now.getTime() / 1000;
    const fits =
      claims.aud === keys.apiKey &&
      claims.dest === `https://${shop}` &&
      Number(claims.exp) + 10 >= seconds &&
      Number(claims.nbf) - 10 <= seconds;
    return fits ? { sub: String(claims.sub) } : null;
  } catch {
    return null;
  }
}

export type TokenDesk = {
  /** POST /admin/oauth/access_token */
  answer(store: Store, body: Record<string, unknown>): Answer;
  /** Null for tokens that are unknown or expired. Using one retires the refresh token it replaced. */
  use(store: Store, token: string): { userId: string | null } | null;
};

export function createTokenDesk(keys: Keys, faults: Faults, staff: (shop: string) => Staff[]): TokenDesk {
  const refuse = (error: string, description?: string): Answer => ({
    status: 400,
    body: { error, ...(description ? { error_description: description } : {}) },
  });

  function issue(store: Store, replaces: string | null): Record<string, unknown> {
    const { state } = store;
    const now = store.now().getTime();
    const access = `shpat_${randomBytes(16).toString("hex")}`;
    const refresh = `shprt_${randomBytes(16).toString("hex")}`;
    state.access[access] = { refresh, userId: null, expires: now + lifetimes.offline * 1000 };
    state.refresh[refresh] = { expires: now + lifetimes.refresh * 1000, replaces };
    return {
      access_token: access,
      scope: state.scopes.join(","),
      expires_in: lifetimes.offline,
      refresh_token: refresh,
      refresh_token_expires_in: lifetimes.refresh,
    };
  }

  /** The older refresh token may be retried until its replacement is used. */
  function retire(store: Store, refresh: string | null): void {
    const current = refresh === null ? undefined : store.state.refresh[refresh];
    if (!current?.replaces) return;
    delete store.state.refresh[current.replaces];
    current.replaces = null;
    store.save();
  }

  function forgetExpired(store: Store): void {
    const now = store.now().getTime();
    for (const tokens of [store.state.access, store.state.refresh]) {
      for (const [token, { expires }] of Object.entries(tokens)) if (expires < now) delete tokens[token];
    }
  }

  function exchange(store: Store, body: Record<string, unknown>): Answer {
    const { shop } = store;
    const claims = readIdToken(keys, shop.domain, String(body.subject_token ?? ""), store.now());
    if (body.subject_token_type !== "urn:ietf:params:oauth:token-type:id_token" || !claims)
      return refuse("invalid_subject_token");
    const person = staff(shop.domain).find(({ id }) => id === claims.sub);
    if (!person) return refuse("invalid_subject_token");
    if (body.requested_token_type === offlineKind) {
      // Public apps of after 2026-04-01 get no other kind.
      if (String(body.expiring) !== "1")
        return refuse("invalid_request", "Offline access tokens must be expiring.");
      return { status: 200, body: issue(store, null) };
    }
    if (body.requested_token_type !== onlineKind)
      return refuse("invalid_request", "Unknown requested_token_type.");
    const access = `shpua_${randomBytes(16).toString("hex")}`;
    store.state.access[access] = {
      refresh: null,
      userId: person.id,
      expires: store.now().getTime() + lifetimes.online * 1000,
    };
    const scope = store.state.scopes.join(",");
    return {
      status: 200,
      body: {
        access_token: access,
        scope,
        expires_in: lifetimes.online,
        associated_user_scope: scope,
        associated_user: {
          id: Number(person.id),
          first_name: person.firstName,
          last_name: person.lastName,
          email: person.email,
          account_owner: person.accountOwner,
          locale: person.locale,
          collaborator: false,
          email_verified: true,
        },
      },
    };
  }

  return {
    answer(store, body) {
      if (body.client_id !== keys.apiKey || body.client_secret !== keys.apiSecret)
        return refuse("invalid_client");
      if (!store.state.installed)
        return refuse("app_not_installed", "The app is not installed on this shop.");
      forgetExpired(store);
      let answer: Answer;
      if (body.grant_type === exchangeGrant) answer = exchange(store, body);
      else if (body.grant_type === "refresh_token") {
        const old = String(body.refresh_token ?? "");
        const known = store.state.refresh[old];
        if (!known || faults.strike(store.shop.domain, "refresh-refused")) {
          return refuse("invalid_grant", "The refresh token is invalid or has been revoked.");
        }
        retire(store, old);
        answer = { status: 200, body: issue(store, old) };
      } else answer = refuse("unsupported_grant_type");
      store.save();
      return answer;
    },
    use(store, token) {
      const access = Object.hasOwn(store.state.access, token) ? store.state.access[token] : undefined;
      if (!store.state.installed || !access || access.expires <= store.now().getTime()) return null;
      retire(store, access.refresh);
      return { userId: access.userId };
    },
  };
}
