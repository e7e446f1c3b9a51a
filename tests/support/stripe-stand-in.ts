import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Stripe } from 'stripe';
import type { StripeSettings } from '#app/payments/stripe-provider.ts';
import { StripeBooks, type Intent, type Reply } from './stripe-books.ts';

/** What becomes of a request: never heard, done with its answer lost, left without an answer, or turned away. */
export type Trouble = 'lost' | 'answer lost' | 'silent' | 'busy';

/** A server that speaks Stripe's wire format for the calls in use, with books that tests read and bend. */
export interface StripeStandIn {
  readonly settings: StripeSettings;
  readonly books: StripeBooks;
  /** Every request that came, as `POST /v1/payment_intents`. */
  readonly asked: string[];
  /** Brings trouble upon the next call that matches. */
  trouble(pattern: RegExp, kind: Trouble): void;
  /** Forgets all idempotency keys, as Stripe does after a day. */
  forgetKeys(): void;
  /** A message as Stripe's webhook sends it, signed with the secret of the settings unless another is given. */
  message(type: string, intent: Intent, secret?: string): WebhookMessage;
  close(): Promise<void>;
}

export interface WebhookMessage {
  readonly body: string;
  readonly headers: Record<string, string>;
}

const WEBHOOK_SECRET = 'whsec_of_the_stand_in';
const TIMEOUT_MS = 1_000;

/** Starts the stand-in on a free port. */
export async function startStripeStandIn(): Promise<StripeStandIn> {
  const books = new StripeBooks();
  const asked: string[] = [];
  const troubles: { pattern: RegExp; kind: Trouble; times: number }[] = [];
  const replies = new Map<string, KnownReply>();
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const line = `${request.method} ${request.url}`;
    const form = await text(request);
    asked.push(line);
    const trouble = troubles.find(({ pattern, times }) => times > 0 && pattern.test(line));
    if (trouble) trouble.times -= 1;
    if (trouble?.kind === 'silent') return;
    if (trouble?.kind === 'busy') return send(response, BUSY);
    if (trouble?.kind === 'lost') return void request.socket.destroy();
    const key = request.headers['idempotency-key'] as string | undefined;
    const reply = remembered(replies, { key, form }, () => books.answer(line, new URLSearchParams(form)));
    if (trouble) return void request.socket.destroy();
    send(response, reply);
  };
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    books,
    asked,
    settings: {
      secretKey: 'sk_test_stand_in',
      webhookSecret: WEBHOOK_SECRET,
      publishableKey: 'pk_test_stand_in',
      apiBase: `http://127.0.0.1:${port}`,
      timeoutMs: TIMEOUT_MS,
      retries: 0,
    },
    // A connection that breaks is tried once more by Stripe's library itself.
    trouble: (pattern, kind) => void troubles.push({ pattern, kind, times: /lost/.test(kind) ? 2 : 1 }),
    forgetKeys: () => replies.clear(),
    message: webhookMessage,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

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

function webhookMessage(type: string, intent: Intent, secret = WEBHOOK_SECRET): WebhookMessage {
  const id = `evt_${++messages}`;
  const payload = JSON.stringify({ id, object: 'event', type, data: { object: intent } });
  const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret });
  return {
    body: payload,
    headers: { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': signature },
  };
}
