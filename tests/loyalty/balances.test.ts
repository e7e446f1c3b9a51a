import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { productBySlug } from '#app/catalog/product-queries.ts';
import { placeOrder } from '#app/checkout/place-order.ts';
import { findOrCreateCustomer } from '#app/customers/find-or-create-customer.ts';
import { adjustPoints } from '#app/loyalty/adjust-points.ts';
import { POINTS_MAX, pointsEarned, pointsKept } from '#app/loyalty/loyalty-rules.ts';
import { decimalsOf } from '#core/values/minor-units.ts';
import { saveProgramme } from '#app/loyalty/save-programme.ts';
import { checkBalances } from '#app/loyalty/check-balances.ts';
import { advanceOrder } from '#app/orders/advance-order.ts';
import type { OrderStatus } from '#app/orders/order.ts';
import { savePromotion } from '#app/promotions/save-promotion.ts';
import { checkUses } from '#app/promotions/check-uses.ts';
import { storeConfig, type StoreConfig } from '#app/stores/store-queries.ts';
import { SYSTEM } from '#core/security/audit.ts';
import type { CustomerId } from '#core/values/ids.ts';
import { DomainError } from '#core/values/domain-error.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { draft, stock } from '../support/shelf.ts';
import { ACT, openShop, type TestShop } from '../support/shop.ts';

const USES_MAX = 12;
const PROGRAMME = {
  points_per_currency_unit: 5,
  threshold: 20,
  reward: { kind: 'percentage', percent: 10 },
  active: true,
  version: 0,
} as const;

const TERMS = { threshold: 1, active: true, reward: { kind: 'percentage', percent: 1 } } as const;

let test: TestDatabase;
let shop: TestShop;
let store: StoreConfig;
let variantId: string;
let customers: CustomerId[];
beforeAll(async () => {
  test = await testDatabase();
  shop = await openShop(test.database);
  await stock(shop.db, draft('cup'));
  await shop.db.write(async (tx) => {
    await saveProgramme(tx, PROGRAMME, ACT);
    const terms = { code: 'TEN', kind: 'percentage', percent: 10, uses_max: USES_MAX } as const;
    await savePromotion(tx, { terms, changed: null, act: ACT });
  });
  [store, variantId] = await shop.db.read(async (tx) => [
    await storeConfig(tx),
    (await productBySlug(tx, { slug: 'cup', currency: 'AUD' }))?.variants[0]?.id ?? '',
  ]);
  const named = ['ada', 'kim', 'noor'].map((name) => ({
    firstName: name,
    lastName: '',
    email: `${name}@example.com`,
    mobile: null,
  }));
  customers = await Promise.all(
    named.map((contact) => shop.db.write((tx) => findOrCreateCustomer(tx, contact))),
  );
});
afterAll(() => test.close());

/** What a customer does: an order, perhaps with code and points, that is cancelled, handed over or left; or points come or go by hand. */
const act = fc.record({
  who: fc.nat(2),
  points: fc.boolean(),
  code: fc.boolean(),
  end: fc.constantFrom('left' as const, 'cancelled' as const, 'completed' as const),
  adjusted: fc.integer({ min: -30, max: 30 }).filter((delta) => delta !== 0),
});
type Act = typeof act extends fc.Arbitrary<infer Value> ? Value : never;

let made = 0;

async function play({ who, points, code, end, adjusted }: Act): Promise<void> {
  const signedIn = customers[who] as CustomerId;
  const now = new Date();
  const checkout = {
    fulfilment_type: 'pickup' as const,
    contact: { first_name: 'Ada', email: 'ada@example.com' },
    items: [{ variant_id: variantId, quantity: 3 }],
    ...(code && { promotion_code: 'TEN' }),
    redeem_points: points,
  };
  const key = { route: 'checkout', principal: 'test', key: `balances-${++made}`, fingerprint: 'one' };
  const { public_id: publicId } = await shop.db.write((tx) =>
    placeOrder(tx, { store, checkout, key, signedIn, requestId: null, now }),
  );
  const steps: OrderStatus[] = end === 'completed' ? ['accepted', 'in_progress', 'ready', 'completed'] : [];
  if (end === 'cancelled') steps.push('cancelled');
  for (const [nth, status] of steps.entries()) {
    const nothing = { trackingCode: null, trackingUrl: null, requestId: null, actor: SYSTEM, now };
    await shop.db.write((tx) =>
      advanceOrder(tx, { ...nothing, publicId, version: nth + 1, status, reason: 'Changed my mind' }),
    );
  }
  const adjustment = { customerId: signedIn, delta: adjusted, note: 'Test', act: { ...ACT, at: now } };
  await shop.db.write((tx) => adjustPoints(tx, adjustment));
}

/** What the shop refuses is fine; anything else is not. */
async function orRefused(playing: Promise<void>): Promise<void> {
  await playing.catch((error: unknown) => {
    if (!(error instanceof DomainError) || error.code === 'UNAVAILABLE') throw error;
  });
}

it('balances are what their ledgers add up to, and uses of a code its redemptions, whatever happens at once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 4, maxLength: 12 }), async (acts) => {
      await Promise.all(acts.map((each) => orRefused(play(each))));
      const found = await shop.db.read(async (tx) => [await checkBalances(tx), await checkUses(tx)]);
      expect(found).toMatchObject([
        { checked: customers.length, wrong: 0 },
        { checked: 1, wrong: 0 },
      ]);
      const [code] = await test.admin<{ uses: number }[]>`SELECT uses FROM promotions`;
      expect(code?.uses).toBeLessThanOrEqual(USES_MAX);
    }),
    { numRuns: 6 },
  );
  const [ledger] = await test.admin<{ reasons: string[] }[]>`
    SELECT json_agg(DISTINCT reason ORDER BY reason) AS reasons FROM loyalty_ledger`;
  expect(ledger?.reasons).toEqual(expect.arrayContaining(['adjustment', 'earned']));
});

it('a balance that was changed past its ledger is found', async () => {
  await test.admin`UPDATE customers SET loyalty_points = loyalty_points + 7 WHERE id = ${customers[0] ?? 0}`;
  await test.admin`UPDATE promotions SET uses = uses + 1`;
  const found = await shop.db.read(async (tx) => [await checkBalances(tx), await checkUses(tx)]);
  const amiss = found.map(({ first }) => first.map(({ kept, source }) => Number(kept) - Number(source)));
  expect(amiss).toEqual([[7], [1]]);
});

it('what an order without a price earned is kept', () => {
  expect(pointsKept(10, { refundedCents: 0, totalCents: 0 })).toBe(10);
});

it('a balance never passes what it can hold, however much is given or earned', async () => {
  const [customerId] = customers as [CustomerId];
  await test.admin`UPDATE customers SET loyalty_points = ${POINTS_MAX} WHERE id = ${customerId}`;
  const more = { customerId, delta: 1, note: 'Test', act: { ...ACT, at: new Date() } };
  await expect(shop.db.write((tx) => adjustPoints(tx, more))).rejects.toMatchObject({
    code: 'VALIDATION_FAILED',
    evidence: { errors: { delta: [expect.stringContaining('together')] } },
  });
  expect(pointsEarned(1_000_000_000, 0, { ...TERMS, pointsPerCurrencyUnit: 1000 })).toBe(POINTS_MAX);
});

it.each([
  ['JPY', 1250],
  ['AUD', 12],
  ['KWD', 1],
])('points are for whole units of %s', (currency, points) => {
  expect(pointsEarned(1250, decimalsOf(currency), { ...TERMS, pointsPerCurrencyUnit: 1 })).toBe(points);
});
