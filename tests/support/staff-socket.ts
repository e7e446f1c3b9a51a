import type { HttpClient } from './http-client.ts';
import { expectStatus } from './orders.ts';
import { connect, type RawClient } from './realtime.ts';
import type { TestStore } from './merchants.ts';

/** A socket of the person that hears the store's orders. */
export async function socketOf(staff: HttpClient, store: TestStore): Promise<RawClient> {
  const { ticket } = expectStatus(200, await staff.post<{ ticket: string }>('/dashboard/realtime/ticket'));
  const { origin } = staff;
  const client = await connect({ origin, url: `${origin.replace('http', 'ws')}/realtime` }, { ticket });
  await client.next('welcome');
  client.say({ type: 'subscribe', channel: `store.${store.id}.orders` });
  await client.next('subscribed');
  return client;
}
