import { containing } from '#core/db/like-pattern.ts';
import { secretHash } from '#core/security/secret-token.ts';
import type { Fragment, StoreTenant, Tenant, TenantTx } from '#core/db/tenant.ts';
import type { Database } from '#core/db/database.ts';
import type { CustomerId, MerchantId, OrderId, StoreId } from '#core/values/ids.ts';
import { refusal } from '../errors.ts';
import { isFinal, type FulfilmentType, type OrderStatus, type ShippingStatus } from './order.ts';

/** An order as it is read: its row, its lines with their choices, and the name of who handles it. */
export interface OrderRow {
  id: OrderId;
  public_id: string;
  number: number;
  version: number;
  status: OrderStatus;
  fulfilment_type: FulfilmentType;
  customer_id: CustomerId;
  first_name: string;
  last_name: string;
  email: string | null;
  mobile: string | null;
  notes: string | null;
  /** What the customer reads in. */
  locale: string;
  payment_method: string;
  currency: string;
  items_cents: number;
  shipping_cents: number;
  shipping_discount_cents: number;
  shipping_tax_cents: number;
  discount_cents: number;
  tax_cents: number;
  tax_included_cents: number;
  total_cents: number;
  refunded_cents: number;
  promotion_code: string | null;
  promotion_cents: number;
  loyalty_points_spent: number;
  loyalty_cents: number;
  shipping_label: string | null;
  shipping_status: ShippingStatus | null;
  country: string | null;
  state: string | null;
  postcode: string | null;
  city: string | null;
  line1: string | null;
  line2: string | null;
  tracking_code: string | null;
  tracking_url: string | null;
  cancel_reason: string | null;
  handled_by_name: string | null;
  placed_at: Date;
  promised_at: Date | null;
  /** The quarter of an hour in which it holds a place; null where there are as many as come. */
  slot_at: Date | null;
  accepted_at: Date | null;
  started_at: Date | null;
  ready_at: Date | null;
  completed_at: Date | null;
  cancelled_at: Date | null;
  lines: OrderLineRow[];
  taxes: OrderTaxRow[];
}

/** A tax of an order, as its receipt lists it. */
export interface OrderTaxRow {
  name: string;
  rate_millipercent: number;
  net_cents: number;
  tax_cents: number;
}

export interface OrderLineRow {
  name: string;
  variant_title: string;
  quantity: number;
  /** Of these, those that were not there when it was ordered. */
  backordered: number;
  unit_cents: number;
  total_cents: number;
  discount_cents: number;
  tax_cents: number;
  choices: { group_name: string; name: string; quantity: number; price_delta_cents: number }[];
}

/** Final orders stay on the board this long, folded. In hours. */
const BOARD_FINAL_HOURS = 12;
/** No board shows more; the oldest open orders come first. */
const BOARD_ORDERS_MAX = 1000;
export const HISTORY_PAGE_SIZE = 50;

/** Finds whose order a token names, before any tenant is bound. Null when there is none. */
export async function orderTenantByPublicId(
  { directory }: Database,
  publicId: string,
): Promise<StoreTenant | null> {
  const [row] = await directory<{ merchant_id: MerchantId; store_id: StoreId }[]>`
    SELECT merchant_id, store_id FROM directory_orders WHERE token_hash = ${secretHash(publicId)}`;
  return row ? { merchantId: row.merchant_id, storeId: row.store_id } : null;
}

/** One order by its token. Refuses with ORDER_NOT_FOUND, for another tenant's as for one that does not exist. */
export async function orderByPublicId(tx: TenantTx<StoreTenant>, publicId: string): Promise<OrderRow> {
  const { sql, tenant } = tx;
  const [order] = await sql<OrderRow[]>`
    ${orderColumns(tx)} WHERE o.merchant_id = ${tenant.merchantId} AND o.store_id = ${tenant.storeId} AND o.public_id = ${publicId}`;
  if (!order) throw refusal('ORDER_NOT_FOUND', 'There is no order with this id at this store.');
  return order;
}

