import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { adjustStock, changeStockSettings } from '#app/stock/change-stock.ts';
import { countStock } from '#app/stock/count-stock.ts';
import { payOrder } from '#app/checkout/pay-order.ts';
import { placeOrder } from '#app/checkout/place-order.ts';
import { settlePayment } from '#app/checkout/settle-payment.ts';
import { tryPayment } from '#app/checkout/try-payment.ts';
import { advanceOrder } from '#app/orders/advance-order.ts';
import { orderByPublicId } from '#app/orders/order-queries.ts';
import { checkHolds } from '#app/payments/check-holds.ts';
import { paymentByToken } from '#app/payments/payment-queries.ts';
import { checkRefunds } from '#app/refunds/check-refunds.ts';
import { requestRefund } from '#app/refunds/request-refund.ts';
import { settleRefund } from '#app/refunds/settle-refund.ts';
import { storeConfig, type StoreConfig } from '#app/stores/store-queries.ts';
import { DomainError } from '#core/values/domain-error.ts';
import { opaqueId, type VariantId } from '#core/values/ids.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { SECOND_STEP, TEST_CARDS } from '../support/payments.ts';
import { draft, stock, variant } from '../support/shelf.ts';
import { ACT, openShop, type TestShop } from '../support/shop.ts';

const VARIANTS = 3;
const RUNS = 12;
const providers = TEST_CARDS;

let test: TestDatabase;
beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.close());

/** A store with three counted variants, the last of which is sold on without stock, the orders that were placed there, and the payments whose second step is to come. */
interface World {
  readonly shop: TestShop;
  readonly store: StoreConfig;
  readonly variants: readonly VariantId[];
  readonly orders: string[];
  readonly payments: string[];
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
  const variantIds = rows.map(({ id }) => id);
  const last = { variantId: variantAt(variantIds, VARIANTS - 1), settings: { backorder: true }, act: ACT };
  await shop.db.write((tx) => changeStockSettings(tx, last));
  return { shop, store: await shop.db.read(storeConfig), variants: variantIds, orders: [], payments: [] };
}

