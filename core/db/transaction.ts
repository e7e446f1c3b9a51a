import { setTimeout as sleep } from 'node:timers/promises';
import type { Addressee, Matter, RecordedEvent } from '#core/events/event.ts';
import { writeEvents } from '#core/events/record.ts';
import type { Connection, Connections } from './connections.ts';
import type { Tenant, TenantTx } from './tenant.ts';
import { holdConnection, type HeldConnection } from './held-connection.ts';
import { isConnectionLost, isRetryable } from './database-errors.ts';

export type TransactionMode = 'READ WRITE' | 'READ ONLY' | 'ISOLATION LEVEL REPEATABLE READ READ ONLY';

export interface TransactionOptions {
  /** The durable listeners whom an event concerns. */
  readonly listenersOf: (matter: Matter) => readonly Addressee[];
  /** Called after each COMMIT that recorded events. A hint: it must neither throw nor block. */
  readonly onCommit: (events: readonly RecordedEvent[]) => void;
}

interface Transaction<Scope extends Tenant> {
  readonly connections: Connections;
  readonly tenant: Scope;
  readonly mode: TransactionMode;
  readonly options: TransactionOptions;
}

type Work<Scope extends Tenant, Result> = (tx: TenantTx<Scope>) => Result | Promise<Result>;

const ATTEMPTS_MAX = 5;
const RETRY_DELAY_MAX_MS = 40;

/** Runs `work` between BEGIN and COMMIT with the tenant set. Retries serialisation failures and deadlocks, a bounded number of times. */
export async function inTransaction<Scope extends Tenant, Result>(
  transaction: Transaction<Scope>,
  work: Work<Scope, Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await transaction.connections.lend((connection) => attemptOnce(connection, transaction, work));
    } catch (error) {
      if (!isRetryable(error) || attempt === ATTEMPTS_MAX) throw error;
      await sleep(Math.random() * RETRY_DELAY_MAX_MS);
    }
  }
}

async function attemptOnce<Scope extends Tenant, Result>(
  connection: Connection,
  { tenant, mode, options }: Transaction<Scope>,
  work: Work<Scope, Result>,
): Promise<Result> {
  const held = holdConnection(connection);
  try {
    const { sql } = held;
    const tx = { sql, tenant, recorded: [], listenersOf: options.listenersOf } satisfies TenantTx<Scope>;
    const { result, recorded } = await commitAround(held, begin(tenant, mode), {
      work: () => work(tx),
      record: () => writeEvents(tx),
    });
    if (recorded.length > 0) options.onCommit(recorded);
    return result;
  } finally {
    held.release();
  }
}

interface Steps<Result> {
  readonly work: () => Result | Promise<Result>;
  /** Sends the last statement, and hears what it answered. */
  readonly record: () => Promise<RecordedEvent[]>;
}

/**
 * BEGIN is not awaited before the work starts, nor what was recorded before COMMIT is sent: statements go down one connection in order, so
 * this saves two round trips, and PostgreSQL does not commit where one before has failed.
 */
async function commitAround<Result>(
  held: HeldConnection,
  opening: string,
  { work, record }: Steps<Result>,
): Promise<{ result: Result; recorded: RecordedEvent[] }> {
  const begun = unawaited(held.sql.unsafe(opening).execute());
  try {
    const result = await work();
    const recording = record();
    const committing = unawaited(held.sql.unsafe('COMMIT').execute());
    const recorded = await recording;
    await begun;
    const { command } = await committing;
    // PostgreSQL answers COMMIT of a failed transaction with ROLLBACK and no error.
    if (command !== 'COMMIT') throw new Error(`expected COMMIT, the database answered ${command}`);
    return { result, recorded };
  } catch (error) {
    const reason = held.reasonOf(error);
    // A lost connection has undone everything; it would not answer.
    if (!isConnectionLost(reason)) await held.rollback();
    throw reason;
  }
}

/** For an answer that is awaited later, or not at all where something before it fails: unheard, a rejection would end the process. */
function unawaited<Answer extends Promise<unknown>>(answer: Answer): Answer {
  answer.catch(() => undefined);
  return answer;
}

/** One simple query instead of BEGIN and two parameterised settings; both ids are checked integers. */
function begin({ merchantId, storeId }: Tenant, mode: TransactionMode): string {
  const merchant = `SET LOCAL app.merchant_id = '${wholeNumber(merchantId)}'`;
  const store = storeId === null ? '' : `; SET LOCAL app.store_id = '${wholeNumber(storeId)}'`;
  return `BEGIN ${mode}; ${merchant}${store}`;
}

function wholeNumber(id: number): number {
  if (!Number.isSafeInteger(id)) throw new TypeError(`expected a whole number as tenant id, received ${id}`);
  return id;
}
