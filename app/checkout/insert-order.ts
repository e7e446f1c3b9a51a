import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { secretHash } from '#core/security/secret-token.ts';
import type { CustomerId, OrderId, PromotionId, ShippingMethodId, VariantId } from '#core/values/ids.ts';
import type { PointsBalance } from '../loyalty/loyalty-events.ts';
import { refusal } from '../errors.ts';
import { codeRefused } from '../promotions/code-refused.ts';
import type { PaymentId } from '../payments/payment-queries.ts';
import { slotTaken as slotRefused, type SlotPlace } from '../opening/pickup-promise.ts';
import { fromSlot, pointsSpent, promotionUsed, slotTaken, taxesWritten } from './insert-with-order.ts';
import type { FulfilmentType } from '../orders/order.ts';

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
  readonly totals: NewOrderTotals;
  /** The code that was used, and what it took off; its use may be held by the payment that brings the order about. */
  readonly promotion: {
    readonly id: PromotionId;
    readonly code: string;
    readonly cents: number;
    readonly heldBy?: PaymentId | null;
  } | null;
  /** The loyalty points that were redeemed, and what they took off. */
  readonly points: { readonly spent: number; readonly cents: number } | null;
  readonly taxes: readonly NewOrderTax[];
  readonly lines: readonly NewOrderLine[];
  readonly placedAt: Date;
  readonly promisedAt: Date | null;
  /** The place that it takes among those of its quarter of an hour; null where there are as many as come. */
  readonly slot: SlotPlace | null;
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

export interface NewOrderTotals {
  readonly itemsCents: number;
  readonly shippingCents: number;
  readonly shippingDiscountCents: number;
  /** Added to the shipping, or within it. */
  readonly shippingTaxCents: number;
  readonly discountCents: number;
  readonly taxCents: number;
  readonly taxIncludedCents: number;
  readonly totalCents: number;
}

export interface NewOrderTax {
  readonly name: string;
  readonly rateMillipercent: number;
  readonly netCents: number;
  readonly taxCents: number;
}

export interface NewOrderLine {
  readonly variantId: VariantId;
  readonly name: string;
  readonly variantTitle: string;
  readonly sku: string | null;
  readonly quantity: number;
  readonly unitCents: number;
  readonly totalCents: number;
  readonly discountCents: number;
  /** Added to the line, or within it. */
  readonly taxCents: number;
  readonly taxRateMillipercent: number;
  /** Whether the variant's stock is counted in this store. */
  readonly counted: boolean;
  /** Of the pieces, those that are not there: they are not taken from the stock. */
  readonly backordered: number;
  readonly choices: readonly {
    readonly groupName: string;
    readonly name: string;
    readonly quantity: number;
    readonly priceDeltaCents: number;
  }[];
}

export interface InsertedOrder {
  readonly id: OrderId;
  readonly number: number;
  /** The customer's balance after the points that the order spent; null when it spent none. */
  readonly balance: PointsBalance | null;
}

/**
 * Writes the order, its lines, choices and taxes, its directory row, the stock it takes with the ledger, the use of its code, the points it
 * spends and the audit row, in one statement. The number comes from the store's counter, locked to COMMIT, so numbers have no gaps. The
 * caller holds the locks on counted stock, and on a customer who spends points or uses a code. Refuses a code whose last
 * use another has just taken, a quarter of an hour whose last place, and points that are no longer there.
 */
