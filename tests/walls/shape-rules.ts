import type { Catalogue, ForeignKey, Policy, Table } from './catalogue.ts';
import {
  directories,
  isDirectory,
  isTenantTable,
  merchantColumn,
  tenantTables,
  walledTables,
  wallOf,
} from './tenant-tables.ts';

/** A rule reads the catalogue and answers a sentence for each thing that is wrong: where, what was found, what to do. */
export type Rule = (catalogue: Catalogue) => string[];

const MERCHANT = '(merchant_id = ( SELECT current_merchant() AS current_merchant))';
const CURRENT_STORE = '( SELECT current_store() AS current_store)';

/** What `wall(table, kind)` makes of each kind, as PostgreSQL prints it, in one line. */
const EXPRESSIONS = {
  merchant: MERCHANT,
  store: `(${MERCHANT} AND CASE WHEN (${CURRENT_STORE} IS NULL) THEN true ELSE (store_id = ${CURRENT_STORE}) END)`,
  shared: `(${MERCHANT} AND ((store_id IS NULL) OR (${CURRENT_STORE} IS NULL) OR (store_id = ${CURRENT_STORE})))`,
  directory: MERCHANT,
};

/** Policies beside the tenant's, as `table.policy role command`. */
const OTHER_POLICIES = new Set([
  'stream_heads.system_heads {storeflow_system} SELECT',
  'event_deliveries.system_deliveries {storeflow_system} ALL',
  'event_deliveries.owner_sees {storeflow_owner} SELECT',
  'event_deliveries.owner_prunes {storeflow_owner} DELETE',
  'webhook_deliveries.system_deliveries {storeflow_system} ALL',
  'webhook_endpoints.system_rests {storeflow_system} SELECT',
  'loose_files.owner_sweeps {storeflow_owner} ALL',
  'loose_files.owner_notes {storeflow_owner} INSERT',
  ...[
    'staff_sessions',
    'customer_sessions',
    'customer_registrations',
    'customer_password_resets',
    'customer_email_changes',
    'staff_invitations',
    'notifications',
    'idempotency_keys',
    'webhook_deliveries',
    'mail_log',
    'store_slots',
  ].map((table) => `${table}.owner_prunes {storeflow_owner} ALL`),
]);

/** Columns that are named like a reference and are none. */
const NOT_REFERENCES = new Map([
  ['audit_log.actor_id', 'history outlives whom it tells of'],
  ['stock_ledger.actor_id', 'history outlives whom it tells of'],
  ['audit_log.entity_id', 'names an entity of any kind'],
  ['audit_log.request_id', 'names a request'],
  ['customers.public_id', 'the row’s own token'],
  ['orders.public_id', 'the row’s own token'],
  ['domain_events.entity_id', 'names an entity of any kind'],
  ['stream_events.entity_id', 'names an entity of any kind'],
  ['stream_events.event_id', 'streams and facts are pruned apart'],
  ['refunds.actor_id', 'history outlives whom it tells of'],
  ['notifications.event_id', 'a notification outlives its event'],
  ['webhook_deliveries.event_id', 'what was sent outlives its event'],
  ['mail_log.event_id', 'what was mailed outlives its event'],
  ['product_words.store_id', 'refers to its product by what `owner` makes of it'],
  ['loose_files.merchant_id', 'files outlive their merchant until they are swept away'],
]);

const NOT_LED_BY_MERCHANT = new Map([
  ['event_deliveries_due', 'the relay asks for what is due, whosever it is'],
  ['webhook_deliveries_by_age', 'old ones are removed, whosever they are'],
  ['mail_log_by_age', 'what is old is pruned, whosever it is'],
  ['store_slots_by_age', 'what is old is pruned, whosever it is'],
]);

/** References without an index of their own although what they refer to can be deleted. */
const SELDOM_DELETED = new Map([
  ['orders.shipping_method_id', 'methods are seldom deleted, and the index would cost every order'],
]);

