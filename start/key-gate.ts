import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Database } from '#core/db/database.ts';
import { secretHash } from '#core/security/secret-token.ts';
import { refusal } from '#app/errors.ts';
import { keyHolder, type KeyHolder } from '#app/staff/api-keys.ts';

const MINUTE_MS = 60_000;
/** Of one key, whatever its calls. */
const CALLS_PER_MINUTE_MAX = 600;

/** How programs show a key (RFC 6750). No browser asks anybody for one. */
const CHALLENGE = 'Bearer realm="StoreFlow"';

/** Counts the calls of a key. */
export type KeyLimit = ReturnType<FastifyInstance['createRateLimit']>;

/** The count of each key's calls. Needs @fastify/rate-limit. */
export function keyLimit(server: FastifyInstance): KeyLimit {
  return server.createRateLimit({
    max: CALLS_PER_MINUTE_MAX,
    timeWindow: MINUTE_MS,
    keyGenerator: (request) => secretHash(bearerOf(request) ?? '').toString('base64url'),
  });
}

/** The key that a request shows, or null when it shows none: then its cookies count. */
export function bearerOf({ headers }: FastifyRequest): string | null {
  return /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1] ?? null;
}

/** Says, with a refusal, that a key would do; where only people are let in, it would not. */
export function askForKey({ routeOptions }: FastifyRequest, reply: FastifyReply): void {
  const { audience, isDocumented } = routeOptions.config;
  if (audience === 'staff' && isDocumented) reply.header('www-authenticate', CHALLENGE);
}

interface KeyKeepers {
  readonly database: Database;
  /** Null where nothing is limited. */
  readonly limitKeys: KeyLimit | null;
}

/** Lets the holder of a key in, with what the key may do. A key opens what the API's description lists; pages are for people. */
export async function admitKey(
  request: FastifyRequest,
  reply: FastifyReply,
  { database, limitKeys }: KeyKeepers,
): Promise<KeyHolder> {
  // Looked at before the key: who calls too often costs next to nothing. Counted behind it: what is no key takes up no memory.
  if (limitKeys) refuseTooMany(reply, await limitKeys(request, { increment: false }));
  const holder = await keyHolder(database, bearerOf(request) ?? '');
  if (!holder) {
    reply.header('www-authenticate', `${CHALLENGE}, error="invalid_token"`);
    throw refusal('UNAUTHENTICATED', 'Expected an API key that is valid, received another text.');
  }
  if (limitKeys) refuseTooMany(reply, await limitKeys(request));
  if (!request.routeOptions.config.isDocumented) throw forPeople();
  return holder;
}

/** The refusal for a key where it takes a person. */
export function forPeople() {
  return refusal('FORBIDDEN', 'This is for people who are signed in, not for API keys.');
}

function refuseTooMany(reply: FastifyReply, count: Awaited<ReturnType<KeyLimit>>): void {
  if (count.isAllowed) return;
  reply.headers({
    'x-ratelimit-limit': count.max,
    'x-ratelimit-remaining': count.remaining,
    'x-ratelimit-reset': count.ttlInSeconds,
  });
  if (!count.isExceeded) return;
  throw refusal('TOO_MANY_REQUESTS', `Expected at most ${count.max} calls a minute with one key.`, {
    retry_after: count.ttlInSeconds,
  });
}
