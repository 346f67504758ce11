import { createHash } from 'node:crypto';

/** A stream of repeatable chance. */
export type Random = {
  /** A number from 0 (inclusive) to 1 (exclusive). */
  next(): number;
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  /** One of the items; throws on an empty list. */
  pick<T>(items: readonly T[]): T;
  /** True with the given probability. */
  chance(probability: number): boolean;
};

/** A generator of its own for each label, so that adding one kind of event never changes another. */
export function createRandom(seed: number, label: string): Random {
  let state = Number.parseInt(stableHex(`${seed}|${label}`, 8), 16);
  // mulberry32
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    next,
    between: (low, high) => low + Math.floor(next() * (high - low + 1)),
    pick: (items) => {
      const item = items[Math.floor(next() * items.length)];
      if (item === undefined) throw new RangeError('cannot pick from an empty list');
      return item;
    },
    chance: (probability) => next() < probability,
  };
}

/** Hex digits that belong to a label for ever, whatever the seed: the same thing has the same id in every log. */
export function stableHex(label: string, digits: number): string {
  return createHash('sha256').update(label).digest('hex').slice(0, digits);
}

/** A UUID (version 4 in form) that belongs to a label. */
export function stableUuid(label: string): string {
  const hex = stableHex(label, 32);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** A whole number from 0 to `size - 1` that belongs to a label. */
export function stableIndex(label: string, size: number): number {
  return Number.parseInt(stableHex(label, 8), 16) % size;
}
