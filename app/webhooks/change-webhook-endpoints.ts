import type { Tenant, TenantTx } from '#core/db/tenant.ts';
import { subscribe } from '#core/events/listener.ts';
import { writeAudit, type AuditEntry } from '#core/security/audit.ts';
import type { WebhookEndpointId } from '#core/values/ids.ts';
import { refusal } from '../errors.ts';
import { fanOutWebhooks } from './fan-out-webhooks.ts';
import { endpointView, webhookEndpoint, type WebhookEndpointRow } from './webhook-queries.ts';
import type { WebhookEventType } from './webhook-view.ts';

/** Of a merchant: each costs a delivery for each of its events. */
const ENDPOINTS_MAX = 10;

export type Act = Pick<AuditEntry, 'actor' | 'requestId' | 'at'>;

export interface EndpointDraft {
  readonly url: string;
  readonly description: string;
  readonly eventTypes: readonly WebhookEventType[];
}

export interface EndpointChange extends Partial<EndpointDraft> {
  /** The version that the person was looking at. */
  readonly version: number;
  readonly active?: boolean | undefined;
}

/** Adds an endpoint. The caller has made sure that its address may be called. Refuses TOO_MANY_WEBHOOK_ENDPOINTS. */
export async function createEndpoint(
  tx: TenantTx<Tenant>,
  { url, description, eventTypes }: EndpointDraft,
  act: Act,
): Promise<WebhookEndpointRow> {
  const { sql, tenant } = tx;
  // Counted under the merchant's lock: of two at once, one could be too many.
  await sql`SELECT FROM merchants WHERE id = ${tenant.merchantId} FOR NO KEY UPDATE`;
  const others = await sql`SELECT FROM webhook_endpoints WHERE merchant_id = ${tenant.merchantId}`;
  if (others.length >= ENDPOINTS_MAX)
    throw refusal(
      'TOO_MANY_WEBHOOK_ENDPOINTS',
      `Expected at most ${ENDPOINTS_MAX} endpoints; delete one first.`,
    );
  const [row] = await sql<{ id: WebhookEndpointId }[]>`
    INSERT INTO webhook_endpoints (merchant_id, url, description, event_types, created_at)
    VALUES (${tenant.merchantId}, ${url}, ${description}, ${[...eventTypes]}::text[], ${act.at}) RETURNING id`;
  await subscribe(tx, fanOutWebhooks.name);
  const made = await webhookEndpoint(tx, row?.id ?? null);
  await audit(tx, { action: 'webhook.created', before: null, after: made, act });
  return made;
}

/** Changes an endpoint; switching it on also ends a pause. Refuses WEBHOOK_ENDPOINT_CHANGED when someone else was first. */
export async function changeEndpoint(
  tx: TenantTx<Tenant>,
  id: WebhookEndpointId | null,
  { change, act }: { readonly change: EndpointChange; readonly act: Act },
): Promise<WebhookEndpointRow> {
  const before = await webhookEndpoint(tx, id, 'lock');
  if (before.version !== change.version)
    throw refusal(
      'WEBHOOK_ENDPOINT_CHANGED',
      `Expected version ${change.version} of the endpoint, it is ${before.version}.`,
      { endpoint: endpointView(before) },
    );
  const { url = before.url, description = before.description, eventTypes = before.event_types } = change;
  const { sql, tenant } = tx;
  await sql`
    UPDATE webhook_endpoints SET version = version + 1, url = ${url}, description = ${description},
      event_types = ${[...eventTypes]}::text[], active = ${change.active ?? before.active},
      paused_at = ${change.active ? null : before.paused_at}, failing_since = ${change.active ? null : before.failing_since},
      failures_in_row = 0, rests_until = NULL
    WHERE merchant_id = ${tenant.merchantId} AND id = ${before.id}`;
  const after = await webhookEndpoint(tx, id);
  await audit(tx, { action: 'webhook.updated', before, after, act });
  return after;
}

/** Removes an endpoint with all its deliveries. */
export async function deleteEndpoint(
  tx: TenantTx<Tenant>,
  id: WebhookEndpointId | null,
  act: Act,
): Promise<void> {
  const { sql, tenant } = tx;
  const before = await webhookEndpoint(tx, id, 'lock');
  await sql`DELETE FROM webhook_endpoints WHERE merchant_id = ${tenant.merchantId} AND id = ${before.id}`;
  await audit(tx, { action: 'webhook.deleted', before, after: null, act });
}

/** Gives an endpoint a new secret. For a day calls are signed with the old one too. */
export async function rotateEndpointSecret(
  tx: TenantTx<Tenant>,
  id: WebhookEndpointId | null,
  act: Act,
): Promise<WebhookEndpointRow> {
  const { sql, tenant } = tx;
  const before = await webhookEndpoint(tx, id, 'lock');
  await sql`
    UPDATE webhook_endpoints SET version = version + 1, secret_version = secret_version + 1, secret_rotated_at = ${act.at}
    WHERE merchant_id = ${tenant.merchantId} AND id = ${before.id}`;
  const after = await webhookEndpoint(tx, id);
  await audit(tx, { action: 'webhook.secret_rotated', before, after, act });
  return after;
}

interface Change {
  readonly action: string;
  readonly before: WebhookEndpointRow | null;
  readonly after: WebhookEndpointRow | null;
  readonly act: Act;
}

async function audit(tx: TenantTx<Tenant>, { action, before, after, act }: Change): Promise<void> {
  await writeAudit(tx, {
    ...act,
    action,
    entity: 'webhook_endpoint',
    entityId: (after ?? before)?.id ?? null,
    before: before && endpointView(before),
    after: after && endpointView(after),
  });
}
