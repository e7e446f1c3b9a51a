import type { PublicOrder } from '../orders/order-view.ts';
import { stepsOf, type OrderStatus } from '../orders/order.ts';

/** A step as the tracking page draws it; `absent` ones are kept out of sight until the order goes there. */
export interface TrackingStep {
  readonly status: OrderStatus;
  readonly at: string | null;
  readonly state: 'done' | 'current' | 'todo' | 'absent';
}

type Progress = Pick<PublicOrder, 'fulfilment_type' | 'status' | 'timeline'>;

/** All steps of an order in their order, with when they were reached. Cancellation cuts off what will not happen any more. */
export function trackingSteps({ fulfilment_type, status, timeline }: Progress): TrackingStep[] {
  const statuses = [...stepsOf(fulfilment_type).map((step) => step.status), 'cancelled' as const];
  return statuses.map((step) => {
    const at = timeline.find((entry) => entry.status === step)?.at ?? null;
    return { status: step, at, state: stateOf(step, status, at !== null) };
  });
}

function stateOf(step: OrderStatus, status: OrderStatus, isReached: boolean): TrackingStep['state'] {
  if (step === status) return 'current';
  if (isReached) return 'done';
  return step === 'cancelled' || status === 'cancelled' ? 'absent' : 'todo';
}
