import type { OrderStatus } from '#app/orders/order.ts';
import type { BoardOrder } from '#app/orders/order-view.ts';
import { endedBefore } from './board-columns.ts';

/** What the board knows. Values, not objects with a life: each function here answers the next one. */
export interface BoardState {
  /** The orders as the server last told, by public id. */
  readonly orders: ReadonlyMap<string, BoardOrder>;
  /** Orders whose move was asked for and is not answered yet, as they are shown meanwhile. */
  readonly moves: ReadonlyMap<string, BoardOrder>;
}

/** A board that holds these orders, and no move. */
export function boardOf(orders: readonly BoardOrder[]): BoardState {
  return { orders: byId(orders), moves: new Map() };
}

/** Takes orders that events or answers brought, each only if it is newer than what is known. */
export function received(state: BoardState, arrived: readonly BoardOrder[]): BoardState {
  const news = arrived.filter((order) => isNewer(order, state.orders.get(order.public_id)));
  if (news.length === 0) return state;
  const orders = new Map(state.orders);
  for (const order of news) {
    if (isNewer(order, orders.get(order.public_id))) orders.set(order.public_id, order);
  }
  return { orders, moves: movesStillOpen(state.moves, orders) };
}

/** Takes a snapshot: it says which orders there are. What is known newer from elsewhere stays. */
export function replaced(state: BoardState, snapshot: readonly BoardOrder[]): BoardState {
  const newest = snapshot.map((order) => {
    const known = state.orders.get(order.public_id);
    return known && isNewer(known, order) ? known : order;
  });
  const orders = byId(newest);
  return { orders, moves: movesStillOpen(state.moves, orders) };
}

/** Shows an order where it was asked to go, before the server has answered. */
export function moveAsked(state: BoardState, publicId: string, status: OrderStatus): BoardState {
  const order = state.orders.get(publicId);
  if (!order) return state;
  return { ...state, moves: new Map(state.moves).set(publicId, { ...order, status }) };
}

/** The server has answered, yes or no: the order is again what the server says, `present` if the answer held it. */
export function moveSettled(
  state: BoardState,
  publicId: string,
  present: BoardOrder | null = null,
): BoardState {
  const moves = new Map(state.moves);
  moves.delete(publicId);
  return received({ ...state, moves }, present ? [present] : []);
}

/** Forgets the orders that ended before `oldest`. */
export function pruned(state: BoardState, oldest: Date): BoardState {
  const kept = [...state.orders.values()].filter((order) => !endedBefore(order, oldest));
  return kept.length === state.orders.size ? state : { ...state, orders: byId(kept) };
}

/** The orders as they are to be shown: with the moves that are under way. */
export function shownOrders({ orders, moves }: BoardState): BoardOrder[] {
  return [...orders.values()].map((order) => moves.get(order.public_id) ?? order);
}

/** One order as it is to be shown. */
export function shownOrder({ orders, moves }: BoardState, publicId: string): BoardOrder | null {
  return moves.get(publicId) ?? orders.get(publicId) ?? null;
}

function isNewer(order: BoardOrder, known: BoardOrder | undefined): boolean {
  return !known || order.version > known.version;
}

/** Once the server tells of a newer version, a move of the older one has happened or will be refused: what it tells is shown. */
function movesStillOpen(
  moves: BoardState['moves'],
  orders: ReadonlyMap<string, BoardOrder>,
): BoardState['moves'] {
  const open = [...moves].filter(([id, { version }]) => orders.get(id)?.version === version);
  return open.length === moves.size ? moves : new Map(open);
}

function byId(orders: readonly BoardOrder[]): ReadonlyMap<string, BoardOrder> {
  return new Map(orders.map((order) => [order.public_id, order]));
}
