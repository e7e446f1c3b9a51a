import { describe, expect, it } from 'vitest';
import {
  choiceNames,
  groupProblem,
  settleOptions,
  unitCents,
  valuesLeft,
  variantFor,
  type Offer,
} from '../../storefront/islands/selection.ts';
import { sampleGroup, sampleProduct, sampleVariant } from './samples.ts';

/** Red in M only, blue in S and M; red S exists and is sold out. */
const shirt: Offer = sampleProduct({
  options: [
    { name: 'Colour', values: ['Red', 'Blue', 'Green'] },
    { name: 'Size', values: ['S', 'M'] },
  ],
  variants: [
    sampleVariant({ id: 'va_rs', option_values: ['Red', 'S'], available: false }),
    sampleVariant({ id: 'va_rm', option_values: ['Red', 'M'] }),
    sampleVariant({ id: 'va_bs', option_values: ['Blue', 'S'] }),
    sampleVariant({ id: 'va_bm', option_values: ['Blue', 'M'] }),
    sampleVariant({ id: 'va_gs', option_values: ['Green', 'S'], available: false }),
  ],
});

describe('choosing options', () => {
  it('offers of the first option whatever can be had at all', () => {
    expect([...valuesLeft(shirt, ['Red', 'M'], 0)]).toEqual(['Red', 'Blue']);
  });

  it('offers of the next option what can be had with the first', () => {
    expect([...valuesLeft(shirt, ['Red', 'S'], 1)]).toEqual(['M']);
    expect([...valuesLeft(shirt, ['Blue', 'M'], 1)]).toEqual(['S', 'M']);
  });

  it('moves a later option when an earlier one leaves it without stock', () => {
    expect(settleOptions(shirt, ['Blue', 'S'])).toEqual(['Blue', 'S']);
    expect(settleOptions(shirt, ['Red', 'S'])).toEqual(['Red', 'M']);
  });

  it('begins with the first that can be had', () => {
    expect(settleOptions(shirt, ['', ''])).toEqual(['Red', 'M']);
    expect(variantFor(shirt, ['Red', 'M'])?.id).toBe('va_rm');
  });

  it('finds the only variant of a product without options', () => {
    expect(variantFor(sampleProduct(), [])?.id).toBe('va_1');
  });
});

describe('choosing extras', () => {
  const milk = sampleGroup();
  const fruit = sampleGroup({ id: 'gr_2', required: false, min_select: 2, max_select: 3 });

  it('wants one of a required group', () => {
    expect(groupProblem(milk, [])).toBe('choose_one');
    expect(groupProblem(milk, [of('ch_oat')])).toBeNull();
  });

  it('lets a group that is not required alone, and holds it to its minimum once touched', () => {
    expect(groupProblem(fruit, [])).toBeNull();
    expect(groupProblem(fruit, [of('ch_oat')])).toBe('too_few');
    expect(groupProblem(fruit, [of('ch_oat', 4)])).toBe('too_many');
    expect(groupProblem(fruit, [of('ch_oat', 2), of('ch_full')])).toBeNull();
  });

  it('adds what each costs, and never turns a price around', () => {
    const offer = sampleProduct({ customization_groups: [milk, { ...fruit, choices: [REBATE] }] });
    const [variant] = offer.variants;
    expect(unitCents(offer, variant!, [of('ch_oat', 2)])).toBe(450 + 160);
    expect(unitCents(offer, variant!, [of('ch_own', 1)])).toBe(0);
    expect(choiceNames(offer, [of('ch_oat', 2), of('ch_own')])).toEqual(['2 × Oat', 'My own cup']);
  });
});

function of(choice_id: string, quantity = 1) {
  return { choice_id, quantity };
}

const REBATE = { id: 'ch_own', name: 'My own cup', price_delta_cents: -900, max_quantity: 1 };
