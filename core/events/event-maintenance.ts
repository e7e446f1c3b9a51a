import type postgres from 'postgres';
import { asOwner } from '#core/db/as-owner.ts';
import { dropOldEvents, ensureEventPartitions } from './event-partitions.ts';

const INTERVAL_MS = 3_600_000;
/** Partitions are added and dropped under a lock on the whole log: rather an hour later than commands queued behind it. */
const LOCK_TIMEOUT_MS = 2_000;
/** Any number that no other program on the database uses for an advisory lock. */
const MAINTENANCE_LOCK = 7_240_312;

/** Something that is swept up every hour, as the owner. */
export type Chore = (owner: postgres.Sql) => Promise<unknown>;

export interface MaintenanceOptions {
  /** A connection that may take `storeflow_owner`. */
  readonly adminUrl: string;
  /** Besides the log's own. One that fails keeps none of the others from its turn. */
  readonly chores: readonly Chore[];
  /** Takes what went wrong; it is tried again within the hour. */
  readonly onError: (error: unknown) => void;
}

/** Keeps the log of events within its days and does the chores, at once and every hour, on one node at a time. Never fails. */
export function startMaintenance(options: MaintenanceOptions): { stop(): Promise<void> } {
  let running = maintain(options);
  const timer = setInterval(() => {
    running = running.then(() => maintain(options));
  }, INTERVAL_MS).unref();
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}

async function maintain({ adminUrl, chores, onError }: MaintenanceOptions): Promise<void> {
  await asOwner(adminUrl, async (owner) => {
    const [lock] = await owner`SELECT pg_try_advisory_lock(${MAINTENANCE_LOCK}) AS ours`;
    if (!lock?.ours) return;
    await owner.unsafe(`SET lock_timeout = ${LOCK_TIMEOUT_MS}`);
    const events: Chore = () => maintainEvents(owner, new Date());
    for (const chore of [events, ...chores]) await chore(owner).catch(onError);
  }).catch(onError);
}

/** Adds the partitions of the coming days and drops the days that are past keeping. Run as the owner. */
export async function maintainEvents(owner: postgres.Sql, now: Date): Promise<void> {
  await ensureEventPartitions(owner, now);
  await dropOldEvents(owner, now);
}
