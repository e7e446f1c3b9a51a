import type { Tenant, TenantTx } from '#core/db/tenant.ts';
import { writeAudit, type AuditEntry } from '#core/security/audit.ts';
import { refusal } from '../errors.ts';
import { programmeView, programmeRow } from './loyalty-queries.ts';
import type { ProgrammeFields, ProgrammeView } from './loyalty-view.ts';

type Act = Pick<AuditEntry, 'actor' | 'requestId' | 'at'>;

/** Makes this the merchant's loyalty programme. Refuses LOYALTY_CHANGED when someone else changed it meanwhile. */
export async function saveProgramme(
  tx: TenantTx<Tenant>,
  { version, ...fields }: ProgrammeFields,
  act: Act,
): Promise<ProgrammeView> {
  const before = await programmeRow(tx);
  if (!(await write(tx, fields, version))) {
    const now = before?.version ?? 0;
    throw refusal('LOYALTY_CHANGED', `Expected version ${version} of the programme, it is at ${now}.`, {
      version: now,
    });
  }
  await writeAudit(tx, {
    ...act,
    action: 'loyalty.changed',
    entity: 'merchant',
    entityId: tx.tenant.merchantId,
    before: before && { ...before },
    after: { ...(await programmeRow(tx)) },
  });
  return programmeView(tx);
}

/** Lets managers run the programme, or keeps it to owners. */
export async function letManagersManage(
  tx: TenantTx<Tenant>,
  mayManage: boolean,
  act: Act,
): Promise<ProgrammeView> {
  const { sql, tenant } = tx;
  const { managers_may_manage } = await programmeView(tx);
  await sql`UPDATE merchants SET managers_manage_loyalty = ${mayManage} WHERE id = ${tenant.merchantId}`;
  await writeAudit(tx, {
    ...act,
    action: 'loyalty.entrusted',
    entity: 'merchant',
    entityId: tenant.merchantId,
    before: { managers_may_manage },
    after: { managers_may_manage: mayManage },
  });
  return programmeView(tx);
}

/** Answers false, and changes nothing, when the version is another by now. */
async function write(
  { sql, tenant }: TenantTx<Tenant>,
  { points_per_currency_unit: perUnit, threshold, reward, active }: Omit<ProgrammeFields, 'version'>,
  version: number,
): Promise<boolean> {
  const amount = reward.kind === 'fixed' ? reward.amount_cents : null;
  const percent = reward.kind === 'percentage' ? reward.percent : null;
  const { count } = await sql`
    INSERT INTO loyalty_programmes AS kept (merchant_id, points_per_currency_unit, threshold, reward_amount_cents, reward_percent, active)
    SELECT ${tenant.merchantId}, ${perUnit}::int, ${threshold}::int, ${amount}::bigint, ${percent}::int, ${active}::boolean
    WHERE ${version}::int = 0 OR EXISTS (SELECT FROM loyalty_programmes WHERE merchant_id = ${tenant.merchantId})
    ON CONFLICT (merchant_id) DO UPDATE SET points_per_currency_unit = excluded.points_per_currency_unit, threshold = excluded.threshold,
      reward_amount_cents = excluded.reward_amount_cents, reward_percent = excluded.reward_percent, active = excluded.active,
      version = kept.version + 1
    WHERE kept.version = ${version}::int`;
  return count > 0;
}
