import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Product } from '#app/catalog/product-view.ts';
import type { BoardOrder, PublicOrder } from '#app/orders/order-view.ts';
import { testApp, type TestApp } from '../support/app.ts';
import type { HttpClient, Json } from '../support/http-client.ts';
import { openMerchants, type TestMerchants } from '../support/merchants.ts';
import { expectStatus } from '../support/orders.ts';
import { wrongBooks } from '../support/payments.ts';
import { signIn } from '../support/sign-in.ts';
import { stockDesk, type StockWithLedger } from '../support/stock-desk.ts';

let app: TestApp;
let shops: TestMerchants;
let manager: HttpClient;
beforeAll(async () => {
  app = await testApp({ testPayments: true });
  shops = await openMerchants(app);
  manager = await signIn(app.visitor, 'manager');
});
afterAll(() => app.close());
afterEach(async () => expect(await wrongBooks(app)).toEqual([]));
beforeEach(async () => {
  await settings({ counted: true, low_threshold: null, backorder: false });
  await adjust({ quantity: 10 });
});

const { variantId, adjust, settings, read, buy, bought, held, comeBack, expireHolds, cancel, refund } =
  stockDesk(() => ({ app, store: shops.cafe, staff: manager }));

const productChanges = async () => {
  const [row] = await app.admin`SELECT count(*)::int FROM domain_events WHERE type = 'ProductUpdated'`;
  return row?.['count'] as number;
};

const uncounted = () => settings({ counted: false });
const countedAgain = async () => (await settings({ counted: true })).body.quantity;

const quantityNow = async () => (await read('?limit=1')).body.quantity;

const isAvailable = async () => {
  const { slug } = shops.cafe.products.tee;
  const { body } = await app.visitor.get<Product>(`/api/v1/stores/cafe/products/${slug}`);
  return body.variants.find(({ id }) => id === variantId())?.available;
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
    [{ delta: 1_000_000_000 }, 422, 'VALIDATION_FAILED'],
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

describe('what comes back while nobody counts', () => {
  it.each([
    ['a cancelled order', async () => bought(3), cancel, 10],
    ['a refunded line', async () => bought(3), (order: string) => refund(order, 2), 9],
    ['a hold that ends', async () => held(3), expireHolds, 10],
  ])('is in the ledger, and there when it is counted again: %s', async (_, take, giveBack, quantity) => {
    const taken = await take();
    await uncounted();
    await giveBack(taken);
    expect(await quantityNow()).toBeNull();
    expect(await countedAgain()).toBe(quantity);
  });

  it('is once in the level when the count goes off and on in between', async () => {
    const [order, payment] = [await bought(3), await held(2)];
    await uncounted();
    expect(await countedAgain()).toBe(5);
    await cancel(order);
    await expireHolds();
    expect(await quantityNow()).toBe(10);
    expect(payment).not.toBe('');
  });

  it('is no more than was taken: an order that was placed or paid meanwhile took nothing', async () => {
    const payment = await held(4);
    await uncounted();
    const placed = await bought(3);
    const paid = await comeBack(payment);
    expect(await countedAgain()).toBe(10);
    await cancel(placed);
    await cancel(paid);
    expect(await quantityNow()).toBe(10);
  });

  it('brings a product that was sold out back when its count ends', async () => {
    await adjust({ quantity: 2 });
    await bought(2);
    await soon(async () => expect(await isAvailable()).toBe(false));
    await uncounted();
    await soon(async () => expect(await isAvailable()).toBe(true));
  });
});

describe('a threshold', () => {
  it('is told of once when stock falls to it, by a sale or by staff, and again after it has risen', async () => {
    await settings({ low_threshold: 5 });
    const before = (await lowEvents()).length;
    expectStatus(201, await buy(5));
    expectStatus(201, await buy(1));
    expect((await lowEvents()).slice(before)).toMatchObject([
      { payload: { variant_id: variantId(), quantity: 5, threshold: 5 } },
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
    const owed = { items: [{ quantity: 5, backordered: 3 }] };
    const path = `orders/${placed.body.public_id}`;
    expect((await manager.get(`/dashboard/${path}.json`)).body).toMatchObject(owed);
    expect((await app.visitor.get<PublicOrder>(`/api/v1/${path}`)).body).toMatchObject(owed);
    const { body: board } = await manager.get<{ orders: BoardOrder[] }>('/dashboard/board.json');
    expect(board.orders.find((each) => each.public_id === placed.body.public_id)).toMatchObject(owed);
    expect((await read('?limit=1')).body).toMatchObject({
      quantity: 0,
      ledger: { data: [{ delta: -2, reason: 'order_placed', order_number: placed.body.order_number }] },
    });
    expect(await isAvailable()).toBe(true);
  });

  it('gives back only what was taken when the order is cancelled', async () => {
    await settings({ backorder: true });
    await adjust({ quantity: 2 });
    const order = await bought(5);
    const changes = await productChanges();
    await cancel(order);
    expect(await quantityNow()).toBe(2);
    // It was never sold out, so nothing came back to the storefront.
    expect(await productChanges()).toBe(changes);
  });

  it('gives back only what was taken when more is refunded, and none of it twice', async () => {
    await settings({ backorder: true });
    await adjust({ quantity: 2 });
    const order = await bought(5);
    await refund(order, 4);
    expect(await quantityNow()).toBe(2);
    await refund(order, 1);
    expect(await quantityNow()).toBe(2);
  });

  it('gives back only what was held when the customer does not pay', async () => {
    await settings({ backorder: true });
    await adjust({ quantity: 2 });
    await held(5);
    expect(await quantityNow()).toBe(0);
    await expireHolds();
    expect(await quantityNow()).toBe(2);
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
