import type { Readable } from 'node:stream';
import type { StoreTenant, TenantDb } from '#core/db/tenant.ts';
import { csvOf, type CsvCell } from '#core/http/csv.ts';
import { writeAudit, type AuditEntry } from '#core/security/audit.ts';
import { amountText, decimalsOf } from '#core/values/minor-units.ts';
import {
  HISTORY_PAGE_SIZE,
  orderHistory,
  type HistoryFilter,
  type OrderRow,
} from '../orders/order-queries.ts';
import { paymentStatus } from '../orders/payment-status.ts';

const COLUMNS = [
  'Order',
  'Placed',
  'Status',
  'Fulfilment',
  'First name',
  'Last name',
  'E-mail',
  'Mobile',
  'Items',
  'Items total',
  'Shipping',
  'Discount',
  'Tax',
  'Tax included',
  'Total',
  'Currency',
  'Payment',
  'Payment status',
  'Refunded',
  'Promotion code',
  'Shipping method',
  'Country',
  'State',
  'Postcode',
  'City',
  'Address 1',
  'Address 2',
  'Tracking code',
];

/** The orders that the filter finds as a CSV, newest first, made while it is read. The audit log keeps who took it. */
export async function exportOrders(
  db: TenantDb<StoreTenant>,
  filter: HistoryFilter,
  act: Pick<AuditEntry, 'actor' | 'requestId' | 'at'>,
): Promise<Readable> {
  await db.write((tx) =>
    writeAudit(tx, {
      ...act,
      action: 'orders.exported',
      entity: 'order',
      entityId: null,
      before: null,
      after: {
        status: filter.status ?? null,
        placed_from: filter.placedFrom ?? null,
        placed_before: filter.placedBefore ?? null,
      },
    }),
  );
  return csvOf(COLUMNS, rowsOf(db, filter), { forPeople: true });
}

async function* rowsOf(db: TenantDb<StoreTenant>, filter: HistoryFilter): AsyncGenerator<CsvCell[]> {
  const limit = HISTORY_PAGE_SIZE;
  let after: HistoryFilter['after'];
  do {
    const place: HistoryFilter['after'] = after;
    const found = await db.read((tx) => orderHistory(tx, { ...filter, after: place, limit }));
    const page = found.slice(0, limit);
    yield* page.map(cellsOf);
    const last = found.length > page.length ? page.at(-1) : undefined;
    after = last && { placedAt: last.placed_at, number: last.number };
  } while (after);
}

function cellsOf(order: OrderRow): CsvCell[] {
  const amount = (cents: number) => amountText(cents, decimalsOf(order.currency));
  return [
    `#${order.number}`,
    order.placed_at.toISOString(),
    order.status,
    order.fulfilment_type,
    order.first_name,
    order.last_name,
    order.email,
    order.mobile,
    order.lines.map(lineText).join('; '),
    amount(order.items_cents),
    amount(order.shipping_cents),
    amount(order.discount_cents),
    amount(order.tax_cents),
    amount(order.tax_included_cents),
    amount(order.total_cents),
    order.currency,
    order.payment_method,
    paymentStatus(order),
    amount(order.refunded_cents),
    order.promotion_code,
    order.shipping_label,
    order.country,
    order.state,
    order.postcode,
    order.city,
    order.line1,
    order.line2,
    order.tracking_code,
  ];
}

function lineText({ quantity, name, variant_title, choices }: OrderRow['lines'][number]): string {
  const extras = choices.map((choice) =>
    choice.quantity > 1 ? `${choice.quantity} × ${choice.name}` : choice.name,
  );
  return `${quantity} × ${[name, variant_title, ...extras].filter(Boolean).join(', ')}`;
}
