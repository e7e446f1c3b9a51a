import type { TenantTx } from '#core/db/tenant.ts';

/** Who did something, for the audit log and the events. */
export type Actor =
  | { readonly kind: 'staff'; readonly id: number }
  /** A program with a key of the merchant. */
  | { readonly kind: 'api_key'; readonly id: number }
  | { readonly kind: 'customer'; readonly id: number }
  | { readonly kind: 'system' };

export const SYSTEM: Actor = { kind: 'system' };

export interface AuditEntry {
  readonly actor: Actor;
  /** `thing.verb`, e.g. `order.cancelled`. */
  readonly action: string;
  readonly entity: string;
  readonly entityId: number | null;
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
  readonly requestId: string | null;
  readonly at: Date;
}

/** Writes acts into the audit log, in the transaction of the acts and in one statement: neither exists without the other. */
export async function writeAudit(
  { sql, tenant }: TenantTx,
  ...entries: readonly AuditEntry[]
): Promise<void> {
  const rows = entries.map(({ actor, action, entity, entityId, before, after, requestId, at }) => ({
    actor_kind: actor.kind,
    actor_id: actorId(actor),
    action,
    entity,
    entity_id: entityId,
    before,
    after,
    request_id: requestId,
    at,
  }));
  await sql`
    INSERT INTO audit_log (merchant_id, store_id, actor_kind, actor_id, action, entity, entity_id, before, after, request_id, at)
    SELECT ${tenant.merchantId}, ${tenant.storeId}::bigint, acts.* FROM jsonb_to_recordset(${sql.json(rows as never)}) AS acts
      (actor_kind text, actor_id bigint, action text, entity text, entity_id bigint, before jsonb, after jsonb, request_id text, at timestamptz)`;
}

/** The actor's number, or null for the system. */
export function actorId(actor: Actor): number | null {
  return actor.kind === 'system' ? null : actor.id;
}

/** The actor in one word, as events carry it: `staff:12`, `api_key:3`, `customer:7`, `system`. */
export function actorName(actor: Actor): string {
  return actor.kind === 'system' ? 'system' : `${actor.kind}:${actor.id}`;
}
