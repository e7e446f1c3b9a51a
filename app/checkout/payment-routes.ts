import { Type } from 'typebox';
import { Nullable } from '#core/values/schema.ts';
import { FulfilmentTypeSchema } from '../orders/order-view.ts';
import { providerOf, type PaymentProviders } from '../payments/payment-provider.ts';
import { paymentByToken } from '../payments/payment-queries.ts';
import { route } from '../route.ts';
import { PaymentMethodSchema, PaymentStepSchema, PlacedOrderSchema } from './checkout-schemas.ts';
import { settlePayment } from './settle-payment.ts';
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
    handle: ({ store }) => {
      const types = (['pickup', 'shipping'] as const).filter((type) => store[type]);
      const offered = [
        { method: 'pay_at_pickup', fulfilment_types: types.filter((type) => type === 'pickup') },
        { method: 'manual', fulfilment_types: types },
        ...[...providers.keys()].map((method) => ({ method, fulfilment_types: types })),
      ].map((each) => ({ ...each, publishable_key: providers.get(each.method)?.publishableKey ?? null }));
      return { data: offered.filter(({ fulfilment_types: some }) => some.length > 0), next_cursor: null };
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
    ],
    handle: async ({ db, params, request, reply }) => {
      const requestId = request.id;
      const found = await db.read((tx) => paymentByToken(tx, params.payment_id));
      // Whoever paid in the last moment is told now whether there still was enough for their order.
      const payment =
        found.state === 'closing' && found.failure === 'expired'
          ? await settlePayment(db, { providers, id: found.id, requestId })
          : found;
      const provider = providerOf(providers, payment.method);
      const answer = await tryPayment(db, {
        provider,
        payment,
        source: null,
        customerIsBack: true,
        requestId,
      });
      return reply.status('payment_id' in answer ? 202 : 201).send(answer);
    },
  }),
];
