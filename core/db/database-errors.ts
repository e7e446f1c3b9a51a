import { DomainError } from '#core/values/domain-error.ts';

/**
 * serialization_failure, deadlock_detected: the same transaction may succeed when run again. foreign_key_violation: what it had just read was
 * deleted meanwhile, so that it will not find it when run again, and say so.
 */
const RETRYABLE = new Set(['40001', '40P01', '23503']);

/** in_failed_sql_transaction: says nothing but that a statement before this one failed. */
const CONSEQUENCE = '25P02';

/** foreign_key_violation; restrict_violation, as later versions call it where the key says RESTRICT. */
const FOREIGN_KEY_CODES = new Set(['23503', '23001']);

/** The server is gone, starting, stopping or out of connections; and what the socket and the driver say when it is. */
const LOST = new Set(
  (
    '57P01 57P02 57P03 57P05 25P03 53300 08000 08003 08006 ' +
    'ECONNREFUSED ECONNRESET EPIPE ETIMEDOUT ENOTFOUND EHOSTUNREACH ' +
    'CONNECT_TIMEOUT CONNECTION_CLOSED CONNECTION_ENDED CONNECTION_DESTROYED'
  ).split(' '),
);

/** The server is there and cannot: query_canceled at its time limit, disk or memory full, lock_not_available in too long a queue. */
const OVERLOADED = new Set(['57014', '53100', '53200', '55P03']);

/** How long a client is asked to wait before it tries again, in seconds. */
const RETRY_AFTER_S = 2;

/** Whether the same transaction may succeed when it is run again at once. */
export function isRetryable(error: unknown): boolean {
  return RETRYABLE.has(codeOf(error));
}

/** Whether the error only follows from an earlier one in the same transaction. */
export function isConsequence(error: unknown): boolean {
  return codeOf(error) === CONSEQUENCE;
}

/** Whether the error means that the database cannot be reached or cannot take work now. */
export function isUnavailable(error: unknown): boolean {
  return isConnectionLost(error) || OVERLOADED.has(codeOf(error));
}

/** Whether the connection on which the error came is no more. */
export function isConnectionLost(error: unknown): boolean {
  return LOST.has(codeOf(error));
}

/** What statements are told that come after their connection was lost. */
export function connectionLost(): Error {
  return Object.assign(new Error('the connection to the database was lost'), { code: 'CONNECTION_CLOSED' });
}

/** The refusal for a database that is away: 503 with Retry-After. */
export function databaseUnavailable(cause: unknown): DomainError {
  return new DomainError(
    'UNAVAILABLE',
    'The shop cannot reach its database at the moment. Nothing was lost; try again in a few seconds.',
    { retry_after: RETRY_AFTER_S },
    { cause },
  );
}

/** The constraint that a row violated, or null when the error is another. */
export function violatedConstraint(error: unknown): string | null {
  if (!(error instanceof Error) || !('constraint_name' in error)) return null;
  return typeof error.constraint_name === 'string' ? error.constraint_name : null;
}

/** Whether a row could not go because others refer to it. */
export function isStillReferredTo(error: unknown): boolean {
  return FOREIGN_KEY_CODES.has(codeOf(error));
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}
