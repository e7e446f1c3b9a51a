import type { Catalogue, Right } from './catalogue.ts';
import { SIGN_IN_ROLES } from './catalogue.ts';
import { deletableTables, type Rule } from './shape-rules.ts';

const VERBS = new Set(['SELECT', 'INSERT', 'UPDATE', 'DELETE']);

/** What was, is: a request adds rows and reads them, and neither changes nor removes one. */
const HISTORY = [
  'audit_log',
  'stock_ledger',
  'loyalty_ledger',
  'domain_events',
  'stream_events',
  'order_lines',
  'order_line_choices',
  'order_taxes',
  'directory_orders',
  'refund_lines',
];

/** What may turn out later without changing what happened. */
const FOUND_OUT_LATER = new Map([
  ['UPDATE loyalty_ledger.customer_id', 'two records prove to be one person, and are merged'],
  ['UPDATE loyalty_ledger.note', 'what staff wrote of a person goes when they are erased'],
]);

/** Columns of an order that are frozen when it is placed: all amounts but the one that counts what went back. */
const FROZEN =
  /^orders\.(merchant_id|store_id|id|public_id|number|fulfilment_type|currency|placed_at|promotion_code|loyalty_points_spent|(?!refunded_).*_cents)$/;

/** History that may go with what it tells of. */
const GOES_WITH = new Map([
  ['stock_ledger', 'a variant that was ever ordered cannot be deleted, and the others have nothing to tell'],
]);

/** All that a listener may write: news, events of its own, the state of its deliveries. */
const LISTENER_WRITES = new Set([
  'INSERT notifications',
  'INSERT mail_log',
  'INSERT webhook_deliveries',
  ...['state', 'next_attempt_at', 'lease_until', 'lease_token', 'attempted_at'].map(
    (column) => `UPDATE webhook_deliveries.${column}`,
  ),
  ...['response_code', 'response_body', 'duration_ms', 'failure'].map(
    (column) => `UPDATE webhook_deliveries.${column}`,
  ),
  ...['failing_since', 'paused_at', 'failures_in_row', 'rests_until'].map(
    (column) => `UPDATE webhook_endpoints.${column}`,
  ),
  'INSERT domain_events',
  'INSERT stream_events',
  'INSERT stream_heads',
  'INSERT event_deliveries',
  'UPDATE stream_heads.last_seq',
  ...deliveryState(['state', 'next_attempt_at', 'lease_until', 'lease_token', 'last_error']),
]);

/** All that the system role may do, with the rows of every merchant before it. */
const SYSTEM_DOES = new Set([
  ...['merchant_id', 'channel', 'epoch', 'last_seq'].map((column) => `SELECT stream_heads.${column}`),
  'SELECT event_deliveries',
  ...deliveryState(['state', 'attempts', 'next_attempt_at', 'lease_until', 'lease_token', 'last_error']),
  ...[
    'merchant_id',
    'id',
    'endpoint_id',
    'state',
    'attempts',
    'next_attempt_at',
    'lease_until',
    'lease_token',
  ].map((column) => `SELECT webhook_deliveries.${column}`),
  ...['state', 'attempts', 'lease_until', 'lease_token'].map(
    (column) => `UPDATE webhook_deliveries.${column}`,
  ),
  ...['merchant_id', 'id', 'rests_until'].map((column) => `SELECT webhook_endpoints.${column}`),
]);

const SECRETS = /(^password_hash|^token_hash|^fingerprint|^sealed_\w+|secret)$/;

/** What the roles call; everything else in `public` is for migrations. */
const CALLED = new Set(['current_merchant', 'current_store', 'database_timeline']);

const SETTINGS = { current_merchant: 'app.merchant_id', current_store: 'app.store_id' };

