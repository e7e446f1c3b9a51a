import { violatedConstraint } from '#core/db/database-errors.ts';
import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { writeAudit, type AuditEntry } from '#core/security/audit.ts';
import type { PromotionId } from '#core/values/ids.ts';
import { momentOf } from '#core/values/moment.ts';
import { refusal } from '../errors.ts';
import { promotionById, type PromotionRow } from './promotion-queries.ts';
import { normaliseCode } from './promotion-terms.ts';
import type { PromotionTerms } from './promotion-view.ts';

export interface SavePromotion {
  readonly terms: PromotionTerms;
  /** The one to change, at the version that was looked at; null for a new one. */
  readonly changed: { readonly id: PromotionId; readonly version: number } | null;
  readonly act: Pick<AuditEntry, 'actor' | 'requestId' | 'at'>;
}

/**
 * Makes a promotion code, or changes one. Refuses terms that contradict each other, PROMOTION_CODE_TAKEN for a code that the store has, and
 * PROMOTION_CHANGED when someone else changed it meanwhile.
 */
export async function savePromotion(
  tx: TenantTx<StoreTenant>,
  { terms, changed, act }: SavePromotion,
): Promise<PromotionRow> {
  const columns = columnsOf(terms);
  const before = changed && (await promotionById(tx, changed.id));
  const id = await write(tx, columns, changed).catch((error: unknown) => {
    throw violatedConstraint(error) === 'promotions_merchant_id_store_id_code_key'
      ? codeTaken(columns.code)
      : error;
  });
  if (id === null) throw changedMeanwhile(await promotionById(tx, changed?.id ?? null));
  const after = await promotionById(tx, id);
  await writeAudit(tx, {
    ...act,
    action: before ? 'promotion.changed' : 'promotion.created',
    entity: 'promotion',
    entityId: id,
    before: before && audited(before),
    after: audited(after),
  });
  return after;
}

type Columns = ReturnType<typeof columnsOf>;

function columnsOf(terms: PromotionTerms) {
  const { kind, percent = null, amount_cents: amount = null } = terms;
  if ((kind === 'percentage') !== (percent !== null)) throw contradiction('percent', 'goes with percentage');
  if ((kind === 'fixed') !== (amount !== null)) throw contradiction('amount_cents', 'goes with fixed');
  const [startsAt, endsAt] = [timeOf(terms, 'starts_at'), timeOf(terms, 'ends_at')];
  if (startsAt && endsAt && endsAt <= startsAt) throw contradiction('ends_at', 'must be after starts_at');
  return {
    code: normaliseCode(terms.code),
    kind,
    percent,
    amount_cents: amount,
    minimum_cents: terms.minimum_cents ?? 0,
    starts_at: startsAt,
    ends_at: endsAt,
    uses_max: terms.uses_max ?? null,
    uses_per_customer_max: terms.uses_per_customer_max ?? null,
    active: terms.active ?? true,
  };
}

/** Answers null when the version is another by now. */
async function write(
  { sql, tenant }: TenantTx<StoreTenant>,
  columns: Columns,
  changed: SavePromotion['changed'],
): Promise<PromotionId | null> {
  const [row] = changed
    ? await sql<{ id: PromotionId }[]>`
        UPDATE promotions SET ${sql(columns)}, version = version + 1
        WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId} AND id = ${changed.id} AND version = ${changed.version}
        RETURNING id`
    : await sql<{ id: PromotionId }[]>`
        INSERT INTO promotions ${sql({ merchant_id: tenant.merchantId, store_id: tenant.storeId, ...columns })} RETURNING id`;
  return row?.id ?? null;
}

function timeOf(terms: PromotionTerms, field: 'starts_at' | 'ends_at'): Date | null {
  const text = terms[field];
  if (!text) return null;
  const moment = momentOf(text);
  if (!moment) throw contradiction(field, 'is not a moment that a clock shows');
  return moment;
}

function audited(row: PromotionRow) {
  const { code, kind, percent, amount_cents, minimum_cents, starts_at, ends_at } = row;
  const { uses_max, uses_per_customer_max, active } = row;
  return {
    code,
    kind,
    percent,
    amount_cents,
    minimum_cents,
    starts_at,
    ends_at,
    uses_max,
    uses_per_customer_max,
    active,
  };
}

function contradiction(field: string, problem: string) {
  return refusal('VALIDATION_FAILED', `The terms contradict each other: ${field} ${problem}.`, {
    errors: { [field]: [problem] },
  });
}

function codeTaken(code: string) {
  return refusal('PROMOTION_CODE_TAKEN', `Expected a code that is free, received ${code}.`, {
    errors: { code: ['is taken'] },
  });
}

function changedMeanwhile({ version }: PromotionRow) {
  return refusal('PROMOTION_CHANGED', `The promotion was changed meanwhile: it is at version ${version}.`, {
    version,
  });
}
