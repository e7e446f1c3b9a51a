import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Price } from '#app/cart/cart-schemas.ts';
import type { Checkout } from '#app/checkout/checkout-schemas.ts';
import type { PromotionView } from '#app/promotions/promotion-view.ts';
import { testApp, type TestApp } from '../support/app.ts';
import { register } from '../support/customers.ts';
import { holdCode, holdOrderNumbers, waiting } from '../support/held-lock.ts';
import type { Answer, HttpClient, Json } from '../support/http-client.ts';
import { openMerchants, type TestMerchants } from '../support/merchants.ts';
import { checkOut, checkoutOf, expectStatus, line, move } from '../support/orders.ts';
import { endHolds, SECOND_STEP, settleAll, TEST_CARDS, wrongBooks } from '../support/payments.ts';
import { signIn } from '../support/sign-in.ts';

const EMAIL = 'kim@example.com';

let app: TestApp;
let shops: TestMerchants;
let manager: HttpClient;
/** Signed in, as `EMAIL`. */
let customer: HttpClient;
beforeAll(async () => {
  app = await testApp({ testPayments: true });
  shops = await openMerchants(app);
  manager = await signIn(app.visitor, 'manager');
  customer = await register(app, shops.cafe, { email: EMAIL });
  // Only then there is a row that numbers are taken from.
  expectStatus(201, await checkOut(app.visitor, shops.cafe, checkoutOf(shops.cafe)));
});
afterAll(() => app.close());
afterEach(async () => {
  expect(await wrongBooks(app)).toEqual([]);
});

let made = 0;
/** A new code of ten percent that may be used once, or once by each customer. */
async function code(limit: 'uses_max' | 'uses_per_customer_max' | null): Promise<PromotionView> {
  const terms = { code: `LIMIT-${++made}`, kind: 'percentage', percent: 10, ...(limit && { [limit]: 1 }) };
  return expectStatus(201, await manager.post<PromotionView>('/dashboard/promotions', terms));
}

const limited = (promotion: PromotionView, limit: Json) => {
  const { id, code: name, version } = promotion;
  const terms = { code: name, kind: 'percentage', percent: 10, version, ...limit };
  return manager.put<PromotionView>(`/dashboard/promotions/${id}`, terms);
};

const usesOf = async ({ id }: PromotionView) =>
  (await manager.get<PromotionView>(`/dashboard/promotions/${id}.json`)).body.uses;

const goods = () => [line(shops.cafe.products.latte, { choices: { Whole: 1 }, quantity: 10 })];

/** Orders ten lattes of 4.50 with the code, as someone new unless signed in, to be paid over the counter, but for the changes. */
function buy({ code: promotion_code }: PromotionView, client = app.visitor, changes: Partial<Checkout> = {}) {
  const contact = { first_name: 'Robin', email: `buyer-${++made}@example.com` };
  const checkout = { contact, items: goods(), promotion_code, ...changes };
  return checkOut(client, shops.cafe, checkoutOf(shops.cafe, 'pickup', checkout));
}

const BY_CARD = { payment: { method: 'test', source: SECOND_STEP } } as const;

const price = ({ code: promotion_code }: PromotionView, client = app.visitor) =>
  client.post<Price & Json>('/api/v1/stores/cafe/cart/price', { items: goods(), promotion_code });

const LIMIT_REACHED = { status: 409, body: { code: 'PROMOTION_CODE_LIMIT_REACHED' } };

/** Lets `second` act while the first order, of which all is decided, waits for its number; answers both. */
async function between<Second>(first: () => Promise<Answer>, second: () => Promise<Second>) {
  const numbers = await holdOrderNumbers(app.admin, shops.cafe.tenant.storeId);
  try {
    const answer = first();
    await numbers.waiter();
    const acted = await second();
    await numbers.release();
    return [await answer, acted] as const;
  } catch (error) {
    await numbers.release();
    throw error;
  }
}

const settle = () => settleAll(app, { database: app.database, providers: TEST_CARDS });

const statusOf = ({ status }: Answer) => status;

