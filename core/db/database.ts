import { connect as connectSocket, type Socket } from 'node:net';
import postgres from 'postgres';
import type { Tenant, TenantDb } from './tenant.ts';
import { Connections } from './connections.ts';
import { DRIVER_TYPES } from './driver-types.ts';
import { connectionLost } from './database-errors.ts';
import type { Pool } from './pool.ts';
import { inTransaction, type TransactionMode, type TransactionOptions } from './transaction.ts';
import { rolePassword, type RoleName } from './roles.ts';

/** How long a new connection may take, in seconds. */
const CONNECT_TIMEOUT_S = 5;
const STATEMENT_TIMEOUT_MS = 15_000;
const LOCK_TIMEOUT_MS = 5_000;
/** A process that freezes or vanishes within a transaction keeps its locks for so long, a store's stream head among them. */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 15_000;

export interface DatabaseOptions extends TransactionOptions {
  /** Where the database is; user and password in it are replaced by those of the three least-privilege roles. */
  readonly url: string;
  /** The secret from which the roles' passwords derive. */
  readonly secret: string;
  readonly poolSize: number;
  /** How long a transaction or a statement may take, waiting for a connection included. */
  readonly deadlineMs?: number;
  /** Sees each statement of requests as it is sent, for counting and replaying them. */
  readonly onStatement?: (text: string, values: readonly unknown[]) => void;
}

export interface Database {
  /** The tenant-scoped handle of storeflow_app, for requests. */
  tenant<Scope extends Tenant>(tenant: Scope): TenantDb<Scope>;
  /** The same for listeners: storeflow_listener, which has no right to change the domain. */
  listener<Scope extends Tenant>(tenant: Scope): TenantDb<Scope>;
  /** Directory tables only (row security shows no tenant row on this path): what is found before the tenant is known. */
  readonly directory: Pool;
  /** storeflow_system: heads and deliveries of all merchants, nothing else. */
  readonly system: Pool;
  close(): Promise<void>;
}

/** Opens the database for three roles. Connections are made when first needed, so a database that is away fails requests, not the start. */
export function openDatabase(options: DatabaseOptions): Database {
  const app = connectionsOf('storeflow_app', options.poolSize, options);
  const listener = connectionsOf(
    'storeflow_listener',
    Math.max(2, Math.floor(options.poolSize / 4)),
    options,
  );
  const system = connectionsOf('storeflow_system', 2, options);
  return {
    tenant: (tenant) => tenantDb(app, tenant, options),
    listener: (tenant) => tenantDb(listener, tenant, options),
    directory: statementsOn(app),
    system: statementsOn(system),
    close: async () => {
      await Promise.all([app, listener, system].map((connections) => connections.close()));
    },
  };
}

function connectionsOf(role: RoleName, size: number, options: DatabaseOptions): Connections {
  const { url, secret, onStatement, deadlineMs } = options;
  const settings = {
    user: role,
    password: rolePassword(secret, role),
    max: 1,
    max_lifetime: null,
    connect_timeout: CONNECT_TIMEOUT_S,
    onnotice: () => undefined,
    ...(onStatement && { debug: (_: number, text: string, values: unknown[]) => onStatement(text, values) }),
    ...DRIVER_TYPES,
    connection: {
      application_name: role,
      // Our statements find rows by keys: planning them for the values at hand costs more than it saves, and PostgreSQL does it for each array.
      plan_cache_mode: 'force_generic_plan',
      statement_timeout: STATEMENT_TIMEOUT_MS,
      lock_timeout: LOCK_TIMEOUT_MS,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    },
  };
  const connect = (onclose: () => void) =>
    postgres(url, {
      ...settings,
      onclose,
      socket: socketsOnce(),
    } as DriverOptions) as unknown as postgres.Sql;
  return new Connections({ connect, size, ...(deadlineMs !== undefined && { deadlineMs }) });
}

type DriverOptions = postgres.Options<Record<string, postgres.PostgresType>>;

/** Where the driver connects to; of its options, not in its types. */
interface Hosts {
  readonly host: readonly string[];
  readonly port: readonly number[];
  readonly path: string | false;
}

/**
 * Sockets for one connection: one for each host. Left to itself the driver connects again, when a statement comes after the connection was
 * lost, and without end or pause, when sockets are closed before the server speaks.
 */
function socketsOnce(): (hosts: Hosts) => Socket {
  let attempts = 0;
  return ({ host, port, path }) => {
    const nth = attempts++;
    const [name, number] = [host[nth], port[nth]];
    if (name === undefined || number === undefined) throw connectionLost();
    // TLS asks the socket for the name that the certificate must have.
    const socket = path ? connectSocket(path) : connectSocket({ host: name, port: number, noDelay: true });
    return Object.assign(socket, { host: name });
  };
}

function statementsOn(connections: Connections): Pool {
  return (text, ...values) => connections.lend(({ sql }) => sql(text, ...values));
}

function tenantDb<Scope extends Tenant>(
  connections: Connections,
  tenant: Scope,
  options: DatabaseOptions,
): TenantDb<Scope> {
  const run = <Result>(mode: TransactionMode, work: Parameters<TenantDb<Scope>['write']>[0]) =>
    inTransaction({ connections, tenant, mode, options }, work) as Promise<Result>;
  return {
    tenant,
    write: (work) => run('READ WRITE', work),
    read: (work) => run('READ ONLY', work),
    snapshot: (work) => run('ISOLATION LEVEL REPEATABLE READ READ ONLY', work),
  };
}
