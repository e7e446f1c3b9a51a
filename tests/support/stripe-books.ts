import { randomUUID } from 'node:crypto';

/** A PaymentIntent as Stripe sends it, as far as it is in use. */
export interface Intent {
  readonly id: string;
  readonly object: 'payment_intent';
  amount: number;
  amount_received: number;
  readonly currency: string;
  status: string;
  readonly client_secret: string;
  next_action: { readonly type: string } | null;
  last_payment_error: object | null;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface Refund {
  readonly id: string;
  readonly object: 'refund';
  readonly payment_intent: string;
  readonly amount: number;
  readonly status: string;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface Reply {
  readonly status: number;
  readonly body: object;
}

/** Stripe takes no less, in cents. */
const SMALLEST_AMOUNT = 50;

/** Payment methods of Stripe's test mode, and what becomes of an intent that is confirmed with them. */
const METHODS: Readonly<Record<string, string>> = {
  pm_card_visa: 'succeeded',
  pm_card_visa_chargeDeclined: 'generic_decline',
  pm_card_visa_chargeDeclinedStolenCard: 'stolen_card',
  pm_card_authenticationRequired: 'requires_action',
};

/** What stands in Stripe's books: whose money moved, and what went back. */
export class StripeBooks {
  readonly intents: Intent[] = [];
  readonly refunds: Refund[] = [];

  /** Answers a request, `POST /v1/refunds`, by its form. */
  answer(line: string, form: URLSearchParams): Reply {
    const [, verb, kind, id = '', act] =
      /^(GET|POST) \/v1\/(payment_intents|refunds)(?:\/(\w+))?(?:\/(\w+))?/.exec(line) ?? [];
    if (kind === 'refunds') return verb === 'GET' ? this.#listRefunds(line) : this.#refund(form);
    if (!id && Number(form.get('amount')) < SMALLEST_AMOUNT) return refused('amount_too_small', 'amount');
    if (!id) return ok(this.#open(form));
    const intent = this.intents.find((known) => known.id === id);
    if (!intent) return refused('resource_missing', 'intent');
    if (act === 'confirm') return this.#confirm(intent, form.get('payment_method') ?? '');
    if (act === 'cancel') return this.#cancel(intent);
    return ok(intent);
  }

  /** What the bank's page does when the customer has been there. */
  finishStep(intent: Intent, how: 'succeeds' | 'fails' = 'succeeds'): void {
    if (how === 'succeeds') take(intent);
    else decline(intent, 'authentication_failed');
  }

  /** What was taken and not given back, in all. */
  kept(): number {
    const taken = this.intents.reduce((sum, intent) => sum + intent.amount_received, 0);
    return this.refunds.reduce((sum, { amount }) => sum - amount, taken);
  }

  /** A refund that the account's owner makes in Stripe's own dashboard; answers the charge, as messages tell of it. */
  refundByHand(intent: Intent, amount: number): object {
    this.#refund(new URLSearchParams({ payment_intent: intent.id, amount: String(amount) }));
    return { id: `ch_${intent.id}`, object: 'charge', payment_intent: intent.id, metadata: intent.metadata };
  }

  #open(form: URLSearchParams): Intent {
    const id = `pi_${randomUUID().replaceAll('-', '')}`;
    const intent: Intent = {
      id,
      object: 'payment_intent',
      amount: Number(form.get('amount')),
      amount_received: 0,
      currency: form.get('currency') ?? '',
      status: 'requires_payment_method',
      client_secret: `${id}_secret_${randomUUID()}`,
      next_action: null,
      last_payment_error: null,
      metadata: { payment: form.get('metadata[payment]') ?? '' },
    };
    this.intents.push(intent);
    return intent;
  }

  #confirm(intent: Intent, method: string): Reply {
    if (intent.status !== 'requires_payment_method')
      return refused('payment_intent_unexpected_state', 'intent');
    const fate = METHODS[method];
    if (!fate) return refused('resource_missing', 'payment_method');
    if (fate === 'succeeded') return ok(take(intent));
    if (fate !== 'requires_action') return { status: 402, body: { error: decline(intent, fate) } };
    return ok(Object.assign(intent, { status: fate, next_action: { type: 'use_stripe_sdk' } }));
  }

  #cancel(intent: Intent): Reply {
    if (['succeeded', 'canceled', 'processing'].includes(intent.status))
      return refused('payment_intent_unexpected_state', 'intent');
    return ok(Object.assign(intent, { status: 'canceled', next_action: null }));
  }

  #refund(form: URLSearchParams): Reply {
    const intent = this.intents.find(({ id }) => id === form.get('payment_intent'));
    const left = (intent?.amount_received ?? 0) - this.#refunded(intent?.id);
    const amount = Number(form.get('amount') ?? left);
    if (left === 0) return refused('charge_already_refunded', 'payment_intent');
    if (!intent || amount > left) return refused('amount_too_large', 'amount');
    const refund: Refund = {
      id: `re_${randomUUID().replaceAll('-', '')}`,
      object: 'refund',
      payment_intent: intent.id,
      amount,
      status: 'succeeded',
      metadata: form.has('metadata[refund]') ? { refund: form.get('metadata[refund]') ?? '' } : {},
    };
    this.refunds.push(refund);
    return ok(refund);
  }

  #refunded(id: string | undefined): number {
    const ofIntent = this.refunds.filter(({ payment_intent }) => payment_intent === id);
    return ofIntent.reduce((sum, { amount }) => sum + amount, 0);
  }

  #listRefunds(line: string): Reply {
    const id = /payment_intent=(\w+)/.exec(line)?.[1];
    const data = this.refunds.filter(({ payment_intent }) => payment_intent === id);
    return ok({ object: 'list', has_more: false, data });
  }
}

function take(intent: Intent): Intent {
  const paid = { status: 'succeeded', amount_received: intent.amount, next_action: null };
  return Object.assign(intent, paid, { last_payment_error: null });
}

function decline(intent: Intent, decline_code: string): object {
  const error = {
    type: 'card_error',
    code: 'card_declined',
    decline_code,
    message: 'Your card was declined.',
  };
  Object.assign(intent, { status: 'requires_payment_method', next_action: null, last_payment_error: error });
  return { ...error, payment_intent: { ...intent } };
}

function ok(body: object): Reply {
  return { status: 200, body: { ...body } };
}

function refused(code: string, param: string): Reply {
  return { status: 400, body: { error: { type: 'invalid_request_error', code, param, message: code } } };
}
