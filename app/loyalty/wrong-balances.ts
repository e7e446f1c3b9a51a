import type { Tenant, TenantTx } from '#core/db/tenant.ts';

/** A customer whose kept balance is not what their ledger adds up to: there is never one, unless something wrote past the commands. */
export interface WrongBalance {
  readonly public_id: string;
  readonly points: number;
  readonly ledger: number;
}

/** Holds the balances of the merchant's customers against their ledgers. */
export async function wrongBalances({ sql, tenant }: TenantTx<Tenant>): Promise<WrongBalance[]> {
  return sql<WrongBalance[]>`
    SELECT c.public_id, c.loyalty_points AS points, coalesce(l.sum, 0)::int AS ledger
    FROM customers c
    LEFT JOIN (SELECT customer_id, sum(delta) AS sum FROM loyalty_ledger
      WHERE merchant_id = ${tenant.merchantId} GROUP BY customer_id) AS l ON l.customer_id = c.id
    WHERE c.merchant_id = ${tenant.merchantId} AND c.loyalty_points <> coalesce(l.sum, 0)
    ORDER BY c.id`;
}
