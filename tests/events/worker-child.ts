/** A process that delivers to one listener, tells when it has come to the point named, and stays there to be killed. */
import { openDatabase, type Database } from '#core/db/database.ts';
import { startDeliveryWorker } from '#core/events/delivery-worker.ts';
import { leaveTrace } from '../support/traces.ts';

/** The moments of a delivery at which a process may die. */
export type KillPoint = 'after the claim' | 'before the effect' | 'after the effect' | 'after COMMIT';

const [url = '', secret = '', listener = '', killPoint = '', leaseMs = ''] = process.argv.slice(2);

const database = openDatabase({ url, secret, poolSize: 4, listenersOf: () => [], onCommit: () => undefined });

async function reach(point: KillPoint): Promise<void> {
  if (point !== killPoint) return;
  process.stdout.write('reached\n');
  await new Promise(() => undefined);
}

const stopping: Pick<Database, 'listener' | 'system'> = {
  system: database.system,
  listener: (tenant) => {
    const db = database.listener(tenant);
    const write: typeof db.write = async (work) => {
      await reach('after the claim');
      const result = await db.write(work);
      await reach('after COMMIT');
      return result;
    };
    return { ...db, write };
  },
};

startDeliveryWorker({
  database: stopping,
  outside: null,
  listeners: [
    {
      name: listener,
      handle: async (tx, event) => {
        await reach('before the effect');
        await leaveTrace(tx, event, listener);
        await reach('after the effect');
      },
    },
  ],
  log: { warn: () => undefined, error: () => undefined },
  leaseMs: Number(leaseMs),
});
