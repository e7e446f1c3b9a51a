import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sumCart, type CartToSum } from '#app/cart/sum-cart.ts';
import type { Benefit } from '#app/promotions/benefit.ts';
import type { TaxRate } from '#app/taxes/tax-rules.ts';
import { cents } from '#core/values/money.ts';

const rate = (country: string, name: string, percent: number, changes: Partial<TaxRate> = {}): TaxRate => ({
  country,
  state: null,
  taxClass: 'standard',
  name,
  rateMillipercent: Math.round(percent * 1000),
  taxesShipping: true,
  ...changes,
});

const AU = [rate('AU', 'GST', 10)];
const GB = [rate('GB', 'VAT', 20), rate('GB', 'VAT', 5, { taxClass: 'reduced' })];
const DE = [rate('DE', 'MwSt', 19), rate('DE', 'MwSt', 7, { taxClass: 'reduced' })];
const US = [
  rate('US', 'Sales tax', 6.625, { state: 'NJ' }),
  rate('US', 'Sales tax', 8.875, { state: 'NY', taxesShipping: false }),
];
const CA = [
  rate('CA', 'GST', 5),
  rate('CA', 'GST', 5, { state: 'BC' }),
  rate('CA', 'PST', 7, { state: 'BC', taxesShipping: false }),
  rate('CA', 'HST', 13, { state: 'ON' }),
  rate('CA', 'GST', 5, { state: 'QC' }),
  rate('CA', 'QST', 9.975, { state: 'QC' }),
];

/** Lines as price and tax class. */
function cart(lines: readonly (readonly [number, string?])[], changes: Partial<CartToSum> = {}): CartToSum {
  return {
    lines: lines.map(([price, taxClass = 'standard'], key) => ({ totalCents: cents(price), taxClass, key })),
    shippingCents: cents(0),
    benefit: null,
    reward: null,
    rates: [],
    place: { country: 'AU', state: null },
    pricesIncludeTax: false,
    ...changes,
  };
}

const at = (country: string, state: string | null = null) => ({ place: { country, state } });
const included = (country: string, rates: readonly TaxRate[]) => ({
  ...at(country),
  rates,
  pricesIncludeTax: true,
});

describe('tax that prices include', () => {
  it('is an eleventh in Australia: $10.00 of GST in $110.00', () => {
    const sum = sumCart(cart([[11_000]], included('AU', AU)));
    expect(sum).toMatchObject({ taxCents: 0, taxIncludedCents: 1000, totalCents: 11_000 });
    expect(sum.taxes).toEqual([{ name: 'GST', rateMillipercent: 10_000, netCents: 10_000, taxCents: 1000 }]);
  });

  it('is rounded up from half a cent in Australia: $4.95 holds 45 cents, $0.38 holds 3', () => {
    const sum = sumCart(cart([[495], [38]], included('AU', AU)));
    expect(sum.lines.map(({ taxCents }) => taxCents)).toEqual([45, 3]);
  });

  it('is a sixth in the United Kingdom at 20 %, and a twenty-first at 5 %', () => {
    const sum = sumCart(cart([[12_000], [2100, 'reduced']], included('GB', GB)));
    expect(sum.lines.map(({ taxCents }) => taxCents)).toEqual([2000, 100]);
    expect(sum).toMatchObject({ taxIncludedCents: 2100, totalCents: 14_100 });
  });

  it('is told by rate in Germany: 19 € in 119 € at 19 %, 7 € in 107 € at 7 %', () => {
    const sum = sumCart(cart([[11_900], [10_700, 'reduced']], included('DE', DE)));
    expect(sum.taxes).toEqual([
      { name: 'MwSt', rateMillipercent: 19_000, netCents: 10_000, taxCents: 1900 },
      { name: 'MwSt', rateMillipercent: 7000, netCents: 10_000, taxCents: 700 },
    ]);
  });

  it('falls with a discount, and counts for shipping', () => {
    const sum = sumCart(
      cart([[11_000]], {
        ...included('AU', AU),
        benefit: { kind: 'percentage', percent: 10 },
        shippingCents: cents(1100),
      }),
    );
    expect(sum).toMatchObject({ discountCents: 1100, taxIncludedCents: 900 + 100, totalCents: 11_000 });
  });

  it('is none where the store has no rate, and the price stays', () => {
    const sum = sumCart(cart([[11_000]], { ...included('AU', AU), ...at('NZ') }));
    expect(sum).toMatchObject({ taxIncludedCents: 0, totalCents: 11_000, taxes: [] });
  });
});