/** What the board shows: all open orders, and the final ones of the last hours. Oldest first. */
export async function boardOrders(tx: TenantTx<StoreTenant>): Promise<OrderRow[]> {
  const { sql, tenant } = tx;
  // Each by an index of its own: together they are looked for in all that the store ever sold.
  const ofStore = sql`SELECT * FROM orders WHERE merchant_id = ${tenant.merchantId} AND store_id = ${tenant.storeId}`;
  const lately = sql`now() - make_interval(hours => ${BOARD_FINAL_HOURS})`;
  const onBoard = sql`(${ofStore} AND ${isOpen(tx)}
    UNION ALL ${ofStore} AND completed_at > ${lately}
    UNION ALL ${ofStore} AND cancelled_at > ${lately})`;
  return sql<OrderRow[]>`
    ${orderColumns(tx, onBoard)} ORDER BY o.placed_at, o.id LIMIT ${BOARD_ORDERS_MAX}`;
}

/** Statuses in words of the indexes of orders: PostgreSQL takes one for them only if it sees them. */
function isOpen({ sql }: Pick<TenantTx, 'sql'>) {
  return sql`status IN ('pending', 'accepted', 'in_progress', 'packing', 'ready', 'shipped')`;
}

export interface HistoryFilter {
  readonly status?: OrderStatus | undefined;
  /** An order number, or part of a customer's name or e-mail address. */
  readonly search?: string | undefined;
  readonly placedFrom?: Date | undefined;
  /** The end, which is not included. */
  readonly placedBefore?: Date | undefined;
  /** The last row of the page before. */
  readonly after?: { readonly placedAt: Date; readonly number: number } | undefined;
}

/** Orders of all times, newest first, a page and one more row that tells whether another page follows. */
export async function orderHistory(
  tx: TenantTx<StoreTenant>,
  filter: HistoryFilter & { readonly limit: number },
): Promise<OrderRow[]> {
  const { sql, tenant } = tx;
  return sql<OrderRow[]>`
    ${orderColumns(tx)} WHERE o.merchant_id = ${tenant.merchantId} AND o.store_id = ${tenant.storeId}
      ${withStatus(tx, filter)} ${matching(tx, filter)} ${placedWithin(tx, filter)} ${before(tx, filter)}
    ORDER BY o.placed_at DESC, o.number DESC LIMIT ${filter.limit + 1}`;
}

function withStatus(tx: TenantTx, { status }: HistoryFilter) {
  if (!status) return tx.sql``;
  const ofStatus = tx.sql`AND o.status = ${status}`;
  return isFinal(status) ? ofStatus : tx.sql`${ofStatus} AND o.${isOpen(tx)}`;
}

function matching({ sql }: TenantTx, { search }: HistoryFilter) {
  if (!search) return sql``;
  const number = /^#?(\d{1,15})$/.exec(search)?.[1];
  if (number) return sql`AND o.number = ${number}`;
  const pattern = containing(search);
  return sql`AND (o.first_name || ' ' || o.last_name ILIKE ${pattern} OR o.email ILIKE ${pattern})`;
}

function placedWithin({ sql }: TenantTx, { placedFrom: from, placedBefore: end }: HistoryFilter) {
  return sql`${from ? sql`AND o.placed_at >= ${from}` : sql``} ${end ? sql`AND o.placed_at < ${end}` : sql``}`;
}

function before({ sql }: TenantTx, { after }: HistoryFilter) {
  return after ? sql`AND (o.placed_at, o.number) < (${after.placedAt}, ${after.number})` : sql``;
}

/** How many orders wait or are in work, by store, for the store picker. */
export async function openOrderCounts({ sql, tenant }: TenantTx<Tenant>): Promise<Map<StoreId, number>> {
  const rows = await sql<{ store_id: StoreId; open: number }[]>`
    SELECT store_id, count(*)::int AS open FROM orders
    WHERE merchant_id = ${tenant.merchantId} AND ${isOpen({ sql })} GROUP BY store_id`;
  return new Map(rows.map((row) => [row.store_id, row.open]));
}

export interface HistoryEntry {
  action: string;
  at: Date;
  kind: 'staff' | 'api_key' | 'customer' | 'system';
  /** Name of the member of staff, or of the key. */
  by: string | null;
  text: string | null;
}

