import { setTimeout as sleep } from 'node:timers/promises';
import type postgres from 'postgres';
import type { Database } from '#core/db/database.ts';
import type { StoreTenant, TenantDb } from '#core/db/tenant.ts';
import { startDeliveryWorker, type DeliveryWorker } from '#core/events/delivery-worker.ts';
import type { Addressee, DomainEvent } from '#core/events/event.ts';
import type { Listener } from '#core/events/listener.ts';
import { record } from '#core/events/record.ts';
import type { Log } from '#core/telemetry/log.ts';
import { createMerchant, testDatabase, type TestDatabase } from './database.ts';

const PATIENCE_MS = 15_000;
const LOOK_AGAIN_MS = 20;
export const TEST_LEASE_MS = 1_000;

/** Waits for what must come true; the limit only ends a test that has failed. */
export async function until(holds: () => Promise<boolean> | boolean, what: string): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(LOOK_AGAIN_MS)) {
    if (await holds()) return;
  }
  throw new Error(`waited in vain: ${what}`);
}

/** An event for the named listeners: here a type is the list of those who hear of it. */
export function factFor(
  listeners: readonly string[],
  { entityId = 'thing-1', entityVersion = 1 } = {},
): DomainEvent {
  return {
    type: listeners.join(','),
    entity: 'thing',
    entityId,
    entityVersion,
    actor: 'system',
    payload: { version: entityVersion },
    streams: [{ channel: `things.${entityId}`, payload: {} }],
    occurredAt: new Date(),
  };
}

/** A database with a shop, commands that record, and workers that are stopped after each test. */
export interface DeliveryTest {
  readonly test: TestDatabase;
  readonly admin: postgres.Sql;
  readonly shop: TenantDb<StoreTenant>;
  readonly log: TestLog;
  /** One command that records these events. */
  commit(...events: readonly DomainEvent[]): Promise<void>;
  /** Starts a worker whose lease is a second. */
  work(listeners: readonly Listener[], database?: Pick<Database, 'listener' | 'system'>): DeliveryWorker;
  stopWorkers(): Promise<void>;
  close(): Promise<void>;
}

export async function openDeliveryTest(): Promise<DeliveryTest> {
  const test = await testDatabase({ listenersOf: listenersInType });
  const { merchantId, storeId } = await createMerchant(test.admin);
  const shop = test.database.tenant({ merchantId, storeId });
  const log = testLog();
  const workers: DeliveryWorker[] = [];
  const stopWorkers = async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.stop()));
  };
  return {
    test,
    admin: test.admin,
    shop,
    log,
    stopWorkers,
    commit: (...events) => shop.write((tx) => record(tx, ...events)),
    work: (listeners, database = test.database) => {
      const worker = startDeliveryWorker({ database, listeners, outside: null, log, leaseMs: TEST_LEASE_MS });
      workers.push(worker);
      return worker;
    },
    close: async () => {
      await stopWorkers();
      await test.close();
    },
  };
}

/** A name with a question mark is that of a listener which hears of merchants that asked for it. */
function listenersInType({ type }: Pick<DomainEvent, 'type'>): readonly Addressee[] {
  const words = type.split(',').filter(Boolean);
  return words.map((word) => ({ name: word.replace('?', ''), bySubscription: word.endsWith('?') }));
}

export interface DeliveryRow {
  readonly event_id: string;
  readonly state: string;
  readonly attempts: number;
  readonly last_error: string | null;
}

export async function deliveriesOf(admin: postgres.Sql, listener: string): Promise<DeliveryRow[]> {
  return admin<DeliveryRow[]>`
    SELECT event_id, state, attempts, last_error FROM event_deliveries WHERE listener = ${listener} ORDER BY created_at, event_id`;
}

/** Whether all deliveries of a listener, at least one, have come to the given state. */
export async function allAre(admin: postgres.Sql, listener: string, state: string): Promise<boolean> {
  const rows = await deliveriesOf(admin, listener);
  return rows.length > 0 && rows.every((row) => row.state === state);
}

export interface TestLog extends Log {
  readonly lines: { level: 'warn' | 'error'; fields: object; message: string }[];
}

export function testLog(): TestLog {
  const lines: TestLog['lines'] = [];
  return {
    lines,
    warn: (fields, message) => void lines.push({ level: 'warn', fields, message }),
    error: (fields, message) => void lines.push({ level: 'error', fields, message }),
  };
}
