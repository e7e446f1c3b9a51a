import type { TenantTx } from '#core/db/tenant.ts';
import type { WebhookClaim } from '#core/webhooks/claim-webhooks.ts';
import { notify } from '../notifications/notify.ts';
import type { DueWebhook } from './due-webhook.ts';

/** After so many attempts, over 22 hours, a webhook has failed until it is redriven. */
export const ATTEMPTS_MAX = 10;
/** Pause after the first failure; each further one is four times as long, up to the maximum. */
const BACKOFF_FIRST_MS = 10_000;
const BACKOFF_FACTOR = 4;
const BACKOFF_MAX_MS = 6 * 3_600_000;
/** An endpoint to which nothing has arrived for so long is paused. */
const FAILING_HOURS_MAX = 72;
/** From so many failures in a row on an endpoint rests before its next call: at first for so long, each time twice as long, up to the maximum. */
const FAILURES_BEFORE_REST = 3;
const REST_FIRST_S = 10;
const REST_MAX_S = 600;
/** What is kept of an answer, in characters. */
const ANSWER_LENGTH_MAX = 1_000;

/** What became of a call. */
export interface Outcome {
  /** Null when it arrived. */
  readonly failure: string | null;
  /** Whether another attempt is in vain. */
  readonly final: boolean;
  readonly code: number | null;
  readonly body: string | null;
  readonly durationMs: number;
}

interface Settlement {
  readonly claim: WebhookClaim;
  readonly webhook: DueWebhook;
  readonly outcome: Outcome;
}

/** Notes the outcome of a call, and when the next one is due; pauses an endpoint that has failed for long. */
export async function settleWebhook(tx: TenantTx, { claim, webhook, outcome }: Settlement): Promise<void> {
  if (!(await writeOutcome(tx, { claim, webhook, outcome }))) return;
  if (outcome.failure === null) await endFailing(tx, webhook);
  else if (!outcome.final) await countFailing(tx, webhook);
}

/** How long after a failed attempt the next one comes, in milliseconds. */
export function webhookBackoffMs(attempts: number): number {
  return Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * BACKOFF_FACTOR ** (attempts - 1));
}

/** Whether the claim was still ours. */
async function writeOutcome(
  { sql, tenant }: TenantTx,
  { claim, webhook, outcome }: Settlement,
): Promise<boolean> {
  const { failure, final, code, durationMs } = outcome;
  const isLast = final || webhook.attempts >= ATTEMPTS_MAX;
  const settled = await sql`
    UPDATE webhook_deliveries SET state = ${failure === null ? 'delivered' : isLast ? 'failed' : 'pending'},
      lease_until = NULL, lease_token = NULL, attempted_at = now(), response_code = ${code},
      response_body = ${outcome.body === null ? null : shown(outcome.body)}, duration_ms = ${durationMs}, failure = ${failure},
      next_attempt_at = now() + make_interval(secs => ${webhookBackoffMs(webhook.attempts) / 1_000})
    WHERE merchant_id = ${tenant.merchantId} AND id = ${claim.id} AND lease_token = ${claim.leaseToken}`;
  return settled.count > 0;
}

/** PostgreSQL has no place for NUL in text; half a letter is none. */
function shown(answer: string): string {
  return answer.replaceAll('\0', '').slice(0, ANSWER_LENGTH_MAX).toWellFormed();
}

async function endFailing({ sql, tenant }: TenantTx, { endpointId }: DueWebhook): Promise<void> {
  await sql`
    UPDATE webhook_endpoints SET failing_since = NULL, failures_in_row = 0, rests_until = NULL
    WHERE merchant_id = ${tenant.merchantId} AND id = ${endpointId} AND failing_since IS NOT NULL`;
}

async function countFailing(tx: TenantTx, { endpointId, eventId }: DueWebhook): Promise<void> {
  const { sql, tenant } = tx;
  const [endpoint] = await sql<{ url: string; paused: boolean }[]>`
    UPDATE webhook_endpoints SET failing_since = coalesce(failing_since, now()), failures_in_row = failures_in_row + 1,
      rests_until = CASE WHEN failures_in_row + 1 >= ${FAILURES_BEFORE_REST}
        THEN now() + make_interval(secs => least(${REST_MAX_S}, ${REST_FIRST_S} * 2 ^ least(failures_in_row + 1 - ${FAILURES_BEFORE_REST}, 10))) END,
      paused_at = CASE WHEN failing_since < now() - make_interval(hours => ${FAILING_HOURS_MAX}) THEN now() END
    WHERE merchant_id = ${tenant.merchantId} AND id = ${endpointId} AND paused_at IS NULL
    RETURNING url, paused_at IS NOT NULL AS paused`;
  if (!endpoint?.paused) return;
  await sql`
    UPDATE webhook_deliveries SET state = 'failed', failure = 'the endpoint was paused'
    WHERE merchant_id = ${tenant.merchantId} AND endpoint_id = ${endpointId} AND state = 'pending'`;
  await notify(tx, { id: eventId, storeId: null, occurredAt: new Date() }, pausedNotice(endpoint.url));
}

function pausedNotice(url: string) {
  const { host } = new URL(url);
  const body = `Nothing has arrived at ${host} for three days. Switch the endpoint on again once it answers.`;
  return { kind: 'webhook_paused', title: 'A webhook endpoint was paused', body } as const;
}
