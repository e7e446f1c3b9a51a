import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newToken } from '#core/values/ids.ts';
import type { PaymentProvider, ProviderPayment } from '#app/payments/payment-provider.ts';
import { stripeClient } from '#app/payments/stripe-client.ts';
import { stripeProvider } from '#app/payments/stripe-provider.ts';
import { startStripeStandIn, type StripeStandIn, type Trouble } from '../support/stripe-stand-in.ts';

let stripe: StripeStandIn;
let provider: PaymentProvider;
beforeAll(async () => {
  stripe = await startStripeStandIn();
  const { id, publishableKey, secretKeys } = stripe.account;
  const client = await stripeClient(secretKeys[0] ?? '', stripe.api);
  provider = stripeProvider(client, { side: `${id}:test`, publishable_key: publishableKey });
});
afterAll(() => stripe.close());

async function opened(amountCents = 1250): Promise<ProviderPayment> {
  const payment = { token: newToken(), amountCents, currency: 'AUD' };
  const reference = await provider.open(payment, null);
  if (typeof reference !== 'string') throw new Error(`expected a payment, it is ${reference.reason}`);
  return { ...payment, reference };
}

const intentOf = ({ reference }: ProviderPayment) => {
  const intent = stripe.books.intents.find(({ id }) => id === reference);
  if (!intent) throw new Error('expected an intent');
  return intent;
};

const UNAVAILABLE = { code: 'PAYMENT_UNAVAILABLE' };

describe('a payment that is opened', () => {
  it('moves no money, in whatever amount and currency it is', async () => {
    const payment = await opened(99);
    expect(intentOf(payment)).toMatchObject({ amount: 99, currency: 'aud', amount_received: 0 });
    expect(await provider.look(payment, false)).toMatchObject({ kind: 'untried' });
  });

  it('is the same one when it is opened again after its answer was lost', async () => {
    const payment = { token: newToken(), amountCents: 700, currency: 'AUD' };
    const before = stripe.books.intents.length;
    stripe.trouble(/payment_intents$/, 'answer lost');
    await expect(provider.open(payment, null)).rejects.toMatchObject(UNAVAILABLE);
    await provider.open(payment, null);
    expect(stripe.books.intents).toHaveLength(before + 1);
  });
});

describe('an amount that Stripe does not take', () => {
  it('is declined, for good', async () => {
    const payment = { token: newToken(), amountCents: 30, currency: 'AUD' };
    const declined = { kind: 'declined', reason: 'amount_too_small' };
    expect(await provider.open(payment, null)).toEqual(declined);
  });
});

describe('a card', () => {
  it('pays the whole amount', async () => {
    const payment = await opened(1250);
    const paid = { kind: 'paid', amountCents: 1250, currency: 'AUD' };
    expect(await provider.charge(payment, 'pm_card_visa')).toEqual(paid);
    expect(await provider.look(payment, false)).toEqual(paid);
  });

  it('is declined with the bank’s reason', async () => {
    const payment = await opened();
    const declined = { kind: 'declined', reason: 'generic_decline' };
    expect(await provider.charge(payment, 'pm_card_visa_chargeDeclined')).toEqual(declined);
    expect(await provider.look(payment, false)).toEqual(declined);
  });

  it('that Stripe does not know is declined', async () => {
    const declined = { kind: 'declined', reason: 'payment_method_invalid' };
    expect(await provider.charge(await opened(), 'pm_nobody')).toEqual(declined);
  });

  it.each([
    ['succeeds', 'paid'],
    ['fails', 'declined'],
  ] as const)('whose second step %s is %s', async (how, kind) => {
    const payment = await opened();
    const waiting = await provider.charge(payment, 'pm_card_authenticationRequired');
    const step = { clientSecret: expect.any(String), action: { type: 'use_stripe_sdk', url: null } };
    expect(waiting).toEqual({ kind: 'waiting', step });
    stripe.books.finishStep(intentOf(payment), how);
    expect(await provider.look(payment, true)).toMatchObject({ kind });
  });

  it.each<Trouble>(['lost', 'answer lost', 'silent', 'busy'])(
    'is charged once when the first request is %s',
    async (trouble) => {
      const payment = await opened(500);
      const before = stripe.books.kept();
      stripe.trouble(/confirm$/, trouble);
      await expect(provider.charge(payment, 'pm_card_visa')).rejects.toMatchObject(UNAVAILABLE);
      expect(await provider.charge(payment, 'pm_card_visa')).toMatchObject({ kind: 'paid' });
      expect(stripe.books.kept()).toBe(before + 500);
    },
  );
});

describe('a payment that is ended', () => {
  it('can be paid no more', async () => {
    const payment = await opened();
    expect(await provider.cancel(payment)).toEqual({ kind: 'cancelled' });
    expect(await provider.cancel(payment)).toEqual({ kind: 'cancelled' });
    await expect(provider.charge(payment, 'pm_card_visa')).rejects.toMatchObject(UNAVAILABLE);
    expect(intentOf(payment).amount_received).toBe(0);
  });

  it('says so when it was paid before', async () => {
    const payment = await opened(800);
    await provider.charge(payment, 'pm_card_visa');
    expect(await provider.cancel(payment)).toEqual({ kind: 'paid', amountCents: 800, currency: 'AUD' });
  });
});

async function charged(amount: number): Promise<ProviderPayment> {
  const payment = await opened(amount);
  await provider.charge(payment, 'pm_card_visa');
  return payment;
}

describe('a refund', () => {
  it('gives back a part, then the rest, and no more', async () => {
    const payment = await charged(1000);
    const part = (amountCents: number) =>
      provider.refund(payment, { token: newToken(), amountCents, repeated: false });
    expect(await part(400)).toEqual({ kind: 'done' });
    expect(await part(700)).toEqual({ kind: 'refused', reason: 'amount_too_large' });
    expect(await part(600)).toEqual({ kind: 'done' });
    expect(await part(1)).toEqual({ kind: 'refused', reason: 'charge_already_refunded' });
  });

  it('is made once when its answer was lost, also after Stripe forgot the key', async () => {
    const payment = await charged(1000);
    const request = { token: newToken(), amountCents: 300 };
    const before = stripe.books.kept();
    stripe.trouble(/refunds$/, 'answer lost');
    await expect(provider.refund(payment, { ...request, repeated: false })).rejects.toMatchObject(
      UNAVAILABLE,
    );
    stripe.forgetKeys();
    expect(await provider.refund(payment, { ...request, repeated: true })).toEqual({ kind: 'done' });
    expect(stripe.books.kept()).toBe(before - 300);
  });
});
