import { paymentProviders, type PaymentSettings } from '#app/payments/payment-providers.ts';
import type { Database } from '#core/db/database.ts';
import type { Log } from '#core/telemetry/log.ts';
import { keepReconciling } from './payment-reconciler.ts';

interface Committed {
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** The payments of this process. Commits come before the database can be given to them, so they begin to be settled when it is run. */
export function openPayments(settings: PaymentSettings) {
  const providers = paymentProviders(settings);
  let reconciler: ReturnType<typeof keepReconciling> | undefined;
  return {
    providers,
    /** After a COMMIT: a cancelled order may have money to give back. */
    wake: (events: readonly Committed[]) => {
      if (events.some(isCancellation)) reconciler?.look();
    },
    run: (database: Database, log: Log) => {
      reconciler = keepReconciling({ database, providers, log });
    },
    stop: async () => reconciler?.stop(),
  };
}

function isCancellation({ type, payload }: Committed): boolean {
  return type === 'OrderStatusUpdated' && payload['status'] === 'cancelled';
}
