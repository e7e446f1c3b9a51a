import type { Database } from '#core/db/database.ts';
import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { secretHash } from '#core/security/secret-token.ts';
import type { MerchantId, OrderId, StoreId } from '#core/values/ids.ts';
import type { Brand } from '#core/values/brand.ts';
import { refusal } from '../errors.ts';
import type { ProviderPayment } from './payment-provider.ts';

export type PaymentId = Brand<number, 'PaymentId'>;

export type PaymentState = 'pending' | 'closing' | 'stranded' | 'captured' | 'failed' | 'returned';

export interface PaymentRow {
  id: PaymentId;
  token: string;
  /** The public id of the order that it is for, also while there is none. */
  order_token: string;
  method: string;
  /** The provider's account that it is made with; null where there are none. */
  account: string | null;
  state: PaymentState;
  amount_cents: number;
  currency: string;
  reference: string | null;
  failure: string | null;
  /** The order as it was priced, until it is written or never will be. */
  document: unknown;
  order_id: OrderId | null;
  attempts: number;
  hold_expires_at: Date;
}

/** Whose payment, and which. */
export interface PaymentPlace {
  readonly tenant: StoreTenant;
  readonly id: PaymentId;
}

/** By the token that its customer holds. Refuses with PAYMENT_NOT_FOUND, for another store's as for one that does not exist. */
export async function paymentByToken(tx: TenantTx<StoreTenant>, token: string): Promise<PaymentRow> {
  const [payment] = await tx.sql<PaymentRow[]>`${paymentColumns(tx)} AND token = ${token}`;
  if (!payment) throw refusal('PAYMENT_NOT_FOUND', 'There is no payment with this id at this store.');
  return payment;
}

/** The payment that is to bring this order about; null for an order that is paid without a provider. */
export async function paymentForOrder(
  tx: TenantTx<StoreTenant>,
  orderToken: string,
): Promise<PaymentRow | null> {
  const [payment] = await tx.sql<PaymentRow[]>`${paymentColumns(tx)} AND order_token = ${orderToken}`;
  return payment ?? null;
}

export async function paymentById(tx: TenantTx<StoreTenant>, id: PaymentId): Promise<PaymentRow> {
  const [payment] = await tx.sql<PaymentRow[]>`${paymentColumns(tx)} AND id = ${id}`;
  return there(payment);
}

/** The same, locked to COMMIT: whoever else would change it waits, then finds it changed. */
export async function lockPayment(tx: TenantTx<StoreTenant>, id: PaymentId): Promise<PaymentRow> {
  const [payment] = await tx.sql<PaymentRow[]>`${paymentColumns(tx)} AND id = ${id} FOR NO KEY UPDATE`;
  return there(payment);
}

/** Finds whose payment a provider tells of, before any tenant is bound. Null when it is none of ours. */
export async function paymentPlace({ directory }: Database, token: string): Promise<PaymentPlace | null> {
  const [row] = await directory<PlaceRow[]>`
    SELECT merchant_id, store_id, payment_id FROM directory_payments WHERE token_hash = ${secretHash(token)}`;
  return row ? placeOf(row) : null;
}

/** The payments of all merchants that have something to be done by now, the longest due first. */
export async function duePayments(
  { directory }: Database,
  now: Date,
  limit: number,
): Promise<PaymentPlace[]> {
  const rows = await directory<PlaceRow[]>`
    SELECT merchant_id, store_id, payment_id FROM directory_payments
    WHERE due_at <= ${now} ORDER BY due_at LIMIT ${limit}`;
  return rows.map(placeOf);
}

/** A payment as its provider knows it. Only for payments that it knows. */
export function atProvider({ token, reference, amount_cents, currency }: PaymentRow): ProviderPayment {
  if (reference === null) throw new Error('payment: expected one that its provider knows');
  return { token, reference, amountCents: amount_cents, currency };
}

interface PlaceRow {
  merchant_id: MerchantId;
  store_id: StoreId;
  payment_id: PaymentId;
}

function placeOf({ merchant_id, store_id, payment_id }: PlaceRow): PaymentPlace {
  return { tenant: { merchantId: merchant_id, storeId: store_id }, id: payment_id };
}

function there(payment: PaymentRow | undefined): PaymentRow {
  if (!payment) throw new Error('payment: expected one that the directory names');
  return payment;
}

function paymentColumns({ sql, tenant }: TenantTx<StoreTenant>) {
  return sql`
    SELECT id, token, order_token, method, account, state, amount_cents, currency, reference, failure, document, order_id, attempts, hold_expires_at
    FROM payments WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId}`;
}
