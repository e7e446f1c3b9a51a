import type { InwardListener } from '#core/events/listener.ts';
import type { ProductUpdatedPayload } from '../catalog/product-events.ts';
import { notify } from './notify.ts';
import { within } from './within.ts';

const TITLE_MAX = 200;
const BODY_MAX = 1_000;

/** Tells staff what has just sold out, so that they restock it or take it off the shelf. */
export const notifySoldOut: InwardListener = {
  name: 'notify_sold_out',
  concerns: ({ payload }) => (payload as ProductUpdatedPayload).sold_out.length > 0,
  handle: async (tx, event) => {
    const { product, sold_out: variants } = event.payload as ProductUpdatedPayload;
    const title = within(TITLE_MAX, `Sold out: ${product.name}`);
    // The one variant of a product without options has no title.
    const body = within(BODY_MAX, variants.filter(Boolean).join(', '));
    await notify(tx, event, { kind: 'sold_out', title, body });
  },
};
