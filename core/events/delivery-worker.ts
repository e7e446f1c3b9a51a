import type { Database } from '#core/db/database.ts';
import { startJobLoop, type JobLoop } from '#core/jobs/job-loop.ts';
import type { Log } from '#core/telemetry/log.ts';
import { claimDeliveries, type Claim } from './claim-deliveries.ts';
import { describeFailure } from './describe-failure.ts';
import type { Listener } from './listener.ts';
import { giveUpDelivery, runDelivery } from './run-delivery.ts';
import { ATTEMPTS_MAX, settleFailed } from './settle-delivery.ts';

/** Deliveries that one worker runs at the same time. */
const CONCURRENCY_MAX = 16;
/** How long a delivery of a dead process waits for another one. Three times the deadline of a transaction, so it needs no renewal. */
const LEASE_MS = 30_000;

export interface DeliveryWorkerOptions<Outside> {
  readonly database: Pick<Database, 'listener' | 'system'>;
  /** All that may be delivered to, each under a name of its own. */
  readonly listeners: readonly Listener<Outside>[];
  /** What outward listeners reach outside the database. */
  readonly outside: Outside;
  readonly log: Log;
  readonly leaseMs?: number;
  /** Hears which listener has just run, for whoever works on what it wrote. A hint. */
  readonly onDelivered?: (listener: string) => void;
}

export type DeliveryWorker = JobLoop;

/** Starts to deliver events: claim → run → settle. The rows are the truth; any number of workers may share them. */
export function startDeliveryWorker<Outside>(options: DeliveryWorkerOptions<Outside>): DeliveryWorker {
  const { database, log, leaseMs = LEASE_MS } = options;
  const listeners = byName(options.listeners);
  return startJobLoop({
    slots: CONCURRENCY_MAX,
    claim: (limit) => claimDeliveries(database.system, { listeners: [...listeners.keys()], limit, leaseMs }),
    run: (claim) => deliver(claim, options, listeners.get(claim.listener)),
    onClaimFailed: (error) =>
      log.warn(
        { failure: describeFailure(error) },
        'deliveries could not be claimed; tried again within a second',
      ),
  });
}

async function deliver<Outside>(
  claim: Claim,
  options: DeliveryWorkerOptions<Outside>,
  listener: Listener<Outside> | undefined,
): Promise<void> {
  try {
    if (!listener) throw new Error(`expected a listener of this process, received ${claim.listener}`);
    await runDelivery(options, listener, claim);
    options.onDelivered?.(listener.name);
  } catch (error) {
    await fail({ claim, listener, failure: describeFailure(error) }, options);
  }
}

interface Failed<Outside> {
  readonly claim: Claim;
  readonly listener: Listener<Outside> | undefined;
  readonly failure: string;
}

/** When the database cannot even take the failure, the end of the lease brings the delivery back. */
async function fail<Outside>(
  failed: Failed<Outside>,
  { database, log }: DeliveryWorkerOptions<Outside>,
): Promise<void> {
  const { claim, failure } = failed;
  const { merchantId, eventId, listener, attempts } = claim;
  const fields = { merchant_id: merchantId, event_id: eventId, listener, attempts, failure };
  const state = await settle(failed, database).catch(() => 'running' as const);
  if (state === 'dead') log.error(fields, 'a delivery is dead until it is redriven');
  else log.warn(fields, 'a delivery failed and will be repeated');
}

/** A listener that cannot say so keeps its delivery from dying no more than one that has nothing to say. */
async function settle<Outside>(
  { claim, listener, failure }: Failed<Outside>,
  database: DeliveryWorkerOptions<Outside>['database'],
): ReturnType<typeof settleFailed> {
  const giveUp = listener && 'prepare' in listener ? listener.giveUp : undefined;
  if (giveUp && claim.attempts >= ATTEMPTS_MAX) {
    const told = await giveUpDelivery(database, giveUp, { claim, failure }).then(
      () => true,
      () => false,
    );
    if (told) return 'dead';
  }
  return settleFailed(database.system, claim, failure);
}

function byName<Outside>(listeners: readonly Listener<Outside>[]): ReadonlyMap<string, Listener<Outside>> {
  const map = new Map<string, Listener<Outside>>();
  for (const listener of listeners) {
    const other = map.get(listener.name);
    if (other && other !== listener)
      throw new Error(`listeners: expected names of their own, received ${listener.name} twice`);
    map.set(listener.name, listener);
  }
  return map;
}