describe('tax on top of prices', () => {
  it('is that of the state in the United States: 6.625 % of $100.00 in New Jersey, none in Oregon', () => {
    expect(sumCart(cart([[10_000]], { ...at('US', 'NJ'), rates: US }))).toMatchObject({
      taxCents: 663,
      totalCents: 10_663,
    });
    expect(sumCart(cart([[10_000]], { ...at('US', 'OR'), rates: US })).totalCents).toBe(10_000);
  });

  it('leaves shipping alone where the rate says so: 8.875 % of $40.00 in New York', () => {
    const sum = sumCart(cart([[4000]], { ...at('US', 'NY'), rates: US, shippingCents: cents(500) }));
    expect(sum).toMatchObject({ taxCents: 355, totalCents: 4855, shipping: { taxCents: 0 } });
  });

  it('is GST and PST side by side in British Columbia: 5 % and 7 % of $100.00, shipping GST alone', () => {
    const sum = sumCart(cart([[10_000]], { ...at('CA', 'BC'), rates: CA, shippingCents: cents(1000) }));
    expect(sum.taxes).toEqual([
      { name: 'PST', rateMillipercent: 7000, netCents: 10_000, taxCents: 700 },
      { name: 'GST', rateMillipercent: 5000, netCents: 11_000, taxCents: 550 },
    ]);
    expect(sum.lines[0]).toMatchObject({ taxCents: 1200, taxRateMillipercent: 12_000 });
  });

  it('is HST in place of GST in Ontario, GST alone in Alberta, GST and 9.975 % QST in Quebec', () => {
    const taxes = ['ON', 'AB', 'QC'].map(
      (state) => sumCart(cart([[10_000]], { ...at('CA', state), rates: CA })).taxCents,
    );
    expect(taxes).toEqual([1300, 500, 500 + 998]);
  });

  it('is rounded for each line by itself, so that lines can be refunded one by one', () => {
    const sum = sumCart(cart([[10], [10], [10]], { ...at('CA', 'AB'), rates: CA }));
    expect(sum.lines.map(({ taxCents }) => taxCents)).toEqual([1, 1, 1]);
    expect(sum.taxCents).toBe(3);
  });

  it('is of what a discount leaves: 13 % of $100.00 less $20.00', () => {
    const sum = sumCart(
      cart([[10_000]], {
        ...at('CA', 'ON'),
        rates: CA,
        benefit: { kind: 'fixed', amountCents: cents(2000) },
      }),
    );
    expect(sum).toMatchObject({ discountCents: 2000, taxCents: 1040, totalCents: 9040 });
  });
});

describe('discounts', () => {
  it('of a code come first, the reward of points takes its percentage of the rest', () => {
    const sum = sumCart(
      cart([[10_000]], {
        benefit: { kind: 'fixed', amountCents: cents(2000) },
        reward: { kind: 'percentage', percent: 25 },
      }),
    );
    expect(sum).toMatchObject({ promotionCents: 2000, rewardCents: 2000, totalCents: 6000 });
  });

  it('never take more than the goods cost', () => {
    const much = { kind: 'fixed', amountCents: cents(99_999) } as const;
    const sum = sumCart(cart([[500]], { benefit: much, reward: much, shippingCents: cents(300) }));
    expect(sum).toMatchObject({ promotionCents: 500, rewardCents: 0, totalCents: 300 });
  });

  it('that free the shipping take its price and its tax', () => {
    const sum = sumCart(
      cart([[1000]], {
        ...at('CA', 'ON'),
        rates: CA,
        shippingCents: cents(900),
        benefit: { kind: 'free_shipping' },
      }),
    );
    expect(sum).toMatchObject({ discountCents: 900, taxCents: 130, totalCents: 1130 });
  });
});

