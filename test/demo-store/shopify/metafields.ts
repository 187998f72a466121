/** App-data metafields: owned by the app installation, seen by the app and by its own Liquid. */
import { createHash } from "node:crypto";
import { GraphQLError } from "graphql";
import type { StoredMetafield } from "./state.ts";
import { installationGid, type Store, takeId } from "./store.ts";

type SetInput = {
  ownerId: string;
  namespace?: string | null;
  key: string;
  type?: string | null;
  value: string;
  compareDigest?: string | null;
};
type UserError = { field: string[]; message: string; code: string | null; elementIndex: number | null };

export function digestOf(value: string): string {
  return createHash("sha256").update(value).digest("hex");
}

export function findMetafield(store: Store, namespace: unknown, key: unknown): StoredMetafield | null {
  const place = typeof namespace === "string" ? namespace : "$app";
  return store.state.metafields.find((field) => field.namespace === place && field.key === key) ?? null;
}

function needOwnInstallation(store: Store, ownerId: string, act: string): void {
  if (ownerId !== installationGid(store))
    throw new GraphQLError(`demo store does not resolve ${act} for ${ownerId}`);
}

/** All or nothing, as the real mutation. */
export function setMetafields(
  store: Store,
  raw: unknown,
): { metafields: StoredMetafield[] | null; userErrors: UserError[] } {
  const inputs = raw as SetInput[];
  const userErrors: UserError[] = [];
  const refuse = (index: number, field: string, message: string, code: string) => {
    userErrors.push({ field: ["metafields", String(index), field], message, code, elementIndex: index });
  };
  if (inputs.length > 25) {
    const message = "Exceeded the maximum metafields input limit of 25.";
    return {
      metafields: null,
      userErrors: [{ field: ["metafields"], message, code: "LESS_THAN_OR_EQUAL_TO", elementIndex: null }],
    };
  }
  inputs.forEach((input, index) => {
    needOwnInstallation(store, input.ownerId, "metafieldsSet");
    const existing = findMetafield(store, input.namespace, input.key);
    const type = input.type ?? existing?.type;
    if (!type) refuse(index, "type", "Type can't be blank", "BLANK");
    if (type && !["json", "single_line_text_field", "boolean"].includes(type)) {
      throw new GraphQLError(`demo store does not resolve metafields of type ${type}`);
    }
    if (existing && input.type && input.type !== existing.type)
      refuse(index, "type", "Type can't be changed", "INVALID_TYPE");
    if (input.value === "") refuse(index, "value", "Value can't be blank.", "BLANK");
    else if (type === "json" && !isJson(input.value))
      refuse(index, "value", "Value is invalid JSON.", "INVALID_VALUE");
    if (input.key.length < 2 || input.key.length > 64 || !/^[\w-]+$/.test(input.key))
      refuse(index, "key", "Key is invalid", "INVALID");
    const digest = existing ? digestOf(existing.value) : null;
    if (input.compareDigest !== undefined && input.compareDigest !== digest) {
      refuse(
        index,
        "compareDigest",
        "The resource has been updated since it was loaded. Try again with an updated `compareDigest` value.",
        "STALE_OBJECT",
      );
    }
  });
  if (userErrors.length > 0) return { metafields: null, userErrors };

  const now = store
    .now()
    .toISOString()
    .replace(/\.\d+Z$/, "Z");
  const metafields = inputs.map((input) => {
    const existing = findMetafield(store, input.namespace, input.key);
    if (existing) return Object.assign(existing, { value: input.value, updatedAt: now });
    const created: StoredMetafield = {
      id: 30_000_000_000 + takeId(store),
      namespace: input.namespace ?? "$app",
      key: input.key,
      type: input.type!,
      value: input.value,
      createdAt: now,
      updatedAt: now,
    };
    store.state.metafields.push(created);
    return created;
  });
  store.save();
  return { metafields, userErrors: [] };
}

export function deleteMetafields(
  store: Store,
  raw: unknown,
): { deletedMetafields: unknown[]; userErrors: UserError[] } {
  const inputs = raw as { ownerId: string; namespace: string; key: string }[];
  const deletedMetafields = inputs.map(({ ownerId, namespace, key }) => {
    needOwnInstallation(store, ownerId, "metafieldsDelete");
    const existing = findMetafield(store, namespace, key);
    if (!existing) return null;
    store.state.metafields.splice(store.state.metafields.indexOf(existing), 1);
    return { ownerId, namespace, key };
  });
  store.save();
  return { deletedMetafields, userErrors: [] };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
