import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
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

/** The request's Idempotency-Key. Throws IDEMPOTENCY_KEY_REQUIRED without one that is 8 to 255 characters long. */
export function idempotencyKeyOf({ headers }: FastifyRequest): string {
  const key = headers['idempotency-key'];
  if (typeof key === 'string' && key.length >= KEY_LENGTH_MIN && key.length <= KEY_LENGTH_MAX) return key;
  throw new DomainError(
    'IDEMPOTENCY_KEY_REQUIRED',
    `Expected the header Idempotency-Key with ${KEY_LENGTH_MIN} to ${KEY_LENGTH_MAX} characters, received ${key?.length ?? 'none'}.`,
  );
}
