import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { adjustStock, changeStockSettings } from '#app/stock/change-stock.ts';
import { countStock } from '#app/stock/count-stock.ts';
import { placeOrder } from '#app/checkout/place-order.ts';
import { advanceOrder } from '#app/orders/advance-order.ts';
import { orderByPublicId } from '#app/orders/order-queries.ts';
import { storeConfig, type StoreConfig } from '#app/stores/store-queries.ts';
import { DomainError } from '#core/values/domain-error.ts';
import { opaqueId, type VariantId } from '#core/values/ids.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { draft, stock, variant } from '../support/shelf.ts';
import { ACT, openShop, type TestShop } from '../support/shop.ts';

const VARIANTS = 3;
const RUNS = 12;

let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.close());

/** A store with three counted variants and the orders that were placed there. */
interface World {
  readonly shop: TestShop;
  readonly store: StoreConfig;
  readonly variants: readonly VariantId[];
  readonly orders: string[];
}

async function world(): Promise<World> {
  const shop = await openShop(test.database);
  const variants = Array.from({ length: VARIANTS }, (_, at) =>
    variant({ optionValues: [String(at)], stock: 5 }),
  );
  await stock(shop.db, draft('cup', { options: ['Size'], variants }));
  const rows = await shop.db.read(
    ({ sql }) => sql<{ id: VariantId }[]>`SELECT id FROM variants ORDER BY position`,
  );
  return { shop, store: await shop.db.read(storeConfig), variants: rows.map(({ id }) => id), orders: [] };
}

/** What happens to stock, each with what it is done with. Another kind of event is another line here. */
const ACTIONS = {
  checkout: fc.record({
    variant: fc.nat(VARIANTS - 1),
    other: fc.nat(VARIANTS - 1),
    quantity: fc.integer({ min: 1, max: 4 }),
  }),
  cancel: fc.record({ order: fc.nat(8) }),
  adjust: fc.record({ variant: fc.nat(VARIANTS - 1), delta: fc.integer({ min: -4, max: 4 }) }),
  count: fc.record({ variant: fc.nat(VARIANTS - 1), quantity: fc.nat(6) }),
  settings: fc.record({ variant: fc.nat(VARIANTS - 1), counted: fc.boolean(), backorder: fc.boolean() }),
};

type Actions = {
  [Name in keyof typeof ACTIONS]: (typeof ACTIONS)[Name] extends fc.Arbitrary<infer Input> ? Input : never;
};
type Action = {
  [Name in keyof Actions]: { readonly does: Name; readonly with: Actions[Name] };
}[keyof Actions];

const act = () => ({ ...ACT, at: new Date() });

const perform: { [Name in keyof Actions]: (world: World, input: Actions[Name]) => Promise<unknown> } = {
  checkout: async ({ shop, store, variants, orders }, { variant: one, other, quantity }) => {
    const items = [one, other].map((at) => ({ variant_id: opaqueId('va', variants[at] ?? 0), quantity }));
    const contact = { first_name: 'Noor', email: `${randomUUID()}@example.com` };
    const checkout = { fulfilment_type: 'pickup' as const, contact, items };
    const key = { route: 'checkout', principal: 'guest', key: randomUUID(), fingerprint: 'one' };
    const { public_id } = await shop.db.write((tx) =>
      placeOrder(tx, { store, checkout, key, requestId: null, now: new Date() }),
    );
    orders.push(public_id);
  },
  cancel: async ({ shop, orders }, { order }) => {
    const publicId = orders[order];
    if (publicId === undefined) return;
    await shop.db.write(async (tx) => {
      const { version } = await orderByPublicId(tx, publicId);
      const none = { trackingCode: null, trackingUrl: null };
      const { at: now, ...who } = act();
      await advanceOrder(tx, {
        publicId,
        version,
        status: 'cancelled',
        reason: 'Closed',
        ...none,
        ...who,
        now,
      });
    });
  },
  adjust: ({ shop, variants }, { variant: at, delta }) =>
    shop.db.write((tx) =>
      adjustStock(tx, {
        variantId: variantAt(variants, at),
        adjustment: { delta },
        note: 'Found',
        act: act(),
      }),
    ),
  count: ({ shop, variants }, { variant: at, quantity }) =>
    shop.db.write((tx) =>
      adjustStock(tx, {
        variantId: variantAt(variants, at),
        adjustment: { quantity },
        note: 'Counted',
        act: act(),
      }),
    ),
  settings: ({ shop, variants }, { variant: at, ...settings }) =>
    shop.db.write((tx) =>
      changeStockSettings(tx, { variantId: variantAt(variants, at), settings, act: act() }),
    ),
};

