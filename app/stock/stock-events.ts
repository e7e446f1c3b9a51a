import type { DomainEvent } from '#core/events/event.ts';
import { actorName, type Actor } from '#core/security/audit.ts';
import { opaqueId } from '#core/values/ids.ts';
import type { StockLevel } from '../catalog/stock-level.ts';

/** For the listeners that tell staff; no channel carries it. */
export type StockLowPayload = {
  readonly variant_id: string;
  readonly quantity: number;
  readonly threshold: number;
};

/** The stock of a variant has fallen to its threshold: `left` pieces are there. */
export function stockLow(
  { variantId, lowThreshold }: StockLevel,
  left: number,
  { actor, at }: { readonly actor: Actor; readonly at: Date },
): DomainEvent {
  const id = opaqueId('va', variantId);
  const payload: StockLowPayload = { variant_id: id, quantity: left, threshold: lowThreshold ?? 0 };
  return {
    type: 'StockLow',
    entity: 'stock',
    entityId: id,
    entityVersion: 1,
    actor: actorName(actor),
    payload,
    streams: [],
    occurredAt: at,
  };
}
