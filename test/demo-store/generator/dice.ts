/** Numbers that look random and are not: each depends only on (seed, stream, index), so any record can be made on its own. */

export type Dice = {
  /** A float in [0, 1). */
  unit(): number;
  /** An integer in [0, n). */
  below(n: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
};

export function hash(seed: number, stream: number, index: number): number {
  let h = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(stream + 0x165667b1, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 15) ^ (index >>> 0), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12) ^ Math.floor(index / 4294967296), 0x297a2d39);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  return (h ^ (h >>> 16)) >>> 0;
}

export function hashText(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

/** mulberry32, started from the record's own hash. */
export function rollDice(seed: number, stream: number, index: number): Dice {
  let state = hash(seed, stream, index);
  function unit(): number {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }
  return {
    unit,
    below: (n) => Math.floor(unit() * n),
    chance: (probability) => unit() < probability,
    pick: (list) => list[Math.floor(unit() * list.length)]!,
  };
}

export type Permutation = { forward(i: number): number; backward(i: number): number };

/** A shuffle of 0…size-1 that needs no memory: a four-round Feistel network, walked until it lands inside. */
export function createPermutation(size: number, seed: number, stream: number): Permutation {
  let half = 1;
  while (2 ** (2 * half) < size) half++;
  const mask = 2 ** half - 1;
  const keys = [0, 1, 2, 3].map((round) => hash(seed, stream, round));

  function scramble(value: number, key: number): number {
    let h = Math.imul(value ^ key, 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return (h ^ (h >>> 16)) & mask;
  }
  function walk(start: number, order: readonly number[], back: boolean): number {
    let value = start;
    do {
      let left = Math.floor(value / (mask + 1));
      let right = value & mask;
      for (const round of order) {
        if (back) [left, right] = [right ^ scramble(left, keys[round]!), left];
        else [left, right] = [right, left ^ scramble(right, keys[round]!)];
      }
      value = left * (mask + 1) + right;
    } while (value >= size);
    return value;
  }
  return {
    forward: (i) => walk(i, [0, 1, 2, 3], false),
    backward: (i) => walk(i, [3, 2, 1, 0], true),
  };
}
