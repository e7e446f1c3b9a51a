import type postgres from 'postgres';
import type { TenantTx } from '#core/db/tenant.ts';
import type { DeliveredEvent, Listener, OutwardListener } from '#core/events/listener.ts';

/** Leaves a row for each run, also for a second run of the same event: repetitions must show. */
export async function leaveTrace(tx: TenantTx, event: DeliveredEvent, by: string): Promise<void> {
  const kind = `trace_${crypto.randomUUID().replaceAll(/[^a-z]/g, '_')}`;
  await tx.sql`
    INSERT INTO notifications (merchant_id, store_id, event_id, kind, title, body)
    VALUES (${tx.tenant.merchantId}, ${event.storeId}, ${event.id}, ${kind}, ${by}, ${event.entityId})`;
}

/** A listener that leaves a trace, after what `before` does. */
export function tracer(name: string, before?: (event: DeliveredEvent) => Promise<void> | void): Listener {
  return {
    name,
    handle: async (tx, event) => {
      await before?.(event);
      await leaveTrace(tx, event, name);
    },
  };
}

/** The traces of a listener, in the order in which they were made. */
export async function tracesOf(admin: postgres.Sql, by: string): Promise<{ event: string; key: string }[]> {
  return admin<{ event: string; key: string }[]>`
    SELECT event_id AS event, body AS key FROM notifications WHERE title = ${by} ORDER BY id`;
}

interface Caller {
  /** Done outside the database. */
  readonly call: (eventId: string) => Promise<void> | void;
  /** Done in the transaction of the note, after the trace. */
  readonly noted?: () => Promise<void> | void;
}

/** A listener that calls outside, and leaves a trace when the outcome is noted. */
export function caller(name: string, { call, noted }: Caller): OutwardListener {
  return {
    name,
    prepare: async (_tx, event) => async () => {
      await call(event.id);
      return async (tx) => {
        await leaveTrace(tx, event, name);
        await noted?.();
      };
    },
  };
}
