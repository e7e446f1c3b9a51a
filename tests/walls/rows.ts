import { randomBytes, randomUUID } from 'node:crypto';
import type postgres from 'postgres';
import type { Catalogue, Column, Table } from './catalogue.ts';

/** A row as JSON, which PostgreSQL turns into any type and back. */
export type Row = Readonly<Record<string, unknown>>;

/** The rows that new rows refer to, one of each table. */
export type Household = ReadonlyMap<string, Row>;

type Schema = Pick<Catalogue, 'tables' | 'foreignKeys'>;

const MINUTES_OF_DAY = 1440;
const DAY_MS = MINUTES_OF_DAY * 60_000;
const SLOT_MS = 15 * 60_000;

/**
 * Values for columns whose checks ask for more than a type, by `table.column` or by column. A new table needs an entry only when its row is
 * refused. Nullable columns stay empty unless they are part of a foreign key or listed with their table.
 */
const SAMPLES: Readonly<Record<string, unknown>> = {
  currency: 'AUD',
  country: 'AU',
  public_id: () => word().padStart(22, '0'),
  kind: 'news',
  'audit_log.actor_kind': 'system',
  'audit_log.action': 'store.opened',
  'customer_carts.items': [],
  'loyalty_ledger.reason': 'clawed_back',
  'loyalty_programmes.reward_percent': 10,
  'loyalty_programmes.points_per_currency_unit': 1,
  'stripe_accounts.account': () => `acct_${word()}`,
  'stripe_accounts.livemode': false,
  'stripe_accounts.publishable_key': () => `pk_test_${word()}`,
  'stripe_accounts.key_last4': '4242',
  'stripe_accounts.webhook_token': () => word().padStart(22, '0'),
  'webhook_endpoints.url': 'https://shop.example/hook',
  'webhook_endpoints.event_types': () => ['OrderCreated'],
  'loose_files.file': () => `u${String(next()).padStart(40, '0')}.webp`,
  'mail_log.mailing': 'order',
  'mail_log.mail': 'order_placed',
  'mail_log.outcome': 'sent',
  'order_line_choices.quantity': 1,
  'order_lines.quantity': 1,
  'order_lines.unit_cents': 500,
  'order_lines.total_cents': 500,
  'orders.email': 'kim@example.com',
  'orders.fulfilment_type': 'pickup',
  'orders.items_cents': 500,
  'orders.payment_method': 'manual',
  'orders.shipping_cents': 0,
  'orders.total_cents': 500,
  'promotion_redemptions.released_at': '2030-01-01T00:00:00Z',
  'promotions.code': () => word().toUpperCase(),
  'promotions.kind': 'free_shipping',
  'payments.method': 'test',
  'payments.order_token': () => word().padStart(22, '0'),
  'payments.reference': () => word(),
  'payments.settled_at': '2030-01-01T00:00:00Z',
  'payments.state': 'captured',
  'payments.token': () => word().padStart(22, '0'),
  'product_images.file': 'a.webp',
  'product_words.place': 1,
  'refund_lines.quantity': 1,
  'refunds.actor_kind': 'system',
  'refunds.token': () => word().padStart(22, '0'),
  'product_imports.state': 'done',
  'product_imports.finished_at': '2030-01-01T00:00:00Z',
  'shipping_methods.type': 'flat',
  'shipping_zone_postcodes.prefix': 'SW1',
  'shipping_zone_states.state': () => word().toUpperCase(),
  'api_key_scopes.scope': 'orders.see',
  'staff.role': 'staff',
  opens_minute: () => next() % MINUTES_OF_DAY,
  closes_minute: MINUTES_OF_DAY,
  'store_hours.weekday': 1,
  'store_slots.slot_at': () => new Date(next() * SLOT_MS).toISOString(),
  'store_special_days.day': () => new Date(next() * DAY_MS).toISOString().slice(0, 10),
  'staff_invitations.role': 'staff',
  'stock_ledger.reason': 'order_placed',
  'word_trigrams.trigram': () => word().slice(-3),
};

