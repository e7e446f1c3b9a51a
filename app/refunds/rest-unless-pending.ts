import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { pendingRefunds } from '../orders/refund-queries.ts';
import { setDue } from '../payments/change-payment.ts';
import type { PaymentId } from '../payments/payment-queries.ts';

/** Notes that nothing is to be done about a captured payment once none of its refunds waits for an answer. */
export async function restUnlessPending(tx: TenantTx<StoreTenant>, paymentId: PaymentId): Promise<void> {
  if ((await pendingRefunds(tx, paymentId)).length === 0) await setDue(tx, paymentId, null);
}
