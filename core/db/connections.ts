import { setTimeout as sleep } from 'node:timers/promises';
import type postgres from 'postgres';
import { connectionLost, databaseUnavailable, isConnectionLost, isUnavailable } from './database-errors.ts';

/** Work that has not ended by then is given up, and its connection with it: a silent database must not hold requests for ever. */
const DEADLINE_MS = 10_000;
/** How long those who hold a connection may finish when all are closed. */
const CLOSING_MS = 5_000;

/** A connection as long as it lives. One that was lost is not made again; another takes its place. */
export interface Connection {
  readonly sql: postgres.Sql;
  isOpen: boolean;
  /** Ends it without waiting: it may be silent. What was sent and not answered is rejected. */
  discard(): void;
}

export interface ConnectionsOptions {
  /** Makes a driver of one connection, which tells when that is closed. */
  readonly connect: (onclose: () => void) => postgres.Sql;
  readonly size: number;
  readonly deadlineMs?: number;
}

/** What a borrower has: a turn, and soon a connection. */
interface Loan {
  connection: Connection | null;
  hasTurn: boolean;
  isOver: boolean;
}

/**
 * Lends connections, each to one borrower at a time. Not the driver's own pool, whose lost connections come back to life in the middle of a
 * transaction, where those who were refused keep their places and later take connections with them, and which cannot give up one that is
 * silent: a database that went away left it without any.
 */
export class Connections {
  readonly #options: ConnectionsOptions;
  readonly #all = new Set<Connection>();
  readonly #idle: Connection[] = [];
  readonly #waiting: (() => void)[] = [];
  #free: number;
  #isClosed = false;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
    this.#free = options.size;
  }

  /** Lends a connection until the work has ended, waiting for one when all are lent. Rejects with UNAVAILABLE at the deadline, and when the database is away. */
  async lend<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result> {
    const loan: Loan = { connection: null, hasTurn: false, isOver: false };
    const { deadlineMs = DEADLINE_MS } = this.#options;
    const { promise: deadline, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      loan.connection?.discard();
      this.#takeBack(loan);
      reject(databaseUnavailable(new Error(`no answer within ${deadlineMs} ms`)));
    }, deadlineMs);
    try {
      return await Promise.race([this.#serve(loan, work), deadline]);
    } catch (error) {
      // Told here, where it is certain that it is the database: other connections fail with the same codes.
      throw isUnavailable(error) ? databaseUnavailable(error) : error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Closes all connections once they are back, or after five seconds. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const allBack = Promise.all(Array.from({ length: this.#options.size }, () => this.#turn()));
    await Promise.race([allBack, sleep(CLOSING_MS, undefined, { ref: false })]);
    await Promise.all([...this.#all].map(({ sql }) => sql.end({ timeout: 1 })));
  }

  async #serve<Result>(loan: Loan, work: (connection: Connection) => Promise<Result>): Promise<Result> {
    if (this.#isClosed) throw connectionLost();
    await this.#turn();
    loan.hasTurn = true;
    try {
      if (this.#isClosed || loan.isOver) throw connectionLost();
      loan.connection = await this.#connection();
      if (loan.isOver) throw connectionLost();
      return await work(loan.connection);
    } catch (error) {
      if (isConnectionLost(error)) loan.connection?.discard();
      throw error;
    } finally {
      this.#takeBack(loan);
    }
  }

  /** Once: at the deadline, or when the work has ended; whatever comes first. */
  #takeBack(loan: Loan): void {
    loan.isOver = true;
    if (!loan.hasTurn) return;
    loan.hasTurn = false;
    if (loan.connection?.isOpen) this.#idle.push(loan.connection);
    this.#next();
  }

  async #connection(): Promise<Connection> {
    for (let idle = this.#idle.pop(); idle; idle = this.#idle.pop()) if (idle.isOpen) return idle;
    const connection = this.#newConnection();
    try {
      // One statement goes ahead: where no connection can be made, the driver refuses the first, and lets those behind it wait.
      await connection.sql.unsafe('SELECT 1');
      return connection;
    } catch (error) {
      connection.discard();
      throw error;
    }
  }

  #newConnection(): Connection {
    const lose = () => {
      connection.isOpen = false;
      this.#all.delete(connection);
    };
    const sql = this.#options.connect(lose);
    const discard = () => {
      lose();
      void sql.end({ timeout: 0 });
    };
    const connection = { sql, isOpen: true, discard };
    this.#all.add(connection);
    return connection;
  }

  #turn(): Promise<void> {
    if (this.#free === 0) return new Promise((resolve) => void this.#waiting.push(resolve));
    this.#free -= 1;
    return Promise.resolve();
  }

  #next(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#free += 1;
  }
}