export const shapeRules = {
  'a table is walled by its tenant, or is a directory': ({ tables }) =>
    tables
      .filter((table) => table.name !== 'schema_migrations' && !table.isPartition)
      .filter((table) => !isTenantTable(table) && !isDirectory(table))
      .map(
        ({ name }) =>
          `${name} has no merchant_id: add one and CALL wall('${name}', …), or call it directory_… if it is read before the tenant is known`,
      ),

  'row security is on, for the owner too': (catalogue) =>
    walledTables(catalogue)
      .filter(({ rowSecurity, forced }) => !rowSecurity || !forced)
      .map(
        ({ name, rowSecurity }) =>
          `${name} has row security ${rowSecurity ? 'on but not forced' : 'off'}: CALL wall('${name}', …) in the migration that makes it`,
      ),

  'one policy lets the tenant in, by the expression of its wall': (catalogue) =>
    walledTables(catalogue).flatMap((table) => wrongTenantPolicy(table, catalogue.policies)),

  'no other policy lets anybody in': ({ policies, tables }) =>
    policies
      .filter((policy) => policy.name !== 'tenant' && !OTHER_POLICIES.has(told(policy)))
      .filter((policy) => !isLookup(policy, tables))
      .map(
        (policy) =>
          `${told(policy)} opens ${policy.table} beside its wall: drop it, or list it here with its reader`,
      ),

  'merchant_id is never null': (catalogue) =>
    [...tenantTables(catalogue), ...directories(catalogue)].flatMap((table) =>
      table.columns
        .filter(({ name, type, required }) => name === 'merchant_id' && (!required || type !== 'bigint'))
        .map(({ type }) => `${table.name}.merchant_id is ${type} and may be null: make it bigint NOT NULL`),
    ),

  'every key of a tenant table includes the merchant': (catalogue) =>
    tenantTables(catalogue).flatMap((table) => {
      const keys = catalogue.indexes.filter((index) => index.table === table.name && index.unique);
      const without = keys.filter(({ columns }) => !columns.includes(merchantColumn(table)));
      return [
        ...(keys.some(({ primary }) => primary)
          ? []
          : [`${table.name} has no primary key: PRIMARY KEY (merchant_id, …)`]),
        ...without.map(
          ({ name, columns }) =>
            `${name} is unique by (${columns.join(', ')}) for all merchants: begin it with merchant_id`,
        ),
      ];
    }),

  'a foreign key stays within the merchant, and within the store where both sides have one': (catalogue) =>
    catalogue.foreignKeys.flatMap((key) => wrongForeignKey(key, catalogue.tables)),

  'a column that names a row refers to it': (catalogue) =>
    [...tenantTables(catalogue), ...directories(catalogue)].flatMap((table) =>
      table.columns
        .filter(({ name }) => /_(id|by)$/.test(name) && !NOT_REFERENCES.has(`${table.name}.${name}`))
        .filter(({ name }) => !isHeld(table, name, catalogue.foreignKeys))
        .map(
          ({ name }) =>
            `${table.name}.${name} refers to nothing that is always there: add FOREIGN KEY (merchant_id, …, ${name}), or list it here with a reason`,
        ),
    ),

  'every index leads with the merchant': (catalogue) =>
    tenantTables(catalogue).flatMap((table) =>
      catalogue.indexes
        .filter((index) => index.table === table.name && !NOT_LED_BY_MERCHANT.has(index.name))
        .filter((index) => index.columns[0] !== merchantColumn(table))
        .map(
          (index) =>
            `${index.name} leads with ${index.columns[0] ?? ''}: a query of one merchant would read everyone's; begin it with merchant_id`,
        ),
    ),

  'a delete finds what refers to the row by an index': (catalogue) => {
    const deletable = deletableTables(catalogue);
    return catalogue.foreignKeys
      .filter((key) => deletable.has(key.target) && !hasIndex(key, catalogue))
      .filter((key) => !SELDOM_DELETED.has(`${key.table}.${key.columns.at(-1)}`))
      .map(
        (key) =>
          `deleting from ${key.target} reads all of ${key.table}: CREATE INDEX … ON ${key.table} (${key.columns.join(', ')})`,
      );
  },
} satisfies Record<string, Rule>;

