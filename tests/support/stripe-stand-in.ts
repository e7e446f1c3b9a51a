import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Stripe } from 'stripe';
import type { StripeApi } from '#app/payments/stripe-client.ts';
import { StripeBooks, type Reply } from './stripe-books.ts';

/** What becomes of a request: never heard, done with its answer lost, left without an answer, done and left without one, or turned away. */
export type Trouble = 'lost' | 'answer lost' | 'silent' | 'done in silence' | 'busy';

/** A server that speaks Stripe's wire format for the calls in use, with books that tests read and bend. */
export interface StripeStandIn {
  readonly api: StripeApi;
  /** The account that most tests are paid into, and its books. */
  readonly account: StripeAccount;
  readonly books: StripeBooks;
  /** Opens another account, of another merchant perhaps. */
  openAccount(): StripeAccount;
  /** Every request that came, as `POST /v1/payment_intents`. */
  readonly asked: string[];
  /** Brings trouble upon the next call that matches; `struck` resolves once it has. */
  trouble(pattern: RegExp, kind: Trouble): { readonly struck: Promise<void> };
  /** Forgets all idempotency keys, as Stripe does after a day. */
  forgetKeys(): void;
  /** A message as Stripe's webhook sends it about an intent or a charge, signed with the secret of the account unless another is given. */
  message(type: string, object: object, secret?: string): WebhookMessage;
  close(): Promise<void>;
}

/** An account at the stand-in. */
export interface StripeAccount {
  readonly id: string;
  readonly publishableKey: string;
  readonly webhookSecret: string;
  /** Those that open it now; tests add and take away. */
  readonly secretKeys: string[];
  readonly books: StripeBooks;
}

export interface WebhookMessage {
  readonly body: string;
  readonly headers: Record<string, string>;
}

const TIMEOUT_MS = 1_000;

/** Starts the stand-in on a free port. */
export async function startStripeStandIn(): Promise<StripeStandIn> {
  const accounts = [openAccount(1)];
  const [account] = accounts as [StripeAccount];
  const asked: string[] = [];
  const troubles: { pattern: RegExp; kind: Trouble; times: number; strike: () => void }[] = [];
  const replies = new Map<string, KnownReply>();
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const line = `${request.method} ${request.url}`;
    const form = await text(request);
    asked.push(line);
    const trouble = troubles.find(({ pattern, times }) => times > 0 && pattern.test(line));
    if (trouble) trouble.times -= 1;
    trouble?.strike();
    if (trouble?.kind === 'silent') return;
    if (trouble?.kind === 'busy') return send(response, BUSY);
    if (trouble?.kind === 'lost') return void request.socket.destroy();
    const asking = accounts.find(({ secretKeys }) => secretKeys.includes(keyOf(request)));
    if (!asking) return send(response, UNKNOWN_KEY);
    if (line === 'GET /v1/account') return send(response, { status: 200, body: { id: asking.id } });
    const key = idempotencyKeyOf(request, asking);
    const act = () => asking.books.answer(line, new URLSearchParams(form));
    const reply = remembered(replies, { key, form }, act);
    if (trouble?.kind === 'done in silence') return;
    if (trouble) return void request.socket.destroy();
    send(response, reply);
  };
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    account,
    books: account.books,
    asked,
    api: { base: `http://127.0.0.1:${port}`, timeoutMs: TIMEOUT_MS, retries: 0 },
    openAccount: () => {
      const opened = openAccount(accounts.length + 1);
      accounts.push(opened);
      return opened;
    },
    trouble: (pattern, kind) => {
      const { promise: struck, resolve: strike } = Promise.withResolvers<void>();
      // A connection that breaks is tried once more by Stripe's library itself.
      troubles.push({ pattern, kind, times: /lost/.test(kind) ? 2 : 1, strike });
      return { struck };
    },
    forgetKeys: () => replies.clear(),
    message: (type, object, secret = account.webhookSecret) => webhookMessage(type, object, secret),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function openAccount(nth: number): StripeAccount {
  return {
    id: `acct_standin${nth}`,
    publishableKey: `pk_test_standin${nth}`,
    webhookSecret: `whsec_standin${nth}`,
    secretKeys: [`sk_test_standin${nth}`],
    books: new StripeBooks(),
  };
}

function keyOf({ headers }: IncomingMessage): string {
  return (headers.authorization ?? '').replace('Bearer ', '');
}

/** Each account has keys of its own. */
function idempotencyKeyOf({ headers }: IncomingMessage, { id }: StripeAccount): string | undefined {
  const key = headers['idempotency-key'];
  return key === undefined ? undefined : `${id} ${String(key)}`;
}

const UNKNOWN_KEY: Reply = {
  status: 401,
  body: { error: { type: 'invalid_request_error', message: 'Invalid API Key provided' } },
};
const BUSY: Reply = { status: 500, body: { error: { type: 'api_error', message: 'busy' } } };

interface KnownReply {
  readonly form: string;
  readonly status: number;
  readonly text: string;
}

/** The same key gives the same reply, whatever has happened since; with other parameters it is refused. */
function remembered(
  replies: Map<string, KnownReply>,
  { key, form }: { readonly key: string | undefined; readonly form: string },
  act: () => Reply,
): Reply {
  if (key === undefined) return act();
  const known = replies.get(key);
  if (known && known.form !== form) return { status: 400, body: { error: { type: 'idempotency_error' } } };
  if (known) return { status: known.status, body: JSON.parse(known.text) as object };
  const { status, body } = act();
  replies.set(key, { form, status, text: JSON.stringify(body) });
  return { status, body };
}

function send(response: ServerResponse, { status, body }: Reply): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

let messages = 0;

function webhookMessage(type: string, object: object, secret: string): WebhookMessage {
  const id = `evt_${++messages}`;
  const payload = JSON.stringify({ id, object: 'event', type, data: { object } });
  const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret });
  return {
    body: payload,
    headers: { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': signature },
  };
}