export const rightRules = {
  'the roles that sign in have no power over the walls': ({ roles }) => {
    const missing = SIGN_IN_ROLES.filter((name) => !roles.some((role) => role.name === name));
    return [
      ...missing.map((name) => `${name} does not exist: see core/db/roles.ts`),
      ...roles.flatMap(({ name, powers }) =>
        powers.map((power) => `${name} has ${power}: ALTER ROLE ${name} NO${power}`),
      ),
      ...roles
        .filter(({ name }) => SIGN_IN_ROLES.includes(name))
        .flatMap(({ name, owns, memberOf, createsInSchema }) => [
          ...owns.map(
            (thing) => `${name} owns ${thing}, and owners pass walls: ALTER … OWNER TO storeflow_owner`,
          ),
          ...memberOf.map((other) => `${name} has the rights of ${other}: REVOKE ${other} FROM ${name}`),
          ...(createsInSchema
            ? [`${name} may create in the schema public: REVOKE CREATE ON SCHEMA public`]
            : []),
        ]),
    ];
  },

  'nobody else has a right, and no right is more than to read and write rows': ({ rights }) =>
    rights
      .filter(({ role, verb }) => !SIGN_IN_ROLES.includes(role) || !VERBS.has(verb))
      .map((right) => `${right.role} may ${told(right)}: REVOKE it`),

  'partitions and the list of migrations are closed': ({ rights, tables }) => {
    const closed = tables.filter(({ name, isPartition }) => isPartition || name === 'schema_migrations');
    return rights
      .filter(({ table }) => closed.some(({ name }) => name === table))
      .map((right) => `${right.role} may ${told(right)}, past every wall: REVOKE it`);
  },

  'history is only added to': (catalogue) => {
    const deletable = deletableTables(catalogue);
    return [
      ...rightsOf(catalogue, 'storeflow_app')
        .filter(({ table, verb }) => HISTORY.includes(table) && (verb === 'UPDATE' || verb === 'DELETE'))
        .filter((right) => !FOUND_OUT_LATER.has(told(right)))
        .map((right) => `storeflow_app may ${told(right)}: a correction is another row; REVOKE it`),
      ...HISTORY.filter((table) => deletable.has(table) && !GOES_WITH.has(table)).map(
        (table) =>
          `${table} goes by ON DELETE CASCADE with rows that can be deleted: RESTRICT it, or REVOKE DELETE there`,
      ),
    ];
  },

  'what an order was when it was placed stays': (catalogue) =>
    rightsOf(catalogue, 'storeflow_app')
      .filter(({ table, verb }) => table === 'orders' && verb === 'UPDATE')
      .filter(({ column }) => column === null || FROZEN.test(`orders.${column}`))
      .map(
        (right) =>
          `storeflow_app may ${told(right)}, which is frozen: GRANT UPDATE on the columns that do change`,
      ),

  'listeners cannot change the domain': (catalogue) =>
    rightsOf(catalogue, 'storeflow_listener')
      .filter((right) => right.verb !== 'SELECT' && !LISTENER_WRITES.has(told(right)))
      .map(
        (right) =>
          `storeflow_listener may ${told(right)}: let it record an event, or list the right here if the table is the listener's own`,
      ),

  'the system role handles heads and deliveries, and sees nothing else': (catalogue) =>
    rightsOf(catalogue, 'storeflow_system')
      .filter((right) => !SYSTEM_DOES.has(told(right)))
      .map((right) => `storeflow_system may ${told(right)} of all merchants: REVOKE it`),

  'hashes and fingerprints are for requests alone': ({ rights, tables }) =>
    rights
      .filter(({ role, verb }) => role !== 'storeflow_app' && verb === 'SELECT')
      .flatMap(({ role, table, column }) => {
        const columns = column
          ? [column]
          : (tables.find(({ name }) => name === table)?.columns ?? []).map(({ name }) => name);
        return columns
          .filter((name) => SECRETS.test(name))
          .map((name) => `${role} may SELECT ${table}.${name}: GRANT SELECT on the columns that it needs`);
      }),

  'views run as who asks, and nothing copies rows past the walls': ({ views }) =>
    views
      .filter(({ kind, runsAsCaller }) => kind !== 'view' || !runsAsCaller)
      .map(({ name, kind }) =>
        kind === 'view'
          ? `view ${name} runs as its owner: WITH (security_invoker = true)`
          : `${kind} ${name} has no row security: make it a table with a wall`,
      ),

  'functions run as who calls, and only those meant for it can be called': ({ functions }) => [
    ...functions
      .filter(({ runsAsOwner }) => runsAsOwner)
      .map(({ name }) => `function ${name} is SECURITY DEFINER: make it SECURITY INVOKER`),
    ...functions
      .filter(({ name, callers }) => callers.length > 0 && !CALLED.has(name))
      .map(
        ({ name, callers }) =>
          `function ${name} may be called by ${callers.join(', ')}: REVOKE ALL … FROM PUBLIC`,
      ),
  ],

  'the walls read the settings of the transaction': ({ functions }) =>
    Object.entries(SETTINGS)
      .map(([name, setting]) => ({
        name,
        expected: `SELECT NULLIF(current_setting('${setting}', true), '')::bigint`,
        received: functions.find((each) => each.name === name)?.body,
      }))
      .filter(({ expected, received }) => expected !== received)
      .map(({ name, expected, received }) => `${name}(): expected ${expected}, received ${received}`),
} satisfies Record<string, Rule>;

function rightsOf({ rights }: Catalogue, role: string): Right[] {
  return rights.filter((right) => right.role === role);
}

function told({ verb, table, column }: Right): string {
  return column === null ? `${verb} ${table}` : `${verb} ${table}.${column}`;
}

function deliveryState(columns: readonly string[]): string[] {
  return columns.map((column) => `UPDATE event_deliveries.${column}`);
}
