import type postgres from 'postgres';
import type { TestStore } from '../support/merchants.ts';

const FIRST_NUMBER = 1001;
/** On the shelves before any is sold: ten shirts of each size. */
const PIECES = 30;

/** What the records of a store tell of its orders, each read where it is kept. */
export interface Books {
  readonly numbers: readonly number[];
  readonly last_number: number;
  readonly keys: number;
  readonly audited: number;
  readonly events: number;
  readonly told: number;
  /** Positions of the board's channel that hold no event. */
  readonly gaps: number;
  /** What is on the shelves and what was sold from them, and the same by the ledger. */
  readonly pieces: number;
  readonly ledger_pieces: number;
}

export async function booksOf(admin: postgres.Sql, { tenant, id }: TestStore): Promise<Books | undefined> {
  const at = admin`store_id = ${tenant.storeId}`;
  const board = `store.${id}.orders`;
  const [books] = await admin<Books[]>`
    WITH shelves AS (SELECT variant_id, quantity FROM stock_levels WHERE ${at}),
      sold AS (SELECT coalesce(sum(line.quantity), 0)::int AS pieces FROM order_lines AS line JOIN shelves USING (variant_id) WHERE ${at})
    SELECT
      (SELECT array_agg(number::int ORDER BY number) FROM orders WHERE ${at}) AS numbers,
      (SELECT last_number::int FROM order_counters WHERE ${at}) AS last_number,
      (SELECT count(*)::int FROM idempotency_keys WHERE ${at}) AS keys,
      (SELECT count(*)::int FROM audit_log WHERE ${at} AND action = 'order.placed') AS audited,
      (SELECT count(*)::int FROM domain_events WHERE ${at} AND type = 'OrderCreated') AS events,
      (SELECT count(*)::int FROM stream_events WHERE channel = ${board} AND type = 'OrderCreated') AS told,
      (SELECT last_seq::int - (SELECT count(*)::int FROM stream_events WHERE channel = ${board})
        FROM stream_heads WHERE channel = ${board}) AS gaps,
      (SELECT sum(quantity)::int FROM shelves) + sold.pieces AS pieces,
      (SELECT sum(delta)::int FROM stock_ledger WHERE ${at}) + sold.pieces AS ledger_pieces
    FROM sold`;
  return books;
}

/** The books of a store with so many orders, each of them written whole and once. */
export function booksWith(orders: number): Books {
  return {
    numbers: Array.from({ length: orders }, (_, index) => FIRST_NUMBER + index),
    last_number: FIRST_NUMBER + orders - 1,
    keys: orders,
    audited: orders,
    events: orders,
    told: orders,
    gaps: 0,
    pieces: PIECES,
    ledger_pieces: PIECES,
  };
}
