import type { Tenant, TenantTx } from '#core/db/tenant.ts';
import type { Cents } from '#core/values/money.ts';
import type { Programme } from './loyalty-rules.ts';

export interface ProgrammeJson {
  readonly points_per_currency_unit: number;
  readonly threshold: number;
  readonly reward_amount_cents: Cents | null;
  readonly reward_percent: number | null;
  readonly active: boolean;
  readonly version: number;
}

/** A column: the merchant's programme as JSON, or null. */
export function programmeColumn({ sql, tenant }: TenantTx<Tenant>) {
  return sql`(SELECT to_jsonb(g) FROM loyalty_programmes g WHERE g.merchant_id = ${tenant.merchantId})`;
}

export function programmeOf(json: ProgrammeJson): Programme {
  const { reward_amount_cents: amountCents, reward_percent: percent } = json;
  return {
    pointsPerCurrencyUnit: json.points_per_currency_unit,
    threshold: json.threshold,
    reward:
      amountCents === null ? { kind: 'percentage', percent: percent ?? 0 } : { kind: 'fixed', amountCents },
    active: json.active,
  };
}
