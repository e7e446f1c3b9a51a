import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Product } from '#app/catalog/product-view.ts';
import type { Stock, StockChange } from '#app/stock/stock-view.ts';
import { testApp, type TestApp } from '../support/app.ts';
import type { HttpClient, Json } from '../support/http-client.ts';
import { openMerchants, type TestMerchants } from '../support/merchants.ts';
import { checkOut, checkoutOf, expectStatus, line } from '../support/orders.ts';
import { signIn } from '../support/sign-in.ts';

type StockWithLedger = Stock & { ledger: { data: StockChange[]; next_cursor: string | null } } & Json;

let app: TestApp;
let shops: TestMerchants;
let manager: HttpClient;
let variantId: string;
beforeAll(async () => {
  app = await testApp();
  shops = await openMerchants(app);
  manager = await signIn(app.visitor, 'manager');
  variantId = shops.cafe.products.tee.variants.find(({ title }) => title === 'M')?.id ?? '';
});
afterAll(() => app.close());
beforeEach(async () => {
  await settings({ counted: true, low_threshold: null, backorder: false });
  await adjust({ quantity: 10 });
});

const adjust = (change: object, client = manager) =>
  client.post<Stock & Json>('/dashboard/stock-adjustments', {
    variant_id: variantId,
    reason_note: 'Counted',
    ...change,
  });
const settings = (change: object, client = manager) =>
  client.patch<Stock & Json>(`/dashboard/variants/${variantId}/stock`, change);
const read = (query = '', client = manager) =>
  client.get<StockWithLedger>(`/dashboard/variants/${variantId}/stock.json${query}`);

const buy = (quantity: number) =>
  checkOut(
    app.visitor,
    shops.cafe,
    checkoutOf(shops.cafe, 'pickup', { items: [line(shops.cafe.products.tee, { variant: 'M', quantity })] }),
  );

const isAvailable = async () => {
  const { slug } = shops.cafe.products.tee;
  const { body } = await app.visitor.get<Product>(`/api/v1/stores/cafe/products/${slug}`);
  return body.variants.find(({ id }) => id === variantId)?.available;
};

/** Shelves are emptied and listeners run after the answer. */
const soon = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 15_000 });

const lowEvents = () =>
  app.admin<{ payload: Json }[]>`SELECT payload FROM domain_events WHERE type = 'StockLow' ORDER BY id`;

describe('an adjustment of stock', () => {
  it('adds, takes or sets pieces, and is in the ledger with its note and who made it', async () => {
    expect(await adjust({ delta: -3, reason_note: ' Broken ' })).toMatchObject({
      status: 201,
      body: { quantity: 7 },
    });
    expect(await adjust({ quantity: 12 })).toMatchObject({
      status: 201,
      body: { quantity: 12, counted: true },
    });

    const { body } = await read('?limit=2');
    expect(body.ledger.data).toMatchObject([
      { delta: 5, reason: 'adjustment', note: 'Counted' },
      { delta: -3, reason: 'adjustment', note: 'Broken', by: 'manager of A' },
    ]);
  });

  it.each([
    [{ delta: -11 }, 409, 'STOCK_TOO_LOW'],
    [{ delta: 1, quantity: 1 }, 422, 'VALIDATION_FAILED'],
    [{}, 422, 'VALIDATION_FAILED'],
    [{ quantity: -1 }, 422, 'VALIDATION_FAILED'],
    [{ quantity: 1, reason_note: '  ' }, 422, 'VALIDATION_FAILED'],
    [{ quantity: 1, store_id: 'x' }, 422, 'VALIDATION_FAILED'],
  ])('%j is refused and changes nothing', async (change, status, code) => {
    expect(await adjust(change)).toMatchObject({ status, body: { code } });
    expect((await read()).body.quantity).toBe(10);
  });

  it('of the last piece takes the product off the shelf, and of the next brings it back', async () => {
    await adjust({ quantity: 0 });
    await soon(async () => expect(await isAvailable()).toBe(false));
    await adjust({ delta: 1 });
    await soon(async () => expect(await isAvailable()).toBe(true));
  });

  it('is in the audit log with before and after', async () => {
    await adjust({ quantity: 4 });
    const [entry] = await app.admin`
      SELECT action, before, after FROM audit_log WHERE entity = 'variant' ORDER BY id DESC LIMIT 1`;

    expect(entry).toMatchObject({
      action: 'stock.adjusted',
      before: { quantity: 10 },
      after: { quantity: 4, note: 'Counted' },
    });
  });
});

