import type { TenantTx } from '#core/db/tenant.ts';
import { writeAudit } from '#core/security/audit.ts';
import type { CustomerId } from '#core/values/ids.ts';
import { endCustomerSessions, openCustomerSession } from './customer-sessions.ts';

/** Who came in, and the secret of the session that was opened for them. */
export interface Entrance {
  readonly customerId: CustomerId;
  readonly secret: string;
}

interface Entry {
  readonly customerId: CustomerId;
  /** What the audit calls that which the account's link did. */
  readonly action: string;
  readonly fingerprint: string;
  readonly requestId: string;
}

/** What follows a link that changed how an account is entered: the audit says so, all sessions end, and one begins here. */
export async function enterAnew(
  tx: TenantTx,
  { customerId, action, fingerprint, requestId }: Entry,
): Promise<Entrance> {
  await writeAudit(tx, {
    actor: { kind: 'customer', id: customerId },
    action,
    entity: 'customer',
    entityId: customerId,
    before: null,
    after: null,
    requestId,
    at: new Date(),
  });
  await endCustomerSessions(tx, customerId);
  return { customerId, secret: await openCustomerSession(tx, { customerId, fingerprint }) };
}
