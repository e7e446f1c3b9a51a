import { Type } from 'typebox';
import { fingerprintOf } from '#core/db/idempotency.ts';
import { idempotencyKeyOf, KeyHeader } from '#core/http/idempotency-key.ts';
import { hashPassword } from '#core/security/password.ts';
import { isPaidByHand } from '../orders/payment-status.ts';
import type { PaymentProviders } from '../payments/payment-provider.ts';
import { route } from '../route.ts';
import { tellingOfMissingRates } from '../shipping/missing-rate.ts';
import { OF_CARTS, OF_PRICES } from '../cart/cart-routes.ts';
import { paymentMethodOf } from './checkout-input.ts';
import { CheckoutSchema, PaymentStepSchema, PlacedOrderSchema, type Checkout } from './checkout-schemas.ts';
import { payOrder } from './pay-order.ts';
import { placeOrder } from './place-order.ts';
import { withNextTime } from './with-next-time.ts';

const HOUR_MS = 3_600_000;
const CHECKOUTS_PER_HOUR_MAX = 30;

const StoreParams = Type.Object({ store: Type.String() });

/** How a cart becomes an order. */
export const checkoutRoutes = (providers: PaymentProviders) => [
  route({
    method: 'POST',
    path: '/api/v1/stores/:store/checkout',
    audience: 'shopper',
    ability: 'store.order',
    summary:
      'Places an order, once per Idempotency-Key; 202 when its payment needs a second step, which is followed by its confirmation',
    params: StoreParams,
    headers: KeyHeader,
    body: CheckoutSchema,
    answers: { 201: PlacedOrderSchema, 202: PaymentStepSchema },
    limit: {
      max: CHECKOUTS_PER_HOUR_MAX,
      windowMs: HOUR_MS,
    },
    errors: [
      ...OF_CARTS,
      ...OF_PRICES,
      'ADDRESS_REQUIRED',
      'FULFILMENT_NOT_OFFERED',
      'PAYMENT_METHOD_UNAVAILABLE',
      'PRICE_CHANGED',
      'IDEMPOTENCY_KEY_REQUIRED',
      'IDEMPOTENCY_KEY_REUSED',
      'PAYMENT_DECLINED',
      'PAYMENT_EXPIRED',
      'PAYMENT_RETURNED',
      'PAYMENT_UNAVAILABLE',
      'STORE_PAUSED',
      'STORE_CLOSED',
      'SLOT_TAKEN',
    ],
    handle: async ({ db, store, shelf, customer, body, request, reply }) => {
      const key = { route: 'checkout', key: idempotencyKeyOf(request), fingerprint: orderFingerprint(body) };
      const input = {
        store,
        checkout: body,
        key: { ...key, principal: customer ? `customer:${customer.customerId}` : 'guest' },
        requestId: request.id,
        now: new Date(),
        ...(customer ? { signedIn: customer.customerId } : await wishedPassword(body)),
      };
      const placed = async () =>
        isPaidByHand(paymentMethodOf(body))
          ? db.write((tx) => placeOrder(tx, input))
          : payOrder(db, { ...input, providers });
      const answer = await tellingOfMissingRates({ db, shelf }, () => withNextTime(body, placed));
      return reply.status('payment_id' in answer ? 202 : 201).send(answer);
    },
  }),
];

/** A wished-for password counts as wished for, not as what it is: a fast hash of it is not to be kept. */
function orderFingerprint(body: Checkout): string {
  return fingerprintOf({ ...body, create_account: Boolean(body.create_account) });
}

async function wishedPassword({ create_account: wish }: Checkout): Promise<{ passwordHash?: string }> {
  return wish ? { passwordHash: await hashPassword(wish.password) } : {};
}
