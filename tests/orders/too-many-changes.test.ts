import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testApp, type TestApp } from '../support/app.ts';
import type { HttpClient } from '../support/http-client.ts';
import { openMerchants, type TestMerchants } from '../support/merchants.ts';
import { checkOut, checkoutOf, expectStatus, move } from '../support/orders.ts';
import { signIn } from '../support/sign-in.ts';

const CHANGES_PER_MINUTE = 20;

let app: TestApp;
let shops: TestMerchants;
let manager: HttpClient;
let stranger: HttpClient;
beforeAll(async () => {
  app = await testApp({ rateLimits: true });
  shops = await openMerchants(app);
  manager = await signIn(app.visitor, 'manager');
  stranger = await signIn(app.visitor, 'other-owner');
});
afterAll(() => app.close());

async function newOrder() {
  const { public_id } = expectStatus(201, await checkOut(app.visitor, shops.cafe, checkoutOf(shops.cafe)));
  return { public_id, version: 1 };
}

/** The statuses of so many attempts, one after the other. */
async function attempts(count: number, attempt: (nth: number) => Promise<{ status: number }>) {
  const statuses: number[] = [];
  for (let nth = 0; nth < count; nth++) statuses.push((await attempt(nth)).status);
  return statuses;
}

describe(`more than ${CHANGES_PER_MINUTE} changes of one order in a minute`, () => {
  it('are refused, with the time to wait', async () => {
    const order = await newOrder();
    const first = await attempts(CHANGES_PER_MINUTE, () => move(manager, order, 'ready'));
    expect(new Set(first)).toEqual(new Set([409]));
    const answer = await move(manager, order, 'accepted');
    expect(answer).toMatchObject({ status: 429, body: { code: 'TOO_MANY_REQUESTS' } });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(answer.headers.get('retry-after'))).toBeLessThanOrEqual(60);
  });

  it('are refused however the address is written', async () => {
    const order = await newOrder();
    const statuses = await attempts(CHANGES_PER_MINUTE + 1, (nth) =>
      manager.patch(`/dashboard/orders/${order.public_id}/status?try=${nth}`, {
        status: 'ready',
        version: 1,
      }),
    );
    expect(statuses.at(-1)).toBe(429);
  });

  it('are refused for refunds too', async () => {
    const { public_id: id } = await newOrder();
    const statuses = await attempts(CHANGES_PER_MINUTE + 1, (nth) => {
      const body = { reason: 'Cold', amount_cents: 1_000_000 };
      return manager.post(`/dashboard/orders/${id}/refunds`, body, { 'idempotency-key': `refund-no-${nth}` });
    });
    expect([statuses[0], statuses.at(-1)]).toEqual([409, 429]);
  });

  it('do not keep another order from moving', async () => {
    const [one, two] = [await newOrder(), await newOrder()];
    await attempts(CHANGES_PER_MINUTE + 1, () => move(manager, one, 'ready'));
    expectStatus(200, await move(manager, two, 'accepted'));
  });

  it('are not those of people who may not move it', async () => {
    const order = await newOrder();
    const strangers = await attempts(CHANGES_PER_MINUTE + 1, () => move(stranger, order, 'accepted'));
    expect(strangers.slice(0, CHANGES_PER_MINUTE)).toEqual(
      Array.from({ length: CHANGES_PER_MINUTE }, () => 404),
    );
    await attempts(CHANGES_PER_MINUTE + 1, () => move(app.visitor, order, 'accepted'));
    expectStatus(200, await move(manager, order, 'accepted'));
  });
});
