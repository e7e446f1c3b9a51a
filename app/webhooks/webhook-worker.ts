import type { Database } from '#core/db/database.ts';
import type { Tenant, TenantDb } from '#core/db/tenant.ts';
import { describeFailure } from '#core/events/describe-failure.ts';
import { startJobLoop, type JobLoop } from '#core/jobs/job-loop.ts';
import type { Log } from '#core/telemetry/log.ts';
import { claimWebhooks, type WebhookClaim } from '#core/webhooks/claim-webhooks.ts';
import { postWebhook } from '#core/webhooks/post-webhook.ts';
import { AddressRefused, type Reach } from '#core/webhooks/public-addresses.ts';
import { webhookSecret, webhookSignature } from '#core/webhooks/sign-webhook.ts';
import { dueWebhook, type DueWebhook } from './due-webhook.ts';
import { settleWebhook, type Outcome } from './settle-webhook.ts';

/** Calls at the same time: they wait for others, and cost this process next to nothing. */
const CALLS_MAX = 32;
/** Three times what a call may take. */
const LEASE_MS = 30_000;
const SECOND_MS = 1_000;

export interface WebhookWorkerOptions {
  readonly database: Pick<Database, 'listener' | 'system'>;
  /** Where calls may go. */
  readonly reach: Reach;
  /** The server's, from which those of endpoints are made. */
  readonly secret: string;
  readonly log: Log;
}

/** Starts to send what `fanOutWebhooks` queued: claim → read → call, in no transaction → settle. */
export function startWebhookWorker(options: WebhookWorkerOptions): JobLoop {
  const { database, log } = options;
  const failed = (error: unknown) =>
    log.warn({ failure: describeFailure(error) }, 'webhooks could not be claimed or settled; tried again');
  return startJobLoop({
    slots: CALLS_MAX,
    claim: (limit) => claimWebhooks(database.system, { limit, leaseMs: LEASE_MS }),
    // When the database cannot take the outcome, the end of the lease brings the webhook back.
    run: (claim) => send(claim, options).catch(failed),
    onClaimFailed: failed,
  });
}

async function send(claim: WebhookClaim, { database, reach, secret }: WebhookWorkerOptions): Promise<void> {
  const db: TenantDb<Tenant> = database.listener({ merchantId: claim.merchantId, storeId: null });
  const webhook = await db.read((tx) => dueWebhook(tx, claim));
  if (webhook === null) return;
  const outcome = webhook.taken ? await call(webhook, { claim, reach, secret }) : OFF;
  await db.write((tx) => settleWebhook(tx, { claim, webhook, outcome }));
}

const OFF: Outcome = {
  final: true,
  failure: 'the endpoint is switched off',
  code: null,
  body: null,
  durationMs: 0,
};

interface CallNeeds extends Pick<WebhookWorkerOptions, 'reach' | 'secret'> {
  readonly claim: WebhookClaim;
}

async function call(webhook: DueWebhook, needs: CallNeeds): Promise<Outcome> {
  const begunAt = performance.now();
  const took = () => Math.round(performance.now() - begunAt);
  try {
    const { url, body } = webhook;
    const answer = await postWebhook({ url, body, headers: headersOf(webhook, needs) }, needs.reach);
    const failure = answer.code >= 200 && answer.code < 300 ? null : `answered ${answer.code}`;
    return { final: false, failure, code: answer.code, body: answer.body, durationMs: took() };
  } catch (error) {
    return { final: false, failure: reasonOf(error), code: null, body: null, durationMs: took() };
  }
}

function headersOf(webhook: DueWebhook, { claim, secret }: CallNeeds): Record<string, string> {
  const { endpointId: id, secretVersion, rotatedLately, body } = webhook;
  const timestamp = Math.floor(Date.now() / SECOND_MS);
  const versions = rotatedLately ? [secretVersion, secretVersion - 1] : [secretVersion];
  const signatures = versions.map((version) => {
    const ofEndpoint = webhookSecret(secret, { merchantId: claim.merchantId, id }, version);
    return `v1=${webhookSignature(ofEndpoint, timestamp, body)}`;
  });
  return {
    'content-type': 'application/json',
    'user-agent': 'StoreFlow-Webhooks/1',
    'storeflow-event': webhook.eventType,
    'storeflow-event-id': webhook.eventId,
    'storeflow-timestamp': String(timestamp),
    'storeflow-signature': signatures.join(','),
  };
}

/** Fit to be shown to the merchant: what the network said, by its code. */
function reasonOf(error: unknown): string {
  if (error instanceof AddressRefused) return error.message;
  if (!(error instanceof Error)) return 'the call failed';
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return 'no answer in time';
  return 'code' in error && typeof error.code === 'string'
    ? `the call failed: ${error.code}`
    : 'the call failed';
}
