import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { codeRefused } from './code-refused.ts';

interface Use {
  readonly promotionId: number;
  readonly customerId: number;
}

/**
 * A statement that takes a use of the code, if one is left once whoever holds its row has ended: PostgreSQL looks at that limit again after
 * waiting. The uses of a customer are counted as they were before, so the caller has locked the customer, a guest's record too: a limit may
 * be set while an order is decided.
 */
export function useTaking({ sql, tenant }: TenantTx<StoreTenant>, { promotionId, customerId }: Use) {
  return sql`
    UPDATE promotions SET uses = uses + 1
    WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND id = ${promotionId}
      AND (uses_max IS NULL OR uses < uses_max)
      AND (uses_per_customer_max IS NULL OR uses_per_customer_max > (
        SELECT count(*) FROM promotion_redemptions r WHERE r.merchant_id = ${tenant.merchantId} AND r.store_id = ${tenant.storeId}
          AND r.promotion_id = ${promotionId} AND r.customer_id = ${customerId} AND r.released_at IS NULL))
    RETURNING id`;
}

interface HeldUse extends Use {
  readonly paymentId: number;
  readonly at: Date;
}

/** Takes a use of the code for an order that is being paid. Refuses PROMOTION_CODE_LIMIT_REACHED when none is left. */
export async function holdUse(tx: TenantTx<StoreTenant>, held: HeldUse): Promise<void> {
  const { sql, tenant } = tx;
  const { promotionId, customerId, paymentId, at } = held;
  const taken = await sql`
    WITH used AS (${useTaking(tx, held)})
    INSERT INTO promotion_redemptions (merchant_id, store_id, payment_id, promotion_id, customer_id, at)
    SELECT ${tenant.merchantId}, ${tenant.storeId}, ${paymentId}, ${promotionId}, ${customerId}, ${at} FROM used RETURNING id`;
  if (taken.length === 0) throw codeRefused('PROMOTION_CODE_LIMIT_REACHED');
}
