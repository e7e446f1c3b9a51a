import type { Tenant, TenantTx } from '#core/db/tenant.ts';
import { record } from '#core/events/record.ts';
import { writeAudit, type AuditEntry } from '#core/security/audit.ts';
import type { CustomerId } from '#core/values/ids.ts';
import { refusal } from '../errors.ts';
import { pointsUpdated, type PointsBalance } from './loyalty-events.ts';
import { POINTS_MAX } from './loyalty-rules.ts';
import { movePoints } from './move-points.ts';

export interface Adjustment {
  readonly customerId: CustomerId;
  readonly delta: number;
  /** Why; it stands in the customer's ledger. */
  readonly note: string;
  readonly act: Pick<AuditEntry, 'actor' | 'requestId' | 'at'>;
}

/** Gives points to a customer or takes some, by hand. Refuses to take more than there are. */
export async function adjustPoints(
  tx: TenantTx<Tenant>,
  { customerId, delta, note, act }: Adjustment,
): Promise<PointsBalance> {
  if (delta === 0) throw notPossible('must not be 0');
  const balance = await movePoints(tx, {
    customerId,
    delta,
    reason: 'adjustment',
    orderId: null,
    note,
    at: act.at,
  });
  if (!balance)
    throw notPossible(
      delta < 0 ? 'takes more points than the customer has' : `gives more than ${POINTS_MAX} points together`,
    );
  await writeAudit(tx, {
    ...act,
    action: 'loyalty.adjusted',
    entity: 'customer',
    entityId: customerId,
    before: { points: balance.points - delta },
    // The reason stands in the ledger, from where it goes with the person; the audit log lasts for ever.
    after: { points: balance.points },
  });
  record(tx, pointsUpdated(balance, act));
  return balance;
}

function notPossible(problem: string) {
  return refusal('VALIDATION_FAILED', `The adjustment ${problem}.`, { errors: { delta: [problem] } });
}
