import type { ErrorRow } from '#core/http/error-table.ts';

/** The refusals of this domain; the shop's table spreads them. */
export const paymentErrors = {
  PAYMENT_METHOD_UNAVAILABLE: {
    status: 422,
    title: 'This payment method is not offered',
    help: 'Choose another.',
  },
  PAYMENT_NOT_FOUND: { status: 404, title: 'No such payment', help: 'Go back to the cart and order again.' },
  PAYMENT_DECLINED: {
    status: 402,
    title: 'The payment was declined',
    help: 'Nothing was charged. Use another means of payment, with a new Idempotency-Key.',
  },
  PAYMENT_EXPIRED: {
    status: 409,
    title: 'The payment took too long',
    help: 'Nothing was charged and nothing is held any more. Order again, with a new Idempotency-Key.',
  },
  PAYMENT_RETURNED: {
    status: 409,
    title: 'The order could not be kept, your money goes back',
    help: 'What you paid for was no longer there when the payment arrived.',
  },
  PAYMENT_UNAVAILABLE: {
    status: 503,
    title: 'The payment provider does not answer',
    help: 'Try again in a few seconds with the same Idempotency-Key: nothing is charged twice.',
  },
  WEBHOOK_SIGNATURE_INVALID: {
    status: 400,
    title: 'This message is not from the payment provider',
    help: 'Check the signing secret of the webhook.',
  },
  STRIPE_NOT_CONNECTED: {
    status: 404,
    title: 'No Stripe account is connected',
    help: 'Connect one with its keys.',
  },
  STRIPE_KEY_REFUSED: {
    status: 422,
    title: 'Stripe refuses this key',
    help: 'Copy the secret key from Stripe’s dashboard again; a restricted key must be allowed to read its account.',
  },
  STRIPE_UNREACHABLE: {
    status: 503,
    title: 'Stripe does not answer',
    help: 'Nothing was changed. Try again in a few seconds.',
  },
  STRIPE_CHANGED: {
    status: 409,
    title: 'Someone else changed the Stripe account',
    help: 'Look at its present state and decide again.',
  },
  STRIPE_PAYMENTS_OPEN: {
    status: 409,
    title: 'Payments are still under way through this account',
    help: 'Switch it off, so that no more begin, and try again in a quarter of an hour.',
  },
} as const satisfies Record<string, ErrorRow>;
