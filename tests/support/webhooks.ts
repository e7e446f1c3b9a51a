import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { testApp, type TestApp } from './app.ts';
import { until } from './deliveries.ts';
import type { HttpClient, Json } from './http-client.ts';
import { openMerchants, type TestMerchants } from './merchants.ts';
import { checkOut, checkoutOf, expectStatus } from './orders.ts';
import { signIn } from './sign-in.ts';
import { answering, startReceiver, type ReceivedCall, type WebhookReceiver } from './webhook-receiver.ts';

export const ENDPOINTS = '/dashboard/webhook-endpoints';

export interface Endpoint extends Json {
  readonly id: string;
  readonly url: string;
  readonly version: number;
  readonly secret: string;
}

export interface Delivery extends Json {
  readonly id: string;
  readonly state: string;
  readonly attempts: number;
}

export type List<Item> = { readonly data: readonly Item[]; readonly next_cursor: string | null };

/** Shops whose owner has endpoints at a receiver on this machine. */
export interface WebhookTest {
  readonly app: TestApp;
  readonly shops: TestMerchants;
  readonly receiver: WebhookReceiver;
  readonly owner: HttpClient;
  /** Without endpoints, and with a receiver that takes everything. */
  reset(): Promise<void>;
  /** An endpoint at a path of its own, so that its calls can be told apart. */
  endpoint(changes?: Json): Promise<Endpoint & { calls(): readonly ReceivedCall[] }>;
  placeOrder(): Promise<{ public_id: string }>;
  deliveries(query?: string): Promise<readonly Delivery[]>;
  /** The deliveries in this state once there are so many. */
  delivered(state: string, count?: number): Promise<readonly Delivery[]>;
  close(): Promise<void>;
}

export async function openWebhookTest(): Promise<WebhookTest> {
  const receiver = await startReceiver();
  const app = await testApp({ webhooksAllowPrivate: true });
  const shops = await openMerchants(app);
  const owner = await signIn(app.visitor, 'owner', shops.cafe);
  let paths = 0;
  const deliveries: WebhookTest['deliveries'] = async (query = '') =>
    expectStatus(200, await owner.get<List<Delivery>>(`/dashboard/webhook-deliveries.json${query}`)).data;
  return {
    app,
    shops,
    receiver,
    owner,
    deliveries,
    reset: async () => {
      await app.admin`DELETE FROM webhook_endpoints`;
      receiver.answer = answering(204);
    },
    endpoint: async (changes = {}) => {
      const path = `/hook-${++paths}`;
      const body = { url: new URL(path, receiver.url).href, event_types: ['OrderCreated'], ...changes };
      const made = expectStatus(201, await owner.post<Endpoint>(ENDPOINTS, body));
      return { ...made, calls: () => receiver.calls.filter((call) => call.path === path) };
    },
    placeOrder: async () =>
      expectStatus(201, await checkOut(app.visitor, shops.cafe, checkoutOf(shops.cafe))),
    delivered: async (state, count = 1) => {
      let found: readonly Delivery[] = [];
      await until(async () => {
        found = (await deliveries()).filter((each) => each.state === state);
        return found.length >= count;
      }, `${count} ${state}`);
      return found;
    },
    close: async () => {
      await app.close();
      await receiver.close();
    },
  };
}

/** The example that the documentation gives to those who receive webhooks. */
export async function documentedVerification() {
  const docs = readFileSync(join(import.meta.dirname, '../../docs/webhooks.md'), 'utf8');
  const code = /```js\n([\s\S]*?)```/.exec(docs)?.[1] ?? '';
  const module = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as {
    isFromStoreFlow(call: { headers: object; body: string; secret: string; now?: number }): boolean;
  };
  return module.isFromStoreFlow;
}
