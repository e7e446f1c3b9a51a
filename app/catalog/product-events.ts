import type { DomainEvent } from '#core/events/event.ts';
import { actorName, type Actor } from '#core/security/audit.ts';
import { opaqueId, type ProductId, type StoreId } from '#core/values/ids.ts';
import { storeChannel } from '../stores/store-channels.ts';

/** A product after its change. */
export interface ChangedProduct {
  readonly id: ProductId;
  readonly slug: string;
  readonly name: string;
  readonly active: boolean;
  readonly version: number;
}

/** What the catalogue's channels carry: which product changed, for whoever shows it to read it again. */
export type ProductUpdatedPayload = {
  readonly product: {
    readonly id: string;
    readonly slug: string;
    readonly name: string;
    readonly active: boolean;
  };
  /** Titles of the variants whose last piece was just sold (an empty title for a product without options). */
  readonly sold_out: readonly string[];
};

interface Occasion {
  /** The stores in which the product is sold. */
  readonly storeIds: readonly StoreId[];
  readonly soldOut?: readonly string[];
  readonly actor: Actor;
  readonly at: Date;
}

/** A product was made or changed. */
export function productUpdated(
  product: ChangedProduct,
  { storeIds, soldOut = [], actor, at }: Occasion,
): DomainEvent {
  const { slug, name, active } = product;
  const id = opaqueId('pr', product.id);
  const payload: ProductUpdatedPayload = { product: { id, slug, name, active }, sold_out: soldOut };
  return {
    type: 'ProductUpdated',
    entity: 'product',
    entityId: id,
    entityVersion: product.version,
    actor: actorName(actor),
    payload,
    streams: storeIds.map((storeId) => ({ channel: storeChannel(storeId, 'catalog'), payload })),
    occurredAt: at,
  };
}
