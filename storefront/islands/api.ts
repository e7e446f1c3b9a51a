import type { Static } from 'typebox';
import type { Price, PriceRequest, QuoteRequestSchema, QuoteSchema } from '#app/cart/cart-schemas.ts';
import type { Checkout, PlacedOrder } from '#app/checkout/checkout-schemas.ts';
import type { PublicOrder } from '#app/orders/order-view.ts';
import type { PollAnswer } from '#client/protocol.ts';
import { shopOfPage } from './shop.ts';

export type { Checkout, PlacedOrder, Price, PriceRequest, PublicOrder };
export type QuoteRequest = Static<typeof QuoteRequestSchema>;
export type Quote = Static<typeof QuoteSchema>;

/** A refusal as the server words it (RFC 9457). */
export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  /** By field, e.g. `items.0.quantity`. */
  readonly errors?: Readonly<Record<string, readonly string[]>>;
  /** With PRICE_CHANGED: the cart at today's prices. */
  readonly quote?: Price;
  /** With OUT_OF_STOCK: what is left. */
  readonly available?: number;
}

/** The server answered, and refused. */
export class Refused extends Error {
  readonly problem: Problem;
  /** Seconds after which another try makes sense; null when the server does not say. */
  readonly retryAfterS: number | null;

  constructor(problem: Problem, retryAfterS: number | null) {
    super(problem.detail);
    this.problem = problem;
    this.retryAfterS = retryAfterS;
  }
}

/** No answer came: nobody knows whether the request did. */
export class Unreachable extends Error {}

interface Call {
  readonly method?: 'GET' | 'POST';
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

const ANSWER_TIME_MAX_MS = 15_000;

export function priceCart(request: PriceRequest, signal?: AbortSignal): Promise<Price> {
  return answerOf(ofStore('/cart/price', { body: request, ...(signal && { signal }) }));
}

export function quoteShipping(request: QuoteRequest, signal?: AbortSignal): Promise<Quote> {
  return answerOf(ofStore('/shipping/quote', { body: request, ...(signal && { signal }) }));
}

/** Places an order. The same key and body may be sent again and again: the order exists once. */
export function placeOrder(key: string, body: Checkout): Promise<PlacedOrder> {
  return answerOf(ofStore('/checkout', { body, headers: { 'idempotency-key': key } }));
}

/** The order as it is now, and the position in its stream that this belongs to. */
export async function fetchOrder(publicId: string): Promise<{ order: PublicOrder; cursor: string }> {
  const response = await call(`/api/v1/orders/${publicId}`, { method: 'GET' });
  return { order: await json<PublicOrder>(response), cursor: response.headers.get('stream-cursor') ?? '' };
}

/** What happened to the order after a position, for when sockets do not get through. */
export async function fetchOrderEvents(publicId: string, cursor: string): Promise<PollAnswer> {
  const query = new URLSearchParams({ cursor }).toString();
  return json<PollAnswer>(await call(`/api/v1/orders/${publicId}/events?${query}`, { method: 'GET' }));
}

function ofStore(path: string, options: Call): Promise<Response> {
  return call(`${shopOfPage().api}${path}`, options);
}

async function answerOf<Answer>(response: Promise<Response>): Promise<Answer> {
  return json<Answer>(await response);
}

async function call(url: string, { method = 'POST', body, headers, signal }: Call): Promise<Response> {
  const deadline = AbortSignal.timeout(ANSWER_TIME_MAX_MS);
  const response = await fetch(url, {
    method,
    headers: {
      accept: 'application/json',
      'content-type': 'application/json',
      ...customerToken(),
      ...headers,
    },
    signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new Unreachable('no answer', { cause: error });
  });
  if (!response.ok) throw new Refused(await problemOf(response), retryAfterOf(response));
  return response;
}

/** Shows that a write of someone who is signed in comes from our own page. */
function customerToken(): Record<string, string> {
  const token = /(?:^|; )storeflow_customer_token=([^;]+)/.exec(document.cookie)?.[1];
  return token === undefined ? {} : { 'x-customer-token': token };
}

async function problemOf(response: Response): Promise<Problem> {
  const { status, statusText } = response;
  try {
    return (await response.json()) as Problem;
  } catch {
    return { status, code: 'UNKNOWN', title: statusText, detail: statusText };
  }
}

/** An answer that breaks off is as good as none. */
async function json<Answer>(response: Response): Promise<Answer> {
  try {
    return (await response.json()) as Answer;
  } catch (error) {
    throw new Unreachable('the answer broke off', { cause: error });
  }
}

function retryAfterOf({ headers }: Response): number | null {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds : null;
}
