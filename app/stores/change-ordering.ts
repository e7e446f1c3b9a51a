import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { writeAudit, type AuditEntry } from '#core/security/audit.ts';
import { refusal } from '../errors.ts';
import { storeSettings } from './settings-queries.ts';
import type { StoreSettings } from './settings-view.ts';
import { storeUpdated } from './store-updated.ts';

type Act = Pick<AuditEntry, 'actor' | 'requestId' | 'at'>;

const HOUR_MS = 3_600_000;
const PAUSE_MAX_MS = 31 * 24 * HOUR_MS;
const BUSY_MAX_MS = 24 * HOUR_MS;

/** Stops taking orders until a moment, or until somebody resumes. */
export async function pauseOrdering(
  tx: TenantTx<StoreTenant>,
  { until, act }: { readonly until: Date | null; readonly act: Act },
): Promise<StoreSettings> {
  if (until) refuseUnlessAhead(until, act.at, PAUSE_MAX_MS);
  const { sql } = tx;
  return change(tx, act, 'store.paused', sql`paused_since = ${act.at}, paused_until = ${until}`);
}

/** Takes orders again. */
export async function resumeOrdering(tx: TenantTx<StoreTenant>, act: Act): Promise<StoreSettings> {
  return change(tx, act, 'store.resumed', tx.sql`paused_since = NULL, paused_until = NULL`);
}

/** Tells customers that preparing takes so many minutes longer, until a moment. */
export async function becomeBusy(
  tx: TenantTx<StoreTenant>,
  { minutes, until, act }: { readonly minutes: number; readonly until: Date; readonly act: Act },
): Promise<StoreSettings> {
  refuseUnlessAhead(until, act.at, BUSY_MAX_MS);
  return change(tx, act, 'store.busy', tx.sql`busy_minutes = ${minutes}, busy_until = ${until}`);
}

/** Takes no longer than usual again. */
export async function calmDown(tx: TenantTx<StoreTenant>, act: Act): Promise<StoreSettings> {
  return change(tx, act, 'store.calmed', tx.sql`busy_minutes = NULL, busy_until = NULL`);
}

async function change(
  tx: TenantTx<StoreTenant>,
  act: Act,
  action: string,
  columns: ReturnType<TenantTx['sql']>,
): Promise<StoreSettings> {
  const { sql, tenant } = tx;
  const before = await storeSettings(tx, act.at);
  await sql`UPDATE stores SET ${columns} WHERE merchant_id = ${tenant.merchantId} AND id = ${tenant.storeId}`;
  const after = await storeSettings(tx, act.at);
  await writeAudit(tx, {
    ...act,
    action,
    entity: 'store',
    entityId: tenant.storeId,
    before: before.ordering,
    after: after.ordering,
  });
  await storeUpdated(tx, { changed: 'ordering', actor: act.actor, at: act.at });
  return after;
}

/** A leap second is a date-time that no clock here has: in no range. */
function refuseUnlessAhead(until: Date, now: Date, aheadMaxMs: number): void {
  const ahead = until.getTime() - now.getTime();
  if (ahead > 0 && ahead <= aheadMaxMs) return;
  const hours = aheadMaxMs / HOUR_MS;
  throw refusal('VALIDATION_FAILED', `Expected a time within the next ${hours} hours.`, {
    errors: { until: [`must lie within the next ${hours} hours`] },
  });
}
