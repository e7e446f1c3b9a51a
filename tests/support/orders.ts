import { randomUUID } from 'node:crypto';
import type { Checkout, PlacedOrder } from '#app/checkout/checkout-schemas.ts';
import type { CartLine } from '#app/cart/cart.ts';
import type { BoardOrder } from '#app/orders/order-view.ts';
import { stepsOf, type FulfilmentType, type OrderStatus } from '#app/orders/order.ts';
import type { Product } from '#app/catalog/product-view.ts';
import type { TestStore } from './merchants.ts';
import type { Answer, HttpClient, Json } from './http-client.ts';

/** A line of the product: its variant of this title (the first without), with choices by name. */
export function line(
  product: Product,
  { variant = '', quantity = 1, choices = {} as Record<string, number> } = {},
): CartLine {
  const wanted = product.variants.find(({ title }) => title === variant) ?? product.variants[0];
  return {
    variant_id: wanted?.id ?? '',
    quantity,
    customizations: Object.entries(choices).map(([name, count]) => ({
      choice_id: choiceId(product, name),
      quantity: count,
    })),
  };
}

export function choiceId({ customization_groups: groups }: Product, name: string): string {
  const choice = groups.flatMap(({ choices }) => choices).find((candidate) => candidate.name === name);
  if (!choice) throw new Error(`expected a choice called ${name}`);
  return choice.id;
}

/** A checkout that the store takes: a latte for pickup, or a shirt sent to the metro zone. */
export function checkoutOf(
  { products, methods }: TestStore,
  fulfilment: FulfilmentType = 'pickup',
  changes: Partial<Checkout> = {},
): Checkout {
  const contact = {
    first_name: 'Robin',
    last_name: 'Vale',
    email: 'robin@example.com',
    mobile: '+61 400 000 001',
  };
  if (fulfilment === 'pickup') {
    const items = [line(products.latte, { choices: { Whole: 1 } })];
    return { fulfilment_type: 'pickup', contact, items, ...changes };
  }
  return {
    fulfilment_type: 'shipping',
    contact,
    shipping_method_id: methods.standard,
    shipping_address: {
      country: 'AU',
      state: 'VIC',
      postcode: '3000',
      city: 'Melbourne',
      line1: '2 Low Street',
    },
    items: [line(products.tee, { variant: 'M' })],
    ...changes,
  };
}

/** Sends a checkout, under a new key unless one is given. */
export function checkOut(
  client: HttpClient,
  { slug }: TestStore,
  checkout: unknown,
  key: string = randomUUID(),
): Promise<Answer<PlacedOrder & Json>> {
  return client.post(`/api/v1/stores/${slug}/checkout`, checkout, { 'idempotency-key': key });
}

export interface Walk {
  readonly customer: HttpClient;
  /** Signed in at the store. */
  readonly staff: HttpClient;
  readonly store: TestStore;
  readonly fulfilment: FulfilmentType;
}

/** Brings a new order to any status, by the requests that bring real ones there. */
export async function orderAt(status: OrderStatus, walk: Walk): Promise<BoardOrder> {
  const { customer, store, staff, fulfilment } = walk;
  const placed = expectStatus(201, await checkOut(customer, store, checkoutOf(store, fulfilment)));
  let order = { public_id: placed.public_id, version: 1, status: placed.status } as BoardOrder;
  for (const step of pathTo(status, fulfilment)) order = expectStatus(200, await move(staff, order, step));
  return order;
}

/** Asks to move the order, from the version that is given, with what the step needs. */
export function move(
  staff: HttpClient,
  { public_id, version }: Pick<BoardOrder, 'public_id' | 'version'>,
  status: OrderStatus,
  changes: Json = {},
): Promise<Answer<BoardOrder & Json>> {
  const needs = {
    ...(status === 'shipped' && { tracking_code: 'T1' }),
    ...(status === 'cancelled' && { reason: 'Sold out' }),
  };
  return staff.patch(`/dashboard/orders/${public_id}/status`, { status, version, ...needs, ...changes });
}

/** The body of an answer that must have this status. */
export function expectStatus<Body>(status: number, answer: Answer<Body>): Body {
  if (answer.status !== status)
    throw new Error(`expected ${status}, received ${answer.status}: ${answer.text}`);
  return answer.body;
}

function pathTo(status: OrderStatus, fulfilment: FulfilmentType): OrderStatus[] {
  if (status === 'cancelled') return ['cancelled'];
  const statuses = stepsOf(fulfilment).map((step) => step.status);
  if (!statuses.includes(status)) throw new Error(`expected a status of ${fulfilment}, received ${status}`);
  return statuses.slice(1, statuses.indexOf(status) + 1);
}
