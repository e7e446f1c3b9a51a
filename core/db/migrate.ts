import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import postgres from 'postgres';
import { ensureEventPartitions } from '#core/events/event-partitions.ts';
import { analyzeTables } from './analyze.ts';
import { ensureRoles } from './roles.ts';

export interface MigrateOptions {
  /** A connection that may create roles and take `storeflow_owner`. */
  readonly adminUrl: string;
  readonly secret: string;
  /** The folder of the numbered .sql files. */
  readonly folder: string;
}

/** Any number that no other program on the database uses for an advisory lock. */
const MIGRATION_LOCK = 7_240_311;

/** Brings the database to the newest schema; answers the names of the files that were run. Two nodes that start at once take turns. */
export async function migrate({ adminUrl, secret, folder }: MigrateOptions): Promise<string[]> {
  const admin = postgres(adminUrl, { max: 1, onnotice: () => undefined });
  try {
    await admin`SELECT pg_advisory_lock(${MIGRATION_LOCK})`;
    await ensureRoles(admin, secret);
    await admin.unsafe('SET ROLE storeflow_owner');
    const ran = await runPending(admin, folder);
    await ensureEventPartitions(admin, new Date());
    if (ran.length > 0) await analyzeTables(admin);
    return ran;
  } finally {
    await admin.end();
  }
}

async function runPending(admin: postgres.Sql, folder: string): Promise<string[]> {
  await admin`CREATE TABLE IF NOT EXISTS schema_migrations
    (name text PRIMARY KEY, checksum text NOT NULL, at timestamptz NOT NULL DEFAULT now())`;
  const known = new Map(
    (await admin<{ name: string; checksum: string }[]>`SELECT name, checksum FROM schema_migrations`).map(
      (row) => [row.name, row.checksum] as const,
    ),
  );
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).toSorted();
  const ran: string[] = [];
  for (const name of names) {
    if (
      await runOnce(admin, { name, text: await readFile(join(folder, name), 'utf8'), known: known.get(name) })
    )
      ran.push(name);
  }
  return ran;
}

interface Migration {
  readonly name: string;
  readonly text: string;
  readonly known: string | undefined;
}

async function runOnce(admin: postgres.Sql, { name, text, known }: Migration): Promise<boolean> {
  const checksum = createHash('sha256').update(text).digest('hex');
  if (known === checksum) return false;
  if (known)
    throw new Error(`migration ${name} was changed after it ran: restore the file and add a new one instead`);
  await admin.begin(async (sql) => {
    await sql.unsafe(text).simple();
    await sql`INSERT INTO schema_migrations (name, checksum) VALUES (${name}, ${checksum})`;
  });
  return true;
}
