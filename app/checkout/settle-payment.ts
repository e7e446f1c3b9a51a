import type { StoreTenant, TenantDb } from '#core/db/tenant.ts';
import { violatedConstraint } from '#core/db/database-errors.ts';
import { DomainError } from '#core/values/domain-error.ts';
import { pendingRefunds } from '../orders/refund-queries.ts';
import { settleRefund } from '../refunds/settle-refund.ts';
import { lookAgainLater, movePayment } from '../payments/change-payment.ts';
import { closePayment } from '../payments/close-payment.ts';
import { providerOf, type PaymentProvider, type PaymentProviders } from '../payments/payment-provider.ts';
import { atProvider, lockPayment, type PaymentId, type PaymentRow } from '../payments/payment-queries.ts';
import { strandPayment } from '../payments/strand-payment.ts';
import { capturePayment, type CapturePayment } from './capture-payment.ts';
import { OrderImpossible } from './take-anew.ts';

export interface SettlePayment {
  readonly providers: PaymentProviders;
  readonly id: PaymentId;
  readonly requestId: string | null;
}

/**
 * Brings a payment as far as it can go, from wherever it was left: what was paid becomes an order, or goes back when there can be none; what
 * was not paid in time is ended. Each step asks the provider outside of transactions and writes the answer in one. Throws
 * PAYMENT_UNAVAILABLE without an answer; the payment is then due again later.
 */
export async function settlePayment(db: TenantDb<StoreTenant>, settle: SettlePayment): Promise<PaymentRow> {
  let payment = await db.write(async (tx) => {
    const found = await lockPayment(tx, settle.id);
    await lookAgainLater(tx, found, new Date());
    return found;
  });
  // Asked for only where it is needed: a hold ends also when its provider is no longer offered.
  const provider = () => providerOf(settle.providers, db, payment);
  for (;;) {
    const next = await STEPS[payment.state]({ db, provider, settle, payment });
    if (next.state === payment.state) return next;
    payment = next;
  }
}

/** Writes the order that was paid for, or notes that there can be none. */
export async function captureOrStrand(
  db: TenantDb<StoreTenant>,
  capture: CapturePayment,
): Promise<PaymentRow> {
  try {
    return await db.write((tx) => capturePayment(tx, capture));
  } catch (error) {
    const failure = whyImpossible(error);
    if (failure === null) throw error;
    const { id, now } = capture;
    return db.write((tx) => strandPayment(tx, { id, failure, now }));
  }
}

interface Step {
  readonly db: TenantDb<StoreTenant>;
  readonly provider: () => Promise<PaymentProvider>;
  readonly settle: SettlePayment;
  readonly payment: PaymentRow;
}

/** What is done about a payment in each state; answers it in its next, or in the same when there is nothing more to do now. */
const STEPS: Readonly<Record<PaymentRow['state'], (step: Step) => Promise<PaymentRow>>> = {
  pending: async ({ db, provider, settle, payment }) => {
    const { id, reference } = payment;
    const isOver = payment.hold_expires_at <= new Date();
    const close = (failure: string) => db.write((tx) => closePayment(tx, { id, failure, now: new Date() }));
    // Without a name at its provider no money can have moved; its customer may still come back.
    if (reference === null) return isOver ? close('expired') : payment;
    const looking = provider().then((known) => known.look(atProvider(payment), false));
    // Who has paid in time keeps what is held, also when nobody has looked until now; but a hold ends without an answer too.
    const outcome = await (isOver ? looking.catch(() => null) : looking);
    if (outcome?.kind === 'paid') return captureOrStrand(db, captureOf(settle, outcome));
    if (isOver) return close('expired');
    return outcome?.kind === 'cancelled' ? close('cancelled') : payment;
  },
  closing: async ({ db, provider, settle, payment }) => {
    if (payment.reference === null) return finished(db, payment, 'failed');
    const outcome = await (await provider()).cancel(atProvider(payment));
    if (outcome.kind === 'paid') return captureOrStrand(db, captureOf(settle, outcome));
    return outcome.kind === 'cancelled' ? finished(db, payment, 'failed') : payment;
  },
  stranded: async ({ db, provider, payment }) => {
    const all = { token: payment.token, amountCents: null, repeated: payment.attempts > 0 };
    const outcome = await (await provider()).refund(atProvider(payment), all);
    return outcome.kind === 'done' ? finished(db, payment, 'returned') : payment;
  },
  captured: async ({ db, settle, payment }) => {
    const { providers, requestId } = settle;
    const ids = await db.read((tx) => pendingRefunds(tx, payment.id));
    for (const id of ids) await settleRefund(db, { providers, id, requestId });
    return payment;
  },
  failed: async ({ payment }) => payment,
  returned: async ({ payment }) => payment,
};

type Paid = CapturePayment['paid'];

function captureOf({ id, requestId }: SettlePayment, paid: Paid): CapturePayment {
  return { id, requestId, paid, now: new Date() };
}

/** Ends a payment that is still in the state in which it was seen. */
function finished(
  db: TenantDb<StoreTenant>,
  { id, state }: PaymentRow,
  next: 'failed' | 'returned',
): Promise<PaymentRow> {
  return db.write(async (tx) => {
    const payment = await lockPayment(tx, id);
    if (payment.state !== state) return payment;
    return movePayment(tx, payment, { state: next, failure: payment.failure ?? next }, new Date());
  });
}

/** Refusals of an order that its payment cannot change, with the word for them. */
const GONE: Readonly<Record<string, string>> = {
  PROMOTION_CODE_LIMIT_REACHED: 'promotion_code_used_up',
  LOYALTY_POINTS_TOO_FEW: 'points_spent',
  UNAUTHENTICATED: 'account_closed',
};

/** Goods that are gone, a code whose last use another took, points that were spent, a product that was deleted: the world went on. */
function whyImpossible(error: unknown): string | null {
  if (error instanceof OrderImpossible) return error.failure;
  if (error instanceof DomainError) return GONE[error.code] ?? null;
  return violatedConstraint(error) === null ? null : 'no_longer_offered';
}
