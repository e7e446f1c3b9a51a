import type { FulfilmentType, OrderStatus } from '#app/orders/order.ts';

/** How a status looks everywhere: a word, an icon and a tone, so that colour never stands alone. */
export interface StatusLook {
  readonly word: string;
  readonly icon: string;
  readonly tone: Tone;
}

export type Tone = 'amber' | 'blue' | 'violet' | 'green' | 'cyan' | 'neutral' | 'rose';

export const STATUS_LOOK = {
  pending: { word: 'Pending', icon: 'i-lucide-bell', tone: 'amber' },
  accepted: { word: 'Accepted', icon: 'i-lucide-thumbs-up', tone: 'blue' },
  in_progress: { word: 'In progress', icon: 'i-lucide-flame', tone: 'violet' },
  packing: { word: 'Packing', icon: 'i-lucide-package-open', tone: 'violet' },
  ready: { word: 'Ready', icon: 'i-lucide-shopping-bag', tone: 'green' },
  shipped: { word: 'Shipped', icon: 'i-lucide-truck', tone: 'cyan' },
  completed: { word: 'Completed', icon: 'i-lucide-check-check', tone: 'neutral' },
  delivered: { word: 'Delivered', icon: 'i-lucide-package-check', tone: 'neutral' },
  cancelled: { word: 'Cancelled', icon: 'i-lucide-circle-x', tone: 'rose' },
} as const satisfies Record<OrderStatus, StatusLook>;

export const FULFILMENT_LOOK = {
  pickup: { word: 'Pickup', icon: 'i-lucide-shopping-bag' },
  shipping: { word: 'Shipping', icon: 'i-lucide-truck' },
} as const satisfies Record<FulfilmentType, Omit<StatusLook, 'tone'>>;
