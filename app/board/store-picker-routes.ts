import { route } from '../route.ts';
import { storeChoice } from '../staff/staff-routes.ts';
import { openOrderCounts } from '../orders/order-queries.ts';

/** Stands with the orders, not the staff: the picker tells how many of them wait in each store. */
export const storePickerRoutes = [
  route({
    method: 'GET',
    path: '/dashboard/stores',
    audience: 'staff_without_store',
    ability: 'stores.choose',
    summary: 'The stores that one may enter',
    handle: async ({ db, staff, reply }) => {
      const open = await db.read(openOrderCounts);
      return reply.inertia('stores/StorePicker', {
        stores: staff.stores.map((store) => ({
          ...storeChoice(store),
          open_orders: open.get(store.id) ?? 0,
        })),
      });
    },
  }),
];
