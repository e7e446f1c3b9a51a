import type { CookieSerializeOptions } from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** What one answer leaves for the page after the redirect: what went wrong by field, and a word for the person. */
export interface Carried {
  readonly errors: Readonly<Record<string, string>>;
  readonly flash: Readonly<Record<string, unknown>>;
}

const COOKIE = 'storeflow_flash';
const LIFETIME_SECONDS = 60;
/** Browsers keep cookies of up to 4096 bytes, their names, attributes and signature included. */
const BYTES_MAX = 3_500;
/** A longer sentence about a field is cut off, in characters. */
const SENTENCE_LENGTH_MAX = 500;

const ATTRIBUTES = {
  path: '/',
  httpOnly: true,
  sameSite: 'lax',
  secure: 'auto',
} as const satisfies CookieSerializeOptions;

export const NOTHING: Carried = { errors: {}, flash: {} };

/** Leaves it in a signed cookie that lives long enough to follow a redirect. Throws `RangeError` when it does not fit into one. */
export function carry(reply: FastifyReply, carried: Carried): void {
  const value = encoded(carried);
  if (value.length > BYTES_MAX) {
    throw new RangeError(
      `expected at most ${BYTES_MAX} bytes of messages for the next page, received ${value.length}`,
    );
  }
  reply.setCookie(COOKIE, value, { ...ATTRIBUTES, maxAge: LIFETIME_SECONDS, signed: true });
}

/** Leaves the errors of a form, as many of the first ones as fit: they are put right one after another. */
export function carryErrors(reply: FastifyReply, errors: Carried['errors']): void {
  const all = Object.entries(errors).map(([field, text]) => [field, text.slice(0, SENTENCE_LENGTH_MAX)]);
  const firstOf = (count: number) => ({ ...NOTHING, errors: Object.fromEntries(all.slice(0, count)) });
  let count = all.length;
  while (encoded(firstOf(count)).length > BYTES_MAX) count -= 1;
  carry(reply, firstOf(count));
}

function encoded(carried: Carried): string {
  return Buffer.from(JSON.stringify(carried)).toString('base64url');
}

/** Takes what the answer before left; a second page does not get it again. Forged and stale cookies carry nothing. */
export function takeCarried(request: FastifyRequest, reply: FastifyReply): Carried {
  const cookie = request.cookies[COOKIE];
  if (cookie === undefined) return NOTHING;
  reply.clearCookie(COOKIE, ATTRIBUTES);
  const { valid, value } = request.unsignCookie(cookie);
  return valid ? (JSON.parse(Buffer.from(value, 'base64url').toString()) as Carried) : NOTHING;
}
