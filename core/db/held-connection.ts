import type { Connection } from './connections.ts';
import { connectionLost, isConsequence } from './database-errors.ts';
import type { Sql } from './tenant.ts';

/** A connection for one transaction, and the handle that its work gets. */
export interface HeldConnection {
  /**
   * Refuses statements once the transaction has ended or its connection was lost. The driver would send them: in the middle of another
   * tenant's transaction, or on a new connection, where there is none.
   */
  readonly sql: Sql;
  /**
   * Why a statement failed. Of those sent together all that follow a failed one fail too, as its consequence, and may be heard before it: the
   * driver tells in order, the promises between it and the work do not.
   */
  reasonOf(error: unknown): unknown;
  /** Undoes the transaction. Does not fail: what cannot be undone is given up with its connection, which undoes it too. */
  rollback(): Promise<void>;
  /** From here on the handle refuses. */
  release(): void;
}

export function holdConnection(connection: Connection): HeldConnection {
  let isHeld = true;
  let firstFailure: unknown;
  const refuseUnlessHeld = () => {
    if (!isHeld)
      throw new Error('expected statements within the transaction only, received one after it ended');
    if (!connection.isOpen) throw connectionLost();
  };
  return {
    sql: guarded(connection.sql as Sql, refuseUnlessHeld, (error) => (firstFailure ??= error)),
    reasonOf: (error) => (isConsequence(error) ? (firstFailure ?? error) : error),
    rollback: async () => {
      await connection.sql.unsafe('ROLLBACK').catch(() => connection.discard());
    },
    release: () => {
      isHeld = false;
    },
  };
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
