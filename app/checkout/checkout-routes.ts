import { Type } from 'typebox';
import { fingerprintOf } from '#core/db/idempotency.ts';
import { idempotencyKeyOf, KeyHeader } from '#core/http/idempotency-key.ts';
import { hashPassword } from '#core/security/password.ts';
import { opaqueId } from '#core/values/ids.ts';
import { memberOf } from '../customers/lock-customer.ts';
import { isPaidByHand } from '../orders/payment-status.ts';
import type { PaymentProviders } from '../payments/payment-provider.ts';
import { route } from '../route.ts';
import { cartPrice } from './cart-price.ts';
import { paymentMethodOf } from './checkout-input.ts';
import {
  CheckoutSchema,
  PaymentStepSchema,
  PlacedOrderSchema,
  PriceRequestSchema,
  PriceSchema,
  QuoteRequestSchema,
  QuoteSchema,
  type Checkout,
} from './checkout-schemas.ts';
import { goodsAndRules } from './goods-and-rules.ts';
import { payOrder } from './pay-order.ts';
import { placeOrder } from './place-order.ts';
import { priceCart, variantIdsOf } from './price-cart.ts';
import { shippingOptions } from './quote-cart.ts';
import { withNextTime } from './with-next-time.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const CHECKOUTS_PER_HOUR_MAX = 30;
const QUOTES_PER_MINUTE_MAX = 20;
const PRICES_PER_MINUTE_MAX = 120;

const StoreParams = Type.Object({ store: Type.String() });

/** What is refused about a cart and where it is to go. */
const OF_CARTS = [
  'ITEM_NOT_FOUND',
  'CART_INVALID',
  'OUT_OF_STOCK',
  'AMOUNT_TOO_LARGE',
  'DELIVERY_NOT_AVAILABLE_FOR_POSTCODE',
  'NO_SHIPPING_RATE',
] as const;

/** What is refused about how it is sent and what makes it cheaper. */
const OF_PRICES = [
  'SHIPPING_METHOD_UNAVAILABLE',
  'PROMOTION_CODE_INVALID',
  'PROMOTION_CODE_EXPIRED',
  'PROMOTION_CODE_LIMIT_REACHED',
  'PROMOTION_CODE_MINIMUM_NOT_MET',
  'PROMOTION_CODE_NOT_FOR_PICKUP',
  'PROMOTION_CODE_SIGN_IN_REQUIRED',
  'LOYALTY_NOT_OFFERED',
  'LOYALTY_SIGN_IN_REQUIRED',
  'LOYALTY_POINTS_TOO_FEW',
  'LOYALTY_REWARD_NOT_NEEDED',
] as const;

const pricingRoutes = [
  route({
    method: 'POST',
    path: '/api/v1/stores/:store/cart/price',
    audience: 'shopper',
    ability: 'store.browse',
    summary: 'The price of a cart, as checkout would charge it now',
    params: StoreParams,
    body: PriceRequestSchema,
    answers: { 200: PriceSchema },
    limit: {
      max: PRICES_PER_MINUTE_MAX,
      windowMs: MINUTE_MS,
    },
    errors: [...OF_CARTS, ...OF_PRICES],
    handle: ({ db, store, customer, body }) =>
      db.read(async (tx) => {
        const member = customer && (await memberOf(tx, customer.customerId));
        return cartPrice(tx, { store, request: body, now: new Date(), ...(member && { member }) });
      }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/stores/:store/shipping/quote',
    audience: 'storefront',
    ability: 'store.browse',
    summary: 'What it would cost to ship a cart to an address',
    params: StoreParams,
    body: QuoteRequestSchema,
    answers: { 200: QuoteSchema },
    limit: {
      max: QUOTES_PER_MINUTE_MAX,
      windowMs: MINUTE_MS,
    },
    errors: [...OF_CARTS],
    handle: async ({ db, shelf, body }) => {
      const [variants, lookup] = await goodsAndRules(db, shelf, variantIdsOf(body.items));
      const to = { ...body, state: body.state ?? null };
      const options = shippingOptions(lookup, to, priceCart(body.items, variants, new Date()));
      return {
        options: options.map(({ methodId, label, priceCents, etaText, meta }) => ({
          method_id: opaqueId('sm', methodId),
          label,
          price_cents: priceCents,
          eta_text: etaText,
          meta,
        })),
      };
    },
  }),
];

/** What a cart costs, and how it becomes an order. */
export const checkoutRoutes = (providers: PaymentProviders) => [
  ...pricingRoutes,
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
    handle: async ({ db, store, customer, body, request, reply }) => {
      const key = { route: 'checkout', key: idempotencyKeyOf(request), fingerprint: orderFingerprint(body) };
      const input = {
        store,
        checkout: body,
        key: { ...key, principal: customer ? `customer:${customer.customerId}` : 'guest' },
        requestId: request.id,
        now: new Date(),
        ...(customer ? { signedIn: customer.customerId } : await wishedPassword(body)),
      };
      const answer = await withNextTime(body, async () =>
        isPaidByHand(paymentMethodOf(body))
          ? db.write((tx) => placeOrder(tx, input))
          : payOrder(db, { ...input, providers }),
      );
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
