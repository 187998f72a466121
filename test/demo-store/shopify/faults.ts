/** Ways in which the demo store misbehaves on request. */

export const faultKinds = [
  /** The file's connection dies mid-line although Content-Length promised all of it. */
  "truncated",
  /** The file ends early on a line's end, and its length agrees with that; only the count tells. */
  "truncated-clean",
  /** The file is whole, `objectCount` says three more. */
  "mismatch",
  /** One line in the middle is not JSON. */
  "bad-line",
  /** FAILED half way, with `partialDataUrl`. */
  "failed-partial",
  /** EXPIRED instead of COMPLETED; a file already finished answers 403. */
  "expired",
  /** CANCELED half way, although nobody asked. */
  "canceled",
  /** bulk_operations/finish comes late (`seconds`, default 30). */
  "late-webhook",
  "no-webhook",
  /** Admin API answers THROTTLED (default 3 times). */
  "throttled",
  "refresh-refused",
  /** Customers and orders answer ACCESS_DENIED; bulk operations fail with it. */
  "access-denied",
  /** Every answer of the Admin API comes after `seconds` (default 3), bulk operations run at a tenth of their speed. */
  "slow",
] as const;

export type FaultKind = (typeof faultKinds)[number];

/** `times`: how often it strikes before it clears itself; default until cleared, except `throttled`. */
export type Fault = FaultKind | { kind: FaultKind; times?: number; seconds?: number };

export type Faults = {
  set(shop: string, fault: Fault | null): void;
  /** True, and used up once, when the shop has this fault. */
  strike(shop: string, kind: FaultKind): boolean;
  /** The fault that a finishing bulk operation meets, used up once. */
  strikeAny(shop: string, kinds: readonly FaultKind[]): FaultKind | null;
  has(shop: string, kind: FaultKind): boolean;
  seconds(shop: string, fallback: number): number;
  current(shop: string): FaultKind | null;
};

export function isFault(value: unknown): value is Fault {
  const kind = typeof value === "object" && value !== null && "kind" in value ? value.kind : value;
  return faultKinds.some((known) => known === kind);
}

export function createFaults(): Faults {
  const active = new Map<string, { kind: FaultKind; left: number; seconds: number | undefined }>();

  function strikeAny(shop: string, kinds: readonly FaultKind[]): FaultKind | null {
    const fault = active.get(shop);
    if (!fault || !kinds.includes(fault.kind)) return null;
    fault.left -= 1;
    if (fault.left <= 0) active.delete(shop);
    return fault.kind;
  }
  return {
    set(shop, fault) {
      if (fault === null) {
        active.delete(shop);
        return;
      }
      const full = typeof fault === "string" ? { kind: fault } : fault;
      const usual = full.kind === "throttled" ? 3 : Infinity;
      active.set(shop, { kind: full.kind, left: full.times ?? usual, seconds: full.seconds });
    },
    strikeAny,
    strike: (shop, kind) => strikeAny(shop, [kind]) !== null,
    has: (shop, kind) => active.get(shop)?.kind === kind,
    seconds: (shop, fallback) => active.get(shop)?.seconds ?? fallback,
    current: (shop) => active.get(shop)?.kind ?? null,
  };
}
