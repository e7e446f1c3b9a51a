import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { auditPage } from '#app/audit/audit-queries.ts';
import { productList } from '#app/catalog/product-queries.ts';
import { boardOrders, orderByPublicId, orderHistory } from '#app/orders/order-queries.ts';
import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import type { MerchantId, StoreId } from '#core/values/ids.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { rowsLookedAt, type SentStatement } from '../support/plans.ts';

const MERCHANTS = 40;
const STORES_PER_MERCHANT = 5;
const ORDERS_PER_STORE = 20;
/** Of the store that is looked at: most of what PostgreSQL knows is about stores that sell far less. */
const ORDERS = 2_000;
const OPEN = 4;
const ENDED_LATELY = 3;
const PRODUCTS = 30;

const BUSY: StoreTenant = { merchantId: 7 as MerchantId, storeId: 33 as StoreId };

let test: TestDatabase;
const sent: SentStatement[] = [];
beforeAll(async () => {
  test = await testDatabase({ onStatement: (text, values) => sent.push({ text: text.trim(), values }) });
  await openStores();
  await sellForMonths();
  await test.admin`ANALYZE`;
});
afterAll(() => test.close());
beforeEach(() => {
  sent.length = 0;
});

async function openStores(): Promise<void> {
  const { admin } = test;
  await admin`INSERT INTO merchants (id, name) SELECT n, 'Merchant' FROM generate_series(1, ${MERCHANTS}::int) n`;
  await admin`
    INSERT INTO stores (merchant_id, id, slug, name, currency, country, timezone)
    SELECT 1 + (n - 1) / ${STORES_PER_MERCHANT}, n, 'store-' || n, 'Store', 'AUD', 'AU', 'UTC'
    FROM generate_series(1, ${MERCHANTS * STORES_PER_MERCHANT}::int) n`;
  await admin`
    INSERT INTO customers (merchant_id, id, public_id, first_name, email)
    SELECT id, id, lpad(id::text, 22, 'c'), 'Ada', 'ada@example.com' FROM merchants`;
  await admin`
    WITH product AS (
      INSERT INTO products (merchant_id, slug, name, position) SELECT id, 'product-' || n, 'Product', n FROM merchants, generate_series(1, ${PRODUCTS}::int) n
      RETURNING merchant_id, id
    ), variant AS (
      INSERT INTO variants (merchant_id, product_id, position, price_cents) SELECT merchant_id, id, 0, 900 FROM product RETURNING merchant_id, id
    )
    INSERT INTO stock_levels (merchant_id, store_id, variant_id, quantity)
    SELECT merchant_id, stores.id, variant.id, 5 FROM variant JOIN stores USING (merchant_id)`;
}

/** The last orders of each store are open, those before have ended within the hour. */
async function sellForMonths(): Promise<void> {
  await test.admin`
    WITH planned AS (
      SELECT merchant_id, id AS store_id, n, n <= ${OPEN} AS is_open, now() - n * interval '6 hours' AS placed_at,
        CASE WHEN n <= ${OPEN} THEN NULL WHEN n <= ${OPEN + ENDED_LATELY} THEN now() - interval '1 hour' ELSE now() - n * interval '5 hours' END AS ended_at
      FROM stores, LATERAL generate_series(1, CASE id WHEN ${BUSY.storeId} THEN ${ORDERS} ELSE ${ORDERS_PER_STORE} END::int) n
    ), placed AS (
      INSERT INTO orders (merchant_id, store_id, public_id, number, status, fulfilment_type, customer_id, first_name, last_name, email, locale,
        payment_method, currency, items_cents, shipping_cents, total_cents, placed_at, completed_at)
      SELECT merchant_id, store_id, lpad(store_id || '-' || n, 22, 'o'), 1000 + n, CASE WHEN is_open THEN 'pending' ELSE 'completed' END, 'pickup', merchant_id,
        'Ada', 'Byron', 'ada@example.com', 'en', 'pay_at_pickup', 'AUD', 900, 0, 900, placed_at, ended_at FROM planned
      RETURNING merchant_id, store_id, id, placed_at
    )
    INSERT INTO audit_log (merchant_id, store_id, actor_kind, action, entity, entity_id, at)
    SELECT merchant_id, store_id, 'system', 'order.placed', 'order', id, placed_at FROM placed`;
}

/** What the last statement of the read looks at. */
async function lookedAt(
  read: (tx: TenantTx<StoreTenant>) => Promise<unknown>,
): Promise<Record<string, number>> {
  await test.database.tenant(BUSY).read(read);
  const statement = sent.findLast(({ text }) => !/^(BEGIN|COMMIT|SELECT 1$)/.test(text));
  if (!statement) throw new Error('expected a statement, saw none');
  return rowsLookedAt(test.admin, BUSY, statement);
}

it('an order is found by its token, not among all orders of its store', async () => {
  const seen = await lookedAt((tx) => orderByPublicId(tx, `${BUSY.storeId}-9`.padStart(22, 'o')));
  expect(seen['orders']).toBe(1);
});

it('the board reads what is on it, however much the store has sold', async () => {
  const seen = await lookedAt(boardOrders);
  expect(seen['orders']).toBe(OPEN + ENDED_LATELY);
});

it('a page of the history reads a page, of any status that orders are in on the board too', async () => {
  const page = await lookedAt((tx) => orderHistory(tx, { limit: 50 }));
  expect(page['orders']).toBeLessThan(60);
  const pending = await lookedAt((tx) => orderHistory(tx, { status: 'pending', limit: 50 }));
  expect(pending['orders']).toBe(OPEN);
});

it('a page of the audit log reads a page of it', async () => {
  const filter = { storeIds: null, action: null, before: 1_000_000_000, limit: 50 };
  const seen = await lookedAt((tx) => auditPage(tx, filter));
  // Those of the merchant's other stores between them.
  expect(seen['audit_log']).toBeLessThan(50 + 1 + STORES_PER_MERCHANT * ORDERS_PER_STORE);
});

it('a page of products reads the levels of its variants, of no others and of no other store', async () => {
  const seen = await lookedAt((tx) => productList(tx, { currency: 'AUD', limit: 20 }));
  expect(seen['stock_levels']).toBeLessThanOrEqual(20 + 1);
});