describe.each([
  ['once', 'uses_max', () => app.visitor],
  ['once by each customer', 'uses_per_customer_max', () => customer],
] as const)('a code that may be used %s', (_, limit, buyer) => {
  it.each([
    ['both pay over the counter', {}, {}],
    ['the first pays over the counter, the second by card', {}, BY_CARD],
    ['the first pays by card, the second over the counter', BY_CARD, {}],
    ['both pay by card', BY_CARD, BY_CARD],
  ])('is used by one of two orders that were told its price: %s', async (_ways, first, second) => {
    const promotion = await code(limit);
    for (let nth = 0; nth < 2; nth++) expect(await price(promotion, buyer())).toMatchObject({ status: 200 });
    const held = await holdCode(app.admin, promotion.code);
    const buying = [buy(promotion, buyer(), first)];
    await waiting(app.admin, 1);
    buying.push(buy(promotion, buyer(), second));
    await waiting(app.admin, 2);
    await held.release();
    const [won, lost] = (await Promise.all(buying)).toSorted((a, b) => a.status - b.status);
    expect([201, 202]).toContain(won?.status);
    expect(lost).toMatchObject(LIMIT_REACHED);
    expect(await usesOf(promotion)).toBe(1);
  });

  it('is refused at checkout when it was used since the price was told', async () => {
    const promotion = await code(limit);
    const { body } = await price(promotion, buyer());
    expectStatus(201, await buy(promotion, buyer()));
    const { total_cents: expected_total_cents } = body.totals;
    expect(await buy(promotion, buyer(), { expected_total_cents })).toMatchObject(LIMIT_REACHED);
    expect(await price(promotion, buyer())).toMatchObject(LIMIT_REACHED);
  });

  it('is not used by an order that was decided before staff set this limit', async () => {
    const promotion = await code(null);
    expectStatus(201, await buy(promotion, buyer()));
    const [refused, saved] = await between(
      () => buy(promotion, buyer()),
      () => limited(promotion, { [limit]: 1 }),
    );
    expectStatus(200, saved);
    expect(refused).toMatchObject(LIMIT_REACHED);
    expect(await usesOf(promotion)).toBe(1);
  });

  it('is free again, for one, when the order is cancelled by two at once; a refund alone frees nothing', async () => {
    const promotion = await code(limit);
    const byTransfer = { payment: { method: 'manual' } } as const;
    const { public_id } = expectStatus(201, await buy(promotion, buyer(), byTransfer));
    const headers = { 'idempotency-key': `refund-of-${public_id}` };
    const refund = manager.post(`/dashboard/orders/${public_id}/refunds`, { reason: 'Cold' }, headers);
    expectStatus(201, await refund);
    expect(await buy(promotion, buyer())).toMatchObject(LIMIT_REACHED);
    const cancel = () => move(manager, { public_id, version: 2 }, 'cancelled');
    expect((await Promise.all([cancel(), cancel()])).map(statusOf).toSorted()).toEqual([200, 409]);
    expect(await usesOf(promotion)).toBe(0);
    expectStatus(201, await buy(promotion, buyer()));
    expect(await buy(promotion, buyer())).toMatchObject(LIMIT_REACHED);
    expect(await usesOf(promotion)).toBe(1);
  });
});

describe('the last use of a code', () => {
  it('that a payment took is refused to an order that was decided before, and free when the hold ends', async () => {
    const promotion = await code('uses_max');
    const [refused, step] = await between(
      () => buy(promotion),
      () => buy(promotion, app.visitor, BY_CARD),
    );
    expectStatus(202, step);
    expect(refused).toMatchObject(LIMIT_REACHED);
    await endHolds(app);
    await settle();
    expect(await usesOf(promotion)).toBe(0);
    expectStatus(201, await buy(promotion));
  });
});

/** Orders as a guest, with an e-mail address in whatever case or without one. */
const guest = (promotion: PromotionView, contact: { email?: string; mobile?: string }) =>
  buy(promotion, app.visitor, { contact: { first_name: 'Robin', ...contact } });

describe('what a customer has used', () => {
  it('as a guest whose e-mail address was written in other letters counts once each customer has a limit', async () => {
    const promotion = await code(null);
    expectStatus(201, await guest(promotion, { email: EMAIL.toUpperCase() }));
    expectStatus(200, await limited(promotion, { uses_per_customer_max: 1 }));
    expect(await buy(promotion, customer)).toMatchObject(LIMIT_REACHED);
    for (const email of [EMAIL, EMAIL.toUpperCase()])
      expect(await guest(promotion, { email })).toMatchObject({
        status: 409,
        body: { code: 'PROMOTION_CODE_SIGN_IN_REQUIRED' },
      });
  });

  it('as a guest counts also when that order is still being written', async () => {
    const promotion = await code(null);
    const [asGuest, buying] = await between(
      () => guest(promotion, { email: EMAIL.toUpperCase() }),
      async () => {
        expectStatus(200, await limited(promotion, { uses_per_customer_max: 1 }));
        const answer = buy(promotion, customer);
        await waiting(app.admin, 2);
        return [answer];
      },
    );
    expectStatus(201, asGuest);
    expect(await Promise.all(buying)).toMatchObject([LIMIT_REACHED]);
    expect(await usesOf(promotion)).toBe(1);
  });

  it('under another record counts once staff have made one of the two, also of an order that is being written', async () => {
    const [promotion, mobile] = [await code(null), '+61400333333'];
    expectStatus(201, await guest(promotion, { mobile }));
    const records = await app.admin<{ public_id: string }[]>`
      SELECT public_id FROM customers WHERE email = ${EMAIL} OR mobile = ${mobile} ORDER BY email NULLS LAST`;
    const [account, other] = records.map(({ public_id }) => public_id);
    const [asGuest, merging] = await between(
      () => guest(promotion, { mobile }),
      async () => {
        const answer = manager.post(`/dashboard/customers/${account}/merges`, { other_id: other });
        await waiting(app.admin, 2);
        return [answer];
      },
    );
    expectStatus(201, asGuest);
    expect((await Promise.all(merging)).map(statusOf)).toEqual([200]);
    expectStatus(200, await limited(promotion, { uses_per_customer_max: 2 }));
    expect(await buy(promotion, customer)).toMatchObject(LIMIT_REACHED);
    expect(await usesOf(promotion)).toBe(2);
  });
});
