import type { BoardOrder } from '#app/orders/order-view.ts';
import type { OrderStatus } from '#app/orders/order.ts';
import type { StaffAbility, StaffRole } from '#app/staff/abilities.ts';
import type { Store } from '#app/stores/store-view.ts';

/** A store that the person may enter. */
export interface StoreChoice {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
}

/** A store with what only its staff need: after how many minutes an order that waits turns amber and red. */
export interface StaffStore extends Store {
  readonly age_amber_minutes: number;
  readonly age_red_minutes: number;
}

/** What every page is given. Nobody is signed in when `staff` is null; no store is chosen when `store` is. */
export interface SharedProps {
  readonly staff: { readonly name: string; readonly role: StaffRole } | null;
  readonly abilities: readonly StaffAbility[];
  readonly store: StaffStore | null;
  readonly stores: readonly StoreChoice[];
}

/** `orders/Board`: the orders of the board and the position in the store's channel at which they were read. */
export interface BoardProps {
  readonly store: StaffStore;
  readonly abilities: readonly StaffAbility[];
  readonly orders: readonly BoardOrder[];
  readonly cursor: string;
}

/** What `GET /dashboard/board.json` answers. */
export type BoardSnapshot = Pick<BoardProps, 'orders' | 'cursor'>;

/** `orders/OrderHistory`: a page of orders, newest first, and the filter that chose them. */
export interface OrderHistoryProps {
  readonly store: StaffStore;
  readonly abilities: readonly StaffAbility[];
  readonly orders: readonly BoardOrder[];
  readonly next_cursor: string | null;
  readonly filter: { readonly status: OrderStatus | null; readonly search: string };
}

/** `stores/StorePicker`. */
export interface StorePickerProps {
  readonly stores: readonly (StoreChoice & { readonly open_orders: number })[];
}

/** `merchants/Setup`. */
export interface SetupProps {
  readonly token: string;
}

/** `staff/Invitation`: whom the link invites, and where to. */
export interface InvitationProps {
  readonly token: string;
  readonly name: string;
  readonly email: string;
  readonly merchant: string;
}

/** `Error`: a problem, as the error table words it. */
export interface ErrorProps {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly help: string;
  readonly request_id: string;
  /** Seconds until it is worth trying again, when the server knows. */
  readonly retry_after?: number;
}
