import type postgres from 'postgres';
import type { Pool } from './pool.ts';
import { isConsequence, isUnavailable } from './database-errors.ts';
import type { Sql } from './tenant.ts';

/** A connection for one transaction, and the handle that its work gets. */
export interface HeldConnection {
  /**
   * Refuses statements once the connection was given back or lost. The driver would not: it sends them on the connection as it is then, in
   * the middle of another tenant's transaction, or to a socket that is gone, which ends the process.
   */
  readonly sql: Sql;
  /** Sends the text that begins the transaction. */
  begin(text: string): Promise<unknown>;
  /**
   * Why a statement failed. Of those sent together all that follow a failed one fail too, as its consequence, and may be heard before it: the
   * driver tells in order, the promises between it and the work do not.
   */
  reasonOf(error: unknown): unknown;
  /** Gives the connection back, unless it was lost. */
  release(): void;
}

/** Takes a connection from the pool, waiting for one if all are taken. */
export async function holdConnection(pool: Pool): Promise<HeldConnection> {
  const reserved = await reserve(pool);
  let state: 'held' | 'released' | 'lost' = 'held';
  let connection: object = {};
  let firstFailure: unknown;
  const refuseUnlessHeld = () => {
    if (state === 'lost') throw connectionLost();
    if (state === 'released')
      throw new Error('expected statements within the transaction only, received one after it ended');
  };
  // The driver's own transactions learn in this way that their connection was lost. Not in its types.
  const onexecute = (begun: object) => {
    connection = Object.assign(begun, { onclose: () => void (state = 'lost') });
    return true;
  };
  return {
    sql: guarded(reserved, refuseUnlessHeld, (error) => (firstFailure ??= error)),
    begin: (text) => reserved.unsafe(text, [], { onexecute } as postgres.UnsafeQueryOptions).execute(),
    reasonOf: (error) => (isConsequence(error) ? (firstFailure ?? error) : error),
    release: () => {
      if (state !== 'held') return;
      state = 'released';
      Object.assign(connection, { onclose: null });
      reserved.release();
    },
  };
}

/** Once more when refused: the first use of a connection that replaces a lost one is answered with the last words of that one. */
async function reserve(pool: Pool): Promise<Sql> {
  try {
    return await pool.reserve();
  } catch (error) {
    if (isUnavailable(error)) return pool.reserve();
    throw error;
  }
}

function guarded(sql: Sql, refuse: () => void, note: (error: unknown) => void): Sql {
  return new Proxy(sql, {
    apply: (target, self, args) => {
      refuse();
      return noting(Reflect.apply(target, self, args), note);
    },
    get: (target, name) => {
      refuse();
      return Reflect.get(target, name);
    },
  });
}

/** Listens to how the driver answers a query. A handler on its promise would send it, and what is a part of another must not be sent. */
function noting(query: object, note: (error: unknown) => void): object {
  if (!isDriverQuery(query)) return query;
  const { reject } = query;
  return Object.assign(query, {
    reject: (error: unknown) => {
      note(error);
      reject(error);
    },
  });
}

function isDriverQuery(query: object): query is { reject: (error: unknown) => void } {
  return query instanceof Promise && 'reject' in query;
}

function connectionLost(): Error {
  return Object.assign(new Error('the connection to the database was lost'), { code: 'CONNECTION_CLOSED' });
}
