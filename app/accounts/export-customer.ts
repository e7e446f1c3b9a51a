import type { Tenant, TenantTx } from '#core/db/tenant.ts';
import type { CustomerId } from '#core/values/ids.ts';
import { addressesOf } from '../customers/addresses.ts';
import { customerById, customerView } from '../customers/customer-queries.ts';
import { sessionsOf } from '../customers/customer-sessions.ts';
import type { CustomerExport, SavedCart } from './account-view.ts';
import { orderSummary, type OrderSummaryRow } from './customer-orders.ts';

/** The newest that an export holds; nobody has ordered more. */
const ORDERS_MAX = 10_000;
const POINTS_MAX = 50_000;

type ExportedOrder = CustomerExport['orders'][number];

interface ExportedOrderRow extends OrderSummaryRow {
  first_name: string;
  last_name: string;
  email: string | null;
  mobile: string | null;
  notes: string | null;
  address: ExportedOrder['address'];
  shipping_label: string | null;
  tracking_code: string | null;
  promotion_code: string | null;
  refunded_cents: number;
  cancel_reason: string | null;
  staff_notes: ExportedOrder['staff_notes'];
  lines: ExportedOrder['lines'];
}

interface PointsRow {
  delta: number;
  reason: string;
  note: string | null;
  number: number | null;
  at: Date;
}

/** Everything that is kept about a person, at all stores of the merchant. */
export async function exportCustomer(
  tx: TenantTx<Tenant>,
  customerId: CustomerId,
  now: Date,
): Promise<CustomerExport> {
  const customer = await customerById(tx, customerId);
  const sessions = await sessionsOf(tx, customerId);
  return {
    exported_at: now.toISOString(),
    customer: { ...customerView(customer), note: customer.note },
    addresses: await addressesOf(tx, customerId),
    orders: (await ordersOf(tx, customerId)).map(exportedOrder),
    points: (await pointsOf(tx, customerId)).map(({ number, at, ...change }) => ({
      ...change,
      order_number: number === null ? null : `#${number}`,
      at: at.toISOString(),
    })),
    email_changes: await emailChangesOf(tx, customerId),
    carts: await cartsOf(tx, customerId),
    sessions: sessions.map(({ created_at, seen_at }) => ({
      created_at: created_at.toISOString(),
      seen_at: seen_at.toISOString(),
    })),
  };
}

function exportedOrder(row: ExportedOrderRow): ExportedOrder {
  const { number: _number, store_slug: _slug, store_name: _name, ...order } = row;
  return { ...order, ...orderSummary(row) };
}

async function ordersOf(
  { sql, tenant }: TenantTx<Tenant>,
  customerId: CustomerId,
): Promise<ExportedOrderRow[]> {
  return sql<ExportedOrderRow[]>`
    SELECT o.public_id, o.number, o.status, o.fulfilment_type, o.placed_at, o.total_cents, o.currency, stores.slug AS store_slug,
      stores.name AS store_name, o.first_name, o.last_name, o.email, o.mobile, o.notes,
      CASE WHEN o.line1 IS NOT NULL THEN jsonb_build_object('country', o.country, 'state', o.state, 'postcode', o.postcode,
        'city', o.city, 'line1', o.line1, 'line2', o.line2) END AS address,
      o.shipping_label, o.tracking_code, o.promotion_code, o.refunded_cents, o.cancel_reason,
      (SELECT coalesce(jsonb_agg(body ORDER BY id), '[]') FROM order_notes
        WHERE merchant_id = o.merchant_id AND store_id = o.store_id AND order_id = o.id) AS staff_notes,
      lines.items, lines.lines
    FROM orders o JOIN stores ON stores.merchant_id = o.merchant_id AND stores.id = o.store_id
      CROSS JOIN LATERAL (
        SELECT coalesce(sum(quantity), 0)::int AS items, coalesce(jsonb_agg(jsonb_build_object('name', name, 'variant', variant_title,
          'choices', (SELECT coalesce(jsonb_agg(CASE quantity WHEN 1 THEN name ELSE quantity || ' × ' || name END ORDER BY position), '[]')
            FROM order_line_choices WHERE merchant_id = o.merchant_id AND store_id = o.store_id AND order_id = o.id
              AND line_position = line.position),
          'quantity', quantity, 'total_cents', total_cents) ORDER BY position), '[]') AS lines
        FROM order_lines AS line WHERE merchant_id = o.merchant_id AND store_id = o.store_id AND order_id = o.id) AS lines
    WHERE o.merchant_id = ${tenant.merchantId} AND o.customer_id = ${customerId}
    ORDER BY o.placed_at DESC, o.public_id DESC LIMIT ${ORDERS_MAX}`;
}

async function pointsOf({ sql, tenant }: TenantTx<Tenant>, customerId: CustomerId): Promise<PointsRow[]> {
  return sql<PointsRow[]>`
    SELECT delta, reason, note, number, at FROM loyalty_ledger AS l
      LEFT JOIN orders AS o ON o.merchant_id = l.merchant_id AND o.store_id = l.store_id AND o.id = l.order_id
    WHERE l.merchant_id = ${tenant.merchantId} AND l.customer_id = ${customerId} ORDER BY l.id DESC LIMIT ${POINTS_MAX}`;
}

async function emailChangesOf({ sql, tenant }: TenantTx<Tenant>, customerId: CustomerId) {
  const rows = await sql<{ email: string; created_at: Date }[]>`
    SELECT email, created_at FROM customer_email_changes
    WHERE merchant_id = ${tenant.merchantId} AND customer_id = ${customerId} ORDER BY id`;
  return rows.map(({ email, created_at }) => ({ email, asked_at: created_at.toISOString() }));
}

async function cartsOf({ sql, tenant }: TenantTx<Tenant>, customerId: CustomerId) {
  return sql<{ store: string; items: SavedCart['items'] }[]>`
    SELECT slug AS store, items FROM customer_carts AS c JOIN stores ON stores.merchant_id = c.merchant_id AND stores.id = c.store_id
    WHERE c.merchant_id = ${tenant.merchantId} AND c.customer_id = ${customerId} ORDER BY slug`;
}