function variantAt(variants: readonly VariantId[], at: number): VariantId {
  const found = variants[at];
  if (found === undefined) throw new Error(`expected a variant at ${at}`);
  return found;
}

const actions: fc.Arbitrary<Action> = fc.oneof(
  ...Object.entries(ACTIONS).map(([does, input]) =>
    (input as fc.Arbitrary<object>).map((given) => ({ does, with: given }) as Action),
  ),
);

/** One after another in each of some groups that run at the same time. Refusals are part of the game, everything else is not. */
async function runAll(where: World, groups: readonly (readonly Action[])[]): Promise<void> {
  await Promise.all(
    groups.map(async (group) => {
      for (const action of group)
        await perform[action.does](where, action.with as never).catch((error: unknown) => {
          if (!(error instanceof DomainError) || error.code === 'INTERNAL') throw error;
        });
    }),
  );
}

it('stock is the sum of its ledger and never below zero, whatever happens at the same time', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(actions, { minLength: 2, maxLength: 6 }), { minLength: 2, maxLength: 5 }),
      async (groups) => {
        const where = await world();
        await runAll(where, groups);

        const { storeId } = where.shop.tenant;
        const levels = await test.admin<{ quantity: number | null; sum: number }[]>`
          SELECT quantity, (SELECT coalesce(sum(delta), 0)::int FROM stock_ledger l WHERE l.variant_id = s.variant_id AND l.store_id = s.store_id) AS sum
          FROM stock_levels s WHERE store_id = ${storeId}`;
        expect(levels).toHaveLength(VARIANTS);
        for (const { quantity, sum } of levels) {
          expect(sum).toBeGreaterThanOrEqual(0);
          expect(quantity ?? sum).toBe(sum);
        }
        expect(await unbalancedOrders(storeId)).toEqual([]);
      },
    ),
    { numRuns: RUNS },
  );
});

it('a count takes in what came back while it waited for the shelf, and what another had just begun to count', async () => {
  const { shop, variants } = await world();
  const [id, other] = [variantAt(variants, 0), variantAt(variants, 1)];
  const settings = { counted: false };
  await shop.db.write((tx) => changeStockSettings(tx, { variantId: id, settings, act: act() }));
  await test.admin`DELETE FROM stock_levels WHERE variant_id = ${other}`;
  const [reached, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const returning = shop.db.write(async (tx) => {
    const { sql, tenant } = tx;
    await adjustStock(tx, { variantId: other, adjustment: { quantity: 2 }, note: 'Found', act: act() });
    await sql`SELECT FROM stock_levels WHERE merchant_id = ${tenant.merchantId} AND variant_id = ${id} FOR NO KEY UPDATE`;
    await sql`INSERT INTO stock_ledger (merchant_id, store_id, variant_id, delta, reason)
      VALUES (${tenant.merchantId}, ${tenant.storeId}, ${id}, 4, 'adjustment')`;
    reached.resolve();
    await gate.promise;
  });
  await reached.promise;
  const counted = [id, other].map((each) => ({ id: each, stock: 7 }));
  const counting = shop.db.write((tx) => countStock(tx, counted, { reason: 'import', at: new Date() }));
  await expect.poll(() => test.admin`SELECT FROM pg_locks WHERE NOT granted`).not.toHaveLength(0);
  gate.resolve();
  await Promise.all([returning, counting]);

  const levels = await test.admin<{ quantity: number; sum: number }[]>`
    SELECT quantity, (SELECT sum(delta)::int FROM stock_ledger l WHERE l.variant_id = s.variant_id) AS sum
    FROM stock_levels s WHERE variant_id = ANY(${[id, other]})`;
  expect(levels).toEqual([
    { quantity: 7, sum: 7 },
    { quantity: 7, sum: 7 },
  ]);
});

/** Orders that took other than their lines tell, or did not give back all of it: a variant was counted for all of an order's lines or for none. */
async function unbalancedOrders(storeId: number): Promise<readonly unknown[]> {
  return test.admin`
    WITH lines AS (
      SELECT order_id, variant_id, sum(quantity - backordered)::int AS there FROM order_lines WHERE store_id = ${storeId} GROUP BY 1, 2
    ), ledger AS (
      SELECT order_id, variant_id, -sum(delta) FILTER (WHERE reason = 'order_placed')::int AS taken, sum(delta)::int AS balance
      FROM stock_ledger WHERE store_id = ${storeId} AND order_id IS NOT NULL GROUP BY 1, 2
    )
    SELECT orders.status, lines.*, ledger.taken, ledger.balance
    FROM ledger JOIN lines USING (order_id, variant_id) JOIN orders ON orders.id = order_id AND orders.store_id = ${storeId}
    WHERE taken <> there OR balance <> CASE orders.status WHEN 'cancelled' THEN 0 ELSE -taken END`;
}
