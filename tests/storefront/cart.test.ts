import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  CART_LINES_MAX,
  lineKey,
  openCart,
  parseCart,
  totalsOf,
  type CartItem,
} from '../../storefront/islands/cart.ts';

function item(changes: Partial<CartItem> = {}): CartItem {
  return {
    variant_id: 'va_1',
    quantity: 1,
    customizations: [],
    shown: { slug: 'flat-white', name: 'Flat White', variant: '', choices: [], unit_cents: 450, image: null },
    ...changes,
  };
}

const oat = { customizations: [{ choice_id: 'ch_oat', quantity: 1 }] };

let values: Map<string, string>;

function cart(slug = 'wren') {
  return openCart(
    {
      getItem: (name) => values.get(name) ?? null,
      setItem: (name, value) => void values.set(name, value),
    },
    slug,
  );
}

beforeEach(() => {
  values = new Map();
  vi.stubGlobal('dispatchEvent', () => true);
});
afterEach(() => void vi.unstubAllGlobals());

describe('a cart', () => {
  it('puts the same variant with the same choices on one line, whatever their order', () => {
    const two = [
      { choice_id: 'ch_a', quantity: 1 },
      { choice_id: 'ch_b', quantity: 2 },
    ];
    cart().add(item({ customizations: two, quantity: 2 }));
    cart().add(item({ customizations: two.toReversed(), quantity: 3 }));
    cart().add(item(oat));
    expect(
      cart()
        .items()
        .map(({ quantity }) => quantity),
    ).toEqual([5, 1]);
    expect(totalsOf(cart().items())).toEqual({ count: 6, cents: 2700 });
  });

  it('keeps carts of stores apart', () => {
    cart('wren').add(item());
    expect(cart('other').items()).toEqual([]);
  });

  it('keeps quantities between one and its limit', () => {
    cart().add(item());
    const key = lineKey(item());
    cart().setQuantity(key, 0);
    expect(cart().items()[0]?.quantity).toBe(1);
    cart().setQuantity(key, 5000);
    expect(cart().items()[0]?.quantity).toBe(99);
  });

  it('takes no more lines than the server would', () => {
    const full = Array.from({ length: CART_LINES_MAX }, (_, at) => item({ variant_id: `va_${at + 10}` }));
    for (const each of full) expect(cart().add(each)).toBe(true);
    expect(cart().add(item())).toBe(false);
    expect(cart().add(full[0]!)).toBe(true);
    expect(cart().items()).toHaveLength(CART_LINES_MAX);
  });

  it('puts a removed line back where it was', () => {
    cart().add(item());
    cart().add(item(oat));
    cart().remove(lineKey(item()));
    cart().insert(item(), 0);
    expect(cart().items().map(lineKey)).toEqual([lineKey(item()), lineKey(item(oat))]);
  });
});

describe('what a browser has stored', () => {
  it.each([
    ['nothing', null],
    ['half a word', '{"a'],
    ['something else', '"cart"'],
    ['null', 'null'],
  ])('is an empty cart when it is %s', (_, stored) => {
    expect(parseCart(stored)).toEqual([]);
  });

  it('keeps the sound lines beside broken ones', () => {
    const broken = [
      { ...item(), quantity: -1 },
      { ...item(), quantity: 1.5 },
      { ...item(), customizations: 'oat' },
      { ...item(), customizations: [null] },
      { ...item(), shown: { name: 'x' } },
      null,
      7,
    ];
    expect(parseCart(JSON.stringify([...broken, item()]))).toEqual([item()]);
  });
});
