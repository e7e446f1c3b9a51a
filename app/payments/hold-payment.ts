import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { secretHash } from '#core/security/secret-token.ts';
import type { VariantId } from '#core/values/ids.ts';
import { methodUnavailable, type ProvidedMethod } from './payment-provider.ts';
import type { PaymentId } from './payment-queries.ts';
import { shelvePieces } from '../stock/shelve-pieces.ts';
import { keepStripeAccount } from './stripe-account-queries.ts';

const MINUTE_MS = 60_000;
/** How long stock is held for a customer who is paying. */
export const HOLD_MINUTES = 15;
/** When someone looks what became of a payment whose customer did not come back. */
const FIRST_LOOK_MS = MINUTE_MS;

export interface NewPayment {
  readonly token: string;
  readonly orderToken: string;
  readonly method: ProvidedMethod;
  /** The provider's account that it is made with; null where there are none. */
  readonly account: string | null;
  readonly amountCents: number;
  readonly currency: string;
  /** The order, ready to be written. */
  readonly document: object;
  /** Pieces of counted stock that the order will take. The caller holds the locks on them and has seen that they are there. */
  readonly pieces: readonly { readonly variantId: VariantId; readonly quantity: number }[];
  readonly now: Date;
}

/**
 * Writes a payment that is about to be made, with its directory row, and takes the stock into its hold, in one statement. Refuses, with
 * PAYMENT_METHOD_UNAVAILABLE, an account that was switched off or exchanged since it was looked up.
 */
export async function holdPayment(tx: TenantTx<StoreTenant>, payment: NewPayment): Promise<PaymentId> {
  if (payment.account !== null && !(await keepStripeAccount(tx, payment.account)))
    throw methodUnavailable(payment.method);
  const { sql, tenant } = tx;
  const { merchantId, storeId } = tenant;
  const { now, pieces } = payment;
  const holdExpiresAt = new Date(now.getTime() + HOLD_MINUTES * MINUTE_MS);
  const [row] = await sql<{ id: PaymentId }[]>`
    WITH payment AS (
      INSERT INTO payments (merchant_id, store_id, token, order_token, method, account, amount_cents, currency, document, created_at, hold_expires_at)
      VALUES (${merchantId}, ${storeId}, ${payment.token}, ${payment.orderToken}, ${payment.method}, ${payment.account}, ${payment.amountCents}, ${payment.currency},
        ${sql.json(payment.document as never)}, ${now}, ${holdExpiresAt})
      RETURNING id
    ), listed AS (
      INSERT INTO directory_payments (token_hash, merchant_id, store_id, payment_id, due_at)
      SELECT ${secretHash(payment.token)}, ${merchantId}, ${storeId}, id, ${new Date(now.getTime() + FIRST_LOOK_MS)}::timestamptz FROM payment
    ), demand AS (
      SELECT "variantId" AS variant_id, sum(quantity)::int AS quantity
      FROM jsonb_to_recordset(${sql.json(pieces as never)}) AS piece ("variantId" bigint, quantity int) GROUP BY 1
    ), taken AS (
      UPDATE stock_levels SET quantity = stock_levels.quantity - demand.quantity FROM demand
      WHERE merchant_id = ${merchantId} AND store_id = ${storeId} AND stock_levels.variant_id = demand.variant_id
        AND stock_levels.variant_id = ANY(${pieces.map(({ variantId }) => variantId)}::bigint[])
      RETURNING stock_levels.variant_id, demand.quantity
    ), ledger AS (
      INSERT INTO stock_ledger (merchant_id, store_id, variant_id, payment_id, delta, reason, at)
      SELECT ${merchantId}, ${storeId}, variant_id, payment.id, -quantity, 'held', ${now} FROM taken, payment
    )
    SELECT id FROM payment`;
  if (!row) throw new Error('payment: the insert returned no row');
  return row.id;
}

/** Gives back what the payment still holds; answers the variants that were sold out until now. */
export function releaseHold(
  tx: TenantTx<StoreTenant>,
  paymentId: PaymentId,
  now: Date,
): Promise<VariantId[]> {
  const { sql, tenant } = tx;
  const held = sql`
    SELECT variant_id, -sum(delta)::int AS quantity FROM stock_ledger
    WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND payment_id = ${paymentId} AND reason IN ('held', 'hold_released')
    GROUP BY variant_id HAVING sum(delta) < 0`;
  return shelvePieces(tx, held, { reason: 'hold_released', paymentId, at: now });
}
