import { notifyCancelled } from '#app/notifications/notify-cancelled.ts';
import { notifySoldOut } from '#app/notifications/notify-sold-out.ts';
import type { EventType } from '#client/event-types.ts';
import type { Database } from '#core/db/database.ts';
import { startDeliveryWorker, type DeliveryWorker } from '#core/events/delivery-worker.ts';
import { listenerNames, type Listener } from '#core/events/listener.ts';
import type { Log } from '#core/telemetry/log.ts';

/** What happens because of an event: the whole map. Each runs in a transaction of its own, soon after the event's COMMIT. */
export const reactions = {
  OrderCreated: [],
  OrderStatusUpdated: [notifyCancelled],
  ShippingStatusUpdated: [],
  ProductUpdated: [notifySoldOut],
  LoyaltyPointsUpdated: [],
  NotificationCreated: [],
  OrderRefunded: [],
  StoreUpdated: [],
  StockLow: [],
  PasswordResetRequested: [],
  StaffInvited: [],
} satisfies Record<EventType, readonly Listener[]>;

/** Whom `record` addresses. */
export const listenersOf = listenerNames(reactions);

/** The worker of this process. Commits come before the database can be given to it, so it begins to listen when it is run. */
export function startReactions() {
  let worker: DeliveryWorker | undefined;
  return {
    /** After a COMMIT: looks for deliveries when the events have any. */
    wake: (events: readonly { readonly type: string }[]) => {
      if (events.some(({ type }) => listenersOf(type).length > 0)) worker?.wake();
    },
    run: (database: Database, log: Log) => {
      worker = startDeliveryWorker({ database, listeners: Object.values(reactions).flat(), log });
    },
    stop: async () => worker?.stop(),
  };
}
