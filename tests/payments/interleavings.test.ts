import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { paymentProviders } from '#app/payments/payment-providers.ts';
import { checkOut, checkoutOf, line, move } from '../support/orders.ts';
import { openPaidShop, type PaidShop } from '../support/paid-shop.ts';
import { endHolds, settleAll, wrongBooks } from '../support/payments.ts';

const RUNS = 3;
/** A code for three, which everyone uses who buys the small size. */
const SCARCE = 'SCARCE';

let shop: PaidShop;
let stripe: PaidShop['stripe'];
let app: PaidShop['app'];
let shops: PaidShop['shops'];
let manager: PaidShop['manager'];
beforeAll(async () => {
  shop = await openPaidShop();
  ({ stripe, app, shops, manager } = shop);
  await manager.post('/dashboard/promotions', { code: SCARCE, kind: 'percentage', percent: 10, uses_max: 3 });
});
afterAll(() => shop.close());

/** What one customer does, and what happens around them, one after the other; many of these run at once. */
const STEPS = [
  'buy by hand',
  'buy by card',
  'be declined',
  'begin a second step',
  'finish the second step',
  'come back',
  'cancel',
  'refund a piece',
  'refund all and restock',
  'lose an answer',
  'end all holds',
  'settle what is due',
] as const;
type Step = (typeof STEPS)[number];

const SOURCES = {
  'buy by card': 'pm_card_visa',
  'be declined': 'pm_card_visa_chargeDeclined',
  'begin a second step': 'pm_card_authenticationRequired',
} as const;

/** A customer's newest order and payment. */
interface Memory {
  order: string | null;
  payment: string | null;
}

async function live(steps: readonly Step[], sizes: readonly string[]): Promise<void> {
  const memory: Memory = { order: null, payment: null };
  for (const [at, step] of steps.entries()) await take(step, sizes[at % sizes.length] ?? 'M', memory);
}

async function take(step: Step, size: string, memory: Memory): Promise<void> {
  if (step === 'buy by hand') return buy(size, { method: 'pay_at_pickup' }, memory);
  if (step in SOURCES)
    return buy(size, { method: 'stripe', source: SOURCES[step as keyof typeof SOURCES] }, memory);
  if (step === 'lose an answer') return void stripe.trouble(/confirm$|cancel$|refunds$/, 'answer lost');
  if (step === 'end all holds') return endHolds(app);
  if (step === 'settle what is due') return settle();
  if (memory.payment !== null) await pay(step, memory.payment, memory);
  if (memory.order !== null) await changeOrder(step, memory.order);
}

async function buy(
  size: string,
  payment: { method: 'stripe' | 'pay_at_pickup'; source?: string },
  memory: Memory,
): Promise<void> {
  const { cafe } = shops;
  const items = [line(cafe.products.tee, { variant: size, quantity: 2 })];
  const checkout = checkoutOf(cafe, 'pickup', {
    items,
    payment,
    ...(size === 'S' && { promotion_code: SCARCE }),
  });
  const { status, body } = await checkOut(app.visitor, cafe, checkout);
  expect([201, 202, 402, 409, 503], JSON.stringify(body)).toContain(status);
  if (status === 201) memory.order = body.public_id;
  if (status === 202) memory.payment = String(body['payment_id']);
}

async function pay(step: Step, payment: string, memory: Memory): Promise<void> {
  const intent = stripe.books.intents.find(({ metadata }) => metadata['payment'] === payment);
  if (step === 'finish the second step' && intent?.status === 'requires_action')
    stripe.books.finishStep(intent);
  if (step !== 'come back') return;
  const path = `/api/v1/stores/cafe/payments/${payment}/confirmation`;
  const { status, body } = await app.visitor.send(path, { method: 'POST' });
  expect([201, 202, 402, 409, 503], JSON.stringify(body)).toContain(status);
  if (status === 201) memory.order = String(body['public_id']);
}

async function changeOrder(step: Step, order: string): Promise<void> {
  if (step === 'cancel') {
    const { body } = await manager.get(`/dashboard/orders/${order}.json`);
    await move(manager, { public_id: order, version: Number(body['version']) }, 'cancelled');
  }
  const refunds = {
    'refund a piece': { lines: [{ position: 0, quantity: 1 }], restock: true },
    'refund all and restock': { restock: true },
  };
  if (!(step in refunds)) return;
  const asked = { reason: 'Cold', ...refunds[step as keyof typeof refunds] };
  const headers = { 'idempotency-key': `refund-${Math.random()}` };
  const { status, body } = await manager.post(`/dashboard/orders/${order}/refunds`, asked, headers);
  expect([201, 202, 409, 422], JSON.stringify(body)).toContain(status);
}

const settle = () =>
  settleAll(app, {
    database: app.database,
    providers: paymentProviders({ testPayments: false, stripe: stripe.api, secret: app.secret }),
  });

it('whatever customers, staff, clocks and the network do at once: the shelf is its ledger, and money and goods are where the books say', async () => {
  const customer = fc.record({
    steps: fc.array(fc.constantFrom(...STEPS), { minLength: 3, maxLength: 8 }),
    sizes: fc.array(fc.constantFrom('S', 'M', 'L'), { minLength: 1, maxLength: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(customer, { minLength: 4, maxLength: 8 }), async (customers) => {
      await Promise.all(customers.map(({ steps, sizes }) => live(steps, sizes)));
      expect(await wrongBooks(app)).toEqual([]);
      await endHolds(app);
      await settle();
      await settle();
      expect(await wrongBooks(app)).toEqual([]);
      const [open] = await app.admin<{ payments: number; paid: number }[]>`
        SELECT (SELECT count(*)::int FROM payments WHERE state NOT IN ('captured', 'failed', 'returned')) AS payments,
          (SELECT coalesce(sum(total_cents - refunded_cents), 0)::int FROM orders WHERE payment_method = 'stripe') AS paid`;
      expect(open).toEqual({ payments: 0, paid: stripe.books.kept() });
    }),
    { numRuns: RUNS },
  );
});
