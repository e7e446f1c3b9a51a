import { randomUUID } from 'node:crypto';
import type { BenchRequest } from './load.ts';
import type { BenchShop } from './shops.ts';

const CUSTOMERS = 5_000;

/** An order for two random products, shipped. */
export function checkoutOf({ slug, methodId, products }: BenchShop): BenchRequest {
  const line = () => {
    const { variantId, choiceId } = pick(products);
    return { variant_id: variantId, quantity: 1, customizations: [{ choice_id: choiceId, quantity: 1 }] };
  };
  return {
    method: 'POST',
    path: `/api/v1/stores/${slug}/checkout`,
    headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    body: JSON.stringify({
      fulfilment_type: 'shipping',
      contact: {
        first_name: 'Ada',
        last_name: 'Bench',
        email: `customer-${Math.floor(Math.random() * CUSTOMERS)}@example.com`,
      },
      shipping_address: {
        country: 'AU',
        state: 'VIC',
        postcode: '3000',
        city: 'Melbourne',
        line1: '1 High Street',
      },
      shipping_method_id: methodId,
      items: [line(), line()],
    }),
  };
}

/** One of them, at random. */
export function pick<Item>(items: readonly Item[]): Item {
  const item = items[Math.floor(Math.random() * items.length)];
  if (item === undefined) throw new Error('bench: expected at least one item to pick from');
  return item;
}
