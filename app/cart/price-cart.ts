import { addCents, cents, timesCents, type Cents } from '#core/values/money.ts';
import { idBehind, type ChoiceId, type VariantId } from '#core/values/ids.ts';
import { priceAt } from '../catalog/sale.ts';
import type { SellableVariant } from '../catalog/sellable-variants.ts';
import { missingPieces } from '../catalog/stock-level.ts';
import { refusal } from '../errors.ts';
import type { CartLine } from './cart.ts';

/** A line with the server's price: the variant's and its choices', times the quantity. */
export interface PricedLine {
  /** What one would cost without the sale. */
  readonly baseUnitCents: Cents;
  readonly variant: SellableVariant;
  readonly quantity: number;
  /** Of these, those that are not there and will be sent when they are. */
  readonly backordered: number;
  readonly choices: readonly PricedChoice[];
  readonly unitCents: Cents;
  readonly totalCents: Cents;
}

export interface PricedChoice {
  readonly groupName: string;
  readonly name: string;
  readonly quantity: number;
  readonly priceDeltaCents: Cents;
}

/** The variants that a cart names; refuses ids that cannot be one of this shop's. */
export function variantIdsOf(items: readonly CartLine[]): VariantId[] {
  const ids = items.map(({ variant_id }, at) => {
    const id = idBehind<VariantId>('va', variant_id);
    if (id === null) throw notSold(at);
    return id;
  });
  return [...new Set(ids)];
}

/**
 * Prices a cart from the shop's own figures, as they are now. Refuses what the shop does not sell, choices against their group's rules, and
 * empty shelves.
 */
export function priceCart(
  items: readonly CartLine[],
  variants: readonly SellableVariant[],
  now: Date,
): PricedLine[] {
  return takeFromShelves(items.map((item, at) => priceLine(item, at, { variants, now })));
}

interface Shelf {
  readonly variants: readonly SellableVariant[];
  readonly now: Date;
}

type WantedLine = Omit<PricedLine, 'backordered'>;

function priceLine(item: CartLine, at: number, { variants, now }: Shelf): WantedLine {
  const id = idBehind<VariantId>('va', item.variant_id);
  const variant = variants.find(({ variantId }) => variantId === id);
  if (!variant) throw notSold(at);
  const choices = priceChoices(item, at, variant);
  const unitCents = withChoices(priceAt(variant, now), choices);
  return {
    variant,
    quantity: item.quantity,
    choices,
    baseUnitCents: withChoices(variant.priceCents, choices),
    unitCents,
    totalCents: timesCents(unitCents, item.quantity),
  };
}

/** A rebate for one's own cup may not turn a price around. */
function withChoices(priceCents: Cents, choices: readonly PricedChoice[]): Cents {
  const extras = choices.map(({ priceDeltaCents, quantity }) => timesCents(priceDeltaCents, quantity));
  return cents(Math.max(0, addCents(priceCents, ...extras)));
}

function priceChoices(
  { customizations = [] }: CartLine,
  at: number,
  { groups }: SellableVariant,
): PricedChoice[] {
  const wanted = new Map<ChoiceId, number>();
  for (const [position, { choice_id, quantity }] of customizations.entries()) {
    const field = `items.${at}.customizations.${position}`;
    const id = idBehind<ChoiceId>('ch', choice_id);
    if (id === null || !groups.some(({ choices }) => choices.some(({ choiceId }) => choiceId === id))) {
      throw invalid(`${field}.choice_id`, 'is not offered with this product');
    }
    wanted.set(id, (wanted.get(id) ?? 0) + quantity);
  }
  return groups.flatMap((group) => choicesOf(group, wanted, `items.${at}.customizations`));
}

function choicesOf(
  group: SellableVariant['groups'][number],
  wanted: ReadonlyMap<ChoiceId, number>,
  field: string,
): PricedChoice[] {
  const chosen = group.choices.flatMap((choice) => {
    const quantity = wanted.get(choice.choiceId) ?? 0;
    if (quantity > choice.maxQuantity)
      throw invalid(field, `${choice.name}: at most ${choice.maxQuantity}, received ${quantity}`);
    return quantity > 0
      ? [{ groupName: group.name, name: choice.name, quantity, priceDeltaCents: choice.priceDeltaCents }]
      : [];
  });
  const count = chosen.reduce((sum, { quantity }) => sum + quantity, 0);
  // A group that is not required may be left alone; once touched, its minimum counts.
  const least = group.required || count > 0 ? group.minSelect : 0;
  if (count < least) throw invalid(field, `${group.name}: choose at least ${least}, received ${count}`);
  if (count > group.maxSelect)
    throw invalid(field, `${group.name}: choose at most ${group.maxSelect}, received ${count}`);
  return chosen;
}

function takeFromShelves(lines: readonly WantedLine[]): PricedLine[] {
  const missing = missingPieces(lines);
  return lines.map((line, at) => {
    const backordered = missing[at] ?? 0;
    if (backordered > 0 && !line.variant.backorder) throw outOfStock(at, line.variant, backordered);
    return { ...line, backordered };
  });
}

function outOfStock(at: number, { name, variantTitle, stock }: SellableVariant, missing: number) {
  const what = [name, variantTitle].filter(Boolean).join(', ');
  return refusal('OUT_OF_STOCK', `${what}: ${stock} left, ${(stock ?? 0) + missing} wanted.`, {
    available: stock,
    errors: { [`items.${at}.quantity`]: [stock === 0 ? 'is sold out' : `only ${stock} left`] },
  });
}

function notSold(at: number) {
  return refusal('ITEM_NOT_FOUND', 'An item of the cart is not sold by this store.', {
    errors: { [`items.${at}.variant_id`]: ['is not sold by this store'] },
  });
}

function invalid(field: string, message: string) {
  return refusal('CART_INVALID', `The cart needs a change: ${message}.`, { errors: { [field]: [message] } });
}
