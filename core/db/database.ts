import postgres from 'postgres';
import type { Tenant, TenantDb } from './tenant.ts';
import type { Pool } from './pool.ts';
import { inTransaction, type TransactionMode, type TransactionOptions } from './transaction.ts';
import { rolePassword, type RoleName } from './roles.ts';

/** How long a new connection may take, in seconds. */
const CONNECT_TIMEOUT_S = 5;
/** Pause before a lost connection is tried again, in seconds: short and constant, because the database is near. */
const RECONNECT_DELAY_S = 0.2;
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

/** Opens the three pools. Connections are made when first needed, so a database that is away fails requests, not the start. */
export function openDatabase(options: DatabaseOptions): Database {
  const app = openPool(options, 'storeflow_app', options.poolSize);
  const listener = openPool(options, 'storeflow_listener', Math.max(2, Math.floor(options.poolSize / 4)));
  const system = openPool(options, 'storeflow_system', 2);
  return {
    tenant: (tenant) => tenantDb(app, tenant, options),
    listener: (tenant) => tenantDb(listener, tenant, options),
    directory: app,
    system,
    close: async () => {
      await Promise.all([app, listener, system].map((pool) => pool.end({ timeout: CONNECT_TIMEOUT_S })));
    },
  };
}

function openPool(options: DatabaseOptions, role: RoleName, max: number): Pool {
  return postgres(options.url, {
    user: role,
    password: rolePassword(options.secret, role),
    max,
    connect_timeout: CONNECT_TIMEOUT_S,
    backoff: () => RECONNECT_DELAY_S,
    onnotice: () => undefined,
    ...(options.onStatement && {
      debug: (_: number, text: string, values: unknown[]) => options.onStatement?.(text, values),
    }),
    types: { bigint: { to: 20, from: [20], serialize: String, parse: Number } },
    connection: {
      application_name: role,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      lock_timeout: LOCK_TIMEOUT_MS,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    },
  }) as unknown as Pool;
}

function tenantDb<Scope extends Tenant>(
  pool: Pool,
  tenant: Scope,
  options: DatabaseOptions,
): TenantDb<Scope> {
  const run = <Result>(mode: TransactionMode, work: Parameters<TenantDb<Scope>['write']>[0]) =>
    inTransaction({ pool, tenant, mode, options }, work) as Promise<Result>;
  return {
    tenant,
    write: (work) => run('READ WRITE', work),
    read: (work) => run('READ ONLY', work),
    snapshot: (work) => run('ISOLATION LEVEL REPEATABLE READ READ ONLY', work),
  };
}
