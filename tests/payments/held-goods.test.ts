import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { cardDesk } from '../support/card-desk.ts';
import { holdOrderNumbers, waiting } from '../support/held-lock.ts';
import { expectStatus, line } from '../support/orders.ts';
import { openPaidShop, PM, type PaidShop } from '../support/paid-shop.ts';
import { endHolds, wrongBooks } from '../support/payments.ts';
import { stockDesk } from '../support/stock-desk.ts';

let shop: PaidShop;
let stripe: PaidShop['stripe'];
let app: PaidShop['app'];
let shops: PaidShop['shops'];
let manager: PaidShop['manager'];
beforeAll(async () => {
  shop = await openPaidShop();
  ({ stripe, app, shops, manager } = shop);
});
afterAll(() => shop.close());
afterEach(async () => {
  expect(await wrongBooks(app)).toEqual([]);
});

const { pay, confirm, settle, stepOf, finish, giveUp, late } = cardDesk(() => shop);

const RETURNED = { status: 409, body: { code: 'PAYMENT_RETURNED', reason: 'sold_out' } };

/** Where shirts of size M stand while ten of them are paid for: how many are on the shelf, and how they are sold. */
interface Shelf {
  readonly quantity?: number;
  readonly counted?: boolean;
  readonly backorder?: boolean;
}

describe('ten shirts that are paid for', () => {
  const desk = stockDesk(() => ({ app, store: shops.cafe, staff: manager }));

  async function set({ quantity, ...settings }: Shelf): Promise<void> {
    if (quantity !== undefined) expectStatus(201, await desk.adjust({ quantity }));
    expectStatus(200, await desk.settings(settings));
  }

  /** Pays in the end; answers what the customer is told. */
  async function paid(when: 'in time' | 'late', meanwhile: Shelf) {
    const items = [line(shops.cafe.products.tee, { variant: 'M', quantity: 10 })];
    const step = await (when === 'late' ? late({ items }) : stepOf(pay(PM.step, { items })));
    await set(meanwhile);
    finish(step);
    await settle();
    return confirm(step.payment_id);
  }

  it.each<[string, 'in time' | 'late', Shelf, Shelf, { backordered: number; left: number | null }]>([
    ['late, are sold where they still lie', 'late', {}, { quantity: 11 }, { backordered: 0, left: 1 }],
    [
      'late, are sold on backorder where the shop sells so',
      'late',
      { backorder: true },
      { quantity: 4 },
      { backordered: 6, left: 0 },
    ],
    [
      'late, are sold where nobody counts them any more',
      'late',
      {},
      { quantity: 4, counted: false },
      { backordered: 0, left: null },
    ],
    [
      'late, are taken from the shelf where they are counted by then',
      'late',
      { counted: false },
      { quantity: 12 },
      { backordered: 0, left: 2 },
    ],
    [
      'in time, are taken from the shelf where they are counted by then, and missing ones are owed',
      'in time',
      { counted: false },
      { quantity: 3 },
      { backordered: 7, left: 0 },
    ],
    [
      'in time, are owed as they were promised also when the shop no longer sells so',
      'in time',
      { quantity: 4, backorder: true },
      { backorder: false },
      { backordered: 6, left: 0 },
    ],
    [
      'in time, are taken from what has come in since',
      'in time',
      { quantity: 4, backorder: true },
      { quantity: 9 },
      { backordered: 0, left: 3 },
    ],
  ])('%s', async (_, when, before, meanwhile, { backordered, left }) => {
    await set({ quantity: 10, counted: true, backorder: false, ...before });
    const kept = stripe.books.kept();
    const placed = expectStatus(201, await paid(when, meanwhile));
    expect(stripe.books.kept()).toBe(kept + Number(placed['total_cents']));
    const order = await manager.get(`/dashboard/orders/${String(placed['public_id'])}.json`);
    expect(order.body).toMatchObject({ payment_status: 'paid', items: [{ quantity: 10, backordered }] });
    expect((await desk.read()).body.quantity).toBe(left);
  });

  it.each<[string, Shelf, Shelf]>([
    ['late, go back to those who wanted them where too few lie', {}, { quantity: 9 }],
    [
      'late, go back also where the shop no longer sells on backorder',
      { quantity: 4, backorder: true },
      { backorder: false },
    ],
    ['late, go back also where they were not counted then', { counted: false }, { quantity: 9 }],
  ])('%s', async (_, before, meanwhile) => {
    await set({ quantity: 10, counted: true, backorder: false, ...before });
    const kept = stripe.books.kept();
    expect(await paid('late', meanwhile)).toMatchObject(RETURNED);
    expect(stripe.books.kept()).toBe(kept);
  });

  it('late, are not touched by a count that begins while their order is written: it waits', async () => {
    await set({ quantity: 10, counted: true, backorder: false });
    const step = await late({ items: [line(shops.cafe.products.tee, { variant: 'M', quantity: 10 })] });
    await set({ counted: false });
    finish(step);
    const numbers = await holdOrderNumbers(app.admin, shops.cafe.tenant.storeId);
    const settling = settle();
    await numbers.waiter();
    const counting = desk.settings({ counted: true });
    await waiting(app.admin, 2);
    await numbers.release();
    await settling;
    expectStatus(201, await confirm(step.payment_id));
    expect(expectStatus(200, await counting).quantity).toBe(10);
  });

  it('in time, are theirs also when the hold ends before anyone has looked', async () => {
    await set({ quantity: 10, counted: true, backorder: false });
    const items = [line(shops.cafe.products.tee, { variant: 'M', quantity: 10 })];
    const step = await stepOf(pay(PM.step, { items }));
    finish(step);
    await giveUp(step);
    expect(await pay(PM.pays, { items })).toMatchObject({ status: 409, body: { code: 'OUT_OF_STOCK' } });
    expectStatus(201, await confirm(step.payment_id));
  });
});

describe('a payment of which Stripe knows no end yet', () => {
  it('is not said to be over: it may still be made', async () => {
    const step = await stepOf(pay(PM.step, {}));
    const intent = stripe.books.intents.at(-1);
    if (!intent) throw new Error('expected an intent');
    intent.status = 'processing';
    await endHolds(app);
    expect(await confirm(step.payment_id)).toMatchObject({
      status: 503,
      body: { code: 'PAYMENT_UNAVAILABLE' },
    });
    finish(step);
    expectStatus(201, await confirm(step.payment_id));
  });
});
