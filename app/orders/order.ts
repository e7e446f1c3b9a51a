/** How an order reaches its customer. */
export type FulfilmentType = 'pickup' | 'shipping';

/**
 * The order's life, as a table: from which status it may go where, the moment each status is stamped in, and what staff call the step.
 * Types, checks, buttons, timelines and the drawing in the docs come from here. Every status that is not final may also be cancelled.
 */
const PICKUP = {
  pending: { next: 'accepted', stamp: 'placed_at', step: null },
  accepted: { next: 'in_progress', stamp: 'accepted_at', step: 'Accept' },
  in_progress: { next: 'ready', stamp: 'started_at', step: 'Start' },
  ready: { next: 'completed', stamp: 'ready_at', step: 'Mark ready' },
  completed: { next: null, stamp: 'completed_at', step: 'Hand over' },
} as const;

const SHIPPING = {
  pending: { next: 'accepted', stamp: 'placed_at', step: null },
  accepted: { next: 'packing', stamp: 'accepted_at', step: 'Accept' },
  packing: { next: 'shipped', stamp: 'started_at', step: 'Start packing' },
  shipped: { next: 'delivered', stamp: 'ready_at', step: 'Ship' },
  delivered: { next: null, stamp: 'completed_at', step: 'Mark delivered' },
} as const;

export type OrderStatus = keyof typeof PICKUP | keyof typeof SHIPPING | 'cancelled';

/** The columns in which the moments of an order's life are kept. */
export type Stamp = 'placed_at' | 'accepted_at' | 'started_at' | 'ready_at' | 'completed_at' | 'cancelled_at';

export type ShippingStatus = 'pending' | 'packing' | 'shipped' | 'delivered' | 'returned' | 'lost';

export interface Step {
  readonly status: OrderStatus;
  readonly next: OrderStatus | null;
  readonly stamp: Stamp;
  /** The verb on the button that leads here; null for the first status. */
  readonly step: string | null;
}

/** The steps of an order from first to last, without cancellation. */
export function stepsOf(fulfilment: FulfilmentType): readonly Step[] {
  const table = fulfilment === 'pickup' ? PICKUP : SHIPPING;
  return Object.entries(table).map(([status, step]) => ({ status: status as OrderStatus, ...step }));
}

/** Where an order in this status may go: the next step and cancellation, or nowhere when it is final. */
export function allowedNext(fulfilment: FulfilmentType, status: OrderStatus): readonly OrderStatus[] {
  const next = stepsOf(fulfilment).find((step) => step.status === status)?.next;
  return next ? [next, 'cancelled'] : [];
}

/** The column that records when the order came to this status. */
export function stampOf(fulfilment: FulfilmentType, status: OrderStatus): Stamp {
  return stepsOf(fulfilment).find((step) => step.status === status)?.stamp ?? 'cancelled_at';
}

/** What the parcel does while the order is in this status; null for pickup, and unchanged (undefined) by cancellation. */
export function shippingStatusFor(
  fulfilment: FulfilmentType,
  status: OrderStatus,
): ShippingStatus | null | undefined {
  if (fulfilment === 'pickup') return null;
  if (status === 'cancelled') return undefined;
  return status === 'packing' || status === 'shipped' || status === 'delivered' ? status : 'pending';
}

/** What may become of a parcel besides what its order's steps do with it. */
const PARCEL: Readonly<Record<ShippingStatus, readonly ShippingStatus[]>> = {
  pending: [],
  packing: [],
  shipped: ['returned', 'lost'],
  delivered: ['returned'],
  lost: ['shipped', 'returned'],
  returned: [],
};

/** Where a parcel may go: back or astray once it is shipped, and on its way again when it is found. */
export function allowedForParcel(status: ShippingStatus | null): readonly ShippingStatus[] {
  return status === null ? [] : PARCEL[status];
}

/** What staff send to move an order. */
export interface Move {
  readonly status: OrderStatus;
  readonly trackingCode: string | null;
  readonly reason: string | null;
}

/** The field that a move still lacks, or null: a parcel needs a tracking code, a cancellation a reason. */
export function missingFor(move: Move): 'tracking_code' | 'reason' | null {
  if (move.status === 'shipped' && !move.trackingCode) return 'tracking_code';
  if (move.status === 'cancelled' && !move.reason) return 'reason';
  return null;
}

const FINAL: ReadonlySet<OrderStatus> = new Set(['completed', 'delivered', 'cancelled']);

/** Whether nothing can happen to the order any more. */
export function isFinal(status: OrderStatus): boolean {
  return FINAL.has(status);
}
