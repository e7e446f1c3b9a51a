import type { TenantDb } from '#core/db/tenant.ts';
import { refusal } from '../errors.ts';

/** Ways of paying in which money moves through someone else, who is asked over the network. The others are settled by hand. */
export type ProvidedMethod = 'test' | 'stripe';

/** A payment as its provider needs to know it. */
export interface ProviderPayment {
  /** Ours, and unguessable: the same payment is never made twice. */
  readonly token: string;
  /** The provider's. */
  readonly reference: string;
  readonly amountCents: number;
  /** ISO 4217, upper case. */
  readonly currency: string;
}

/** What the customer must do before the payment is made. */
export interface PaymentStep {
  /** Lets the customer's browser speak to the provider about this payment, and no other. */
  readonly clientSecret: string | null;
  readonly action: { readonly type: string; readonly url: string | null } | null;
}

/** How a payment stands at its provider. */
export type PaymentOutcome =
  | { readonly kind: 'paid'; readonly amountCents: number; readonly currency: string }
  /** Nothing was tried yet: no money has moved. */
  | { readonly kind: 'untried'; readonly step: PaymentStep }
  | { readonly kind: 'waiting'; readonly step: PaymentStep }
  | { readonly kind: 'declined'; readonly reason: string }
  | { readonly kind: 'cancelled' };

export type RefundOutcome = { readonly kind: 'done' } | { readonly kind: 'refused'; readonly reason: string };

export interface RefundRequest {
  /** Ours: the same refund is never made twice. */
  readonly token: string;
  /** Null for all that was paid. */
  readonly amountCents: number | null;
  /** Whether it was asked for before, with an answer that was lost. */
  readonly repeated: boolean;
}

/** A refund that stands in the provider's books. */
export interface MadeRefund {
  /** The provider's. */
  readonly reference: string;
  /** Ours; null when it was not asked for here. */
  readonly token: string | null;
  readonly amountCents: number;
}

/**
 * Whoever takes the money. Every call may be repeated without moving money twice. Calls that get no answer throw PAYMENT_UNAVAILABLE, which
 * says nothing of what happened: `look` tells, later.
 */
export interface PaymentProvider {
  readonly method: ProvidedMethod;
  /** Whose money it becomes there; a payment is known to the account that it was made with. Null where there are none. */
  readonly account: string | null;
  /** What the customer's browser needs to begin, and may know. */
  readonly publishableKey: string | null;
  /** Whether this is a means of payment that the provider could know. Asked before anything is held for it. */
  accepts(source: string | null): boolean;
  /** Makes the payment known; answers the provider's name for it, unless it takes no such payment. Moves no money. */
  open(payment: Omit<ProviderPayment, 'reference'>, source: string | null): Promise<string | Declined>;
  /** Takes the money from the source, or says what is missing. */
  charge(payment: ProviderPayment, source: string): Promise<PaymentOutcome>;
  /** How it stands; `customerIsBack` says that the customer has just been there. */
  look(payment: ProviderPayment, customerIsBack: boolean): Promise<PaymentOutcome>;
  /** Ends the payment for good unless it is paid already. */
  cancel(payment: ProviderPayment): Promise<PaymentOutcome>;
  refund(payment: ProviderPayment, refund: RefundRequest): Promise<RefundOutcome>;
  /** What went back of it, whoever asked. */
  refunds(payment: ProviderPayment): Promise<readonly MadeRefund[]>;
}

export type Declined = Extract<PaymentOutcome, { kind: 'declined' }>;

/** What merchants are paid through: each through an account of its own. */
export interface PaymentProviders {
  /** Those through which the merchant's customers can pay now. */
  offered(db: TenantDb): Promise<readonly PaymentProvider[]>;
  /** The one that a payment of the merchant was made with; null when its account is no longer connected. */
  of(db: TenantDb, payment: PaymentOrigin): Promise<PaymentProvider | null>;
}

/** What a payment remembers of its provider. */
export interface PaymentOrigin {
  readonly method: string;
  readonly account: string | null;
}

/** How long a customer is asked to wait before asking again, in seconds. */
const RETRY_AFTER_S = 5;

/** The provider that a payment was made with; refuses, with PAYMENT_METHOD_UNAVAILABLE, when it cannot be asked any more. */
export async function providerOf(
  providers: PaymentProviders,
  db: TenantDb,
  payment: PaymentOrigin,
): Promise<PaymentProvider> {
  const provider = await providers.of(db, payment);
  if (!provider) throw methodUnavailable(payment.method);
  return provider;
}

/** The refusal for a way of paying that the merchant does not offer. */
export function methodUnavailable(method: string) {
  return refusal('PAYMENT_METHOD_UNAVAILABLE', `Payment by ${method} is not offered.`, {
    errors: { 'payment.method': ['is not offered'] },
  });
}

/** The refusal for a provider that gave no answer: nobody knows yet whether money moved. */
export function paymentUnavailable(cause: unknown): Error {
  const error = refusal(
    'PAYMENT_UNAVAILABLE',
    'The payment provider gave no answer. Nothing is lost: ask again with the same Idempotency-Key.',
    { retry_after: RETRY_AFTER_S },
  );
  return Object.assign(error, { cause });
}
