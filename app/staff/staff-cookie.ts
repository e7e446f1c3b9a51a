import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { refusal } from '../errors.ts';

/** The readable half of the double-submit pair: Inertia and our own calls send it back as a header, which another site cannot. */
const CSRF_COOKIE = 'XSRF-TOKEN';
const CSRF_HEADER = 'x-xsrf-token';
const DAY_S = 86_400;
const COOKIE_AGE_MAX_S = 14 * DAY_S;
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Cookies of staff sessions. `secure` is on behind HTTPS and gives the name the __Host- prefix, which ties it to this very host. */
export interface StaffCookies {
  read(request: FastifyRequest): string | null;
  write(reply: FastifyReply, secret: string): void;
  clear(reply: FastifyReply): void;
}

export function staffCookies({ secure }: { readonly secure: boolean }): StaffCookies {
  const name = secure ? '__Host-storeflow_staff' : 'storeflow_staff';
  const shared = { path: '/', sameSite: 'lax', secure, maxAge: COOKIE_AGE_MAX_S } as const;
  return {
    read: (request) => request.cookies[name] ?? null,
    write: (reply, secret) => {
      reply.setCookie(name, secret, { ...shared, httpOnly: true });
      reply.setCookie(CSRF_COOKIE, csrfToken(secret), { ...shared, httpOnly: false });
    },
    clear: (reply) => {
      reply.clearCookie(name, { path: '/', secure });
      reply.clearCookie(CSRF_COOKIE, { path: '/', secure });
    },
  };
}

/** Refuses a write whose token is not that of the session: it was sent by another site's page, or by one of an older session. */
export function refuseForgedWrite(request: FastifyRequest, secret: string): void {
  if (SAFE_METHODS.has(request.method)) return;
  const sent = request.headers[CSRF_HEADER];
  if (typeof sent === 'string' && sameText(sent, csrfToken(secret))) return;
  throw refusal(
    'SESSION_EXPIRED',
    'The page that sent this belongs to another session. Reload it and try again.',
  );
}

/** Refuses a write without a session (signing in) that a page of another origin sent. */
export function refuseForeignOrigin(request: FastifyRequest): void {
  const { origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const foreign = origin
    ? hostOf(origin) !== request.host
    : site !== undefined && site !== 'same-origin' && site !== 'none';
  if (foreign) throw refusal('FORBIDDEN', 'This was sent from a page of another site.');
}

/** What stays the same in one browser and differs in most others: a stolen cookie alone does not fit. */
export function browserFingerprint({ headers }: FastifyRequest): string {
  const traits = [headers['user-agent'], headers['accept-language'], headers['sec-ch-ua-platform']];
  return createHash('sha256').update(traits.map(String).join('\n')).digest('base64url');
}

function csrfToken(secret: string): string {
  return createHmac('sha256', secret).update('csrf').digest('base64url');
}

function sameText(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
