import type { InwardListener } from '#core/events/listener.ts';
import { notify } from './notify.ts';

/** Tells staff of a cancelled order: someone may be preparing it at this moment. */
export const notifyCancelled: InwardListener = {
  name: 'notify_cancelled',
  concerns: ({ payload }) => payload['status'] === 'cancelled',
  handle: async (tx, event) => {
    const title = `Order #${String(event.payload['number'])} was cancelled`;
    await notify(tx, event, { kind: 'order_cancelled', title, body: `By ${whoOf(event.actor)}.` });
  },
};

function whoOf(actor: string): string {
  if (actor.startsWith('staff:')) return 'staff';
  if (actor.startsWith('api_key:')) return 'a program with a key';
  return actor.startsWith('customer:') ? 'the customer' : 'the system';
}
