import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import type { CustomerId, PromotionId } from '#core/values/ids.ts';
import type { Cents } from '#core/values/money.ts';
import type { Benefit } from './benefit.ts';
import type { Promotion } from './promotion-terms.ts';

/** A promotion's benefit as its table keeps it. */
export interface BenefitColumns {
  readonly kind: Benefit['kind'];
  readonly percent: number | null;
  readonly amount_cents: Cents | null;
}

export interface PromotionJson extends BenefitColumns {
  readonly id: PromotionId;
  readonly code: string;
  readonly minimum_cents: Cents;
  readonly starts_at: string | null;
  readonly ends_at: string | null;
  readonly uses_max: number | null;
  readonly uses_per_customer_max: number | null;
  readonly uses: number;
  readonly uses_of_customer: number;
  readonly active: boolean;
}

interface Wanted {
  /** Normalised; null for none. */
  readonly code: string | null;
  readonly customerId: CustomerId | null;
}

/** A column: the store's promotion of that code as JSON, or null. Uses by a customer are exact when the customer is locked. */
export function promotionColumn({ sql, tenant }: TenantTx<StoreTenant>, { code, customerId }: Wanted) {
  if (code === null) return sql`NULL::jsonb`;
  return sql`(
    SELECT to_jsonb(p) || jsonb_build_object('uses_of_customer', (
      SELECT count(*) FROM promotion_redemptions r WHERE r.merchant_id = p.merchant_id AND r.store_id = p.store_id
        AND r.promotion_id = p.id AND r.customer_id = ${customerId}::bigint AND r.released_at IS NULL))
    FROM promotions p WHERE p.merchant_id = ${tenant.merchantId} AND p.store_id = ${tenant.storeId} AND p.code = ${code})`;
}

export function promotionOf(json: PromotionJson): Promotion {
  return {
    id: json.id,
    code: json.code,
    benefit: benefitOf(json),
    minimumCents: json.minimum_cents,
    startsAt: json.starts_at === null ? null : new Date(json.starts_at),
    endsAt: json.ends_at === null ? null : new Date(json.ends_at),
    usesMax: json.uses_max,
    usesPerCustomerMax: json.uses_per_customer_max,
    uses: json.uses,
    usesOfCustomer: json.uses_of_customer,
    active: json.active,
  };
}

function benefitOf({ kind, percent, amount_cents: amountCents }: BenefitColumns): Benefit {
  if (kind === 'percentage' && percent !== null) return { kind, percent };
  if (kind === 'fixed' && amountCents !== null) return { kind, amountCents };
  return { kind: 'free_shipping' };
}
