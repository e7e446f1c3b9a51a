/** A process that calls outside for one listener, tells when it has come to the point named, and stays there to be killed. */
import { appendFile } from 'node:fs/promises';
import { openDatabase } from '#core/db/database.ts';
import { startDeliveryWorker } from '#core/events/delivery-worker.ts';
import { caller } from '../support/traces.ts';

/** The moments of a call at which a process may die. */
export type KillPoint = 'before the call' | 'after the call' | 'within the note';

const [url = '', secret = '', listener = '', killPoint = '', leaseMs = '', calls = ''] =
  process.argv.slice(2);

async function reach(point: KillPoint): Promise<void> {
  if (point !== killPoint) return;
  process.stdout.write('reached\n');
  await new Promise(() => undefined);
}

startDeliveryWorker({
  database: openDatabase({ url, secret, poolSize: 4, listenersOf: () => [], onCommit: () => undefined }),
  listeners: [
    caller(listener, {
      call: async (id) => {
        await reach('before the call');
        await appendFile(calls, `${id}\n`);
        await reach('after the call');
      },
      noted: () => reach('within the note'),
    }),
  ],
  outside: null,
  log: { warn: () => undefined, error: () => undefined },
  leaseMs: Number(leaseMs),
});
