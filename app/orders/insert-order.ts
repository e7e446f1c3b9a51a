import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { secretHash } from '#core/security/secret-token.ts';
import type { CustomerId, OrderId, ShippingMethodId, VariantId } from '#core/values/ids.ts';
import type { FulfilmentType } from './order.ts';

/** An order about to be written: everything in it is decided. */
export interface NewOrder {
  readonly publicId: string;
  readonly fulfilmentType: FulfilmentType;
  readonly customerId: CustomerId;
  readonly contact: {
    readonly firstName: string;
    readonly lastName: string;
    readonly email: string | null;
    readonly mobile: string | null;
  };
  readonly address: NewOrderAddress | null;
  readonly shippingMethod: { readonly id: ShippingMethodId | null; readonly label: string } | null;
  readonly notes: string | null;
  readonly locale: string;
  readonly paymentMethod: string;
  readonly currency: string;
  readonly totals: {
    readonly itemsCents: number;
    readonly shippingCents: number;
    readonly totalCents: number;
  };
  readonly lines: readonly NewOrderLine[];
  readonly placedAt: Date;
  readonly promisedAt: Date | null;
  readonly requestId: string | null;
}

export interface NewOrderAddress {
  readonly country: string;
  readonly state: string | null;
  readonly postcode: string;
  readonly city: string;
  readonly line1: string;
  readonly line2: string | null;
}

export interface NewOrderLine {
  readonly variantId: VariantId;
  readonly name: string;
  readonly variantTitle: string;
  readonly sku: string | null;
  readonly quantity: number;
  readonly unitCents: number;
  readonly totalCents: number;
  /** Whether the variant's stock is counted in this store. */
  readonly counted: boolean;
  readonly choices: readonly {
    readonly groupName: string;
    readonly name: string;
    readonly quantity: number;
    readonly priceDeltaCents: number;
  }[];
}

/**
 * Writes the order, its lines and choices, its directory row, the stock it takes with the ledger, and the audit row, in one statement.
 * The number comes from the store's counter, locked to COMMIT, so numbers have no gaps. The caller holds the locks on counted stock.
 */
export async function insertOrder(
  { sql, tenant }: TenantTx<StoreTenant>,
  order: NewOrder,
): Promise<{ id: OrderId; number: number }> {
  const { merchantId, storeId } = tenant;
  // By name, not joined: the planner expects a hundred rows of a JSON document, and would read all levels of the store for them.
  const counted = order.lines.filter((line) => line.counted).map(({ variantId }) => variantId);
  const [row] = await sql<{ id: OrderId; number: number }[]>`
    WITH lines AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(${sql.json(lineRows(order) as never)}) AS line (position int, variant_id bigint, name text,
        variant_title text, sku text, quantity int, unit_cents bigint, total_cents bigint, counted boolean, choices jsonb)
    ), counter AS (
      INSERT INTO order_counters AS kept (merchant_id, store_id, last_number) VALUES (${merchantId}, ${storeId}, 1001)
      ON CONFLICT (merchant_id, store_id) DO UPDATE SET last_number = kept.last_number + 1 RETURNING last_number
    ), placed AS (
      INSERT INTO orders (merchant_id, store_id, public_id, number, fulfilment_type, customer_id, first_name, last_name, email, mobile, notes,
        locale, payment_method, currency, items_cents, shipping_cents, total_cents, shipping_method_id, shipping_label, shipping_status,
        country, state, postcode, city, line1, line2, placed_at, promised_at)
      SELECT ${merchantId}, ${storeId}, ${order.publicId}, last_number, ${order.fulfilmentType}, ${order.customerId},
        ${order.contact.firstName}, ${order.contact.lastName}, ${order.contact.email}, ${order.contact.mobile}, ${order.notes},
        ${order.locale}, ${order.paymentMethod}, ${order.currency}, ${order.totals.itemsCents}, ${order.totals.shippingCents}, ${order.totals.totalCents},
        ${order.shippingMethod?.id ?? null}, ${order.shippingMethod?.label ?? null}, ${order.address ? 'pending' : null},
        ${order.address?.country ?? null}, ${order.address?.state ?? null}, ${order.address?.postcode ?? null}, ${order.address?.city ?? null},
        ${order.address?.line1 ?? null}, ${order.address?.line2 ?? null}, ${order.placedAt}, ${order.promisedAt}
      FROM counter RETURNING id, number
    ), listed AS (
      INSERT INTO directory_orders (token_hash, merchant_id, store_id, order_id) SELECT ${secretHash(order.publicId)}, ${merchantId}, ${storeId}, id FROM placed
    ), written AS (
      INSERT INTO order_lines (merchant_id, store_id, order_id, position, variant_id, name, variant_title, sku, quantity, unit_cents, total_cents)
      SELECT ${merchantId}, ${storeId}, id, position, variant_id, name, variant_title, sku, quantity, unit_cents, total_cents FROM placed, lines
    ), chosen AS (
      INSERT INTO order_line_choices (merchant_id, store_id, order_id, line_position, position, group_name, name, quantity, price_delta_cents)
      SELECT ${merchantId}, ${storeId}, placed.id, lines.position, choice.position, choice.group_name, choice.name, choice.quantity, choice.price_delta_cents
      FROM placed, lines, jsonb_to_recordset(lines.choices) AS choice (position int, group_name text, name text, quantity int, price_delta_cents bigint)
    ), demand AS (
      SELECT variant_id, sum(quantity)::int AS quantity FROM lines WHERE counted GROUP BY variant_id
    ), taken AS (
      UPDATE stock_levels SET quantity = quantity - (SELECT quantity FROM demand WHERE demand.variant_id = stock_levels.variant_id)
      WHERE merchant_id = ${merchantId} AND store_id = ${storeId} AND variant_id = ANY(${counted}::bigint[])
      RETURNING variant_id
    ), ledger AS (
      INSERT INTO stock_ledger (merchant_id, store_id, variant_id, order_id, delta, reason, at)
      SELECT ${merchantId}, ${storeId}, variant_id, placed.id, -quantity, 'order_placed', ${order.placedAt} FROM taken JOIN demand USING (variant_id), placed
    ), audited AS (
      INSERT INTO audit_log (merchant_id, store_id, actor_kind, actor_id, action, entity, entity_id, after, request_id, at)
      SELECT ${merchantId}, ${storeId}, 'customer', ${order.customerId}, 'order.placed', 'order', id,
        jsonb_build_object('status', 'pending', 'total_cents', ${order.totals.totalCents}::bigint), ${order.requestId}, ${order.placedAt} FROM placed
    )
    SELECT id, number FROM placed`;
  if (!row) throw new Error('order: the insert returned no row');
  return row;
}

function lineRows(order: NewOrder) {
  return order.lines.map((line, position) => ({
    position,
    variant_id: line.variantId,
    name: line.name,
    variant_title: line.variantTitle,
    sku: line.sku,
    quantity: line.quantity,
    unit_cents: line.unitCents,
    total_cents: line.totalCents,
    counted: line.counted,
    choices: line.choices.map((choice, at) => ({
      position: at,
      group_name: choice.groupName,
      name: choice.name,
      quantity: choice.quantity,
      price_delta_cents: choice.priceDeltaCents,
    })),
  }));
}
