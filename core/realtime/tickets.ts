import { createHash, randomBytes } from 'node:crypto';
import type { Pool } from '#core/db/pool.ts';
import type { MerchantId } from '#core/values/ids.ts';
import type { PrincipalSession } from './principal.ts';

const TICKET_BYTES = 32;
const TICKET_LIFETIME_S = 60;

/**
 * A ticket that opens one socket for a session within a minute. It travels in the first frame, never in a URL, where logs would keep it.
 * Only its hash is stored: reading the table opens nothing.
 */
export async function issueTicket(
  directory: Pool,
  { kind, merchantId, sessionId }: PrincipalSession,
): Promise<string> {
  const ticket = randomBytes(TICKET_BYTES).toString('base64url');
  const ofStaff = kind === 'staff';
  await directory`
    INSERT INTO directory_realtime_tickets (token_hash, merchant_id, session_id, customer_session_id, expires_at)
    VALUES (${hashOf(ticket)}, ${merchantId}, ${ofStaff ? sessionId : null}, ${ofStaff ? null : sessionId},
      now() + make_interval(secs => ${TICKET_LIFETIME_S}))`;
  return ticket;
}

interface TicketRow {
  merchant_id: MerchantId;
  kind: PrincipalSession['kind'];
  session_id: number;
  valid: boolean;
}

/** The session of a ticket, which is used up by this; null when it was used before, has expired or never was. */
export async function redeemTicket(directory: Pool, ticket: string): Promise<PrincipalSession | null> {
  const [row] = await directory<TicketRow[]>`
    DELETE FROM directory_realtime_tickets WHERE token_hash = ${hashOf(ticket)}
    RETURNING merchant_id, CASE WHEN customer_session_id IS NULL THEN 'staff' ELSE 'customer' END AS kind,
      coalesce(session_id, customer_session_id) AS session_id, expires_at > now() AS valid`;
  return row?.valid ? { kind: row.kind, merchantId: row.merchant_id, sessionId: row.session_id } : null;
}

function hashOf(ticket: string): Buffer {
  return createHash('sha256').update(ticket).digest();
}
