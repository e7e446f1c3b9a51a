import type { Product } from '#app/catalog/product-view.ts';

/** A product as its page carries it: all but the description. */
export type Offer = Omit<Product, 'description'>;
export type Variant = Offer['variants'][number];
export type Group = Offer['customization_groups'][number];

export interface Chosen {
  readonly choice_id: string;
  readonly quantity: number;
}

/** Values of an option that can still be bought with what is chosen of the options before it. */
export function valuesLeft({ variants }: Offer, chosen: readonly string[], option: number): Set<string> {
  const fitting = variants.filter(
    ({ available, option_values }) =>
      available && chosen.slice(0, option).every((value, at) => option_values[at] === value),
  );
  return new Set(fitting.map(({ option_values }) => option_values[option] ?? ''));
}

/** The choice of options, with each value that is not to be had replaced by the first that is. Later options follow earlier ones. */
export function settleOptions(offer: Offer, wanted: readonly string[]): string[] {
  const settled: string[] = [];
  for (const [at, option] of offer.options.entries()) {
    const left = valuesLeft(offer, settled, at);
    const value = wanted[at];
    settled.push(
      value !== undefined && left.has(value) ? value : (option.values.find((each) => left.has(each)) ?? ''),
    );
  }
  return settled;
}

export function variantFor({ variants }: Offer, options: readonly string[]): Variant | undefined {
  return variants.find(({ option_values }) => option_values.every((value, at) => value === options[at]));
}

/** How many are chosen in a group. */
export function countIn({ choices }: Group, chosen: readonly Chosen[]): number {
  return chosen
    .filter(({ choice_id }) => choices.some(({ id }) => id === choice_id))
    .reduce((sum, { quantity }) => sum + quantity, 0);
}

export type GroupProblem = 'choose_one' | 'too_few' | 'too_many';

/** What the server would object to. A group that is not required may be left alone; once touched, its minimum counts. */
export function groupProblem(group: Group, chosen: readonly Chosen[]): GroupProblem | null {
  const count = countIn(group, chosen);
  const least = group.required || count > 0 ? group.min_select : 0;
  if (count > group.max_select) return 'too_many';
  if (count >= least) return null;
  return group.max_select === 1 ? 'choose_one' : 'too_few';
}

/** Price of one piece as chosen. A rebate does not turn a price around. */
export function unitCents(offer: Offer, variant: Variant, chosen: readonly Chosen[]): number {
  const choices = offer.customization_groups.flatMap((group) => group.choices);
  const extras = chosen.map(
    ({ choice_id, quantity }) =>
      quantity * (choices.find(({ id }) => id === choice_id)?.price_delta_cents ?? 0),
  );
  return Math.max(
    0,
    extras.reduce((sum, extra) => sum + extra, variant.price_cents),
  );
}

/** The choices in words, as the cart shows them. */
export function choiceNames(offer: Offer, chosen: readonly Chosen[]): string[] {
  const choices = offer.customization_groups.flatMap((group) => group.choices);
  return chosen.flatMap(({ choice_id, quantity }) => {
    const name = choices.find(({ id }) => id === choice_id)?.name;
    if (name === undefined) return [];
    return [quantity > 1 ? `${quantity} × ${name}` : name];
  });
}
