import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { printVerdicts } from '#start/print.ts';
import { verify } from '#start/verify.ts';
import { saveShipping } from '#app/shipping/save-shipping.ts';
import { placeOrder } from '#app/checkout/place-order.ts';
import { productBySlug } from '#app/catalog/product-queries.ts';
import { storeConfig } from '#app/stores/store-queries.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { draft, stock, variant } from '../support/shelf.ts';
import { ACT, openShop, type TestShop } from '../support/shop.ts';

let test: TestDatabase;
let shop: TestShop;
beforeAll(async () => {
  test = await testDatabase();
  shop = await openShop(test.database);
  await openShop(test.database);
  await stock(shop.db, draft('cup', { variants: [variant({ stock: 5 })] }));
  const zone = { name: 'Here', country: 'AU', states: [], postcodes: [] };
  await shop.db.write((tx) => saveShipping(tx, { zones: [zone], methods: [], rates: [] }, ACT));
  await orderCups(2);
});
afterAll(() => test.close());

async function orderCups(quantity: number): Promise<void> {
  const [store, cup] = await shop.db.read(async (tx) => [
    await storeConfig(tx),
    await productBySlug(tx, { slug: 'cup', currency: 'AUD' }),
  ]);
  const items = [{ variant_id: cup?.variants[0]?.id ?? '', quantity }];
  const contact = { first_name: 'Noor', email: 'noor@example.com' };
  const key = { route: 'checkout', principal: 'guest', key: 'one-order', fingerprint: 'one' };
  const checkout = { fulfilment_type: 'pickup', contact, items } as const;
  await shop.db.write((tx) => placeOrder(tx, { store, checkout, key, requestId: null, now: new Date() }));
}

/** What the person at the terminal reads. */
async function told(): Promise<string[]> {
  const lines: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  printVerdicts(await verify(test.database));
  log.mockRestore();
  return lines.map((line) => line.replaceAll(/ +/g, ' '));
}

it('books that agree are told with how many there are, of all merchants', async () => {
  expect(await told()).toEqual([
    'stock levels 1 checked, 0 wrong',
    'pieces held by ended payments 0 checked, 0 wrong',
    'times for pickup 0 checked, 0 wrong',
    'uses of promotion codes 0 checked, 0 wrong',
    'shipping lookups 2 checked, 0 wrong',
    'order totals 1 checked, 0 wrong',
    'refunded amounts 1 checked, 0 wrong',
    'loyalty balances 1 checked, 0 wrong',
  ]);
});

it('whatever was written past the ledgers is found, and told where it is', async () => {
  await test.admin`UPDATE stock_levels SET quantity = 4`;
  await test.admin`UPDATE customers SET loyalty_points = 7`;
  await test.admin`UPDATE orders SET refunded_cents = 1, slot_at = '2026-03-02T09:15:00Z'`;
  await test.admin`UPDATE order_lines SET discount_cents = 1`;
  await test.admin`UPDATE shipping_zones SET name = 'There'`;
  const lines = await told();

  expect(lines).toContain('stock levels 1 checked, 1 wrong');
  const amiss = [
    /^ shop-\w+, variant \d+: expected 3, received 4$/,
    /^ merchant \d+, customer \d+: expected 0, received 7$/,
    /^ shop-\w+, order #1001: expected 0, received 1$/,
    /^ shop-\w+, order #1001: expected 899, received 900$/,
    /^ shop-\w+, quarter of an hour at 2026-03-02T09:15Z: expected 1, received 0$/,
    /^ shop-\w+, shipping rules: expected \w{8}, received \w{8}$/,
  ];
  for (const line of amiss) expect(lines).toContainEqual(expect.stringMatching(line));
  expect(lines.filter((line) => line.startsWith(' '))).toHaveLength(amiss.length);
});
