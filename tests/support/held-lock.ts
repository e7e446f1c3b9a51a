import type postgres from 'postgres';
import { expect } from 'vitest';

/** Any number that nothing else uses for an advisory lock. */
const COMMIT_LOCK = 7_240_399;

/** A lock that someone in the database waits for. */
export interface HeldLock {
  /** Who waits, and with which statement; resolves once there is one. */
  waiter(): Promise<Waiter>;
  release(): Promise<void>;
}

export interface Waiter {
  readonly pid: number;
  readonly query: string;
}

/** Holds what the next order's number is taken from, in the midst of a checkout. */
export function holdOrderNumbers(admin: postgres.Sql, storeId: number): Promise<HeldLock> {
  return hold(admin, (sql) => sql`SELECT FROM order_counters WHERE store_id = ${storeId} FOR UPDATE`);
}

/** Holds what those wait for who may change a merchant one after another only. */
export function holdMerchant(admin: postgres.Sql, merchantId: number): Promise<HeldLock> {
  return hold(admin, (sql) => sql`SELECT FROM merchants WHERE id = ${merchantId} FOR NO KEY UPDATE`);
}

/** Holds a promotion code in front of whoever has read it and is about to use it. */
export function holdCode(admin: postgres.Sql, code: string): Promise<HeldLock> {
  return hold(admin, (sql) => sql`SELECT FROM promotions WHERE code = ${code} FOR NO KEY UPDATE`);
}

/** Holds the COMMIT of whoever writes an order: all its statements have run, and its last check waits. */
export async function holdCommits(admin: postgres.Sql): Promise<HeldLock> {
  await admin.unsafe(`
    CREATE FUNCTION wait_at_commit() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN PERFORM pg_advisory_xact_lock(${COMMIT_LOCK}); RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER wait_at_commit AFTER INSERT ON orders DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW EXECUTE FUNCTION wait_at_commit()`);
  const lock = await hold(admin, (sql) => sql`SELECT pg_advisory_xact_lock(${COMMIT_LOCK})`);
  return {
    ...lock,
    release: async () => {
      await lock.release();
      await admin.unsafe('DROP FUNCTION wait_at_commit CASCADE');
    },
  };
}

/** Ends the database's end of a connection, which undoes what was not committed. */
export async function terminate(admin: postgres.Sql, { pid }: Waiter): Promise<void> {
  await admin`SELECT pg_terminate_backend(${pid})`;
}

/** Resolves once so many wait for locks in this database, whoever holds them. */
export async function waiting(admin: postgres.Sql, count: number): Promise<void> {
  const waiters = () => admin`
    SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  await expect.poll(waiters).toHaveLength(count);
}

/** Resolves when nothing that a server has asked for is still under way: PostgreSQL goes on without it. */
export async function settled(admin: postgres.Sql): Promise<void> {
  const underWay = () => admin`
    SELECT query FROM pg_stat_activity
    WHERE datname = current_database() AND usename = 'storeflow_app' AND state <> 'idle'`;
  await expect.poll(underWay).toHaveLength(0);
}

async function hold(admin: postgres.Sql, take: (sql: postgres.Sql) => Promise<unknown>): Promise<HeldLock> {
  const holder = await admin.reserve();
  await holder`BEGIN`;
  await take(holder);
  const [self] = await holder<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`;
  const waiters = () => admin<Waiter[]>`
    SELECT pid, query FROM pg_stat_activity WHERE ${self?.pid ?? 0} = ANY(pg_blocking_pids(pid))`;
  return {
    waiter: async () => {
      await expect.poll(waiters).toHaveLength(1);
      const [waiter] = await waiters();
      if (!waiter) throw new Error('expected one who still waits, received none');
      return waiter;
    },
    release: async () => {
      await holder`ROLLBACK`;
      holder.release();
    },
  };
}
