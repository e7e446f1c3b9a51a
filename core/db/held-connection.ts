import type postgres from 'postgres';
import type { Pool } from './pool.ts';
import { isUnavailable } from './database-errors.ts';
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
  /** Gives the connection back, unless it was lost. */
  release(): void;
}

/** Takes a connection from the pool, waiting for one if all are taken. */
export async function holdConnection(pool: Pool): Promise<HeldConnection> {
  const reserved = await reserve(pool);
  let state: 'held' | 'released' | 'lost' = 'held';
  let connection: object = {};
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
    sql: guarded(reserved, refuseUnlessHeld),
    begin: (text) => reserved.unsafe(text, [], { onexecute } as postgres.UnsafeQueryOptions).execute(),
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

function guarded(sql: Sql, refuse: () => void): Sql {
  return new Proxy(sql, {
    apply: (target, self, args) => {
      refuse();
      return Reflect.apply(target, self, args);
    },
    get: (target, name) => {
      refuse();
      return Reflect.get(target, name);
    },
  });
}

function connectionLost(): Error {
  return Object.assign(new Error('the connection to the database was lost'), { code: 'CONNECTION_CLOSED' });
}