/** What happens to stock, each with what it is done with. Another kind of event is another line here. */
const CART = fc.record({
  variant: fc.nat(VARIANTS - 1),
  other: fc.nat(VARIANTS - 1),
  quantity: fc.integer({ min: 1, max: 4 }),
});
const ACTIONS = {
  checkout: CART,
  hold: CART,
  comeBack: fc.record({ payment: fc.nat(4) }),
  expire: fc.record({ payment: fc.nat(4) }),
  cancel: fc.record({ order: fc.nat(8) }),
  refund: fc.record({
    order: fc.nat(8),
    line: fc.option(fc.record({ position: fc.nat(1), quantity: fc.integer({ min: 1, max: 4 }) })),
    restock: fc.boolean(),
  }),
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
  checkout: async (where, cart) => {
    const input = orderOf(where, cart, null);
    const { public_id } = await where.shop.db.write((tx) => placeOrder(tx, input));
    where.orders.push(public_id);
  },
  hold: async (where, cart) => {
    const answer = await payOrder(where.shop.db, { ...orderOf(where, cart, SECOND_STEP), providers });
    if ('payment_id' in answer) where.payments.push(answer.payment_id);
  },
  comeBack: async ({ shop: { db }, payments, orders }, { payment: at }) => {
    const payment = await paymentAt(db, payments, at);
    if (!payment) return;
    const back = { providers, payment, source: null, customerIsBack: true, requestId: null };
    const answer = await tryPayment(db, back);
    if ('public_id' in answer) orders.push(answer.public_id);
  },
  expire: async ({ shop: { db }, payments }, { payment: at }) => {
    const payment = await paymentAt(db, payments, at);
    if (!payment) return;
    await test.admin`UPDATE payments SET hold_expires_at = now() WHERE id = ${payment.id}`;
    await settlePayment(db, { providers, id: payment.id, requestId: null });
  },
  refund: async ({ shop: { db }, orders }, { order, line, restock }) => {
    const publicId = oneOf(orders, order);
    if (publicId === undefined) return;
    const request = { reason: 'Cold', restock, ...(line && { lines: [line] }) };
    const key = { route: 'refund', principal: 'test', key: randomUUID(), fingerprint: 'one' };
    const { at: now, ...who } = act();
    const { id } = await db.write((tx) => requestRefund(tx, { publicId, request, key, ...who, now }));
    await settleRefund(db, { providers, id, requestId: null });
  },
  cancel: async ({ shop, orders }, { order }) => {
    const publicId = oneOf(orders, order);
    if (publicId === undefined) return;
    const { at: now, ...who } = act();
    const move = { status: 'cancelled', reason: 'Closed', trackingCode: null, trackingUrl: null } as const;
    await shop.db.write(async (tx) => {
      const { version } = await orderByPublicId(tx, publicId);
      await advanceOrder(tx, { publicId, version, ...move, ...who, now });
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

function orderOf(
  { store, variants }: World,
  { variant: one, other, quantity }: Actions['checkout'],
  card: string | null,
) {
  const items = [one, other].map((at) => ({
    variant_id: opaqueId('va', variantAt(variants, at)),
    quantity,
  }));
  return {
    store,
    checkout: {
      fulfilment_type: 'pickup' as const,
      contact: { first_name: 'Noor', email: `${randomUUID()}@example.com` },
      items,
      payment: card ? { method: 'test' as const, source: card } : { method: 'manual' as const },
    },
    key: { route: 'checkout', principal: 'guest', key: randomUUID(), fingerprint: 'one' },
    requestId: null,
    now: new Date(),
  };
}

async function paymentAt(db: TestShop['db'], payments: readonly string[], at: number) {
  const token = oneOf(payments, at);
  return token === undefined ? null : db.read((tx) => paymentByToken(tx, token));
}

/** None of none: an order or a payment is chosen before it is known how many there will be. */
const oneOf = (made: readonly string[], at: number) => made[at % made.length];

function variantAt(variants: readonly VariantId[], at: number): VariantId {
  const found = variants[at];
  if (found === undefined) throw new Error(`expected a variant at ${at}`);
  return found;
}

const actions: fc.Arbitrary<Action> = fc.oneof(
  ...Object.entries(ACTIONS).map(([does, input]) => ({
    arbitrary: (input as fc.Arbitrary<object>).map((given) => ({ does, with: given }) as Action),
    weight: input === CART ? 2 : 1,
  })),
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
        for (const at of where.payments.keys()) await perform.expire(where, { payment: at });
        const open = await test.admin`
          SELECT FROM payments WHERE store_id = ${storeId} AND state NOT IN ('captured', 'failed', 'returned')`;
        expect(open).toHaveLength(0);
        const found = await where.shop.db.read(async (tx) => [await checkHolds(tx), await checkRefunds(tx)]);
        expect(found.map(({ first }) => first)).toEqual([[], []]);
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

/**
 * Orders that took other than their lines tell, or gave back other than what was asked: a variant was counted for all of an order's lines or
 * for none. A cancelled order gives back all, a refund with restocking what it names, or all when it names no lines, and never what was not taken.
 */
async function unbalancedOrders(storeId: number): Promise<readonly unknown[]> {
  return test.admin`
    WITH lines AS (
      SELECT order_id, variant_id, sum(quantity - backordered)::int AS there FROM order_lines WHERE store_id = ${storeId} GROUP BY 1, 2
    ), ledger AS (
      SELECT order_id, variant_id, -sum(delta) FILTER (WHERE reason = 'order_placed')::int AS taken, sum(delta)::int AS balance
      FROM stock_ledger WHERE store_id = ${storeId} AND order_id IS NOT NULL GROUP BY 1, 2
    ), returned AS (
      SELECT r.order_id, l.variant_id, sum(coalesce(rl.quantity, l.quantity))::int AS asked
      FROM refunds r LEFT JOIN refund_lines named ON named.refund_id = r.id
        JOIN order_lines l ON l.order_id = r.order_id AND l.store_id = r.store_id AND l.position = coalesce(named.position, l.position)
        LEFT JOIN refund_lines rl ON rl.refund_id = r.id AND rl.position = l.position
      WHERE r.store_id = ${storeId} AND r.restock AND r.state = 'done' GROUP BY 1, 2
    )
    SELECT orders.status, lines.*, ledger.taken, ledger.balance, asked
    FROM ledger JOIN lines USING (order_id, variant_id) JOIN orders ON orders.id = order_id AND orders.store_id = ${storeId}
      LEFT JOIN returned USING (order_id, variant_id)
    WHERE taken <> there OR balance <> CASE orders.status WHEN 'cancelled' THEN 0 ELSE least(taken, coalesce(asked, 0)) - taken END`;
}
