import type { InwardListener } from '#core/events/listener.ts';
import { formatMoney } from '#core/values/format.ts';
import { notify } from './notify.ts';

/** Tells staff of money that did not go back to a customer: nobody else will see to it. */
export const notifyRefundRefused: InwardListener = {
  name: 'notify_refund_refused',
  handle: async (tx, event) => {
    const { number, refund_cents: cents, currency } = event.payload;
    await notify(tx, event, {
      kind: 'refund_refused',
      title: `A refund of order #${String(number)} was refused`,
      body: `${formatMoney(Number(cents), String(currency), 'en')} did not go back. Refund it another way, or try again.`,
    });
  },
};
