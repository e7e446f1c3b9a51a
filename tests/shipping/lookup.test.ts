import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cacheLookup, cachedLookup } from '#app/shipping/shipping-cache.ts';
import { quoteShipping } from '#app/shipping/quote-shipping.ts';
import { saveShipping } from '#app/shipping/save-shipping.ts';
import type { ShippingSetup } from '#app/shipping/shipping-setup.ts';
import { buildShippingLookup } from '#app/shipping/shipping-lookup.ts';
import { shippingLookup, shippingRules } from '#app/shipping/shipping-queries.ts';
import type { StoreTenant } from '#core/db/tenant.ts';
import type { MerchantId, StoreId } from '#core/values/ids.ts';
import { cents } from '#core/values/money.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { ACT, openShop, type TestShop } from '../support/shop.ts';

const SETUP: ShippingSetup = {
  zones: [
    {
      name: 'Metro',
      country: 'au',
      states: ['vic'],
      postcodes: [{ kind: 'range', from: '3000', to: '3207' }],
    },
    { name: 'London', country: 'GB', states: [], postcodes: [{ kind: 'prefix', prefix: 'sw 1' }] },
    { name: 'Australia', country: 'AU', states: [], postcodes: [] },
  ],
  methods: [
    { label: 'Parcel', type: 'weight', active: true, etaText: '2–4 days' },
    { label: 'Courier', type: 'flat', active: false, etaText: 'today' },
  ],
  rates: [
    { zone: 'Metro', method: 'Parcel', maxWeightGrams: 500, baseCents: cents(600) },
    { zone: 'Metro', method: 'Parcel', minWeightGrams: 501, baseCents: cents(900), perKgCents: cents(100) },
    { zone: 'Australia', method: 'Parcel', maxTotalCents: cents(10_000), baseCents: cents(1500) },
    { zone: 'London', method: 'Courier', baseCents: cents(4000) },
  ],
};

let test: TestDatabase;
let shop: TestShop;

beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.close());

async function save(changes: Partial<ShippingSetup> = {}): Promise<void> {
  await shop.db.write((tx) => saveShipping(tx, { ...SETUP, ...changes }, ACT));
}

describe('the stored shipping lookup', () => {
  beforeAll(async () => {
    shop = await openShop(test.database);
    await save();
  });

  it('equals one built anew from the tables', async () => {
    const { stored, rebuilt } = await shop.db.read(async (tx) => ({
      stored: await shippingLookup(tx),
      rebuilt: buildShippingLookup(await shippingRules(tx)),
    }));

    expect(stored.zones).toHaveLength(3);
    expect(stored).toEqual(rebuilt);
  });

  it('keeps what the merchant entered: regions in capitals, postcodes without spaces, inactive methods outside', async () => {
    const { zones, methods } = await shop.db.read(shippingRules);
    const lookup = await shop.db.read(shippingLookup);

    expect(zones[0]).toMatchObject({
      country: 'AU',
      states: ['VIC'],
      postcodes: [{ from: '3000', to: '3207' }],
    });
    expect(zones[1]?.postcodes).toEqual([{ kind: 'prefix', prefix: 'SW1' }]);
    expect(methods).toHaveLength(2);
    expect(lookup.methods.map(({ label }) => label)).toEqual(['Parcel']);
  });

  it('takes "up to" as beginning at nothing, so that it goes before an open range', async () => {
    const { rates } = await shop.db.read(shippingRules);

    expect(rates[0]).toMatchObject({ minWeightGrams: 0, maxWeightGrams: 500, minTotalCents: null });
    expect(rates[2]).toMatchObject({ minTotalCents: 0, maxTotalCents: 10_000, minWeightGrams: null });
  });

  it('is read again by the next quote after a change', async () => {
    await shop.db.read(shippingLookup);
    await save({ rates: [{ zone: 'Australia', method: 'Parcel', baseCents: cents(2000) }] });

    const quote = quoteShipping(
      await shop.db.read(shippingLookup),
      { country: 'AU', state: 'VIC', postcode: '3000' },
      { weightGrams: 100, volumetricGrams: 0, totalCents: cents(100), shippable: true },
    );

    expect(quote).toMatchObject({ options: [{ priceCents: 2000, meta: { zone: 'Australia' } }] });
  });

  it('is sent by the database only once a version', async () => {
    await save();
    const first = await shop.db.read(shippingLookup);

    expect(await shop.db.read(shippingLookup)).toBe(first);
  });

  it('leaves methods and zones their ids while they keep their names', async () => {
    const before = await shop.db.read(shippingRules);
    await save({ zones: SETUP.zones.toReversed() });
    const after = await shop.db.read(shippingRules);

    expect(after.methods).toEqual(before.methods);
    expect(after.zones).toEqual(before.zones);
  });

  it('drops methods that are no longer there', async () => {
    await save({ methods: SETUP.methods.slice(0, 1), rates: [] });

    expect((await shop.db.read(shippingRules)).methods).toHaveLength(1);
  });

  it('stays as it was when a rate names no zone of these', async () => {
    const before = await shop.db.read(shippingLookup);
    const stray = save({ rates: [{ zone: 'Moon', method: 'Parcel', baseCents: cents(1) }] });

    await expect(stray).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
    expect(await shop.db.read(shippingLookup)).toEqual(before);
  });

  it('holds whatever was committed last when changes are made at once', async () => {
    const other = {
      ...SETUP,
      methods: [{ ...SETUP.methods[0], label: 'Pigeon' }],
      rates: [],
    } as ShippingSetup;
    const saveOther = () => shop.db.write((tx) => saveShipping(tx, other, ACT));
    await Promise.all([save(), saveOther(), save(), saveOther()]);

    const { stored, rebuilt } = await shop.db.snapshot(async (tx) => ({
      stored: await shippingLookup(tx),
      rebuilt: buildShippingLookup(await shippingRules(tx)),
    }));

    expect(stored).toEqual(rebuilt);
  });

  it('of another store is another one', async () => {
    await save();
    const neighbour = await openShop(test.database, shop.tenant.merchantId);

    expect((await neighbour.db.read(shippingLookup)).zones).toEqual([]);
    expect((await shop.db.read(shippingLookup)).zones).toHaveLength(3);
  });
});

function store(id: number): StoreTenant {
  return { merchantId: -1 as MerchantId, storeId: id as StoreId };
}

describe('the cache of lookups', () => {
  it('lets go of those that were not asked for the longest', () => {
    const lookup = buildShippingLookup({ zones: [], methods: [], rates: [] });
    for (let id = 1; id <= 3; id++) cacheLookup(store(id), { version: 1, lookup, size: 5_000_000 });
    cachedLookup(store(1));

    cacheLookup(store(4), { version: 1, lookup, size: 5_000_000 });

    expect(cachedLookup(store(2))).toBeUndefined();
    expect([1, 3, 4].map((id) => cachedLookup(store(id))?.version)).toEqual([1, 1, 1]);
  });
});
