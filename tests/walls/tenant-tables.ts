import type { Catalogue, Table } from './catalogue.ts';

/** Tables with a store_id whose rows are nevertheless the whole merchant's. */
const WALLED_BY_MERCHANT = new Map([
  ['memberships', 'a store picker must see one’s assignments before a store is chosen'],
  ['staff_sessions', 'a session moves from store to store'],
  ['staff_invitation_stores', 'one invitation is for several stores'],
  ['loyalty_ledger', 'points are earned and spent at any of the merchant’s stores'],
]);

/** Directory tables that are written before the tenant is known; the others are written by their tenant alone. */
const WRITTEN_WITHOUT_TENANT = new Map([
  ['directory_setup', 'no merchant exists yet'],
  ['directory_sign_in_attempts', 'counts attempts on names that may not exist'],
  ['directory_realtime_tickets', 'a ticket is used up by a socket that says nothing else'],
]);

type Tables = Pick<Catalogue, 'tables'>;

/** The tables whose rows belong to a merchant, and the table of merchants. */
export function tenantTables({ tables }: Tables): Table[] {
  return tables.filter((table) => isTenantTable(table) && !table.isPartition);
}

/** Those whose rows belong to a store, or to every store of the merchant. */
export function storeTables(catalogue: Tables): Table[] {
  return tenantTables(catalogue).filter((table) => ['store', 'shared'].includes(wallOf(table)));
}

/** The tables that are read before the tenant is known. */
export function directories({ tables }: Tables): Table[] {
  return tables.filter(isDirectory);
}

/** The tables that must carry a wall: the tenants' own, and the directories that a tenant writes. */
export function walledTables(catalogue: Tables): Table[] {
  const written = directories(catalogue).filter(({ name }) => !WRITTEN_WITHOUT_TENANT.has(name));
  return [...tenantTables(catalogue), ...written];
}

/** The column that says whose row it is. */
export function merchantColumn(table: Table): 'id' | 'merchant_id' {
  return table.name === 'merchants' ? 'id' : 'merchant_id';
}

/** Who sees a row: its merchant's stores all, its store alone, or its store unless it belongs to every store; who writes a directory. */
export function wallOf(table: Table): 'merchant' | 'store' | 'shared' | 'directory' {
  if (isDirectory(table)) return 'directory';
  const store = table.columns.find(({ name }) => name === 'store_id');
  if (!store || WALLED_BY_MERCHANT.has(table.name)) return 'merchant';
  return store.required ? 'store' : 'shared';
}

export function isTenantTable(table: Table): boolean {
  const owned = table.name === 'merchants' || table.columns.some(({ name }) => name === 'merchant_id');
  return owned && !isDirectory(table);
}

export function isDirectory({ name }: Table): boolean {
  return name.startsWith('directory_');
}
