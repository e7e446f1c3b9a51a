import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { productBySlug } from '#app/catalog/product-queries.ts';
import { payOrder } from '#app/checkout/pay-order.ts';
import { settlePayment } from '#app/checkout/settle-payment.ts';
import { tryPayment } from '#app/checkout/try-payment.ts';
import { requestRefund } from '#app/refunds/request-refund.ts';
import { settleRefund } from '#app/refunds/settle-refund.ts';
import { providerOf, type PaymentProvider, type PaymentProviders } from '#app/payments/payment-provider.ts';
import { paymentProviders } from '#app/payments/payment-providers.ts';
import { paymentByToken } from '#app/payments/payment-queries.ts';
import { storeConfig } from '#app/stores/store-queries.ts';
import type { StoreTenant, TenantDb } from '#core/db/tenant.ts';
import { SYSTEM } from '#core/security/audit.ts';
import { newToken } from '#core/values/ids.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { connectStripe, endHolds, settleAll, wrongBooks } from '../support/payments.ts';
import { draft, stock, variant } from '../support/shelf.ts';
import { openShop, type TestShop } from '../support/shop.ts';
import { startStripeStandIn, type StripeStandIn } from '../support/stripe-stand-in.ts';

const PRICE_CENTS = 450;

let stripe: StripeStandIn;
let test: TestDatabase;
let shop: TestShop;
let cup: string;
let providers: PaymentProviders;
beforeAll(async () => {
  stripe = await startStripeStandIn();
  test = await testDatabase();
  shop = await openShop(test.database);
  providers = paymentProviders({ testPayments: false, stripe: stripe.api, secret: test.secret });
  await connectStripe(test, shop.tenant, stripe.account);
  await stock(shop.db, draft('cup', { variants: [variant({ stock: 500 })] }));
  cup = await shop.db.read(async (tx) => {
    const product = await productBySlug(tx, { slug: 'cup', currency: 'AUD' });
    return product?.variants[0]?.id ?? '';
  });
});
afterAll(async () => {
  await test.close();
  await stripe.close();
});

class Crash extends Error {}

/** A process that dies at its nth step. */
interface Process {
  readonly db: TenantDb<StoreTenant>;
  readonly providers: PaymentProviders;
  /** Where it died. */
  readonly diedAt: () => string | null;
}

/** Steps are the moments right before and after each COMMIT and each request to the provider. */
function dyingAt(nth: number): Process {
  let [passed, died] = [0, null as string | null];
  const step = (name: string) => {
    if (passed++ < nth) return;
    died = name;
    throw new Crash(name);
  };
  const db: TenantDb<StoreTenant> = {
    ...shop.db,
    write: async (work) => {
      const result = await shop.db.write(async (tx) => {
        const done = await work(tx);
        step('before COMMIT');
        return done;
      });
      step('after COMMIT');
      return result;
    },
  };
  const around = (provider: PaymentProvider): PaymentProvider =>
    new Proxy(provider, {
      get: (target, name: keyof PaymentProvider) => {
        const member: unknown = target[name];
        if (typeof member !== 'function' || name === 'accepts') return member;
        return async (...given: unknown[]) => {
          step(`before ${name}`);
          const answer: unknown = await (member as (...args: unknown[]) => unknown)(...given);
          step(`after ${name}`);
          return answer;
        };
      },
    });
  const wrapped: PaymentProviders = {
    offered: async (tenant) => (await providers.offered(tenant)).map(around),
    of: async (tenant, payment) => around(await providerOf(providers, tenant, payment)),
  };
  return { db, providers: wrapped, diedAt: () => died };
}

const alive = (): Process => dyingAt(Number.POSITIVE_INFINITY);

async function checkOutWith(source: string, { db, providers: asked }: Process) {
  const store = await shop.db.read(storeConfig);
  const key = { route: 'checkout', principal: 'guest', key: newToken(), fingerprint: 'one' };
  return payOrder(db, {
    store,
    providers: asked,
    checkout: {
      fulfilment_type: 'pickup',
      contact: { first_name: 'Noor', email: 'noor@example.com' },
      items: [{ variant_id: cup, quantity: 1 }],
      payment: { method: 'stripe', source },
    },
    key,
    requestId: null,
    now: new Date(),
  });
}

/** A customer who waits before the second step. */
async function waiting(): Promise<string> {
  const answer = await checkOutWith('pm_card_authenticationRequired', alive());
  return 'payment_id' in answer ? answer.payment_id : '';
}

const newestIntent = () => {
  const intent = stripe.books.intents.at(-1);
  if (!intent) throw new Error('expected an intent');
  return intent;
};

