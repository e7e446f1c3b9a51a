import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { readCatalogue, type Catalogue } from './catalogue.ts';
import { inRolledBack } from './rolled-back.ts';
import { rules, type RuleName } from './rules.ts';
import { tenantTables } from './tenant-tables.ts';

/** For each rule a change that breaks it. What is reported must name the culprit and tell the author what to do. */
const BREACHES = {
  'a table is walled by its tenant, or is a directory': {
    sql: `CREATE TABLE vouchers (id bigint PRIMARY KEY)`,
    reported: /vouchers has no merchant_id/,
  },
  'row security is on, for the owner too': {
    sql: `CREATE TABLE vouchers (merchant_id bigint, id bigint)`,
    reported: /vouchers has row security off: CALL wall/,
  },
  'one policy lets the tenant in, by the expression of its wall': {
    sql: `CREATE TABLE vouchers (merchant_id bigint, store_id bigint NOT NULL); CALL wall('vouchers', 'merchant')`,
    reported: /vouchers: expected USING .*current_store.*CALL wall\('vouchers', 'store'\)/,
  },
  'no other policy lets anybody in': {
    sql: `CREATE POLICY support ON orders FOR SELECT TO storeflow_app USING (true)`,
    reported: /orders\.support \{storeflow_app\} SELECT opens orders/,
  },
  'merchant_id is never null': {
    sql: `CREATE TABLE vouchers (merchant_id bigint, id bigint)`,
    reported: /vouchers\.merchant_id .* NOT NULL/,
  },
  'every key of a tenant table includes the merchant': {
    sql: `CREATE TABLE vouchers (merchant_id bigint, code text PRIMARY KEY)`,
    reported: /vouchers_pkey is unique by \(code\)/,
  },
  'a foreign key stays within the merchant, and within the store where both sides have one': {
    sql: `ALTER TABLE orders ADD UNIQUE (merchant_id, id);
      CREATE TABLE vouchers (merchant_id bigint, store_id bigint NOT NULL, order_id bigint,
        FOREIGN KEY (merchant_id, order_id) REFERENCES orders (merchant_id, id))`,
    reported: /vouchers does not hold store_id to store_id of orders/,
  },
  'a column that names a row refers to it': {
    sql: `CREATE TABLE vouchers (merchant_id bigint, order_id bigint)`,
    reported: /vouchers\.order_id refers to nothing/,
  },
  'every index leads with the merchant': {
    sql: `CREATE INDEX orders_by_status ON orders (status, merchant_id)`,
    reported: /orders_by_status leads with status/,
  },
  'a delete finds what refers to the row by an index': {
    sql: `DROP INDEX products_of_category`,
    reported: /deleting from categories reads all of products: CREATE INDEX/,
  },
  'the roles that sign in have no power over the walls': {
    sql: `ALTER TABLE orders OWNER TO storeflow_app`,
    reported: /storeflow_app owns orders/,
  },
  'nobody else has a right, and no right is more than to read and write rows': {
    sql: `GRANT TRUNCATE ON customers TO storeflow_app`,
    reported: /storeflow_app may TRUNCATE customers/,
  },
  'partitions and the list of migrations are closed': {
    sql: `GRANT SELECT ON stream_events_default TO storeflow_app`,
    reported: /storeflow_app may SELECT stream_events_default/,
  },
  'history is only added to': {
    sql: `GRANT UPDATE (reason) ON loyalty_ledger TO storeflow_app`,
    reported: /storeflow_app may UPDATE loyalty_ledger\.reason/,
  },
  'what an order was when it was placed stays': {
    sql: `GRANT UPDATE (total_cents) ON orders TO storeflow_app`,
    reported: /UPDATE orders\.total_cents, which is frozen/,
  },
  'listeners cannot change the domain': {
    sql: `GRANT UPDATE ON stock_levels TO storeflow_listener`,
    reported: /storeflow_listener may UPDATE stock_levels/,
  },
  'the system role handles heads and deliveries, and sees nothing else': {
    sql: `GRANT SELECT ON customers TO storeflow_system`,
    reported: /storeflow_system may SELECT customers of all merchants/,
  },
  'hashes and fingerprints are for requests alone': {
    sql: `GRANT SELECT ON staff TO storeflow_listener`,
    reported: /storeflow_listener may SELECT staff\.password_hash/,
  },
  'views run as who asks, and nothing copies rows past the walls': {
    sql: `CREATE VIEW open_orders AS SELECT * FROM orders`,
    reported: /view open_orders runs as its owner/,
  },
  'functions run as who calls, and only those meant for it can be called': {
    sql: `CREATE FUNCTION peek() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM orders'`,
    reported: /function peek is SECURITY DEFINER/,
  },
  'the walls read the settings of the transaction': {
    sql: `CREATE OR REPLACE FUNCTION current_merchant() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT 1::bigint'`,
    reported: /current_merchant\(\): expected .*app\.merchant_id/,
  },
} satisfies Record<RuleName, { sql: string; reported: RegExp }>;

const names = Object.keys(rules) as RuleName[];

let db: TestDatabase;
let catalogue: Catalogue;
beforeAll(async () => {
  db = await testDatabase();
  catalogue = await readCatalogue(db.admin);
});
afterAll(() => db.close());

describe('the migrated database', () => {
  it('has tenant tables, foreign keys and rights for the rules to look at', () => {
    expect(tenantTables(catalogue).length).toBeGreaterThan(30);
    expect(catalogue.foreignKeys.length).toBeGreaterThan(50);
    expect(new Set(catalogue.rights.map(({ role }) => role)).size).toBe(3);
  });

  it.each(names)('keeps the rule: %s', (name) => {
    expect(rules[name](catalogue)).toEqual([]);
  });
});

describe('a breach is reported', () => {
  it.each(names)('of the rule: %s', async (name) => {
    const { sql, reported } = BREACHES[name];
    const found = await inRolledBack(db.admin, async (tx) => {
      await tx.unsafe(sql);
      return rules[name](await readCatalogue(tx));
    });
    expect(found.join('\n')).toMatch(reported);
  });
});
