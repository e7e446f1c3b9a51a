import type { Database } from '#core/db/database.ts';
import { DomainError } from '#core/values/domain-error.ts';
import { networkOf } from './network.ts';
import { secretHash } from './secret-token.ts';

/** Wrong passwords for one account from one address within a minute before the door closes. */
const FAILURES_MAX = 5;
/** The lockout grows by one minute with each further failure, between these bounds. In minutes. */
const LOCKOUT_MIN_MINUTES = 5;
const LOCKOUT_MAX_MINUTES = 15;
/** What is kept of failures has lost its meaning after an hour; each further one removes at most so many of those. */
const REMOVED_AT_ONCE_MAX = 10;

interface Attempt<Person> {
  /** The name that was given, of whatever kind of account, in lower case. It need not exist. */
  readonly account: string;
  readonly address: string;
  /** Who it is, or null when name and password do not belong together. Must take as long either way. */
  readonly check: () => Promise<Person | null>;
}

/**
 * The person who signs in. Refuses with SIGN_IN_FAILED whoever gives a wrong name or password, alike, and with SIGN_IN_LOCKED, before any
 * check, an account that was tried too often from this address.
 */
export async function attemptSignIn<Person>(
  database: Database,
  { account, address, check }: Attempt<Person>,
): Promise<Person> {
  const subject = secretHash(`${account} ${networkOf(address)}`).toString('base64url');
  await refuseLocked(database, subject);
  const person = await check();
  if (person === null) {
    await countFailure(database, subject);
    await forgetOldFailures(database);
    throw new DomainError('SIGN_IN_FAILED', 'This name and password do not belong together.');
  }
  await database.directory`DELETE FROM directory_sign_in_attempts WHERE subject = ${subject}`;
  return person;
}

async function refuseLocked({ directory }: Database, subject: string): Promise<void> {
  const [row] = await directory<{ seconds: number }[]>`
    SELECT ceil(extract(epoch FROM locked_until - now()))::int AS seconds FROM directory_sign_in_attempts
    WHERE subject = ${subject} AND locked_until > now()`;
  if (row)
    throw new DomainError(
      'SIGN_IN_LOCKED',
      `Too many attempts. Try again in ${Math.ceil(row.seconds / 60)} minutes.`,
      { retry_after: row.seconds },
    );
}

async function countFailure({ directory }: Database, subject: string): Promise<void> {
  await directory`
    INSERT INTO directory_sign_in_attempts AS kept (subject, failures, window_started_at) VALUES (${subject}, 1, now())
    ON CONFLICT (subject) DO UPDATE SET
      failures = CASE WHEN now() > coalesce(kept.locked_until, kept.window_started_at) + interval '1 minute' THEN 1 ELSE kept.failures + 1 END,
      window_started_at = CASE WHEN now() > kept.window_started_at + interval '1 minute' THEN now() ELSE kept.window_started_at END,
      locked_until = CASE WHEN kept.failures + 1 >= ${FAILURES_MAX} AND now() <= coalesce(kept.locked_until, kept.window_started_at) + interval '1 minute'
        THEN now() + make_interval(mins => least(${LOCKOUT_MAX_MINUTES}, ${LOCKOUT_MIN_MINUTES} + kept.failures + 1 - ${FAILURES_MAX})) END`;
}

/** Names that somebody made up must not fill the table. */
async function forgetOldFailures({ directory }: Database): Promise<void> {
  await directory`
    DELETE FROM directory_sign_in_attempts WHERE subject IN (
      SELECT subject FROM directory_sign_in_attempts WHERE window_started_at < now() - interval '1 hour'
      ORDER BY window_started_at LIMIT ${REMOVED_AT_ONCE_MAX} FOR UPDATE SKIP LOCKED)`;
}
