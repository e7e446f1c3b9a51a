import { createHmac, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '#core/values/domain-error.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The cookies of one kind of session: the secret, and a token of it that only our own pages can read and send back as a header. */
export interface SessionCookies {
  /** The secret that the browser shows, or null. */
  read(request: FastifyRequest): string | null;
  write(reply: FastifyReply, secret: string): void;
  clear(reply: FastifyReply): void;
  /** Refuses, with SESSION_EXPIRED, a write whose token is not that of the session: another site's page sent it, or one of an older session. */
  refuseForgedWrite(request: FastifyRequest, secret: string): void;
}

interface SessionCookiesOptions {
  /** Of the cookie with the secret. */
  readonly name: string;
  /** The readable half of the double-submit pair. */
  readonly token: { readonly cookie: string; readonly header: string };
  /** How long the browser keeps both, in seconds. */
  readonly ageMaxS: number;
  /** On behind HTTPS. Gives the name the __Host- prefix, which ties it to this very host. */
  readonly secure: boolean;
}

/** Cookies under these names. Each kind of session has its own, so that none opens the doors of another. */
export function sessionCookies({ name, token, ageMaxS, secure }: SessionCookiesOptions): SessionCookies {
  const secretName = secure ? `__Host-${name}` : name;
  const shared = { path: '/', sameSite: 'lax', secure, maxAge: ageMaxS } as const;
  return {
    read: (request) => request.cookies[secretName] ?? null,
    write: (reply, secret) => {
      reply.setCookie(secretName, secret, { ...shared, httpOnly: true });
      reply.setCookie(token.cookie, tokenOf(secret), { ...shared, httpOnly: false });
    },
    clear: (reply) => {
      reply.clearCookie(secretName, { path: '/', secure });
      reply.clearCookie(token.cookie, { path: '/', secure });
    },
    refuseForgedWrite: ({ method, headers }, secret) => {
      if (SAFE_METHODS.has(method)) return;
      const sent = headers[token.header];
      if (typeof sent === 'string' && sameText(sent, tokenOf(secret))) return;
      throw new DomainError(
        'SESSION_EXPIRED',
        'The page that sent this belongs to another session. Reload it and try again.',
      );
    },
  };
}

function tokenOf(secret: string): string {
  return createHmac('sha256', secret).update('csrf').digest('base64url');
}

function sameText(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
}
