import type { Tenant, TenantTx } from '#core/db/tenant.ts';

/** A code whose counted uses are not its redemptions. */
export interface WrongUses {
  readonly code: string;
  readonly uses: number;
  readonly redemptions: number;
}

/** Holds the counts of the codes in sight against the redemptions that were not released. */
export async function wrongUses({ sql, tenant }: TenantTx<Tenant>): Promise<WrongUses[]> {
  return sql<WrongUses[]>`
    SELECT p.code, p.uses, count(r.id)::int AS redemptions
    FROM promotions p
    LEFT JOIN promotion_redemptions r ON r.merchant_id = p.merchant_id AND r.store_id = p.store_id AND r.promotion_id = p.id
      AND r.released_at IS NULL
    WHERE p.merchant_id = ${tenant.merchantId}
    GROUP BY p.merchant_id, p.store_id, p.id HAVING p.uses <> count(r.id)
    ORDER BY p.store_id, p.id`;
}
