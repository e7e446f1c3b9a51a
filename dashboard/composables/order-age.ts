import type { BoardOrder } from '#app/orders/order-view.ts';
import type { StaffStore } from '../page-props.ts';
import { since } from './board-columns.ts';

/** The store's settings: after how many minutes a waiting order turns amber and red, and how long preparing one takes. */
export type AgeSettings = Pick<StaffStore, 'age_amber_minutes' | 'age_red_minutes' | 'preparation_minutes'>;

export type Urgency = 'calm' | 'amber' | 'red';

const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;
const DAY_MINUTES = 24 * HOUR_MINUTES;

/** Whole minutes that the order has waited: since it was placed, or once it is out of the shop's hands, since then. */
export function ageMinutes(order: BoardOrder, now: number): number {
  return minutesBetween(Date.parse(isWaiting(order) ? order.placed_at : since(order)), now);
}

/** Whether the order waits for longer than the store allows. Work on an order for later begins its preparation time before the promised one. */
export function urgencyOf(order: BoardOrder, now: number, settings: AgeSettings): Urgency {
  if (!isWaiting(order)) return 'calm';
  const waited = minutesBetween(workBegins(order, settings), now);
  if (waited >= settings.age_red_minutes) return 'red';
  return waited >= settings.age_amber_minutes ? 'amber' : 'calm';
}

/** The age of the order that has waited longest; of those that nobody waits for when there are no others. Null for none. */
export function oldestMinutes(orders: readonly BoardOrder[], now: number): number | null {
  const waiting = orders.filter(isWaiting);
  const ages = (waiting.length > 0 ? waiting : orders).map((order) => ageMinutes(order, now));
  return ages.length > 0 ? Math.max(...ages) : null;
}

/** Writes an age as short as it can be read: `now`, `12 min`, `1 h 05`, `3 d`. */
export function ageText(minutes: number): string {
  if (minutes < 1) return 'now';
  if (minutes < HOUR_MINUTES) return `${minutes} min`;
  if (minutes >= DAY_MINUTES) return `${Math.floor(minutes / DAY_MINUTES)} d`;
  return `${Math.floor(minutes / HOUR_MINUTES)} h ${String(minutes % HOUR_MINUTES).padStart(2, '0')}`;
}

/** Minutes matter until the customer can come; a parcel that was accepted is a matter of days. */
function isWaiting({ status, fulfilment_type }: BoardOrder): boolean {
  if (status === 'pending') return true;
  return fulfilment_type === 'pickup' && (status === 'accepted' || status === 'in_progress');
}

function workBegins({ placed_at, promised_at }: BoardOrder, { preparation_minutes }: AgeSettings): number {
  const placed = Date.parse(placed_at);
  return promised_at ? Math.max(placed, Date.parse(promised_at) - preparation_minutes * MINUTE_MS) : placed;
}

function minutesBetween(from: number, to: number): number {
  return Math.max(0, Math.floor((to - from) / MINUTE_MS));
}
