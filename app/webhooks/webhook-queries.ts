import type { Tenant, TenantTx } from '#core/db/tenant.ts';
import { opaqueId, type WebhookDeliveryId, type WebhookEndpointId } from '#core/values/ids.ts';
import { refusal } from '../errors.ts';
import type {
  WebhookDelivery,
  WebhookDeliveryDetail,
  WebhookEndpoint,
  WebhookEventType,
} from './webhook-view.ts';

export interface WebhookEndpointRow {
  id: WebhookEndpointId;
  version: number;
  url: string;
  description: string;
  event_types: WebhookEventType[];
  active: boolean;
  secret_version: number;
  failing_since: Date | null;
  paused_at: Date | null;
  created_at: Date;
}

export interface WebhookDeliveryRow {
  id: WebhookDeliveryId;
  endpoint_id: WebhookEndpointId;
  event_id: string;
  event_type: string;
  state: WebhookDelivery['state'];
  attempts: number;
  attempted_at: Date | null;
  next_attempt_at: Date;
  response_code: number | null;
  duration_ms: number | null;
  failure: string | null;
  created_at: Date;
}

interface WebhookDeliveryDetailRow extends WebhookDeliveryRow {
  body: string;
  response_body: string | null;
}

interface Page {
  /** The last row of the page before. */
  readonly after: number;
  readonly limit: number;
}

/** The merchant's endpoints in the order in which they were made, a page and one more. */
export async function webhookEndpoints(
  tx: TenantTx<Tenant>,
  { after, limit }: Page,
): Promise<WebhookEndpointRow[]> {
  const { sql, tenant } = tx;
  return sql<WebhookEndpointRow[]>`
    ${endpointColumns(tx)} WHERE merchant_id = ${tenant.merchantId} AND id > ${after} ORDER BY id LIMIT ${limit + 1}`;
}

/** One endpoint; with `lock` it stays as it is until COMMIT. Refuses WEBHOOK_ENDPOINT_NOT_FOUND. */
export async function webhookEndpoint(
  tx: TenantTx<Tenant>,
  id: WebhookEndpointId | null,
  lock: 'lock' | 'no lock' = 'no lock',
): Promise<WebhookEndpointRow> {
  const { sql, tenant } = tx;
  const [row] = await sql<WebhookEndpointRow[]>`
    ${endpointColumns(tx)} WHERE merchant_id = ${tenant.merchantId} AND id = ${id} ${lock === 'lock' ? sql`FOR UPDATE` : sql``}`;
  if (!row) throw refusal('WEBHOOK_ENDPOINT_NOT_FOUND', 'There is no webhook endpoint with this id.');
  return row;
}

interface DeliveryFilter {
  readonly endpointId: WebhookEndpointId | null;
  readonly state: WebhookDelivery['state'] | null;
  /** The last row of the page before: newest come first. */
  readonly before: number;
  readonly limit: number;
}

/** Deliveries, newest first, a page and one more. */
export async function webhookDeliveries(
  tx: TenantTx<Tenant>,
  { endpointId, state, before, limit }: DeliveryFilter,
): Promise<WebhookDeliveryRow[]> {
  const { sql, tenant } = tx;
  const ofEndpoint = endpointId === null ? sql`` : sql`AND endpoint_id = ${endpointId}`;
  const inState = state === null ? sql`` : sql`AND state = ${state}`;
  return sql<WebhookDeliveryRow[]>`
    SELECT ${deliveryColumns(tx)} FROM webhook_deliveries
    WHERE merchant_id = ${tenant.merchantId} AND id < ${before} ${ofEndpoint} ${inState} ORDER BY id DESC LIMIT ${limit + 1}`;
}

/** One delivery with what was sent and answered. Refuses WEBHOOK_DELIVERY_NOT_FOUND. */
export async function webhookDelivery(
  tx: TenantTx<Tenant>,
  id: WebhookDeliveryId | null,
): Promise<WebhookDeliveryDetailRow> {
  const { sql, tenant } = tx;
  const [row] = await sql<WebhookDeliveryDetailRow[]>`
    SELECT ${deliveryColumns(tx)}, body, response_body FROM webhook_deliveries
    WHERE merchant_id = ${tenant.merchantId} AND id = ${id}`;
  if (!row) throw refusal('WEBHOOK_DELIVERY_NOT_FOUND', 'There is no webhook delivery with this id.');
  return row;
}

/** An endpoint as it is shown: without its secret, which is shown when it is made. */
export function endpointView(row: WebhookEndpointRow): WebhookEndpoint {
  const { version, url, description, event_types, active, failing_since, paused_at } = row;
  return {
    id: opaqueId('we', row.id),
    version,
    url,
    description,
    event_types,
    active,
    failing_since: failing_since?.toISOString() ?? null,
    paused_at: paused_at?.toISOString() ?? null,
    created_at: row.created_at.toISOString(),
  };
}

/** A delivery as lists show it. */
export function deliveryView(row: WebhookDeliveryRow): WebhookDelivery {
  const { event_id, event_type, state, attempts, response_code, duration_ms, failure } = row;
  return {
    id: opaqueId('wd', row.id),
    endpoint_id: opaqueId('we', row.endpoint_id),
    event_id,
    event_type,
    state,
    attempts,
    attempted_at: row.attempted_at?.toISOString() ?? null,
    next_attempt_at: state === 'pending' ? row.next_attempt_at.toISOString() : null,
    response_code,
    duration_ms,
    failure,
    created_at: row.created_at.toISOString(),
  };
}

export function deliveryDetail(row: WebhookDeliveryDetailRow): WebhookDeliveryDetail {
  return { ...deliveryView(row), body: row.body, response_body: row.response_body };
}

function endpointColumns({ sql }: TenantTx) {
  return sql`
    SELECT id, version, url, description, to_jsonb(event_types) AS event_types, active, secret_version, failing_since, paused_at, created_at FROM webhook_endpoints`;
}

function deliveryColumns({ sql }: TenantTx) {
  return sql`
    id, endpoint_id, event_id, event_type, state, attempts, attempted_at, next_attempt_at, response_code, duration_ms, failure, created_at`;
}
