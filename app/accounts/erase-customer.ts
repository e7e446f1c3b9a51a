import type { Tenant, TenantTx } from '#core/db/tenant.ts';
import { writeAudit, type Actor } from '#core/security/audit.ts';
import type { CustomerId } from '#core/values/ids.ts';
import { refusal } from '../errors.ts';
import { refusePaymentsUnderWay } from './payments-under-way.ts';

export interface Erasure {
  readonly customerId: CustomerId;
  readonly actor: Actor;
  readonly requestId: string;
  readonly at: Date;
}

/**
 * Forgets a person and keeps what was bought: their record, addresses, carts, links and sessions, and their contact on orders, at all
 * stores of the merchant. Refuses with ORDERS_UNDER_WAY while a store still needs the contact to bring what was ordered.
 */
export async function eraseCustomer(tx: TenantTx<Tenant>, { customerId, ...act }: Erasure): Promise<void> {
  const email = await lockUnlessExpectingOrders(tx, customerId);
  await eraseFromOrders(tx, customerId, act.at);
  await eraseRecord(tx, { customerId, email, at: act.at });
  await writeAudit(tx, {
    ...act,
    action: 'customer.erased',
    entity: 'customer',
    entityId: customerId,
    before: null,
    after: null,
  });
}

/** A checkout under way holds the record, and is waited for. */
async function lockUnlessExpectingOrders(
  tx: TenantTx<Tenant>,
  customerId: CustomerId,
): Promise<string | null> {
  const { sql, tenant } = tx;
  const [row] = await sql<{ email: string | null }[]>`
    SELECT email FROM customers
    WHERE merchant_id = ${tenant.merchantId} AND id = ${customerId} AND erased_at IS NULL AND merged_into IS NULL FOR UPDATE`;
  if (!row) throw refusal('CUSTOMER_NOT_FOUND', 'There is no customer with this id.');
  await refusePaymentsUnderWay(tx, customerId);
  const [expected] = await sql<{ orders: number }[]>`
    SELECT count(*)::int AS orders FROM orders
    WHERE merchant_id = ${tenant.merchantId} AND customer_id = ${customerId} AND completed_at IS NULL AND cancelled_at IS NULL`;
  if (expected && expected.orders > 0)
    throw refusal(
      'ORDERS_UNDER_WAY',
      `Expected all orders to be finished; ${expected.orders} are under way.`,
      {
        orders: expected.orders,
      },
    );
  return row.email;
}

/**
 * Country and state stay: taxes were owed there. What staff wrote goes: it tells of the person as often as of the goods. A parcel's code
 * leads to a person, but an order that was sent must have one, as one that was cancelled must have a reason.
 */
async function eraseFromOrders(
  { sql, tenant }: TenantTx<Tenant>,
  customerId: CustomerId,
  at: Date,
): Promise<void> {
  await sql`
    DELETE FROM order_notes USING orders
    WHERE orders.merchant_id = ${tenant.merchantId} AND orders.customer_id = ${customerId}
      AND order_notes.merchant_id = orders.merchant_id AND order_notes.store_id = orders.store_id AND order_notes.order_id = orders.id`;
  await sql`
    UPDATE orders SET first_name = '', last_name = '', email = NULL, mobile = NULL, notes = NULL, erased_at = ${at},
      postcode = CASE WHEN postcode IS NOT NULL THEN '' END, city = CASE WHEN city IS NOT NULL THEN '' END,
      line1 = CASE WHEN line1 IS NOT NULL THEN '' END, line2 = NULL,
      tracking_code = CASE WHEN tracking_code IS NOT NULL THEN 'erased' END, tracking_url = NULL,
      cancel_reason = CASE WHEN cancel_reason IS NOT NULL THEN 'erased' END
    WHERE merchant_id = ${tenant.merchantId} AND customer_id = ${customerId}`;
  await sql`
    UPDATE refunds SET reason = 'erased' FROM orders
    WHERE orders.merchant_id = ${tenant.merchantId} AND orders.customer_id = ${customerId}
      AND refunds.merchant_id = orders.merchant_id AND refunds.store_id = orders.store_id AND refunds.order_id = orders.id`;
}

async function eraseRecord(
  { sql, tenant }: TenantTx<Tenant>,
  { customerId, email, at }: { customerId: CustomerId; email: string | null; at: Date },
): Promise<void> {
  const of = sql`merchant_id = ${tenant.merchantId} AND customer_id = ${customerId}`;
  await sql`DELETE FROM customer_addresses WHERE ${of}`;
  await sql`DELETE FROM customer_carts WHERE ${of}`;
  await sql`DELETE FROM customer_sessions WHERE ${of}`;
  await sql`DELETE FROM customer_password_resets WHERE ${of}`;
  await sql`DELETE FROM customer_email_changes WHERE ${of} OR (merchant_id = ${tenant.merchantId} AND email = ${email})`;
  await sql`DELETE FROM customer_registrations WHERE merchant_id = ${tenant.merchantId} AND email = ${email}`;
  await sql`UPDATE loyalty_ledger SET note = NULL WHERE ${of} AND note IS NOT NULL`;
  await sql`
    UPDATE customers SET first_name = '', last_name = '', email = NULL, mobile = NULL, password_hash = NULL, note = NULL,
      erased_at = ${at}, version = version + 1
    WHERE merchant_id = ${tenant.merchantId} AND id = ${customerId}`;
}
