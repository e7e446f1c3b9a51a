import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { fingerprintOf, type IdempotencyKey } from '#core/db/idempotency.ts';
import { actorName, type Actor } from '#core/security/audit.ts';
import { DomainError } from '#core/values/domain-error.ts';

const KEY_LENGTH_MIN = 8;
const KEY_LENGTH_MAX = 255;

/** The header of a request that must happen once, for the API's description. */
export const KeyHeader = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      description: `A new unique value for each intention, the same for each retry; ${KEY_LENGTH_MIN} to ${KEY_LENGTH_MAX} characters`,
    }),
  ),
});

/** The same for a request that may go without: one that a program repeats, or a person sends twice, is then done twice. */
export const OptionalKeyHeader = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      minLength: KEY_LENGTH_MIN,
      maxLength: KEY_LENGTH_MAX,
      description: 'A new unique value for each intention: with it, a repeated request changes nothing more',
    }),
  ),
});

interface Asked {
  /** A name for what is asked for. */
  readonly route: string;
  readonly actor: Actor;
  readonly content: unknown;
}

/** What a request promises by its key: to be one with all others of this actor under it. */
export function promiseOf(key: string, { route, actor, content }: Asked): IdempotencyKey {
  return { route, principal: actorName(actor), key, fingerprint: fingerprintOf(content) };
}

/** The same of a request with an `OptionalKeyHeader`. Null without a key. */
export function optionalPromiseOf({ headers }: FastifyRequest, asked: Asked): IdempotencyKey | null {
  const key = headers['idempotency-key'];
  return typeof key === 'string' ? promiseOf(key, asked) : null;
}

/** The request's Idempotency-Key. Throws IDEMPOTENCY_KEY_REQUIRED without one that is 8 to 255 characters long. */
export function idempotencyKeyOf({ headers }: FastifyRequest): string {
  const key = headers['idempotency-key'];
  if (typeof key === 'string' && key.length >= KEY_LENGTH_MIN && key.length <= KEY_LENGTH_MAX) return key;
  throw new DomainError(
    'IDEMPOTENCY_KEY_REQUIRED',
    `Expected the header Idempotency-Key with ${KEY_LENGTH_MIN} to ${KEY_LENGTH_MAX} characters, received ${key?.length ?? 'none'}.`,
  );
}
