import type { Pool } from '#core/db/pool.ts';
import type { TenantTx } from '#core/db/tenant.ts';
import type { Claim } from './claim-deliveries.ts';

/** After so many attempts a delivery is dead until someone redrives it. */
export const ATTEMPTS_MAX = 8;
/** Pause after the first failure; each further one is four times as long, up to the maximum: 41 minutes in all. */
const BACKOFF_FIRST_MS = 2_000;
const BACKOFF_FACTOR = 4;
const BACKOFF_MAX_MS = 15 * 60_000;

/** Someone else has the delivery now: what was done for it must not be committed. */
class LeaseLost extends Error {
  override readonly name = 'LeaseLost';

  constructor({ listener, eventId }: Claim) {
    super(`listener ${listener}, event ${eventId}: the lease ended and another process claimed the delivery`);
  }
}

/** Throws when the claim is no longer ours, or is about to be somebody else's. */
export async function refuseLostLease({ sql }: TenantTx, claim: Claim): Promise<void> {
  const [held] = await sql`
    SELECT FROM event_deliveries
    WHERE merchant_id = ${claim.merchantId} AND event_id = ${claim.eventId} AND listener = ${claim.listener}
      AND lease_token = ${claim.leaseToken} AND lease_until > now()`;
  if (!held) throw new LeaseLost(claim);
}

/** Marks a delivery done in the transaction of its effect. Throws, so that the effect rolls back, when the claim is no longer ours. */
export async function settleDone({ sql }: TenantTx, claim: Claim): Promise<void> {
  const settled = await sql`
    UPDATE event_deliveries SET state = 'done', lease_until = NULL, lease_token = NULL, last_error = NULL
    WHERE merchant_id = ${claim.merchantId} AND event_id = ${claim.eventId} AND listener = ${claim.listener}
      AND lease_token = ${claim.leaseToken}`;
  if (settled.count === 0) throw new LeaseLost(claim);
}

/** Gives a failed delivery its next attempt, or calls it dead after the last. Leaves it alone when the claim is no longer ours. */
export async function settleFailed(
  system: Pool,
  claim: Claim,
  failure: string,
): Promise<'pending' | 'dead' | 'lost'> {
  const state = claim.attempts >= ATTEMPTS_MAX ? 'dead' : 'pending';
  const settled = await system`
    UPDATE event_deliveries SET state = ${state}, lease_until = NULL, lease_token = NULL, last_error = ${failure},
      next_attempt_at = now() + make_interval(secs => ${backoffMs(claim.attempts) / 1000})
    WHERE merchant_id = ${claim.merchantId} AND event_id = ${claim.eventId} AND listener = ${claim.listener}
      AND lease_token = ${claim.leaseToken}`;
  return settled.count === 0 ? 'lost' : state;
}

/** Calls a delivery dead in the transaction that tells of it. Throws, so that nothing is told, when the claim is no longer ours. */
export async function settleDead({ sql }: TenantTx, claim: Claim, failure: string): Promise<void> {
  const settled = await sql`
    UPDATE event_deliveries SET state = 'dead', lease_until = NULL, lease_token = NULL, last_error = ${failure}
    WHERE merchant_id = ${claim.merchantId} AND event_id = ${claim.eventId} AND listener = ${claim.listener}
      AND lease_token = ${claim.leaseToken}`;
  if (settled.count === 0) throw new LeaseLost(claim);
}

/** How long after a failed attempt the next one comes, in milliseconds. */
export function backoffMs(attempts: number): number {
  return Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * BACKOFF_FACTOR ** (attempts - 1));
}
