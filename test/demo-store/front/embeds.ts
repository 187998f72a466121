import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** What the merchant has set for an app embed in the theme editor. */
export type EmbedState = { active: boolean; settings: Record<string, unknown> };

export type Embeds = {
  read(shop: string, block: string): EmbedState;
  write(shop: string, block: string, state: EmbedState): void;
};

/** The theme's settings file, in effect. Embeds start switched on here, so that the demo needs no step in the theme editor. */
export function createEmbeds(path: string | null): Embeds {
  const states = new Map<string, EmbedState>();
  if (path !== null) {
    try {
      for (const [key, state] of Object.entries(JSON.parse(readFileSync(path, "utf8")) as object)) {
        states.set(key, state as EmbedState);
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
  return {
    read: (shop, block) => states.get(`${shop}/${block}`) ?? { active: true, settings: {} },
    write(shop, block, state) {
      states.set(`${shop}/${block}`, state);
      if (path === null) return;
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(`${path}.new`, JSON.stringify(Object.fromEntries(states), null, 2));
      renameSync(`${path}.new`, path);
    },
  };
}
