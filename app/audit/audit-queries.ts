import type { Tenant, TenantTx } from '#core/db/tenant.ts';
import type { StoreId } from '#core/values/ids.ts';

export interface AuditRow {
  id: number;
  at: Date;
  action: string;
  entity: string;
  entity_id: number | null;
  actor_kind: 'staff' | 'api_key' | 'customer' | 'system';
  actor_name: string | null;
  store_id: StoreId | null;
  store_name: string | null;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  request_id: string | null;
}

export interface AuditFilter {
  /** The stores whose acts are seen; null for all there are, and those of the whole merchant. */
  readonly storeIds: readonly StoreId[] | null;
  readonly action: string | null;
  readonly before: number;
  readonly limit: number;
}

/** Acts, the newest first, one more than the limit. */
export async function auditPage(
  { sql, tenant }: TenantTx<Tenant>,
  { storeIds, action, before, limit }: AuditFilter,
): Promise<AuditRow[]> {
  return sql<AuditRow[]>`
    SELECT act.id, act.at, act.action, act.entity, act.entity_id, act.actor_kind, act.store_id, stores.name AS store_name,
      coalesce(staff.name, api_keys.name) AS actor_name, act.before, act.after, act.request_id
    FROM audit_log AS act
    LEFT JOIN stores ON stores.merchant_id = act.merchant_id AND stores.id = act.store_id
    LEFT JOIN staff ON act.actor_kind = 'staff' AND staff.merchant_id = act.merchant_id AND staff.id = act.actor_id
    LEFT JOIN api_keys ON act.actor_kind = 'api_key' AND api_keys.merchant_id = act.merchant_id AND api_keys.id = act.actor_id
    WHERE act.merchant_id = ${tenant.merchantId} AND act.id < ${before}
      ${storeIds === null ? sql`` : sql`AND act.store_id = ANY (${[...storeIds]}::bigint[])`}
      ${action === null ? sql`` : sql`AND act.action = ${action}`}
    ORDER BY act.id DESC LIMIT ${limit + 1}`;
}
