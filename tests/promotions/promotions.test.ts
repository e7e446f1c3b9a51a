import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Checkout } from '#app/checkout/checkout-schemas.ts';
import type { PromotionView } from '#app/promotions/promotion-view.ts';
import { testApp, type TestApp } from '../support/app.ts';
import type { HttpClient, Json } from '../support/http-client.ts';
import { openMerchants, type TestMerchants } from '../support/merchants.ts';
import { checkOut, checkoutOf, expectStatus, line, move } from '../support/orders.ts';
import { signIn } from '../support/sign-in.ts';

const BUYERS = 12;
const DAY_MS = 86_400_000;

let app: TestApp;
let shops: TestMerchants;
let manager: HttpClient;
beforeAll(async () => {
  app = await testApp();
  shops = await openMerchants(app);
  manager = await signIn(app.visitor, 'manager');
});
afterAll(() => app.close());

const put = (client: HttpClient, path: string, body: Json) =>
  client.send<Json>(path, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

let codes = 0;
/** A new code of ten percent, but for the changes. */
async function promotion(changes: Json = {}): Promise<PromotionView> {
  const terms = { code: `CODE-${++codes}`, kind: 'percentage', percent: 10, ...changes };
  return expectStatus(201, await manager.post<PromotionView>('/dashboard/promotions', terms));
}

const fixed = (cents: number) => ({ kind: 'fixed', percent: null, amount_cents: cents });
const FREE_SHIPPING = { kind: 'free_shipping', percent: null };

const buy = (changes: Partial<Checkout>, fulfilment: 'pickup' | 'shipping' = 'shipping') =>
  checkOut(app.visitor, shops.cafe, checkoutOf(shops.cafe, fulfilment, changes));

const price = (code: string, quantity = 1) =>
  app.visitor.post(`/api/v1/stores/cafe/cart/price`, {
    items: [line(shops.cafe.products.tee, { variant: 'M', quantity })],
    promotion_code: code,
  });

async function usesOf(code: string) {
  const [row] = await app.admin<{ uses: number; kept: number; released: number }[]>`
    SELECT uses, (SELECT count(*)::int FROM promotion_redemptions r WHERE r.promotion_id = p.id AND released_at IS NULL) AS kept,
      (SELECT count(*)::int FROM promotion_redemptions r WHERE r.promotion_id = p.id AND released_at IS NOT NULL) AS released
    FROM promotions p WHERE code = ${code}`;
  return row;
}

describe('a promotion code', () => {
  it('lowers the price of the goods, in any case and with spaces around it', async () => {
    const { code } = await promotion();
    expect(await price(` ${code.toLowerCase()} `)).toMatchObject({
      status: 200,
      body: {
        items: [{ base_unit_cents: 3500, unit_cents: 3500, discount_cents: 350 }],
        discounts: [{ kind: 'promotion', code, points: null, amount_cents: 350 }],
        totals: { items_cents: 3500, discount_cents: 350, total_cents: 3150 },
      },
    });
  });

  it.each([
    ['in wide letters', (code: string) => code.replace('CODE', 'ＣＯＤＥ')],
    ['with a dash as telephones write it', (code: string) => code.replace('-', '–')],
    [
      'with spaces that nobody sees',
      (code: string) => `\u{feff}${code.slice(0, 3)}\u{200b}${code.slice(3)}\u{a0}`,
    ],
  ])('is known %s', async (_, typed) => {
    const { code } = await promotion();
    expect(await price(typed(code))).toMatchObject({ status: 200, body: { discounts: [{ code }] } });
  });

  it('is frozen in the order with the discount of each line', async () => {
    const { code } = await promotion(fixed(1000));
    const items = [
      line(shops.cafe.products.tee, { variant: 'M' }),
      line(shops.cafe.products.latte, { choices: { Whole: 1 } }),
    ];
    const placed = expectStatus(201, await buy({ items, promotion_code: code }));
    expect(placed.total_cents).toBe(3500 + 450 + 900 - 1000);
    const order = await app.visitor.get(`/api/v1/orders/${placed.public_id}`);
    expect(order.body).toMatchObject({
      promotion_code: code,
      items: [{ discount_cents: 886 }, { discount_cents: 114 }],
      totals: { discount_cents: 1000, total_cents: placed.total_cents },
    });
    const [row] = await app.admin`
      SELECT promotion_cents::int, shipping_discount_cents::int FROM orders WHERE public_id = ${placed.public_id}`;
    expect(row).toEqual({ promotion_cents: 1000, shipping_discount_cents: 0 });
  });

  it('can free the shipping of an order that ships, and of no other', async () => {
    const { code } = await promotion(FREE_SHIPPING);
    const placed = expectStatus(201, await buy({ promotion_code: code }));
    expect(placed.total_cents).toBe(3500);
    expect(await buy({ promotion_code: code }, 'pickup')).toMatchObject({
      status: 409,
      body: { code: 'PROMOTION_CODE_NOT_FOR_PICKUP' },
    });
  });

  it('is part of what PRICE_CHANGED tells when its terms change before checkout', async () => {
    const { id, code, version } = await promotion();
    const cheaper = { code, kind: 'percentage', percent: 5, version };
    expectStatus(200, await put(manager, `/dashboard/promotions/${id}`, cheaper));
    expect(await buy({ promotion_code: code, expected_total_cents: 3150 + 900 })).toMatchObject({
      status: 409,
      body: {
        code: 'PRICE_CHANGED',
        quote: { totals: { discount_cents: 175, total_cents: 3325 + 900 } },
      },
    });
  });
});

const soon = () => new Date(Date.now() + DAY_MS).toISOString();
const ago = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString();

describe('a code that cannot be used', () => {
  it.each([
    ['is not taken before it begins', () => ({ starts_at: soon() }), 422, 'PROMOTION_CODE_INVALID'],
    [
      'is not taken once it is over',
      () => ({ starts_at: ago(2), ends_at: ago(1) }),
      409,
      'PROMOTION_CODE_EXPIRED',
    ],
    ['is not taken when it is out of use', () => ({ active: false }), 422, 'PROMOTION_CODE_INVALID'],
    [
      'is not taken below its minimum',
      () => ({ minimum_cents: 3501 }),
      409,
      'PROMOTION_CODE_MINIMUM_NOT_MET',
    ],
    [
      'is not taken from a guest when each customer has a limit',
      () => ({ uses_per_customer_max: 1 }),
      409,
      'PROMOTION_CODE_SIGN_IN_REQUIRED',
    ],
  ])('%s, neither for a price nor at checkout', async (_, terms, status, code) => {
    const made = await promotion(terms());
    const refused = { status, body: { code, errors: { promotion_code: [expect.any(String)] } } };
    expect(await price(made.code)).toMatchObject(refused);
    expect(await buy({ promotion_code: made.code })).toMatchObject(refused);
    expect(await usesOf(made.code)).toEqual({ uses: 0, kept: 0, released: 0 });
  });

  it('is of another store, and answered like one that does not exist', async () => {
    const { code } = await promotion();
    const items = [line(shops.roastery.products.latte, { choices: { Whole: 1 } })];
    const ask = (promotion_code: string) =>
      app.visitor.post('/api/v1/stores/roastery/cart/price', { items, promotion_code });
    const [foreign, unknown] = [await ask(code), await ask('NOBODY-S')];
    expect(foreign).toMatchObject({ status: 422, body: { code: 'PROMOTION_CODE_INVALID' } });
    expect({ ...foreign.body, request_id: '' }).toEqual({ ...unknown.body, request_id: '' });
  });

  it('counts its minimum at sale prices', async () => {
    const { code } = await promotion({ minimum_cents: 7000 });
    expect(await price(code)).toMatchObject({ status: 409, body: { minimum_cents: 7000 } });
    expect(await price(code, 2)).toMatchObject({ status: 200 });
  });
});

describe('the last use of a code', () => {
  it(`goes to one of ${BUYERS} who want it at the same time; the others leave nothing behind`, async () => {
    const { code } = await promotion({ uses_max: 1 });
    const items = [line(shops.cafe.products.latte, { choices: { Whole: 1 } })];
    const answers = await Promise.all(
      Array.from({ length: BUYERS }, (_, nth) =>
        buy(
          {
            items,
            promotion_code: code,
            contact: { first_name: 'Robin', email: `buyer-${nth}@example.com` },
          },
          'pickup',
        ),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    const refused = answers.filter(({ status }) => status === 409);
    expect(refused).toHaveLength(BUYERS - 1);
    expect(new Set(refused.map(({ body }) => body['code']))).toEqual(
      new Set(['PROMOTION_CODE_LIMIT_REACHED']),
    );
    expect(await usesOf(code)).toEqual({ uses: 1, kept: 1, released: 0 });
    const [orders] =
      await app.admin`SELECT count(*)::int AS placed FROM orders WHERE promotion_code = ${code}`;
    expect(orders).toEqual({ placed: 1 });
  });

  it('comes back when the order is cancelled, once', async () => {
    const { code } = await promotion({ uses_max: 1 });
    const placed = expectStatus(201, await buy({ promotion_code: code }));
    expect(await buy({ promotion_code: code })).toMatchObject({ status: 409 });
    const order = { public_id: placed.public_id, version: 1 };
    expectStatus(200, await move(manager, order, 'cancelled'));
    expect(await usesOf(code)).toEqual({ uses: 0, kept: 0, released: 1 });
    expectStatus(201, await buy({ promotion_code: code }));
    expect(await usesOf(code)).toEqual({ uses: 1, kept: 1, released: 1 });
  });
});

describe('promotions in the dashboard', () => {
  it('are listed newest first, by pages, each with its uses', async () => {
    const { id, code } = await promotion();
    const placed = expectStatus(201, await buy({ promotion_code: code }));
    const list = await manager.get<{ data: PromotionView[]; next_cursor: string }>(
      '/dashboard/promotions.json?limit=1',
    );
    expect(list.body).toMatchObject({ data: [{ id, code, uses: 1 }], next_cursor: id });
    const rest = await manager.get<{ data: PromotionView[] }>(
      `/dashboard/promotions.json?cursor=${list.body.next_cursor}`,
    );
    expect(rest.body.data.map((each) => each.id)).not.toContain(id);
    const uses = await manager.get(`/dashboard/promotions/${id}/redemptions.json`);
    expect(uses.body).toEqual({
      data: [
        {
          order_number: placed.order_number,
          public_id: placed.public_id,
          discount_cents: 350,
          at: expect.any(String),
          released_at: null,
        },
      ],
      next_cursor: null,
    });
  });

  it.each([
    ['a percentage without a percent', { kind: 'percentage', percent: null }],
    ['a percentage above the whole', { percent: 101 }],
    ['a fixed amount with a percent', { kind: 'fixed', amount_cents: 100 }],
    ['free shipping with an amount', { ...FREE_SHIPPING, amount_cents: 100 }],
    ['an end before its beginning', { starts_at: '2030-01-02T00:00:00Z', ends_at: '2030-01-01T00:00:00Z' }],
    ['a leap second', { ends_at: '2016-12-31T23:59:60Z' }],
    ['the year nought', { ends_at: '0000-01-01T00:00:00Z' }],
    ['a code with spaces', { code: 'TEN OFF' }],
    ['no limit at all', { uses_max: 0 }],
    ['an unknown field', { uses: 7 }],
  ])('cannot be made of %s', async (_, changes) => {
    const terms = { code: 'NEVER', kind: 'percentage', percent: 10, ...changes };
    expect(await manager.post('/dashboard/promotions', terms)).toMatchObject({
      status: 422,
      body: { code: 'VALIDATION_FAILED' },
    });
  });

  it('have one code each, and are changed at the version that was looked at', async () => {
    const { id, code, version } = await promotion();
    const again = await manager.post('/dashboard/promotions', { code: code.toLowerCase(), ...FREE_SHIPPING });
    expect(again).toMatchObject({ status: 409, body: { code: 'PROMOTION_CODE_TAKEN' } });
    const off = { code, ...FREE_SHIPPING, active: false, version };
    expect(await put(manager, `/dashboard/promotions/${id}`, off)).toMatchObject({
      status: 200,
      body: { active: false, kind: 'free_shipping', percent: null, version: version + 1 },
    });
    expect(await put(manager, `/dashboard/promotions/${id}`, off)).toMatchObject({
      status: 409,
      body: { code: 'PROMOTION_CHANGED', version: version + 1 },
    });
    const audit = await app.admin`
      SELECT action, before ->> 'active' AS before, after ->> 'active' AS after FROM audit_log
      WHERE entity = 'promotion' AND before ->> 'code' = ${code}`;
    expect(audit).toEqual([{ action: 'promotion.changed', before: 'true', after: 'false' }]);
  });

  it('are for those who manage them, at their own store', async () => {
    const { id, code, version } = await promotion();
    const barista = await signIn(app.visitor, 'barista');
    expect(await barista.get('/dashboard/promotions.json')).toMatchObject({ status: 403 });
    const strangers = [
      await signIn(app.visitor, 'other-owner'),
      await signIn(app.visitor, 'owner', shops.roastery),
    ];
    for (const stranger of strangers) {
      expect(await stranger.get(`/dashboard/promotions/${id}.json`)).toMatchObject({
        status: 404,
        body: { code: 'PROMOTION_NOT_FOUND' },
      });
      const taken = await put(stranger, `/dashboard/promotions/${id}`, { code, ...FREE_SHIPPING, version });
      expect(taken).toMatchObject({ status: 404 });
    }
  });
});
