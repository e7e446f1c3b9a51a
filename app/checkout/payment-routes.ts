import { Type } from 'typebox';
import { Nullable } from '#core/values/schema.ts';
import { FulfilmentTypeSchema } from '../orders/order-view.ts';
import type { PaymentProviders } from '../payments/payment-provider.ts';
import { paymentByToken } from '../payments/payment-queries.ts';
import { route } from '../route.ts';
import { PaymentMethodSchema, PaymentStepSchema, PlacedOrderSchema } from './checkout-schemas.ts';
import { tryPayment } from './try-payment.ts';

const HOUR_MS = 3_600_000;
const CONFIRMATIONS_PER_HOUR_MAX = 120;

const PaymentMethodsSchema = Type.Object({
  data: Type.Array(
    Type.Object({
      method: PaymentMethodSchema,
      fulfilment_types: Type.Array(FulfilmentTypeSchema),
      publishable_key: Nullable(Type.String({ description: 'For the provider’s script in the browser' })),
    }),
  ),
  next_cursor: Type.Null(),
});

/** How customers pay through a provider, besides checkout itself. */
export const paymentRoutes = (providers: PaymentProviders) => [
  route({
    method: 'GET',
    path: '/api/v1/stores/:store/payment-methods',
    audience: 'storefront',
    ability: 'store.browse',
    summary: 'How an order can be paid, by how it reaches its customer',
    params: Type.Object({ store: Type.String() }),
    answers: { 200: PaymentMethodsSchema },
    handle: async ({ db, store }) => {
      const types = (['pickup', 'shipping'] as const).filter((type) => store[type]);
      const byHand = [
        { method: 'pay_at_pickup', fulfilment_types: types.filter((type) => type === 'pickup') },
        { method: 'manual', fulfilment_types: types },
      ].map((each) => ({ ...each, publishable_key: null }));
      const provided = (await providers.offered(db)).map(({ method, publishableKey }) => ({
        method,
        fulfilment_types: types,
        publishable_key: publishableKey,
      }));
      const data = [...byHand, ...provided].filter(({ fulfilment_types: some }) => some.length > 0);
      return { data, next_cursor: null };
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/stores/:store/payments/:payment_id/confirmation',
    audience: 'storefront',
    ability: 'store.order',
    summary:
      'The customer is back from the second step of a payment; 202 while there is still something to do',
    params: Type.Object({ store: Type.String(), payment_id: Type.String() }),
    answers: { 201: PlacedOrderSchema, 202: PaymentStepSchema },
    limit: { max: CONFIRMATIONS_PER_HOUR_MAX, windowMs: HOUR_MS },
    errors: [
      'PAYMENT_NOT_FOUND',
      'PAYMENT_DECLINED',
      'PAYMENT_EXPIRED',
      'PAYMENT_RETURNED',
      'PAYMENT_UNAVAILABLE',
      'PAYMENT_METHOD_UNAVAILABLE',
    ],
    handle: async ({ db, params, request, reply }) => {
      const requestId = request.id;
      const payment = await db.read((tx) => paymentByToken(tx, params.payment_id));
      const attempt = { providers, payment, source: null, customerIsBack: true, requestId };
      const answer = await tryPayment(db, attempt);
      return reply.status('payment_id' in answer ? 202 : 201).send(answer);
    },
  }),
];