const benefit: fc.Arbitrary<Benefit | null> = fc.oneof(
  fc.constant(null),
  fc.constant({ kind: 'free_shipping' as const }),
  fc.integer({ min: 1, max: 100 }).map((percent) => ({ kind: 'percentage' as const, percent })),
  fc
    .integer({ min: 1, max: 60_000 })
    .map((amount) => ({ kind: 'fixed' as const, amountCents: cents(amount) })),
);

const anyCart: fc.Arbitrary<CartToSum> = fc.record({
  lines: fc.array(
    fc.record({
      totalCents: fc.nat(20_000).map(cents),
      taxClass: fc.constantFrom('standard', 'reduced', 'exempt'),
      key: fc.nat(1_000_000),
    }),
    { minLength: 1, maxLength: 12 },
  ),
  shippingCents: fc.nat(3000).map(cents),
  benefit,
  reward: benefit.filter((each) => each?.kind !== 'free_shipping'),
  rates: fc.constant([...AU, ...GB, ...DE, ...US, ...CA]),
  place: fc.constantFrom(
    ...['AU', 'GB', 'DE'].map((country) => ({ country, state: null })),
    ...['NJ', 'NY', 'OR'].map((state) => ({ country: 'US', state })),
    ...['BC', 'ON', 'QC', 'AB'].map((state) => ({ country: 'CA', state })),
  ),
  pricesIncludeTax: fc.boolean(),
});

const total = (amounts: readonly number[]) => amounts.reduce((sum, amount) => sum + amount, 0);

/** Keys are of products: lines of one key have one class. */
const classOf = (key: number) => ['standard', 'reduced', 'exempt'][key % 3] ?? 'standard';

describe('any cart', () => {
  it('adds up: totals from lines and shipping, taxes by name, and the sentence of the total', () => {
    fc.assert(
      fc.property(anyCart, (each) => {
        const sum = sumCart(each);
        const shares = [...sum.lines, sum.shipping];
        expect(total(shares.map(({ discountCents }) => discountCents))).toBe(sum.discountCents);
        expect(sum.promotionCents + sum.rewardCents).toBe(sum.discountCents);
        const tax = total(shares.map(({ taxCents }) => taxCents));
        expect([sum.taxCents, sum.taxIncludedCents]).toEqual(each.pricesIncludeTax ? [0, tax] : [tax, 0]);
        expect(total(sum.taxes.map(({ taxCents }) => taxCents))).toBe(tax);
        expect(sum.totalCents).toBe(sum.itemsCents + sum.shippingCents - sum.discountCents + sum.taxCents);
      }),
    );
  });

  it('has no negative amount, and no discount above its price', () => {
    fc.assert(
      fc.property(anyCart, (each) => {
        const sum = sumCart(each);
        for (const [nth, line] of sum.lines.entries()) {
          expect(line.discountCents).toBeGreaterThanOrEqual(0);
          expect(line.discountCents).toBeLessThanOrEqual(each.lines[nth]?.totalCents ?? 0);
          expect(line.taxCents).toBeGreaterThanOrEqual(0);
        }
        expect(sum.shipping.discountCents).toBeLessThanOrEqual(sum.shippingCents);
        expect(sum.totalCents).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('costs the same in whatever order its lines come', () => {
    const shuffled = anyCart.chain((each) =>
      fc.shuffledSubarray([...each.lines], { minLength: each.lines.length }).map((lines) => {
        const classed = (some: typeof lines) =>
          some.map((line) => ({ ...line, key: line.key % 5, taxClass: classOf(line.key % 5) }));
        return [
          { ...each, lines: classed([...each.lines]) },
          { ...each, lines: classed(lines) },
        ] as const;
      }),
    );
    fc.assert(
      fc.property(shuffled, ([one, other]) => {
        const { lines: _, ...sums } = sumCart(one);
        const { lines: __, ...others } = sumCart(other);
        expect(others).toEqual(sums);
      }),
    );
  });
});