describe('the ledger', () => {
  it('is read a page at a time, each change once', async () => {
    for (const delta of [1, 2, 3]) await adjust({ delta });
    const seen: number[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body }: { body: StockWithLedger } = await read(`?limit=2${cursor && `&cursor=${cursor}`}`);
      seen.push(...body.ledger.data.map(({ delta }) => delta));
      cursor = body.ledger.next_cursor;
    }

    expect(seen.slice(0, 3)).toEqual([3, 2, 1]);
    expect(seen.reduce((sum, delta) => sum + delta, 0)).toBe(16);
  });

  it('outlives the count', async () => {
    const before = (await read()).body.ledger.data;
    await settings({ counted: false });
    expect((await read()).body).toMatchObject({ counted: false, quantity: null, ledger: { data: before } });
    expect(await adjust({ delta: 1 })).toMatchObject({ status: 409, body: { code: 'STOCK_NOT_COUNTED' } });
    expectStatus(201, await buy(50));

    expect((await settings({ counted: true })).body).toMatchObject({ counted: true, quantity: 10 });
  });
});

describe('a threshold', () => {
  it('is told of once when stock falls to it, by a sale or by staff, and again after it has risen', async () => {
    await settings({ low_threshold: 5 });
    const before = (await lowEvents()).length;
    expectStatus(201, await buy(5));
    expectStatus(201, await buy(1));
    expect((await lowEvents()).slice(before)).toMatchObject([
      { payload: { variant_id: variantId, quantity: 5, threshold: 5 } },
    ]);
    await adjust({ quantity: 9 });
    await adjust({ delta: -6 });

    expect((await lowEvents()).slice(before)).toMatchObject([{}, { payload: { quantity: 3 } }]);
    await soon(async () => {
      const notices =
        await app.admin`SELECT title, body FROM notifications WHERE kind = 'stock_low' ORDER BY id`;
      expect(notices).toContainEqual({ title: 'Running low: Alder tee, M', body: '3 left' });
    });
  });
});

describe('backorder', () => {
  it('sells what is not there: the stock stays at zero, the line tells what is owed', async () => {
    await settings({ backorder: true });
    await adjust({ quantity: 2 });
    const placed = await buy(5);
    expectStatus(201, placed);

    const [row] = await app.admin`
      SELECT quantity::int, backordered::int FROM order_lines l JOIN orders o ON o.id = l.order_id
      WHERE o.public_id = ${placed.body.public_id}`;
    expect(row).toEqual({ quantity: 5, backordered: 3 });
    expect((await read('?limit=1')).body).toMatchObject({
      quantity: 0,
      ledger: { data: [{ delta: -2, reason: 'order_placed', order_number: placed.body.order_number }] },
    });
    expect(await isAvailable()).toBe(true);
  });

  it('gives back only what was taken when the order is cancelled', async () => {
    await settings({ backorder: true });
    await adjust({ quantity: 2 });
    const { body } = await buy(5);
    const cancelled = await manager.patch(`/dashboard/orders/${body.public_id}/status`, {
      status: 'cancelled',
      version: 1,
      reason: 'Changed their mind',
    });

    expectStatus(200, cancelled);
    expect((await read()).body.quantity).toBe(2);
  });

  it('ends when it is switched off', async () => {
    await settings({ backorder: true });
    await adjust({ quantity: 0 });
    await settings({ backorder: false });

    expect(await buy(1)).toMatchObject({ status: 409, body: { code: 'OUT_OF_STOCK' } });
  });
});

describe('the stock of others', () => {
  it('is none to those of another merchant', async () => {
    const stranger = await signIn(app.visitor, 'other-owner');
    const missing = { status: 404, body: { code: 'VARIANT_NOT_FOUND' } };

    expect(await read('', stranger)).toMatchObject(missing);
    expect(await adjust({ quantity: 1 }, stranger)).toMatchObject(missing);
    expect(await settings({ backorder: true }, stranger)).toMatchObject(missing);
    expect((await read()).body.quantity).toBe(10);
  });

  it('is none to those who stand at the merchant’s other store', async () => {
    const owner = await signIn(app.visitor, 'owner', shops.roastery);

    expect(await adjust({ quantity: 1 }, owner)).toMatchObject({
      status: 404,
      body: { code: 'VARIANT_NOT_FOUND' },
    });
  });

  it('may be seen, and not changed, by those who only work at the board', async () => {
    const barista = await signIn(app.visitor, 'barista');

    expect((await read('', barista)).status).toBe(200);
    expect(await adjust({ quantity: 1 }, barista)).toMatchObject({ status: 403 });
    expect(await settings({ backorder: true }, barista)).toMatchObject({ status: 403 });
  });
});
