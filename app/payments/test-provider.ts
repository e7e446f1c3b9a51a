import type { PaymentOutcome, PaymentProvider, PaymentStep } from './payment-provider.ts';

/** The numbers that are known, and what becomes of a payment with them. Those of Stripe's test mode. */
const CARDS: Readonly<Record<string, Fate>> = {
  '4242424242424242': 'paid',
  '4000000000000002': 'card_declined',
  '4000000000009995': 'insufficient_funds',
  '4000002500003155': 'step_paid',
  '4000008400001629': 'step_card_declined',
};

type Fate = 'paid' | 'card_declined' | 'insufficient_funds' | 'step_paid' | 'step_card_declined';

/** The second step of the test: coming back is taking it. */
const STEP: PaymentStep = { clientSecret: null, action: { type: 'come_back', url: null } };

/**
 * Takes no money, so that a shop can be tried out. It keeps nothing: what becomes of a payment stands in its reference. A payment with a card
 * that succeeds counts as paid from the moment it is opened.
 */
export function testProvider(): PaymentProvider {
  return {
    method: 'test',
    account: null,
    publishableKey: null,
    accepts: (source) => source !== null && digits(source) in CARDS,
    open: async ({ token }, source) => `test_${CARDS[digits(source ?? '')] ?? 'card_declined'}_${token}`,
    charge: async (payment) => outcomeOf(payment, false),
    look: async (payment, customerIsBack) => outcomeOf(payment, customerIsBack),
    cancel: async (payment) => {
      const outcome = outcomeOf(payment, false);
      return outcome.kind === 'paid' ? outcome : { kind: 'cancelled' };
    },
    refund: async () => ({ kind: 'done' }),
    refunds: async () => [],
  };
}

interface Charged {
  readonly reference: string;
  readonly amountCents: number;
  readonly currency: string;
}

function outcomeOf({ reference, amountCents, currency }: Charged, customerIsBack: boolean): PaymentOutcome {
  const [, step, fate = 'card_declined'] =
    /^test_(step_)?(paid|card_declined|insufficient_funds)_/.exec(reference) ?? [];
  if (step && !customerIsBack) return { kind: 'waiting', step: STEP };
  return fate === 'paid' ? { kind: 'paid', amountCents, currency } : { kind: 'declined', reason: fate };
}

function digits(source: string): string {
  return source.replaceAll(/[ -]/g, '');
}
