import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import type { CustomerId, PromotionId } from '#core/values/ids.ts';
import type { Cents } from '#core/values/money.ts';
import { refusal } from '../errors.ts';
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

export interface PromotionRow extends BenefitColumns {
  readonly id: PromotionId;
  readonly code: string;
  readonly minimum_cents: number;
  readonly starts_at: Date | null;
  readonly ends_at: Date | null;
  readonly uses_max: number | null;
  readonly uses_per_customer_max: number | null;
  readonly uses: number;
  readonly active: boolean;
  readonly version: number;
  readonly created_at: Date;
}

/** One promotion of the store. Refuses PROMOTION_NOT_FOUND. */
export async function promotionById(
  tx: TenantTx<StoreTenant>,
  id: PromotionId | null,
): Promise<PromotionRow> {
  const { sql, tenant } = tx;
  const [row] = await sql<PromotionRow[]>`
    ${promotionColumns(tx)} WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND id = ${id}`;
  if (!row) throw refusal('PROMOTION_NOT_FOUND', 'There is no promotion with this id at this store.');
  return row;
}

/** Where a page of a list begins, newest first: behind this id. One more row is read than the page holds. */
interface Page {
  readonly before: number;
  readonly limit: number;
}

/** Promotions of the store, newest first. */
export async function promotionsBefore(
  tx: TenantTx<StoreTenant>,
  { before, limit }: Page,
): Promise<PromotionRow[]> {
  const { sql, tenant } = tx;
  return sql<PromotionRow[]>`
    ${promotionColumns(tx)} WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId}
      AND id < ${before} ORDER BY id DESC LIMIT ${limit + 1}`;
}

export interface RedemptionRow {
  readonly id: number;
  readonly number: number;
  readonly public_id: string;
  readonly discount_cents: number;
  readonly at: Date;
  readonly released_at: Date | null;
}

/** Where a code was used, newest first. */
export async function redemptionsBefore(
  { sql, tenant }: TenantTx<StoreTenant>,
  promotionId: PromotionId,
  { before, limit }: Page,
): Promise<RedemptionRow[]> {
  return sql<RedemptionRow[]>`
    SELECT r.id, o.number, o.public_id, o.promotion_cents AS discount_cents, r.at, r.released_at
    FROM promotion_redemptions r
    JOIN orders o ON o.merchant_id = r.merchant_id AND o.store_id = r.store_id AND o.id = r.order_id
    WHERE r.merchant_id = ${tenant.merchantId} AND r.store_id = ${tenant.storeId} AND r.promotion_id = ${promotionId}
      AND r.id < ${before} ORDER BY r.id DESC LIMIT ${limit + 1}`;
}

function promotionColumns({ sql }: TenantTx<StoreTenant>) {
  return sql`
    SELECT id, code, kind, percent, amount_cents, minimum_cents, starts_at, ends_at, uses_max, uses_per_customer_max, uses, active, version,
      created_at FROM promotions`;
}
