import { townLine } from '#core/values/town-line.ts';
import type { StoreConfig } from '../stores/store-queries.ts';
import { stepsOf } from './order.ts';
import { paymentStatus } from './payment-status.ts';
import { pickupCode } from './pickup-code.ts';
import { refundView, type RefundRow } from './refund-queries.ts';
import type { NoteRow } from './add-note.ts';
import type { HistoryEntry, OrderRow } from './order-queries.ts';
import type { BoardOrder, OrderDetail, PublicOrder } from './order-view.ts';

/** The order as its customer may see it. */
export function publicOrder(order: OrderRow, store: StoreConfig): PublicOrder {
  const { slug, name, phone, address } = store;
  const { cancel_reason, refunded_cents } = order;
  return { ...shared(order), cancel_reason, refunded_cents, store: { slug, name, phone, address } };
}

/** The order as the board shows it. */
export function boardOrder(order: OrderRow): BoardOrder {
  const { notes, payment_method, cancel_reason, handled_by_name: handler } = order;
  return {
    ...shared(order),
    notes,
    payment_method,
    payment_status: paymentStatus(order),
    refunded_cents: order.refunded_cents,
    cancel_reason,
    customer_name: calledName(order),
    handled_by:
      handler === null
        ? null
        : {
            name: handler,
            initials: initials(handler),
          },
  };
}

interface Past {
  readonly history: readonly HistoryEntry[];
  readonly refunds: readonly RefundRow[];
  readonly notes: readonly NoteRow[];
}

/** The order as the detail panel shows it, to staff only. */
export function orderDetail(order: OrderRow, { history, refunds, notes }: Past): OrderDetail {
  return {
    ...boardOrder(order),
    customer: {
      name: `${order.first_name} ${order.last_name}`.trim(),
      email: order.email,
      mobile: order.mobile,
    },
    address: addressLines(order),
    refunds: refunds.map(refundView),
    staff_notes: notes.map(noteView),
    history: history.map(({ action, at, by, kind, text }) => ({
      action,
      at: at.toISOString(),
      by: by ?? NAMELESS[kind],
      text,
    })),
  };
}

/** Whoever has no name of their own in a history. */
const NAMELESS: Readonly<Record<HistoryEntry['kind'], string>> = {
  staff: 'Staff',
  api_key: 'Program',
  customer: 'Customer',
  system: 'System',
};

/** A note of staff, as staff see it. */
export function noteView({ body, at, by }: NoteRow) {
  return { text: body, at: at.toISOString(), by: by ?? NAMELESS.api_key };
}

function shared(order: OrderRow) {
  const { public_id, version, status, fulfilment_type } = order;
  return {
    public_id,
    order_number: `#${order.number}`,
    status,
    version,
    fulfilment_type,
    placed_at: order.placed_at.toISOString(),
    promised_at: order.promised_at?.toISOString() ?? null,
    pickup_code: pickupCode(public_id, fulfilment_type),
    timeline: timeline(order),
    items: order.lines.map(({ variant_title: variant, choices, ...line }) => ({
      name: line.name,
      variant,
      quantity: line.quantity,
      backordered: line.backordered,
      unit_cents: line.unit_cents,
      total_cents: line.total_cents,
      discount_cents: line.discount_cents,
      tax_cents: line.tax_cents,
      customizations: choices.map((choice) => ({
        group: choice.group_name,
        name: choice.name,
        quantity: choice.quantity,
        price_delta_cents: choice.price_delta_cents,
      })),
    })),
    promotion_code: order.promotion_code,
    points_spent: order.loyalty_points_spent,
    discounts: discounts(order),
    taxes: order.taxes,
    totals: totals(order),
    shipping: shipping(order),
  };
}

function discounts(order: OrderRow): PublicOrder['discounts'] {
  const { promotion_code: code, promotion_cents, loyalty_points_spent: points, loyalty_cents } = order;
  return [
    ...(code === null
      ? []
      : [{ kind: 'promotion' as const, code, points: null, amount_cents: promotion_cents }]),
    ...(points === 0 ? [] : [{ kind: 'loyalty' as const, code: null, points, amount_cents: loyalty_cents }]),
  ];
}

function timeline(order: OrderRow): PublicOrder['timeline'] {
  const steps = stepsOf(order.fulfilment_type).map(({ status, stamp }) => ({ status, at: order[stamp] }));
  return [...steps, { status: 'cancelled' as const, at: order.cancelled_at }].flatMap(({ status, at }) =>
    at === null ? [] : [{ status, at: at.toISOString() }],
  );
}

function totals({
  items_cents,
  shipping_cents,
  discount_cents,
  tax_cents,
  tax_included_cents,
  total_cents,
  currency,
}: OrderRow): PublicOrder['totals'] {
  return {
    items_cents,
    shipping_cents,
    discount_cents,
    tax_cents,
    tax_included_cents,
    total_cents,
    currency,
  };
}

function shipping(order: OrderRow): PublicOrder['shipping'] {
  const { shipping_status: status, tracking_code, tracking_url } = order;
  if (status === null) return null;
  return {
    method: order.shipping_label ?? '',
    status,
    tracking_code,
    tracking_url,
    discount_cents: order.shipping_discount_cents,
    tax_cents: order.shipping_tax_cents,
  };
}

/** What is called out at the counter: first name and initial. */
export function calledName({ first_name, last_name }: Pick<OrderRow, 'first_name' | 'last_name'>): string {
  return last_name ? `${first_name} ${firstLetter(last_name)}.` : first_name;
}

function initials(name: string): string {
  return name
    .split(/\s+/)
    .map((word) => firstLetter(word).toUpperCase())
    .slice(0, 2)
    .join('');
}

const letters = new Intl.Segmenter();

/** As people see letters: half of one would be no text. */
function firstLetter(text: string): string {
  const [first] = letters.segment(text);
  return first?.segment ?? '';
}

function addressLines(order: OrderRow): string[] | null {
  if (order.line1 === null) return null;
  return [
    `${order.first_name} ${order.last_name}`.trim(),
    order.line1,
    order.line2,
    townLine(order),
    order.country,
  ].filter((line) => line !== null);
}
