import { setTimeout as sleep } from 'node:timers/promises';
import type postgres from 'postgres';
import type { RecordedEvent } from '#core/events/event.ts';
import type { Connection, Connections } from './connections.ts';
import type { Tenant, TenantTx } from './tenant.ts';
import { holdConnection, type HeldConnection } from './held-connection.ts';
import { databaseUnavailable, isConnectionLost, isRetryable, isUnavailable } from './database-errors.ts';

export type TransactionMode = 'READ WRITE' | 'READ ONLY' | 'ISOLATION LEVEL REPEATABLE READ READ ONLY';

export interface TransactionOptions {
  /** Names of the durable listeners of an event type. */
  readonly listenersOf: (type: string) => readonly string[];
  /** Called after each COMMIT that recorded events. A hint: it must neither throw nor block. */
  readonly onCommit: (events: readonly RecordedEvent[]) => void;
}

interface Transaction<Scope extends Tenant> {
  readonly connections: Connections;
  readonly tenant: Scope;
  readonly mode: TransactionMode;
  readonly options: TransactionOptions;
}

type Work<Scope extends Tenant, Result> = (tx: TenantTx<Scope>) => Promise<Result>;

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
      if (isUnavailable(error)) throw databaseUnavailable(error);
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
    const result = await commitAround(held, begin(tenant, mode), () => work(tx));
    if (tx.recorded.length > 0) options.onCommit(tx.recorded);
    return result;
  } finally {
    held.release();
  }
}

/** BEGIN is not awaited before the work starts: statements go down one connection in order, so this saves a round trip. */
async function commitAround<Result>(
  held: HeldConnection,
  opening: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const begun = held.sql.unsafe(opening).execute();
  begun.catch(() => undefined);
  try {
    const result = await work();
    await begun;
    const ended: postgres.RowList<postgres.Row[]> = await held.sql.unsafe('COMMIT');
    // PostgreSQL answers COMMIT of a failed transaction with ROLLBACK and no error.
    if (ended.command !== 'COMMIT')
      throw new Error(`expected COMMIT, the database answered ${ended.command}`);
    return result;
  } catch (error) {
    const reason = held.reasonOf(error);
    // A lost connection has undone everything; it would not answer.
    if (!isConnectionLost(reason)) await held.rollback();
    throw reason;
  }
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
