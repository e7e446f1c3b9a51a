import { Type, type Static } from 'typebox';
import { opaqueId } from '#core/values/ids.ts';
import { memberOf } from '../customers/lock-customer.ts';
import { route } from '../route.ts';
import { tellingOfMissingRates } from '../shipping/missing-rate.ts';
import type { ShippingOption } from '../shipping/shipping-rules.ts';
import { cartPrice } from './cart-price.ts';
import { PriceRequestSchema, PriceSchema, QuoteRequestSchema, QuoteSchema } from './cart-schemas.ts';
import { goodsAndRules } from './goods-and-rules.ts';
import { priceCart, variantIdsOf } from './price-cart.ts';
import { shippingOptions } from './quote-cart.ts';

const MINUTE_MS = 60_000;
const QUOTES_PER_MINUTE_MAX = 20;
const PRICES_PER_MINUTE_MAX = 120;

const StoreParams = Type.Object({ store: Type.String() });

/** What is refused about a cart and where it is to go. */
export const OF_CARTS = [
  'ITEM_NOT_FOUND',
  'CART_INVALID',
  'OUT_OF_STOCK',
  'AMOUNT_TOO_LARGE',
  'DELIVERY_NOT_AVAILABLE_FOR_POSTCODE',
  'NO_SHIPPING_RATE',
] as const;

/** What is refused about how it is sent and what makes it cheaper. */
export const OF_PRICES = [
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

/** What a cart costs, and what it would cost to send it. */
export const cartRoutes = [
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
    handle: ({ db, store, shelf, customer, body }) =>
      tellingOfMissingRates({ db, shelf }, () =>
        db.read(async (tx) => {
          const member = customer && (await memberOf(tx, customer.customerId));
          return cartPrice(tx, { store, request: body, now: new Date(), ...(member && { member }) });
        }),
      ),
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
    handle: ({ db, shelf, body }) =>
      tellingOfMissingRates({ db, shelf }, async () => {
        const { variants, lookup } = await goodsAndRules(db, shelf, variantIdsOf(body.items));
        const { country, state = null, postcode } = body;
        const lines = priceCart(body.items, variants, new Date());
        return quoteOf(shippingOptions(lookup, { country, state, postcode }, lines));
      }),
  }),
];

function quoteOf(options: readonly ShippingOption[]): Static<typeof QuoteSchema> {
  return {
    options: options.map(({ methodId, label, priceCents, etaText, meta }) => ({
      method_id: opaqueId('sm', methodId),
      label,
      price_cents: priceCents,
      eta_text: etaText,
      meta,
    })),
  };
}
