import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testApp, type TestApp } from '../support/app.ts';
import { openMerchants, type TestMerchants } from '../support/merchants.ts';
import { checkOut, checkoutOf, expectStatus } from '../support/orders.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Of the test's stores. */
const PREPARATION_MS = 10 * MINUTE_MS;

let app: TestApp;
let shops: TestMerchants;
beforeAll(async () => {
  app = await testApp();
  shops = await openMerchants(app);
});
afterAll(() => app.close());

const asFor = (pickup_time: string | null) =>
  checkOut(app.visitor, shops.cafe, checkoutOf(shops.cafe, 'pickup', { pickup_time }));
const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();

async function promised(pickup_time: string | null): Promise<{ placed: number; promised: number }> {
  const { public_id } = expectStatus(201, await asFor(pickup_time));
  const { body } = await app.visitor.get<{ placed_at: string; promised_at: string }>(
    `/api/v1/orders/${public_id}`,
  );
  return { placed: Date.parse(body.placed_at), promised: Date.parse(body.promised_at) };
}

describe('an order for pickup', () => {
  it('is promised after the store’s preparation time when no time is asked for', async () => {
    const order = await promised(null);
    expect(order.promised - order.placed).toBe(PREPARATION_MS);
  });

  it('is promised for the time that is asked for', async () => {
    const wanted = inMs(3 * DAY_MS);
    expect((await promised(wanted)).promised).toBe(Date.parse(wanted));
  });

  it('is promised for a time that is written with another offset', async () => {
    const wanted = new Date(Math.floor(Date.now() / 1000) * 1000 + DAY_MS);
    const inMelbourne = new Date(wanted.getTime() + 10 * 60 * MINUTE_MS)
      .toISOString()
      .replace('.000Z', '+10:00');
    expect((await promised(inMelbourne)).promised).toBe(wanted.getTime());
  });

  it('is promised as early as it can be when a moment too early is asked for', async () => {
    const order = await promised(inMs(PREPARATION_MS - 2 * MINUTE_MS));
    expect(order.promised - order.placed).toBe(PREPARATION_MS);
  });

  it.each([
    ['now', () => inMs(0)],
    ['yesterday', () => inMs(-DAY_MS)],
    ['more than a week ahead', () => inMs(8 * DAY_MS)],
    ['a second that clocks do not have', () => '2016-12-31T23:59:60Z'],
    ['a day that calendars do not have', () => '2027-02-30T10:00:00Z'],
    ['the end of years', () => '9999-12-31T23:59:59Z'],
    ['a time without an offset', () => '2027-01-01T10:00:00'],
  ])('is refused for %s', async (_, time) => {
    expect(await asFor(time())).toMatchObject({
      status: 422,
      body: { code: 'VALIDATION_FAILED', errors: { pickup_time: expect.any(Array) } },
    });
  });
});
