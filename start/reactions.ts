import { stockMails } from '#app/catalog/stock-mails.ts';
import { mailed, type PostOffice } from '#app/notifications/mail-listener.ts';
import { notifyCancelled } from '#app/notifications/notify-cancelled.ts';
import { notifySoldOut } from '#app/notifications/notify-sold-out.ts';
import { orderMails } from '#app/orders/order-mails.ts';
import type { EventType } from '#client/event-types.ts';
import type { Database } from '#core/db/database.ts';
import { startDeliveryWorker, type DeliveryWorker } from '#core/events/delivery-worker.ts';
import { listenerNames, type Listener } from '#core/events/listener.ts';
import type { Log } from '#core/telemetry/log.ts';

const mailCustomer = mailed(orderMails);

/** What happens because of an event: the whole map. Each runs soon after the event's COMMIT, for certain. */
export const reactions = {
  OrderCreated: [mailCustomer],
  OrderStatusUpdated: [notifyCancelled, mailCustomer],
  ShippingStatusUpdated: [],
  ProductUpdated: [notifySoldOut],
  LoyaltyPointsUpdated: [],
  NotificationCreated: [],
  OrderRefunded: [mailCustomer],
  OrderMailRequested: [mailCustomer],
  StoreUpdated: [],
  StockLow: [mailed(stockMails)],
  PasswordResetRequested: [],
  RegistrationRequested: [],
  StaffInvited: [],
} satisfies Record<EventType, readonly Listener<PostOffice>[]>;

/** Whom `record` addresses. */
export const listenersOf = listenerNames(reactions);

export interface ReactionNeeds {
  readonly database: Pick<Database, 'listener' | 'system'>;
  readonly post: PostOffice;
  readonly log: Log;
}

/** The workers of this process. Commits come before the database can be given to them, so they begin to listen when they are run. */
export function startReactions() {
  const workers: DeliveryWorker[] = [];
  return {
    /** After a COMMIT: looks for deliveries when the events have any. */
    wake: (events: readonly { readonly type: string }[]) => {
      if (events.some(({ type }) => listenersOf(type).length > 0))
        for (const worker of workers) worker.wake();
    },
    run: ({ database, post, log }: ReactionNeeds) => {
      const listeners = [...new Set<Listener<PostOffice>>(Object.values(reactions).flat())];
      // Apart from each other: a mail server that is slow to answer holds up mails, and nothing else.
      const [outward, inward] = [true, false].map((calls) =>
        listeners.filter((each) => 'prepare' in each === calls),
      );
      for (const lane of [inward, outward])
        workers.push(startDeliveryWorker({ database, listeners: lane ?? [], outside: post, log }));
    },
    stop: async () => {
      await Promise.all(workers.map((worker) => worker.stop()));
    },
  };
}