const paymentOf = (token: string) => shop.db.read((tx) => paymentByToken(tx, token));

async function settled(token: string, { db, providers: asked }: Process) {
  const { id } = await paymentOf(token);
  return settlePayment(db, { providers: asked, id, requestId: null });
}

async function soldOutMeanwhile<Result>(work: () => Promise<Result>): Promise<Result> {
  const [level] = await test.admin<{ quantity: number }[]>`SELECT quantity FROM stock_levels`;
  await test.admin`UPDATE stock_levels SET quantity = 0`;
  try {
    return await work();
  } finally {
    await test.admin`UPDATE stock_levels SET quantity = quantity + ${level?.quantity ?? 0}`;
  }
}

/** What is prepared, and then done by a process that dies. */
const SCENES: Readonly<Record<string, () => Promise<(process: Process) => Promise<unknown>>>> = {
  'a card that pays': async () => (process) => checkOutWith('pm_card_visa', process),
  'a card that is declined': async () => (process) => checkOutWith('pm_card_visa_chargeDeclined', process),
  'a customer who comes back from the second step': async () => {
    const token = await waiting();
    stripe.books.finishStep(newestIntent());
    return async ({ db, providers: asked }) =>
      tryPayment(db, {
        providers: asked,
        payment: await paymentOf(token),
        source: null,
        customerIsBack: true,
        requestId: null,
      });
  },
  'the reconciler, for a customer who paid and did not come back': async () => {
    const token = await waiting();
    stripe.books.finishStep(newestIntent());
    return (process) => settled(token, process);
  },
  'the reconciler, for a hold that has ended': async () => {
    const token = await waiting();
    await endHolds(test);
    return (process) => settled(token, process);
  },
  'the reconciler, for a payment whose goods are gone': async () => {
    const token = await waiting();
    stripe.trouble(/cancel$/, 'busy');
    await endHolds(test);
    await settled(token, alive()).catch(() => undefined);
    stripe.books.finishStep(newestIntent());
    return (process) => soldOutMeanwhile(() => settled(token, process));
  },
  'a refund': async () => {
    const placed = await checkOutWith('pm_card_visa', alive());
    const publicId = 'public_id' in placed ? placed.public_id : '';
    return async ({ db, providers: asked }) => {
      const key = { route: 'refund', principal: 'staff:1', key: newToken(), fingerprint: 'one' };
      const who = { actor: SYSTEM, requestId: null, now: new Date() };
      const refund = await db.write((tx) =>
        requestRefund(tx, { publicId, request: { reason: 'Cold', restock: true }, key, ...who }),
      );
      await settleRefund(db, { providers: asked, id: refund.id, requestId: null });
    };
  },
};

/** What Stripe holds for the shop, and what the shop's orders say that was paid and not given back. */
async function money() {
  const [orders] = await test.admin<{ paid: number }[]>`
    SELECT coalesce(sum(total_cents - refunded_cents), 0)::int AS paid FROM orders`;
  return { atStripe: stripe.books.kept(), inOrders: orders?.paid };
}

afterEach(async () => {
  expect(await wrongBooks(test)).toEqual([]);
});

it.each(Object.entries(SCENES))(
  '%s: death at any step leaves a paid order or neither, once what was left is settled',
  async (_, prepare) => {
    const deaths: string[] = [];
    for (let nth = 0; ; nth++) {
      const act = await prepare();
      const process = dyingAt(nth);
      await act(process).catch((error: unknown) => {
        if (!(error instanceof Error) || !('code' in error || error instanceof Crash)) throw error;
      });
      const environment = { database: test.database, providers };
      await settleAll(test, environment);
      await endHolds(test);
      await settleAll(test, environment);
      const { atStripe, inOrders } = await money();
      expect(atStripe, `after death ${process.diedAt()}`).toBe(inOrders);
      const [open] = await test.admin`
        SELECT FROM payments WHERE state IN ('pending', 'closing', 'stranded')
        UNION ALL SELECT FROM refunds WHERE state = 'pending' UNION ALL SELECT FROM directory_payments WHERE due_at IS NOT NULL`;
      expect(open, `after death ${process.diedAt()}`).toBeUndefined();
      const died = process.diedAt();
      if (died === null) break;
      deaths.push(died);
    }
    expect(deaths.length).toBeGreaterThanOrEqual(4);
    expect(inWholePrices(stripe.books.kept())).toBe(true);
  },
);

const inWholePrices = (cents: number) => cents % PRICE_CENTS === 0;