/** Tables from which a request can delete, by its own right or through a cascade. */
export function deletableTables({ rights, foreignKeys }: Catalogue): ReadonlySet<string> {
  const deletable = new Set(rights.filter(({ verb }) => verb === 'DELETE').map(({ table }) => table));
  for (let grown = true; grown;) {
    const reached = foreignKeys.filter(
      ({ onDelete, target, table }) =>
        onDelete === 'cascade' && deletable.has(target) && !deletable.has(table),
    );
    for (const { table } of reached) deletable.add(table);
    grown = reached.length > 0;
  }
  return deletable;
}

function wrongTenantPolicy(table: Table, policies: readonly Policy[]): string[] {
  const policy = policies.find(({ table: owner, name }) => owner === table.name && name === 'tenant');
  const kind = wallOf(table);
  const advice = `CALL wall('${table.name}', '${kind}')`;
  if (!policy) return [`${table.name} has no policy "tenant": ${advice}`];
  const expected = EXPRESSIONS[kind].replace('merchant_id', merchantColumn(table));
  const who = '{storeflow_app,storeflow_listener} ALL PERMISSIVE';
  const found = `{${policy.roles.join(',')}} ${policy.command} ${policy.permissive}`;
  return [
    ...(found === who ? [] : [`${table.name}: expected a policy for ${who}, received ${found}: ${advice}`]),
    ...(['using', 'check'] as const)
      .filter((clause) => policy[clause]?.replaceAll(/\s+/g, ' ') !== expected)
      .map(
        (clause) =>
          `${table.name}: expected ${clause.toUpperCase()} ${expected}, received ${policy[clause]}: ${advice}`,
      ),
  ];
}

function told({ table, name, roles, command }: Policy): string {
  return `${table}.${name} {${roles.join(',')}} ${command}`;
}

/** A directory is read by everybody: that is what it is for. */
function isLookup(policy: Policy, tables: readonly Table[]): boolean {
  const table = tables.find(({ name }) => name === policy.table);
  return Boolean(
    table && isDirectory(table) && told(policy) === `${table.name}.lookup {storeflow_app} SELECT`,
  );
}

function wrongForeignKey(key: ForeignKey, tables: readonly Table[]): string[] {
  const source = tables.find(({ name }) => name === key.table);
  const target = tables.find(({ name }) => name === key.target);
  if (!source || !target) return [];
  const pairs = new Set(key.columns.map((column, place) => `${column}=${key.targetColumns[place]}`));
  const wanted = [`merchant_id=${merchantColumn(target)}`];
  if ([source, target].every(hasStore)) wanted.push('store_id=store_id');
  return wanted
    .filter((pair) => !pairs.has(pair))
    .map(
      (pair) =>
        `${key.name} of ${key.table} does not hold ${pair.replace('=', ' to ')} of ${key.target}: make it a composite key`,
    );
}

function hasStore({ columns }: Table): boolean {
  return columns.some(({ name, required }) => name === 'store_id' && required);
}

/** A nullable column beside it switches a composite key off, so such a key holds only that nullable column. */
function isHeld(table: Table, column: string, keys: readonly ForeignKey[]): boolean {
  const required = new Set(table.columns.filter((each) => each.required).map(({ name }) => name));
  return keys.some(
    (key) =>
      key.table === table.name &&
      key.columns.includes(column) &&
      key.columns.every((other) => other === column || required.has(other) || !required.has(column)),
  );
}

/** By an index that narrows to what the key names, not only to its merchant or store. */
function hasIndex(key: ForeignKey, { indexes }: Catalogue): boolean {
  const named = key.columns.filter((column) => !/^(merchant|store)_id$/.test(column));
  return indexes
    .filter((index) => index.table === key.table && !index.partial)
    .map(({ columns }) => leading(columns, key.columns))
    .some((used) => (named.length > 0 ? named.some((column) => used.includes(column)) : used.length > 0));
}

function leading(columns: readonly string[], wanted: readonly string[]): readonly string[] {
  const other = columns.findIndex((column) => !wanted.includes(column));
  return other === -1 ? columns : columns.slice(0, other);
}
