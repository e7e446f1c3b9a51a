import { stockMails } from '#app/stock/stock-mails.ts';
import { customerMails } from '#app/customers/customer-mails.ts';
import { customerNotices } from '#app/customers/customer-notices.ts';
import { mailed, type PostOffice } from '#app/notifications/mail-listener.ts';
import { notifyCancelled } from '#app/notifications/notify-cancelled.ts';
import { notifyMissingRate } from '#app/notifications/notify-missing-rate.ts';
import { notifyRefundRefused } from '#app/notifications/notify-refund-refused.ts';
import { notifySoldOut } from '#app/notifications/notify-sold-out.ts';
import { notifyStockLow } from '#app/notifications/notify-stock-low.ts';
import { orderMails } from '#app/orders/order-mails.ts';
import { staffMails } from '#app/staff/staff-mails.ts';
import { fanOutWebhooks } from '#app/webhooks/fan-out-webhooks.ts';
import { startWebhookWorker } from '#app/webhooks/webhook-worker.ts';
import type { EventType } from '#client/event-types.ts';
import type { Database } from '#core/db/database.ts';
import { startDeliveryWorker } from '#core/events/delivery-worker.ts';
import { addresseesOf, type Listener } from '#core/events/listener.ts';
import type { JobLoop } from '#core/jobs/job-loop.ts';
import type { Log } from '#core/telemetry/log.ts';
import type { Reach } from '#core/webhooks/public-addresses.ts';

const mailCustomer = mailed(orderMails);
const mailAccount = mailed(customerMails);

/** What happens because of an event: the whole map. Each runs soon after the event's COMMIT, for certain. */
export const reactions = {
  OrderCreated: [mailCustomer, fanOutWebhooks],
  OrderStatusUpdated: [notifyCancelled, mailCustomer, fanOutWebhooks],
  ShippingStatusUpdated: [fanOutWebhooks],
  ProductUpdated: [notifySoldOut, fanOutWebhooks],
  ProductImportProgressed: [],
  LoyaltyPointsUpdated: [fanOutWebhooks],
  NotificationCreated: [],
  OrderRefunded: [mailCustomer, fanOutWebhooks],
  RefundRefused: [notifyRefundRefused, fanOutWebhooks],
  OrderMailRequested: [mailCustomer],
  StoreUpdated: [],
  StockLow: [notifyStockLow, mailed(stockMails), fanOutWebhooks],
  ShippingRateMissing: [notifyMissingRate],
  PasswordResetRequested: [mailAccount],
  RegistrationRequested: [mailAccount],
  EmailChangeRequested: [mailAccount, mailed(customerNotices)],
  StaffInvited: [mailed(staffMails)],
} satisfies Record<EventType, readonly Listener<PostOffice>[]>;

/** Whom `record` addresses. */
export const listenersOf = addresseesOf(reactions);

/** The same without those that call anybody outside. */
export const listenersWithin = addresseesOf(
  Object.fromEntries(
    Object.entries(reactions).map(([type, listeners]) => [
      type,
      listeners.filter((listener) => !('prepare' in listener)),
    ]),
  ),
);

export interface ReactionNeeds {
  readonly database: Pick<Database, 'listener' | 'system'>;
  readonly post: PostOffice;
  /** Where webhooks may go. */
  readonly reach: Reach;
  readonly secret: string;
  readonly log: Log;
}

/** Listeners that share a worker. */
interface Lane {
  readonly names: ReadonlySet<string>;
  readonly worker: JobLoop;
}

/** The workers of this process. Commits come before the database can be given to them, so they begin to listen when they are run. */
export function startReactions() {
  const lanes: Lane[] = [];
  return {
    /** After a COMMIT: looks for deliveries where the events have any. */
    wake: (events: readonly { readonly type: string }[]) => {
      const addressed = new Set(events.flatMap(({ type }) => hearing(type)).map(({ name }) => name));
      for (const { names, worker } of lanes) if (!addressed.isDisjointFrom(names)) worker.wake();
    },
    run: (needs: ReactionNeeds) => {
      lanes.push(...startLanes(needs));
    },
    stop: async () => {
      await Promise.all(lanes.map(({ worker }) => worker.stop()));
    },
  };
}

function hearing(type: string): readonly Listener<PostOffice>[] {
  return Object.hasOwn(reactions, type) ? reactions[type as EventType] : [];
}

/** Mails and webhooks apart from the rest and from each other: where others are slow to answer, nothing else is held up. */
function startLanes({ database, post, reach, secret, log }: ReactionNeeds): Lane[] {
  const webhooks = startWebhookWorker({ database, reach, secret, log });
  const onDelivered = (name: string) => {
    if (name === fanOutWebhooks.name) webhooks.wake();
  };
  const all = [...new Set<Listener<PostOffice>>(Object.values(reactions).flat())];
  const lane = (listeners: readonly Listener<PostOffice>[]) => ({
    names: new Set(listeners.map(({ name }) => name)),
    worker: startDeliveryWorker({ database, listeners, outside: post, log, onDelivered }),
  });
  return [
    lane(all.filter((listener) => !('prepare' in listener))),
    lane(all.filter((listener) => 'prepare' in listener)),
    { names: new Set(), worker: webhooks },
  ];
}
