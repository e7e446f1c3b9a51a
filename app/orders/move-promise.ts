import type { StoreTenant, TenantTx } from '#core/db/tenant.ts';
import { refusal } from '../errors.ts';
import { slotOf } from '../opening/ordering.ts';
import { releaseSlot, takeSlot } from '../opening/store-slots.ts';
import type { OrderStatus } from './order.ts';
import type { OrderRow } from './order-queries.ts';

const DAY_MS = 24 * 3_600_000;
const AHEAD_MAX_MS = 31 * DAY_MS;

/** Refuses another time for an order that is not being accepted for pickup, and one that is over or too far ahead. */
export function refuseWrongPromise(
  { fulfilment_type: type }: OrderRow,
  { status, now }: { readonly status: OrderStatus; readonly now: Date },
  promisedAt: Date,
): void {
  const ahead = promisedAt.getTime() - now.getTime();
  const isPossible = type === 'pickup' && status === 'accepted';
  // A leap second is a date-time that no clock here has: NaN, which is in no range.
  if (isPossible && ahead > 0 && ahead <= AHEAD_MAX_MS) return;
  const message = isPossible ? 'must lie within the next 31 days' : 'is for accepting a pickup order';
  throw refusal('VALIDATION_FAILED', `The promised time ${message}.`, { errors: { promised_at: [message] } });
}

/** Takes the order's place along to its new time. Staff decide: it is taken also where all are. */
export async function movePlace(
  tx: TenantTx<StoreTenant>,
  { slot_at: before }: OrderRow,
  promisedAt: Date,
): Promise<void> {
  const after = slotAt(promisedAt);
  if (!before || before.getTime() === after.getTime()) return;
  const moves = [
    { at: before, move: () => releaseSlot(tx, before) },
    { at: after, move: () => takeSlot(tx, { at: after, capacity: null, isHeld: false, next: [] }) },
  ];
  for (const { move } of moves.toSorted((a, b) => a.at.getTime() - b.at.getTime())) await move();
}

/** The quarter of an hour in which a promise lies. */
export function slotAt(promisedAt: Date): Date {
  return new Date(slotOf(promisedAt.getTime()));
}
