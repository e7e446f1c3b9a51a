import type { DomainEvent } from '#core/events/event.ts';
import type { StoreTenant } from '#core/db/tenant.ts';
import { actorName, type Actor } from '#core/security/audit.ts';
import { opaqueId } from '#core/values/ids.ts';
import { storeChannel } from '../stores/store-channels.ts';
import type { ImportRow } from './product-imports.ts';

type ImportProgressedPayload = {
  readonly import: string;
  readonly state: ImportRow['state'];
  readonly dry_run: boolean;
  readonly products: number;
  readonly created: number;
  readonly updated: number;
  readonly failed: number;
  readonly line: number;
};

/**
 * An import has come further, or has ended. On the store's catalogue channel, among the products that it changes: whoever may import may
 * listen there, while the merchant's notifications are for owners alone.
 */
export function importProgressed(
  row: Omit<ImportRow, 'problems'>,
  actor: Actor,
  { storeId }: StoreTenant,
): DomainEvent {
  const id = opaqueId('im', row.id);
  const payload: ImportProgressedPayload = {
    import: id,
    state: row.state,
    dry_run: row.dry_run,
    products: row.products,
    created: row.created,
    updated: row.updated,
    failed: row.failed,
    line: row.line,
  };
  return {
    type: 'ProductImportProgressed',
    entity: 'product_import',
    entityId: id,
    entityVersion: row.version,
    actor: actorName(actor),
    payload,
    streams: [{ channel: storeChannel(storeId, 'catalog'), payload }],
    occurredAt: new Date(),
  };
}
