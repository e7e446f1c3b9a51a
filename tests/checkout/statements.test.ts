import { afterAll, beforeAll, expect, it } from 'vitest';
import { productBySlug } from '#app/catalog/product-queries.ts';
import type { Checkout } from '#app/checkout/checkout-schemas.ts';
import type { PlaceOrder } from '#app/checkout/decide-order.ts';
import { placeOrder } from '#app/checkout/place-order.ts';
import { findOrCreateCustomer } from '#app/customers/find-or-create-customer.ts';
import { adjustPoints } from '#app/loyalty/adjust-points.ts';
import { saveProgramme } from '#app/loyalty/save-programme.ts';
import { savePromotion } from '#app/promotions/save-promotion.ts';
import { saveShipping } from '#app/shipping/save-shipping.ts';
import { storeConfig } from '#app/stores/store-queries.ts';
import { saveTaxRate } from '#app/taxes/save-tax-rate.ts';
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

const GST = { country: 'AU', name: 'GST', rate_millipercent: 10_000 };
const PROGRAMME = {
  points_per_currency_unit: 1,
  threshold: 100,
  reward: { kind: 'fixed', amount_cents: 200 },
  active: true,
  version: 0,
} as const;

/** A tax rate, a code and a programme, and a customer who has the points of one reward. */
async function withEverything() {
  const contact = { firstName: 'Noor', lastName: '', email: 'noor@example.com', mobile: null };
  return shop.db.write(async (tx) => {
    await saveTaxRate(tx, { fields: GST, id: null, act: ACT });
    const terms = {
      code: 'TEN',
      kind: 'percentage',
      percent: 10,
      uses_max: 1,
      uses_per_customer_max: 1,
    } as const;
    await savePromotion(tx, { terms, changed: null, act: ACT });
    await saveProgramme(tx, PROGRAMME, ACT);
    const customerId = await findOrCreateCustomer(tx, contact);
    await adjustPoints(tx, { customerId, delta: 100, note: 'Welcome', act: ACT });
    return customerId;
  });
}

/** The statements between BEGIN and COMMIT that place an order of two cups, shipped. */
async function statementsOf(key: string, more: Pick<PlaceOrder, 'signedIn'>, lowering: Partial<Checkout>) {
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
    ...lowering,
  };
  const claimed = { route: 'checkout', principal: 'guest', key, fingerprint: key };
  sent.length = 0;
  const placed = await shop.db.write((tx) =>
    placeOrder(tx, { store, checkout, key: claimed, requestId: null, now: new Date(), ...more }),
  );
  expect(sent.at(0)).toMatch(/^BEGIN/);
  expect(sent.at(-1)).toBe('COMMIT');
  return { placed, statements: sent.slice(1, -1) };
}

it('a shipped order of counted stock is one transaction of at most six statements', async () => {
  const { placed, statements } = await statementsOf('statements-1', {}, {});
  expect(placed.total_cents).toBe(2 * 450 + 900);
  expect(statements.length).toBeLessThanOrEqual(STATEMENTS_MAX);
});

it('so is one with tax, a limited code and loyalty points in play', async () => {
  const signedIn = await withEverything();
  const lowering = { promotion_code: 'ten', redeem_points: true };
  const { placed, statements } = await statementsOf('statements-2', { signedIn }, lowering);
  expect(placed.total_cents).toBe(2 * 450 + 900 - 90 - 200);
  expect(statements.length).toBeLessThanOrEqual(STATEMENTS_MAX);
  const [order] = await test.admin`
    SELECT tax_included_cents::int, promotion_cents::int, loyalty_cents::int FROM orders WHERE public_id = ${placed.public_id}`;
  expect(order).toEqual({ tax_included_cents: 55 + 82, promotion_cents: 90, loyalty_cents: 200 });
});

it('so is one that takes a place in a quarter of an hour', async () => {
  await test.admin`UPDATE stores SET slot_capacity = 1`;
  const pickup = { fulfilment_type: 'pickup', shipping_address: null, shipping_method_id: null } as const;
  const { statements } = await statementsOf('statements-3', {}, pickup);
  expect(statements.length).toBeLessThanOrEqual(STATEMENTS_MAX);
  expect(await test.admin`SELECT taken FROM store_slots`).toEqual([{ taken: 1 }]);
});
