import { priceCart, Refused, type Problem } from './api.ts';
import { cartLine, lineKey, type CartItem } from './cart.ts';
import type { Say } from './markup.ts';

/** What the server says about a cart, by line. */
export interface PricedCart {
  readonly lines: ReadonlyMap<string, { readonly unitCents: number; readonly totalCents: number }>;
  /** Why a line cannot be bought as it is. */
  readonly problems: ReadonlyMap<string, string>;
  /** Of the lines that can be bought. */
  readonly totalCents: number;
}

/**
 * Prices the lines that can be bought, and says what is wrong with the others: the server refuses a cart for its first bad line, so that
 * line is set aside and the rest asked for again.
 */
export async function priceLines(
  items: readonly CartItem[],
  say: Say,
  signal: AbortSignal,
): Promise<PricedCart> {
  const problems = new Map<string, string>();
  for (;;) {
    const sound = items.filter((item) => !problems.has(lineKey(item)));
    if (sound.length === 0) return { lines: new Map(), problems, totalCents: 0 };
    try {
      const { items: priced, totals } = await priceCart({ items: sound.map(cartLine) }, signal);
      const lines = sound.map((item, at) => {
        const { unit_cents: unitCents = 0, total_cents: totalCents = 0 } = priced[at] ?? {};
        return [lineKey(item), { unitCents, totalCents }] as const;
      });
      return { lines: new Map(lines), problems, totalCents: totals.items_cents };
    } catch (error) {
      const bad = error instanceof Refused ? sound[lineOf(error.problem) ?? -1] : undefined;
      if (!bad || !(error instanceof Refused)) throw error;
      problems.set(lineKey(bad), lineProblem(error.problem, say));
    }
  }
}

/** The position of the line that a refusal is about: its fields begin with `items.2`. */
export function lineOf({ errors = {} }: Problem): number | null {
  const at = Object.keys(errors)
    .map((field) => /^items\.(\d+)/.exec(field)?.[1])
    .find((found) => found !== undefined);
  return at === undefined ? null : Number(at);
}

export function lineProblem({ code, available, errors = {}, detail }: Problem, say: Say): string {
  if (code === 'ITEM_NOT_FOUND') return say('not_sold');
  if (code === 'OUT_OF_STOCK') return available ? say('only_left', { count: available }) : say('sold_out');
  if (Object.keys(errors).some((field) => field.includes('customizations'))) return say('choices_changed');
  return say('invalid', { detail });
}
