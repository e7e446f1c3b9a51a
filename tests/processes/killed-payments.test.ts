import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '#core/db/embedded/free-port.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { holdOrderNumbers, settled } from '../support/held-lock.ts';
import { httpClient, type HttpClient } from '../support/http-client.ts';
import { openMerchants, type TestMerchants } from '../support/merchants.ts';
import { checkOut, checkoutOf, expectStatus, line } from '../support/orders.ts';
import { connectStripe, endHolds, wrongBooks } from '../support/payments.ts';
import { startStripeStandIn, type StripeStandIn, type Trouble } from '../support/stripe-stand-in.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { startServer, type ServerPlace, type ServerProcess } from './server-process.ts';

const PRICE_CENTS = 3500;

let stripe: StripeStandIn;
let test: TestDatabase;
let place: ServerPlace;
let server: ServerProcess;
/** Between the customer and the server. */
let network: TcpProxy;
let visitor: HttpClient;
let shops: TestMerchants;

beforeAll(async () => {
  stripe = await startStripeStandIn();
  test = await testDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'storeflow-killed-'));
  place = {
    ...test,
    dataDir,
    port: await freePort(undefined),
    settings: { STRIPE_API_BASE: stripe.api.base },
  };
  server = await startServer('storeflow', place);
  network = await startTcpProxy([place.port]);
  visitor = httpClient(`http://127.0.0.1:${network.port}`);
  shops = await openMerchants({ ...test, visitor });
  await connectStripe(test, shops.cafe.tenant, stripe.account);
  // The first order of a store makes the counter that later ones wait for.
  expectStatus(201, await checkOut(visitor, shops.cafe, checkoutOf(shops.cafe)));
});
afterAll(async () => {
  await server.kill();
  await network.close();
  await stripe.close();
  await test.close();
  await rm(place.dataDir, { recursive: true });
});

/** A shirt, which is counted, by a card that pays. */
const buy = (key: string) => {
  const items = [line(shops.cafe.products.tee, { variant: 'M' })];
  const payment = { method: 'stripe', source: 'pm_card_visa' } as const;
  return checkOut(visitor, shops.cafe, checkoutOf(shops.cafe, 'pickup', { items, payment }), key);
};

interface Killing {
  readonly when: string;
  /** Ends the server at this step of a checkout that was sent. */
  readonly kill: () => Promise<void>;
  /** Whether the customer’s money has moved by then. */
  readonly isCharged: boolean;
  /** Who goes on: the customer, who asks again, or time alone. */
  readonly next: 'the customer asks again' | 'nobody comes back';
  /** What that ends in. */
  readonly end: 'a paid order' | 'neither';
}

const killings: readonly Killing[] = [
  {
    when: 'after its hold, as the provider is asked',
    kill: () => killAtCall(/payment_intents$/, 'silent'),
    isCharged: false,
    next: 'nobody comes back',
    end: 'neither',
  },
  {
    when: 'when the provider has taken the money and not answered',
    kill: () => killAtCall(/confirm$/, 'done in silence'),
    isCharged: true,
    next: 'nobody comes back',
    end: 'a paid order',
  },
  {
    when: 'after the provider’s answer, in the midst of writing the order',
    kill: killInOrder,
    isCharged: true,
    next: 'the customer asks again',
    end: 'a paid order',
  },
  {
    when: 'between the order’s COMMIT and the answer',
    kill: killBeforeAnswer,
    isCharged: true,
    next: 'the customer asks again',
    end: 'a paid order',
  },
];

async function killAtCall(call: RegExp, trouble: Trouble): Promise<void> {
  await stripe.trouble(call, trouble).struck;
  await server.kill();
}

async function killInOrder(): Promise<void> {
  const lock = await holdOrderNumbers(test.admin, shops.cafe.tenant.storeId);
  try {
    await lock.waiter();
    await server.kill();
  } finally {
    await lock.release();
  }
}

/** The order is written while nothing gets through to the customer. */
async function killBeforeAnswer(): Promise<void> {
  const { orders = 0 } = await cards();
  const lock = await holdOrderNumbers(test.admin, shops.cafe.tenant.storeId);
  try {
    await lock.waiter();
    network.setFrozen(true);
  } finally {
    await lock.release();
  }
  await expect.poll(async () => (await cards()).orders).toBe(orders + 1);
  await server.kill();
  network.cutAll();
  network.setFrozen(false);
}

/** Lets the hold end, and the next look at the payment be due. */
async function passTime(): Promise<void> {
  await endHolds(test);
  await test.admin`UPDATE directory_payments SET due_at = now() WHERE due_at IS NOT NULL`;
}

/** What Stripe keeps of customers' money, what orders say was paid, and how many payments wait for something. */
async function cards() {
  const [row] = await test.admin<{ orders: number; inOrders: number; open: number }[]>`
    SELECT count(*)::int AS orders, coalesce(sum(total_cents - refunded_cents), 0)::int AS "inOrders",
      (SELECT count(*)::int FROM directory_payments WHERE due_at IS NOT NULL) AS open
    FROM orders WHERE payment_method = 'stripe'`;
  return { ...row, kept: stripe.books.kept() };
}

it.each(killings)(
  'a payment whose server is killed $when, and $next, ends in $end',
  async ({ kill, isCharged, next, end }) => {
    const [before, key] = [await cards(), randomUUID()];
    const unanswered = expect(buy(key)).rejects.toThrow('fetch failed');
    await kill();
    await unanswered;
    expect(await server.ended).toBe('SIGKILL');
    await settled(test.admin);
    expect(stripe.books.kept() - before.kept).toBe(isCharged ? PRICE_CENTS : 0);
    expect(await wrongBooks(test)).toEqual([]);

    if (next === 'nobody comes back') await passTime();
    server = await startServer('storeflow', place);
    if (next === 'nobody comes back') await expect.poll(async () => (await cards()).open).toBe(0);
    const again = await buy(key);

    expect(again.status).toBe(end === 'neither' ? 409 : 201);
    const made = end === 'neither' ? 0 : 1;
    const [orders, kept] = [(before.orders ?? 0) + made, before.kept + made * PRICE_CENTS];
    expect(await cards()).toEqual({ orders, inOrders: kept, kept, open: 0 });
    expect(await wrongBooks(test)).toEqual([]);
  },
);
