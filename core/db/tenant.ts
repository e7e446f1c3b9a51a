import type postgres from 'postgres';
import type { AddressedEvent, Addressee, Matter } from '#core/events/event.ts';
import type { MerchantId, StoreId } from '#core/values/ids.ts';

/** Whose rows a transaction may see: one merchant's, and one store's of it unless `storeId` is null (all stores of the merchant). */
export interface Tenant {
  readonly merchantId: MerchantId;
  readonly storeId: StoreId | null;
}

/** A tenant bound to exactly one store, as every request to a shop is. */
export interface StoreTenant extends Tenant {
  readonly storeId: StoreId;
}

export type Sql = postgres.ReservedSql;

/** A piece of SQL with its values, to be put into a statement. Never awaited: that would send it. */
export type Fragment = postgres.PendingQuery<postgres.Row[]>;

/** An open transaction whose row-level security is set to its tenant: the only way from domain code to a tenant table. */
export interface TenantTx<Scope extends Tenant = Tenant> {
  readonly sql: Sql;
  readonly tenant: Scope;
  /** Filled by `record`: written right before COMMIT, published after it. */
  readonly recorded: AddressedEvent[];
  /** The durable listeners whom an event concerns. */
  readonly listenersOf: (matter: Matter) => readonly Addressee[];
}

/** The handle that a request carries instead of a connection. */
export interface TenantDb<Scope extends Tenant = Tenant> {
  readonly tenant: Scope;
  /** Runs `work` in a transaction, retried when PostgreSQL asks for it, and publishes what it recorded after COMMIT. */
  write<Result>(work: (tx: TenantTx<Scope>) => Result | Promise<Result>): Promise<Result>;
  /** Runs `work` in a read-only transaction. */
  read<Result>(work: (tx: TenantTx<Scope>) => Promise<Result>): Promise<Result>;
  /** Like `read`, but all statements see one moment (repeatable read): for data that goes with a stream position. */
  snapshot<Result>(work: (tx: TenantTx<Scope>) => Promise<Result>): Promise<Result>;
}
