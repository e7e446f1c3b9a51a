import type { Tenant, TenantTx } from '#core/db/tenant.ts';
import type { CustomerId } from '#core/values/ids.ts';
import { refusal } from '../errors.ts';

/** Refuses with ORDERS_UNDER_WAY while a payment of the customer holds an order that is not written yet. The caller has locked the record. */
export async function refusePaymentsUnderWay(
  { sql, tenant }: TenantTx<Tenant>,
  customerId: CustomerId,
): Promise<void> {
  const payments = await sql`
    SELECT FROM payments
    WHERE merchant_id = ${tenant.merchantId} AND document IS NOT NULL AND document ->> 'customerId' = ${String(customerId)} LIMIT 1`;
  if (payments.length > 0)
    throw refusal('ORDERS_UNDER_WAY', 'Expected no payment under way; one is, and ends within minutes.');
}
