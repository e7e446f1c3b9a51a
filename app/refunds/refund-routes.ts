import { Type } from 'typebox';
import type { StoreTenant, TenantDb } from '#core/db/tenant.ts';
import { idempotencyKeyOf, KeyHeader, promiseOf } from '#core/http/idempotency-key.ts';
import { DomainError } from '#core/values/domain-error.ts';
import { refusal } from '../errors.ts';
import { route } from '../route.ts';
import { storeAndOrder } from '../board/board-routes.ts';
import type { PaymentProviders } from '../payments/payment-provider.ts';
import { refundView, type RefundRow } from '../orders/refund-queries.ts';
import { RefundRequestSchema, RefundSchema } from '../orders/refund-view.ts';
import { requestRefund } from './request-refund.ts';
import { settleRefund } from './settle-refund.ts';

const MINUTE_MS = 60_000;
const REFUNDS_PER_MINUTE_MAX = 20;

/** How staff give money back. */
export const refundRoutes = (providers: PaymentProviders) => [
  route({
    method: 'POST',
    path: '/dashboard/orders/:public_id/refunds',
    audience: 'staff',
    ability: 'orders.refund',
    summary:
      'Gives money back, once per Idempotency-Key: by line, an amount, or all that is left. 202 while the payment provider has not answered.',
    params: Type.Object({ public_id: Type.String() }),
    headers: KeyHeader,
    body: RefundRequestSchema,
    answers: { 201: RefundSchema, 202: RefundSchema },
    limit: { max: REFUNDS_PER_MINUTE_MAX, windowMs: MINUTE_MS, keyOf: storeAndOrder },
    errors: [
      'ORDER_NOT_FOUND',
      'ORDER_NOT_PAID',
      'REFUND_TOO_LARGE',
      'NOTHING_TO_REFUND',
      'REFUND_REFUSED',
      'PAYMENT_UNAVAILABLE',
      'IDEMPOTENCY_KEY_REQUIRED',
      'IDEMPOTENCY_KEY_REUSED',
    ],
    handle: async ({ db, actor, params, body, request, reply }) => {
      const key = promiseOf(idempotencyKeyOf(request), {
        route: 'refund',
        actor,
        content: { ...params, ...body },
      });
      const requested = await db.write((tx) =>
        requestRefund(tx, {
          publicId: params.public_id,
          request: body,
          key,
          actor,
          requestId: request.id,
          now: new Date(),
        }),
      );
      const refund = await asked(db, { providers, refund: requested, requestId: request.id });
      if (refund.state === 'refused') throw refusedByProvider(refund);
      return reply.status(refund.state === 'pending' ? 202 : 201).send(refundView(refund));
    },
  }),
];

interface Asked {
  readonly providers: PaymentProviders;
  readonly refund: RefundRow;
  readonly requestId: string;
}

/** A provider that does not answer leaves the refund pending: it is asked again until it does. */
async function asked(db: TenantDb<StoreTenant>, { providers, refund, requestId }: Asked): Promise<RefundRow> {
  if (refund.state !== 'pending') return refund;
  try {
    return await settleRefund(db, { providers, id: refund.id, requestId });
  } catch (error) {
    if (error instanceof DomainError && error.code === 'PAYMENT_UNAVAILABLE') return refund;
    throw error;
  }
}

function refusedByProvider({ failure }: RefundRow) {
  return refusal('REFUND_REFUSED', `The payment provider refused: ${failure}.`, { reason: failure });
}
