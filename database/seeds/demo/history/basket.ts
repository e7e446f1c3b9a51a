import type { DemoGroup, DemoProduct, DemoStore } from '../shop.ts';
import type { PlannedLine } from './plan-history.ts';
import type { Random } from './random.ts';
import type { Rhythm } from './rhythm.ts';

interface Wish {
  readonly rhythm: Rhythm;
  readonly shipped: boolean;
}

/** How much less often each product is bought than the one before it in the shop's list. */
const POPULARITY_FALL = 0.94;
const EXTRAS_SHARE = 0.25;
const QUANTITIES = [1, 2, 3];
const QUANTITY_WEIGHTS: Readonly<Record<number, number>> = { 1: 85, 2: 12, 3: 3 };

/** What somebody puts into the cart: a few different products, chosen as the shop's rules want it. */
export function basketOf(store: DemoStore, wish: Wish, random: Random): PlannedLine[] {
  const offered = store.products.filter((product) => !wish.shipped || product.shippable);
  const sizes = wish.rhythm.lines.map((_, at) => at + 1);
  const size = random.pick(sizes, (count) => wish.rhythm.lines[count - 1] ?? 0);
  const products = new Set<DemoProduct>();
  while (products.size < Math.min(size, offered.length)) {
    products.add(random.pick(offered, (product) => POPULARITY_FALL ** offered.indexOf(product)));
  }
  return [...products].map((product) => lineOf(product, random));
}

function lineOf(product: DemoProduct, random: Random): PlannedLine {
  return {
    product,
    variant: random.pick(product.variants),
    quantity: random.pick(QUANTITIES, (quantity) => QUANTITY_WEIGHTS[quantity] ?? 0),
    choices: product.groups.flatMap((group) => choicesOf(group, random)),
  };
}

function choicesOf(group: DemoGroup, random: Random): PlannedLine['choices'][number][] {
  const pieces = group.minSelect > 0 ? group.minSelect : Number(random.chance(EXTRAS_SHARE));
  const chosen = new Map<string, number>();
  for (let piece = 0; piece < pieces; piece++) {
    const free = group.choices.filter(({ name, maxQuantity }) => (chosen.get(name) ?? 0) < maxQuantity);
    const { name } = random.pick(free, (choice) => (choice === group.choices[0] ? group.choices.length : 1));
    chosen.set(name, (chosen.get(name) ?? 0) + 1);
  }
  return [...chosen].map(([name, quantity]) => ({ group: group.name, name, quantity }));
}
