import type { Tenant, TenantTx } from '#core/db/tenant.ts';
import type { CustomerId } from '#core/values/ids.ts';
import type { Cents } from '#core/values/money.ts';
import { refusal } from '../errors.ts';
import type { Programme } from './loyalty-rules.ts';
import type { PointsChange, ProgrammeView } from './loyalty-view.ts';

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

/** The merchant's programme, or null. */
export async function currentProgramme(tx: TenantTx<Tenant>): Promise<Programme | null> {
  const row = await programmeRow(tx);
  return row && programmeOf(row);
}

/** The merchant's programme as it is kept, or null. */
export async function programmeRow(tx: TenantTx<Tenant>): Promise<ProgrammeJson | null> {
  const [row] = await tx.sql<
    { programme: ProgrammeJson | null }[]
  >`SELECT ${programmeColumn(tx)} AS programme`;
  return row?.programme ?? null;
}

/** The programme as staff see it. */
export async function programmeView(tx: TenantTx<Tenant>): Promise<ProgrammeView> {
  const { sql, tenant } = tx;
  const [row] = await sql<{ programme: ProgrammeJson | null; may: boolean }[]>`
    SELECT ${programmeColumn(tx)} AS programme, managers_manage_loyalty AS may FROM merchants WHERE id = ${tenant.merchantId}`;
  const { programme = null, may = false } = row ?? {};
  return { programme: programme && projected(programme), managers_may_manage: may };
}

function projected(json: ProgrammeJson): ProgrammeView['programme'] {
  const { points_per_currency_unit, threshold, active, version } = json;
  const { reward_amount_cents: amount_cents, reward_percent: percent } = json;
  const reward =
    amount_cents === null
      ? { kind: 'percentage' as const, percent: percent ?? 0 }
      : { kind: 'fixed' as const, amount_cents };
  return { points_per_currency_unit, threshold, reward, active, version };
}

/** The merchant's customer of that public id. Refuses CUSTOMER_NOT_FOUND, also for who was merged or erased. */
export async function customerWithPoints(
  { sql, tenant }: TenantTx<Tenant>,
  publicId: string,
): Promise<CustomerId> {
  const [row] = await sql<{ id: CustomerId }[]>`
    SELECT id FROM customers
    WHERE merchant_id = ${tenant.merchantId} AND public_id = ${publicId} AND erased_at IS NULL AND merged_into IS NULL`;
  return row?.id ?? nobody();
}

/** The same, locked until COMMIT: a record that is just being merged or erased is waited for. */
export async function lockCustomerWithPoints(
  { sql, tenant }: TenantTx<Tenant>,
  publicId: string,
): Promise<{ id: CustomerId; points: number }> {
  const [row] = await sql<{ id: CustomerId; points: number }[]>`
    SELECT id, loyalty_points AS points FROM customers
    WHERE merchant_id = ${tenant.merchantId} AND public_id = ${publicId} AND erased_at IS NULL AND merged_into IS NULL
    FOR NO KEY UPDATE`;
  return row ?? nobody();
}

function nobody(): never {
  throw refusal('CUSTOMER_NOT_FOUND', 'There is no customer with this id.');
}

export interface PointsChangeRow {
  readonly id: number;
  readonly delta: number;
  readonly reason: PointsChange['reason'];
  readonly note: string | null;
  readonly number: number | null;
  readonly at: Date;
}

/** The changes of a customer's points, newest first: those before an id, one more than the limit. */
export async function pointsLedger(
  { sql, tenant }: TenantTx<Tenant>,
  customerId: CustomerId,
  { before, limit }: { readonly before: number; readonly limit: number },
): Promise<PointsChangeRow[]> {
  return sql<PointsChangeRow[]>`
    SELECT l.id, l.delta, l.reason, l.note, o.number, l.at FROM loyalty_ledger l
    LEFT JOIN orders o ON o.merchant_id = l.merchant_id AND o.store_id = l.store_id AND o.id = l.order_id
    WHERE l.merchant_id = ${tenant.merchantId} AND l.customer_id = ${customerId} AND l.id < ${before}
    ORDER BY l.id DESC LIMIT ${limit + 1}`;
}
