import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { DomainError } from '#core/values/domain-error.ts';

/** A browser, as far as it shows itself. */
export interface Browser {
  readonly fingerprint: string;
  /** What it calls itself, or an empty text. */
  readonly userAgent: string;
}

/** The browser that sent this, as a session keeps it. */
export function browserOf(request: FastifyRequest): Browser {
  return { fingerprint: browserFingerprint(request), userAgent: request.headers['user-agent'] ?? '' };
}

/** Refuses, with FORBIDDEN, a request that a page of another origin sent. */
export function refuseForeignOrigin(request: FastifyRequest): void {
  const { origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const foreign = origin
    ? hostOf(origin) !== request.host
    : site !== undefined && site !== 'same-origin' && site !== 'none';
  if (foreign) throw new DomainError('FORBIDDEN', 'This was sent from a page of another site.');
}

/** What stays the same in one browser and differs in most others, as a hash: a stolen cookie alone does not fit. */
export function browserFingerprint({ headers }: Pick<FastifyRequest, 'headers'>): string {
  const traits = [headers['user-agent'], headers['accept-language'], headers['sec-ch-ua-platform']];
  return createHash('sha256').update(traits.map(String).join('\n')).digest('base64url');
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
