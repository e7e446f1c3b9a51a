import { chown, lchown, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';

const ROOT_UID = 0;
const ACCOUNT_NAMES = ['postgres', 'nobody'];

/** The user that PostgreSQL runs as when this process is root, whom PostgreSQL refuses. */
export interface ServerAccount {
  readonly uid: number;
  readonly gid: number;
}

/**
 * The account for a cluster folder: undefined (this process's own user) unless this process is root; then
 * the folder's owner, so that a later installed `postgres` user changes nothing, or who may own a new one.
 */
export async function serverAccount(clusterDir: string): Promise<ServerAccount | undefined> {
  if (process.getuid?.() !== ROOT_UID) return undefined;
  const owner = await stat(clusterDir).catch(() => undefined);
  if (owner !== undefined && owner.uid !== ROOT_UID) return { uid: owner.uid, gid: owner.gid };
  const account = await unprivilegedAccount();
  // A folder of root's is a backup that root has put back.
  if (owner !== undefined) await giveFolder(clusterDir, account);
  return account;
}

async function unprivilegedAccount(): Promise<ServerAccount> {
  const accounts = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  for (const name of ACCOUNT_NAMES) {
    const [, , uid, gid] = accounts.find(([candidate]) => candidate === name) ?? [];
    if (Number(uid) > ROOT_UID) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new EmbeddedPostgresError(
    'SERVER_FAILED',
    `expected a user ${ACCOUNT_NAMES.join(' or ')} in /etc/passwd to run PostgreSQL, which refuses root, ` +
      'received neither: create one or start StoreFlow as an ordinary user',
  );
}

async function giveFolder(folder: string, { uid, gid }: ServerAccount): Promise<void> {
  await chown(folder, uid, gid);
  for (const entry of await readdir(folder, { recursive: true })) await lchown(join(folder, entry), uid, gid);
}