const BY_TYPE: Readonly<Record<string, () => unknown>> = {
  bigint: next,
  integer: next,
  text: word,
  uuid: () => randomUUID(),
  bytea: () => `\\x${randomBytes(32).toString('hex')}`,
  jsonb: () => ({}),
  boolean: () => true,
  date: () => '2030-01-01',
  'timestamp with time zone': () => '2030-01-01T00:00:00Z',
};

/** The tables in an order in which their rows can be made: what is referred to comes first. */
export function inOrderOfReference(tables: readonly Table[], foreignKeys: Catalogue['foreignKeys']): Table[] {
  const ordered: Table[] = [];
  const visit = (table: Table) => {
    if (ordered.includes(table)) return;
    for (const key of foreignKeys.filter((each) => each.table === table.name && each.target !== table.name)) {
      const target = tables.find(({ name }) => name === key.target);
      if (target) visit(target);
    }
    ordered.push(table);
  };
  // What outlives its merchant does not refer to it, and is one's all the same.
  tables.filter(({ name }) => name === 'merchants').forEach(visit);
  tables.forEach(visit);
  return ordered;
}

/** What PostgreSQL makes of another column, where a key refers by it: who gives the other gives both. */
const MADE_OF: Readonly<Record<string, string>> = { owner: 'store_id' };

/** A new row that refers to the household in all its foreign keys, except to others of its own table. */
export function newRow(table: Table, household: Household, { foreignKeys }: Schema): Row {
  const references = foreignKeys
    .filter((key) => key.table === table.name && key.target !== table.name)
    .flatMap((key) =>
      key.columns.map((column, place) => {
        const target = key.targetColumns[place] ?? '';
        return [MADE_OF[column] ?? column, household.get(key.target)?.[MADE_OF[target] ?? target]];
      }),
    );
  const samples = table.columns
    .filter((column) => isSampled(table, column))
    .map((column) => [column.name, sample(table, column)]);
  const owner = table.columns.some(({ name }) => name === 'merchant_id')
    ? [['merchant_id', household.get('merchants')?.['id']]]
    : [];
  return Object.fromEntries([...samples, ...owner, ...references]);
}

/** Inserts the row; answers it as it is kept. */
export async function insertRow(sql: postgres.ISql, table: Table, row: Row): Promise<Row> {
  const [inserted] = await sql<{ row: Row }[]>`${insertion(sql, table, row)} RETURNING to_jsonb(kept) AS row`;
  if (!inserted) throw new Error(`insertRow: ${table.name} returned no row`);
  return inserted.row;
}

/** The statement without its end. What PostgreSQL makes up itself is left to it. */
export function insertion(sql: postgres.ISql, table: Table, row: Row): postgres.PendingQuery<postgres.Row[]> {
  const given = table.columns.filter(({ name, generated }) => name in row && !generated);
  const columns = sql(given.map(({ name }) => name));
  return sql`
    INSERT INTO ${sql(table.name)} AS kept (${columns})
    SELECT ${columns} FROM jsonb_populate_record(NULL::${sql(table.name)}, ${sql.json(row as never)})`;
}

function isSampled(table: Table, { name, required, filled }: Column): boolean {
  return (required && !filled) || `${table.name}.${name}` in SAMPLES;
}

function sample(table: Table, { name, type }: Column): unknown {
  const listed = SAMPLES[`${table.name}.${name}`] ?? SAMPLES[name];
  const value = listed ?? BY_TYPE[type];
  if (value === undefined)
    throw new Error(`rows.ts: expected a sample for ${table.name}.${name} (${type}), found none: add one`);
  return typeof value === 'function' ? value() : value;
}

let made = 0;

function next(): number {
  return ++made;
}

/** Never the same twice: long enough for keys, short and plain enough for slugs. */
function word(): string {
  return `w${String(next()).padStart(9, '0')}`;
}
