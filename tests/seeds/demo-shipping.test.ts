import { describe, expect, it } from 'vitest';
import { quoteShipping } from '#app/shipping/quote-shipping.ts';
import type { ShippingSetup } from '#app/shipping/shipping-setup.ts';
import { buildShippingLookup } from '#app/shipping/shipping-lookup.ts';
import { shipmentOf } from '#app/shipping/shipping-rules.ts';
import type { Destination, ShippingRate } from '#app/shipping/shipping-rules.ts';
import { demoCustomers, demoMerchants } from '#database/seeds/demo/index.ts';
import type { DemoProduct, DemoStore } from '#database/seeds/demo/index.ts';

const shops = demoMerchants
  .flatMap(({ stores }) => stores)
  .flatMap((store) => (store.shipping ? [{ store, setup: store.shipping satisfies ShippingSetup }] : []));

describe('shipping of the demo shops', () => {
  it('has rates of zones and methods that exist, and none without a rate', () => {
    expect(shops.length).toBe(2);
    for (const { setup } of shops) {
      expect(new Set(setup.rates.map(({ zone }) => zone))).toEqual(
        new Set(setup.zones.map(({ name }) => name)),
      );
      expect(new Set(setup.rates.map(({ method }) => method))).toEqual(
        new Set(setup.methods.map(({ label }) => label)),
      );
    }
  });

  it('shows every type of method, ranges and prefixes of postcodes, and states', () => {
    const zones = shops.flatMap(({ setup }) => setup.zones);
    const types = shops.flatMap(({ setup }) => setup.methods.map(({ type }) => type));
    expect(new Set(types)).toEqual(new Set(['flat', 'weight', 'price', 'formula']));
    expect(new Set(zones.flatMap(({ postcodes }) => postcodes.map(({ kind }) => kind)))).toEqual(
      new Set(['range', 'prefix']),
    );
    expect(zones.some(({ states }) => states.length > 1)).toBe(true);
  });

  it('takes every product of the shop to every customer of it', () => {
    const orders = shops.flatMap(({ store }) =>
      demoCustomers
        .filter(({ stores }) => stores.includes(store.slug))
        .map(({ email, address }) => ({ store, email, address })),
    );
    expect(orders.length).toBeGreaterThan(30);
    for (const { store, email, address } of orders) {
      for (const product of store.products.filter(({ shippable }) => shippable)) {
        expect(quote(store, address, product).kind, `${product.slug} to ${email}`).toBe('options');
      }
    }
  });

  it('does not go where the shop says it does not', () => {
    const [roastery, outdoor] = shops.map(({ store }) => store) as [DemoStore, DemoStore];
    const beans = roastery.products[0]!;
    const jacket = outdoor.products[0]!;
    expect(quote(outdoor, { country: 'CA', state: 'NU', postcode: 'X0A 0H0' }, jacket).kind).toBe(
      'not_delivered',
    );
    expect(quote(outdoor, { country: 'GB', state: null, postcode: 'SW1A 1AA' }, jacket).kind).toBe(
      'not_delivered',
    );
    expect(quote(roastery, { country: 'US', state: 'CO', postcode: '81201' }, beans).kind).toBe(
      'not_delivered',
    );
  });

  it('asks nothing for standard post from the total on that the shop names', () => {
    const [roastery] = shops.map(({ store }) => store) as [DemoStore];
    const kettle = roastery.products.find(({ slug }) => slug === 'gooseneck-kettle')!;
    const answer = quote(roastery, { country: 'AU', state: 'VIC', postcode: '3056' }, kettle);
    expect(answer.kind === 'options' && answer.options[0]).toMatchObject({
      label: 'Standard post',
      priceCents: 0,
    });
  });
});

function quote({ shipping }: DemoStore, destination: Destination, product: DemoProduct) {
  const { zones, methods, rates } = shipping!;
  const lookup = buildShippingLookup({
    zones: zones.map((zone, id) => ({ ...zone, id })),
    methods: methods.map((method, id) => ({ ...method, id })),
    rates: rates.map(({ zone, method, ...rate }): ShippingRate => ({
      zoneId: zones.findIndex(({ name }) => name === zone),
      methodId: methods.findIndex(({ label }) => label === method),
      minWeightGrams: rate.minWeightGrams ?? null,
      maxWeightGrams: rate.maxWeightGrams ?? null,
      minTotalCents: rate.minTotalCents ?? null,
      maxTotalCents: rate.maxTotalCents ?? null,
      baseCents: rate.baseCents,
      perKgCents: rate.perKgCents ?? null,
    })),
  });
  const { priceCents, weightGrams } = product.variants.at(-1)!;
  const { lengthMm, widthMm, heightMm } = product.dimensions!;
  const line = {
    quantity: 1,
    unitPriceCents: priceCents,
    weightGrams,
    lengthMm,
    widthMm,
    heightMm,
    shippable: true,
  };
  return quoteShipping(lookup, destination, shipmentOf([line]));
}
