import { afterAll, beforeAll, expect, it } from 'vitest';
import { productBySlug } from '#app/catalog/product-queries.ts';
import { placeOrder } from '#app/checkout/place-order.ts';
import { saveShipping } from '#app/shipping/save-shipping.ts';
import { storeConfig } from '#app/stores/store-queries.ts';
import { opaqueId } from '#core/values/ids.ts';
import { cents } from '#core/values/money.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { draft, stock, variant } from '../support/shelf.ts';
import { ACT, openShop, type TestShop } from '../support/shop.ts';

/** Besides BEGIN with the tenant's setting, and COMMIT. */
const STATEMENTS_MAX = 6;

let test: TestDatabase;
let shop: TestShop;
const sent: string[] = [];
beforeAll(async () => {
  test = await testDatabase({ onStatement: (text) => sent.push(text.trim()) });
  shop = await openShop(test.database);
  await stock(shop.db, draft('cup', { variants: [variant({ stock: 50 })] }));
  await shop.db.write((tx) =>
    saveShipping(
      tx,
      {
        zones: [{ name: 'All', country: 'AU', states: [], postcodes: [] }],
        methods: [{ label: 'Post', type: 'flat', active: true, etaText: '' }],
        rates: [{ zone: 'All', method: 'Post', baseCents: cents(900) }],
      },
      ACT,
    ),
  );
});
afterAll(() => test.close());

it('a shipped order of counted stock is one transaction of at most six statements', async () => {
  const [store, product] = await shop.db.read(async (tx) => [
    await storeConfig(tx),
    await productBySlug(tx, { slug: 'cup', currency: 'AUD' }),
  ]);
  const [method] = await test.admin<{ id: string }[]>`SELECT id FROM shipping_methods`;
  const checkout = {
    fulfilment_type: 'shipping' as const,
    contact: { first_name: 'Noor', email: 'noor@example.com' },
    shipping_address: { country: 'AU', postcode: '3000', city: 'Melbourne', line1: '1 High Street' },
    shipping_method_id: opaqueId('sm', Number(method?.id)),
    items: [{ variant_id: product?.variants[0]?.id ?? '', quantity: 2 }],
  };
  const key = { route: 'checkout', principal: 'guest', key: 'statements-1', fingerprint: 'one' };
  sent.length = 0;

  const placed = await shop.db.write((tx) =>
    placeOrder(tx, { store, checkout, key, requestId: null, now: new Date() }),
  );

  expect(placed.total_cents).toBeGreaterThan(0);
  expect(sent.at(0)).toMatch(/^BEGIN/);
  expect(sent.at(-1)).toBe('COMMIT');
  expect(sent.slice(1, -1).length).toBeLessThanOrEqual(STATEMENTS_MAX);
});