/** Who did what to an order, oldest first: its steps, its parcel's, notes and refunds. */
export async function auditOfOrder(
  { sql, tenant }: TenantTx<StoreTenant>,
  orderId: OrderId,
): Promise<HistoryEntry[]> {
  return sql<HistoryEntry[]>`
    SELECT action, audit_log.at, actor_kind AS kind, coalesce(staff.name, api_keys.name) AS by,
      CASE action WHEN 'order.noted' THEN note.body WHEN 'order.cancelled' THEN o.cancel_reason
        WHEN 'order.shipped' THEN o.tracking_code WHEN 'order.accepted' THEN after ->> 'promised_at' END AS text
    FROM audit_log
      JOIN orders AS o ON o.merchant_id = audit_log.merchant_id AND o.store_id = ${tenant.storeId} AND o.id = entity_id
      LEFT JOIN staff ON staff.merchant_id = audit_log.merchant_id AND staff.id = actor_id AND actor_kind = 'staff'
      LEFT JOIN api_keys ON api_keys.merchant_id = audit_log.merchant_id AND api_keys.store_id = ${tenant.storeId}
        AND api_keys.id = actor_id AND actor_kind = 'api_key'
      LEFT JOIN order_notes AS note ON note.merchant_id = audit_log.merchant_id AND note.store_id = ${tenant.storeId}
        AND note.id = CASE action WHEN 'order.noted' THEN (after ->> 'note_id')::bigint END
    WHERE audit_log.merchant_id = ${tenant.merchantId} AND entity = 'order' AND entity_id = ${orderId}
    ORDER BY audit_log.id LIMIT 100`;
}

/** `from` has rows of `orders`. */
function orderColumns({ sql }: TenantTx<StoreTenant>, from: Fragment = sql`orders`) {
  return sql`
    SELECT o.id, o.public_id, o.number, o.version, o.status, o.fulfilment_type, o.customer_id, o.first_name, o.last_name, o.email,
      o.mobile, o.notes, o.locale, o.payment_method, o.currency, o.items_cents, o.shipping_cents, o.discount_cents, o.tax_cents, o.tax_included_cents, o.total_cents,
      o.refunded_cents, o.promotion_code, o.promotion_cents, o.loyalty_points_spent, o.loyalty_cents,
      o.shipping_discount_cents, o.shipping_tax_cents,
      o.shipping_label, o.shipping_status, o.country, o.state, o.postcode, o.city, o.line1, o.line2, o.tracking_code, o.tracking_url,
      o.cancel_reason, o.placed_at, o.promised_at, o.slot_at, o.accepted_at, o.started_at, o.ready_at, o.completed_at, o.cancelled_at,
      staff.name AS handled_by_name, content.lines,
      CASE WHEN o.tax_cents + o.tax_included_cents = 0 THEN '[]' ELSE (
        SELECT coalesce(jsonb_agg(jsonb_build_object('name', t.name, 'rate_millipercent', t.rate_millipercent, 'net_cents', t.net_cents,
          'tax_cents', t.tax_cents) ORDER BY t.rate_millipercent DESC, t.name), '[]')
        FROM order_taxes AS t WHERE t.merchant_id = o.merchant_id AND t.store_id = o.store_id AND t.order_id = o.id
      ) END AS taxes
    FROM ${from} AS o
      LEFT JOIN staff ON staff.merchant_id = o.merchant_id AND staff.id = o.handled_by
      CROSS JOIN LATERAL (
        SELECT coalesce(jsonb_agg(jsonb_build_object('name', name, 'variant_title', variant_title, 'quantity', quantity, 'backordered', backordered,
          'unit_cents', unit_cents, 'total_cents', total_cents, 'discount_cents', discount_cents, 'tax_cents', tax_cents, 'choices', (
            SELECT coalesce(jsonb_agg(jsonb_build_object('group_name', group_name, 'name', name, 'quantity', quantity,
              'price_delta_cents', price_delta_cents) ORDER BY position), '[]')
            FROM order_line_choices AS c WHERE c.merchant_id = l.merchant_id AND c.store_id = l.store_id
              AND c.order_id = l.order_id AND c.line_position = l.position
          )) ORDER BY position), '[]') AS lines
        FROM order_lines AS l WHERE l.merchant_id = o.merchant_id AND l.store_id = o.store_id AND l.order_id = o.id
      ) AS content`;
}
