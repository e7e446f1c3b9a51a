import { settlePayment } from '#app/checkout/settle-payment.ts';
import type { PaymentProviders } from '#app/payments/payment-provider.ts';
import { duePayments, type PaymentPlace } from '#app/payments/payment-queries.ts';
import type { Database } from '#core/db/database.ts';
import { describeFailure } from '#core/events/describe-failure.ts';
import type { Log } from '#core/telemetry/log.ts';

/** How long a payment that is due may wait for someone to look. */
const INTERVAL_MS = 5_000;
const BATCH_MAX = 100;
/** Payments that are settled at the same time: a provider that is slow must not hold up those of another for long. */
const LANES = 4;

export interface Reconciliation {
  readonly database: Database;
  readonly providers: PaymentProviders;
  readonly log: Log;
}

/** Reconciles at once, every few seconds, and when told to look. */
export function keepReconciling(reconciliation: Reconciliation) {
  let latest = Promise.resolve();
  let isWaiting = false;
  const look = () => {
    if (isWaiting) return;
    isWaiting = true;
    latest = latest.then(() => {
      isWaiting = false;
      return reconcilePayments(reconciliation, new Date());
    });
  };
  look();
  const timer = setInterval(look, INTERVAL_MS);
  return {
    look,
    stop: async () => {
      clearInterval(timer);
      await latest;
    },
  };
}

/** Settles every payment, of all merchants, about which something is to be done by now. Never fails: what cannot be done now is due again. */
export async function reconcilePayments(reconciliation: Reconciliation, now: Date): Promise<void> {
  const { database, log } = reconciliation;
  try {
    const due = await duePayments(database, now, BATCH_MAX);
    const lane = async () => {
      for (let place = due.shift(); place; place = due.shift()) await settle(reconciliation, place);
    };
    await Promise.all(Array.from({ length: LANES }, lane));
  } catch (error) {
    log.warn({ failure: describeFailure(error) }, 'payments that are due could not be read');
  }
}

async function settle(
  { database, providers, log }: Reconciliation,
  { tenant, id }: PaymentPlace,
): Promise<void> {
  const fields = { merchant_id: tenant.merchantId, store_id: tenant.storeId, payment_id: id };
  try {
    const { state } = await settlePayment(database.tenant(tenant), { providers, id, requestId: null });
    if (state === 'stranded')
      log.error(fields, 'a payment without an order could not be given back and is due again');
  } catch (error) {
    log.warn(
      { ...fields, failure: describeFailure(error) },
      'a payment could not be settled and is due again',
    );
  }
}
