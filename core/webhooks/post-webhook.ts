import type { IncomingMessage, RequestOptions } from 'node:http';
import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import type { Duplex } from 'node:stream';
import { callableAddresses, type Reach, type ResolvedAddress } from './public-addresses.ts';

/** From the first to the last byte, in milliseconds. */
const CALL_TIMEOUT_MS = 10_000;
/** Below are numbers that HTTP has no meaning for. */
const CODE_MIN = 100;
/** What is read of an answer; the rest is left unread. */
const ANSWER_MAX_BYTES = 16 * 1024;

export interface WebhookCall {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface WebhookAnswer {
  readonly code: number;
  /** The beginning of what was answered. */
  readonly body: string;
}

/**
 * Posts to an address that a stranger chose. The name is resolved once and the call goes to what it led to, so that it cannot lead elsewhere
 * between the check and the call. No redirect is followed. Throws `AddressRefused`, and whatever a network makes go wrong.
 */
export async function postWebhook({ url, headers, body }: WebhookCall, reach: Reach): Promise<WebhookAnswer> {
  const signal = AbortSignal.timeout(CALL_TIMEOUT_MS);
  const target = new URL(url);
  const addresses = await callableAddresses(target, reach);
  return exchange(target, body, {
    method: 'POST',
    headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    // A connection of its own: a kept one would lead where the name led before.
    agent: false,
    lookup: pinnedTo(addresses),
    signal,
  });
}

function exchange(target: URL, body: string, options: RequestOptions): Promise<WebhookAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<WebhookAnswer>();
  const request = target.protocol === 'https:' ? tlsRequest : plainRequest;
  const call = request(target, options, (response) => {
    const code = response.statusCode ?? 0;
    if (code < CODE_MIN) return void call.destroy(new Error(`expected an answer of HTTP, received ${code}`));
    readBeginning(response)
      .then((text) => resolve({ code, body: text }), reject)
      .finally(() => call.destroy());
  });
  call.on('error', reject);
  // Whoever answers that the connection is to be something else would otherwise have no answer, and no end.
  call.on('upgrade', ({ statusCode: code = 0 }, socket: Duplex) => {
    socket.destroy();
    resolve({ code, body: '' });
  });
  call.end(body);
  return promise;
}

async function readBeginning(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= ANSWER_MAX_BYTES) break;
  }
  return Buffer.concat(chunks).subarray(0, ANSWER_MAX_BYTES).toString('utf8');
}

function pinnedTo(addresses: readonly ResolvedAddress[]): NonNullable<RequestOptions['lookup']> {
  return (_host, { all }, answer) => {
    if (all) return answer(null, [...addresses]);
    const [first] = addresses;
    answer(null, first?.address ?? '', first?.family);
  };
}
