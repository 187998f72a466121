/** What the demo store remembers about an installed app, kept in one JSON file across restarts. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

export type StoredMetafield = {
  id: number;
  namespace: string;
  key: string;
  type: string;
  value: string;
  createdAt: string;
  updatedAt: string;
};

export type StoredAccess = { refresh: string | null; userId: string | null; expires: number };
export type StoredRefresh = {
  expires: number;
  /** The older token this one replaces; it dies when this one is used. */ replaces: string | null;
};

export type ShopState = {
  installed: boolean;
  installationId: number;
  anchor: string;
  scopes: string[];
  metafields: StoredMetafield[];
  access: Record<string, StoredAccess>;
  refresh: Record<string, StoredRefresh>;
  nextId: number;
};

export type StateFile = {
  read(shop: string, initial: () => ShopState): ShopState;
  save(): void;
};

export function openState(path: string | undefined): StateFile {
  let shops: Record<string, ShopState> = {};
  if (path) {
    try {
      shops = JSON.parse(readFileSync(path, "utf8")) as Record<string, ShopState>;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
  return {
    read(shop, initial) {
      shops[shop] ??= initial();
      return shops[shop];
    },
    save() {
      if (!path) return;
      mkdirSync(dirname(path), { recursive: true });
      // Tokens are inside: readable by the owner only. Renamed, so that a kill leaves the old file or the new one.
      writeFileSync(`${path}.new`, JSON.stringify(shops), { mode: 0o600 });
      renameSync(`${path}.new`, path);
    },
  };
}
