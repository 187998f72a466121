/** Puts a `Caller` together from its parts: the database's walls, the shop's keys, and the ports. */
import type {
  Actor,
  Caller,
  Context,
  Log,
  MailTransport,
  Shop,
  ShopKeys,
  StoreRecords,
  Storefront,
  Wake,
} from "./breach/ports.ts";
import type { Database } from "./db.server.ts";

export type CallerParts = {
  database: Database;
  shop: Shop;
  keys: ShopKeys;
  actor: Actor;
  records: StoreRecords;
  storefront: Storefront;
  mail: MailTransport;
  log: Log;
  now(): Date;
  isEnding?(): boolean;
  /** Told after each commit. */
  wakes(shopId: string, wakes: Wake[]): Promise<void>;
};

export function createCaller(parts: CallerParts): Caller {
  const { database: db, wakes, ...common } = parts;
  return {
    ...common,
    async transact(work) {
      const asked: Wake[] = [];
      const result = await db.transact(parts.shop.id, (tx) => {
        const ctx: Context = { ...common, db: tx, wake: (wake) => asked.push(wake) };
        return work(ctx);
      });
      if (asked.length > 0) await wakes(parts.shop.id, asked);
      return result;
    },
    bulk: (work) => db.bulk(parts.shop.id, work),
    showPresence: (token) => db.showPresence(token),
    isEnding: parts.isEnding ?? (() => false),
  };
}
