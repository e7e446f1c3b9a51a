import type { Database } from '#core/db/database.ts';
import { newSecret, secretHash } from '#core/security/secret-token.ts';
import { refusal } from '../errors.ts';

/** Whether nobody can sign in yet: such a system waits to be set up. */
export async function isEmptySystem({ directory }: Database): Promise<boolean> {
  const [row] = await directory<
    { empty: boolean }[]
  >`SELECT NOT EXISTS (SELECT FROM directory_staff) AS empty`;
  return row?.empty ?? true;
}

/** Makes the one-time setup link of an empty system; former ones end. Answers its secret, which is kept nowhere. */
export async function issueSetupLink({ directory }: Database): Promise<string> {
  const secret = newSecret();
  await directory`
    WITH former AS (DELETE FROM directory_setup)
    INSERT INTO directory_setup (token_hash) VALUES (${secretHash(secret)})`;
  return secret;
}

/** Refuses a setup link that is not the newest, or was used. */
export async function refuseUsedLink({ directory }: Database, secret: string): Promise<void> {
  const [row] =
    await directory`SELECT FROM directory_setup WHERE token_hash = ${secretHash(secret)} AND used_at IS NULL`;
  if (!row) throw invalidLink();
}

/** Uses the link up. Of two at once, one gets it. */
export async function useSetupLink({ directory }: Database, secret: string): Promise<void> {
  const used = await directory`
    UPDATE directory_setup SET used_at = now() WHERE token_hash = ${secretHash(secret)} AND used_at IS NULL`;
  if (used.count === 0) throw invalidLink();
}

/** Gives the link back when what it was used for was refused. */
export async function restoreSetupLink({ directory }: Database, secret: string): Promise<void> {
  await directory`UPDATE directory_setup SET used_at = NULL WHERE token_hash = ${secretHash(secret)}`;
}

function invalidLink() {
  return refusal(
    'SETUP_LINK_INVALID',
    'This link was used, or is not the newest one that the server printed.',
  );
}