export async function insertOrder(tx: TenantTx<StoreTenant>, order: NewOrder): Promise<InsertedOrder> {
  const { sql, tenant } = tx;
  const { merchantId, storeId } = tenant;
  const { totals } = order;
  // By name, not joined: the planner expects a hundred rows of a JSON document, and would read all levels of the store for them.
  const counted = piecesTaken(order).map(({ variantId }) => variantId);
  const [row] = await sql<(InsertedOrder & { used: boolean })[]>`
    WITH lines AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(${sql.json(lineRows(order) as never)}) AS line (position int, variant_id bigint, name text,
        variant_title text, sku text, quantity int, unit_cents bigint, total_cents bigint, discount_cents bigint, tax_cents bigint,
        tax_rate_millipercent int, counted boolean, backordered int, choices jsonb)
    ), ${slotTaken(tx, order)} counter AS (
      INSERT INTO order_counters AS kept (merchant_id, store_id, last_number) SELECT ${merchantId}, ${storeId}, 1001 ${fromSlot(tx, order)}
      ON CONFLICT (merchant_id, store_id) DO UPDATE SET last_number = kept.last_number + 1 RETURNING last_number
    ), placed AS (
      INSERT INTO orders (merchant_id, store_id, public_id, number, fulfilment_type, customer_id, first_name, last_name, email, mobile, notes,
        locale, payment_method, currency, items_cents, shipping_cents, shipping_discount_cents, shipping_tax_cents, discount_cents, tax_cents,
        tax_included_cents, total_cents, promotion_code, promotion_cents, loyalty_points_spent, loyalty_cents, shipping_method_id, shipping_label, shipping_status,
        country, state, postcode, city, line1, line2, placed_at, promised_at, slot_at)
      SELECT ${merchantId}, ${storeId}, ${order.publicId}, last_number, ${order.fulfilmentType}, ${order.customerId},
        ${order.contact.firstName}, ${order.contact.lastName}, ${order.contact.email}, ${order.contact.mobile}, ${order.notes},
        ${order.locale}, ${order.paymentMethod}, ${order.currency}, ${totals.itemsCents}, ${totals.shippingCents}, ${totals.shippingDiscountCents},
        ${totals.shippingTaxCents}, ${totals.discountCents}, ${totals.taxCents}, ${totals.taxIncludedCents}, ${totals.totalCents},
        ${order.promotion?.code ?? null}, ${order.promotion?.cents ?? 0}, ${order.points?.spent ?? 0}, ${order.points?.cents ?? 0},
        ${order.shippingMethod?.id ?? null}, ${order.shippingMethod?.label ?? null}, ${order.address ? 'pending' : null},
        ${order.address?.country ?? null}, ${order.address?.state ?? null}, ${order.address?.postcode ?? null}, ${order.address?.city ?? null},
        ${order.address?.line1 ?? null}, ${order.address?.line2 ?? null}, ${order.placedAt}, ${order.promisedAt}, ${order.slot?.at ?? null}::timestamptz
      FROM counter RETURNING id, number
    ), listed AS (
      INSERT INTO directory_orders (token_hash, merchant_id, store_id, order_id) SELECT ${secretHash(order.publicId)}, ${merchantId}, ${storeId}, id FROM placed
    ), written AS (
      INSERT INTO order_lines (merchant_id, store_id, order_id, position, variant_id, name, variant_title, sku, quantity, unit_cents, total_cents,
        discount_cents, tax_cents, tax_rate_millipercent, backordered)
      SELECT ${merchantId}, ${storeId}, id, position, variant_id, name, variant_title, sku, quantity, unit_cents, total_cents,
        discount_cents, tax_cents, tax_rate_millipercent, backordered FROM placed, lines
    ), chosen AS (
      INSERT INTO order_line_choices (merchant_id, store_id, order_id, line_position, position, group_name, name, quantity, price_delta_cents)
      SELECT ${merchantId}, ${storeId}, placed.id, lines.position, choice.position, choice.group_name, choice.name, choice.quantity, choice.price_delta_cents
      FROM placed, lines, jsonb_to_recordset(lines.choices) AS choice (position int, group_name text, name text, quantity int, price_delta_cents bigint)
    ), demand AS (
      SELECT variant_id, sum(quantity - backordered)::int AS quantity FROM lines WHERE counted AND quantity > backordered GROUP BY variant_id
    ), taken AS (
      UPDATE stock_levels SET quantity = quantity - (SELECT quantity FROM demand WHERE demand.variant_id = stock_levels.variant_id)
      WHERE merchant_id = ${merchantId} AND store_id = ${storeId} AND variant_id = ANY(${counted}::bigint[])
        AND quantity IS NOT NULL
      RETURNING variant_id
    ), ledger AS (
      INSERT INTO stock_ledger (merchant_id, store_id, variant_id, order_id, delta, reason, at)
      SELECT ${merchantId}, ${storeId}, variant_id, placed.id, -quantity, 'order_placed', ${order.placedAt} FROM taken JOIN demand USING (variant_id), placed
    ), audited AS (
      INSERT INTO audit_log (merchant_id, store_id, actor_kind, actor_id, action, entity, entity_id, after, request_id, at)
      SELECT ${merchantId}, ${storeId}, 'customer', ${order.customerId}, 'order.placed', 'order', id,
        jsonb_build_object('status', 'pending', 'total_cents', ${totals.totalCents}::bigint), ${order.requestId}, ${order.placedAt} FROM placed
    )
    ${taxesWritten(tx, order)} ${promotionUsed(tx, order)} ${pointsSpent(tx, order)}
    SELECT id, number, ${order.promotion ? sql`EXISTS (SELECT FROM used)` : sql`true`} AS used,
      ${order.points ? sql`(SELECT to_jsonb(spent) FROM spent)` : sql`NULL::jsonb`} AS balance FROM placed`;
  if (!row && order.slot) throw slotRefused(order.slot.next);
  if (!row) throw new Error('order: the insert returned no row');
  if (!row.used) throw codeRefused('PROMOTION_CODE_LIMIT_REACHED');
  if (order.points && !row.balance)
    throw refusal('LOYALTY_POINTS_TOO_FEW', `The order takes ${order.points.spent} points; there are fewer.`);
  return row;
}

/** The pieces of counted stock that the lines of an order take. */
export function piecesTaken({ lines }: NewOrder): { variantId: VariantId; quantity: number }[] {
  return lines
    .filter(({ counted, quantity, backordered }) => counted && quantity > backordered)
    .map(({ variantId, quantity, backordered }) => ({ variantId, quantity: quantity - backordered }));
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
    discount_cents: line.discountCents,
    tax_cents: line.taxCents,
    tax_rate_millipercent: line.taxRateMillipercent,
    counted: line.counted,
    backordered: line.backordered,
    choices: line.choices.map((choice, at) => ({
      position: at,
      group_name: choice.groupName,
      name: choice.name,
      quantity: choice.quantity,
      price_delta_cents: choice.priceDeltaCents,
    })),
  }));
}
