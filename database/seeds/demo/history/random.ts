/** Chance that repeats itself: the same seed gives the same history, so a demo looks the same on every machine. */
export interface Random {
  /** From 0 up to, and without, 1. */
  next(): number;
  between(least: number, most: number): number;
  chance(probability: number): boolean;
  /** Throws for an empty list. */
  pick<Item>(items: readonly Item[], weightOf?: (item: Item) => number): Item;
}

/** Mulberry32, seeded with the FNV-1a hash of a text. */
export function seededRandom(seed: string): Random {
  let state = hashOf(seed);
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    between: (least, most) => least + next() * (most - least),
    chance: (probability) => next() < probability,
    pick: (items, weightOf = () => 1) => pick(items, weightOf, next()),
  };
}

function pick<Item>(items: readonly Item[], weightOf: (item: Item) => number, chance: number): Item {
  let left = chance * items.reduce((sum, item) => sum + weightOf(item), 0);
  const found = items.find((item) => (left -= weightOf(item)) < 0) ?? items.at(-1);
  if (found === undefined) throw new RangeError('pick: expected items, received none');
  return found;
}

function hashOf(text: string): number {
  let hash = 2_166_136_261;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16_777_619);
  return hash >>> 0;
}
