import { Type } from 'typebox';
import type { Route } from '#core/http/route.ts';
import { route } from '../route.ts';
import { originOf } from './store-pages.ts';
import type { Store } from '../stores/store-view.ts';
import type { StorePage, Themes } from './theme-renderer.ts';
import type { PublicOrder } from '../orders/order-view.ts';
import { isFinal } from '../orders/order.ts';
import { trackedOrder } from '../orders/public-order-routes.ts';
import { trackingSteps } from './tracking-steps.ts';

/** While the order is in one of these, the promised time is still to come. */
const AWAITED = new Set(['pending', 'accepted', 'in_progress']);

/** The page on which a customer watches an order. */
export function trackingRoutes(themes: Themes): Route[] {
  return [
    route({
      method: 'GET',
      path: '/o/:public_id',
      audience: 'order_holder',
      ability: 'order.track',
      summary: 'An order, as its customer watches it',
      params: Type.Object({ public_id: Type.String() }),
      handle: async ({ db, params, request, reply }) => {
        const tracked = await trackedOrder(db, params.public_id);
        return (
          reply
            .type('text/html; charset=utf-8')
            .header('cache-control', 'no-store')
            // The address is the key to the order: it must not leave with a click.
            .header('referrer-policy', 'no-referrer')
            .send(themes.render(trackingPage(tracked, originOf(request))))
        );
      },
    }),
  ];
}

interface Tracked {
  readonly order: PublicOrder;
  readonly store: Store;
  /** Where to go on in the order's stream. */
  readonly cursor: string;
}

export function trackingPage({ order, store, cursor }: Tracked, origin: string): StorePage {
  return {
    template: 'order',
    store,
    origin,
    path: `/o/${order.public_id}`,
    title: order.order_number,
    description: store.tagline,
    indexed: false,
    navigation: [],
    content: {
      order,
      cursor,
      steps: trackingSteps(order),
      final: isFinal(order.status),
      awaited: AWAITED.has(order.status) && order.promised_at !== null,
    },
  };
}
