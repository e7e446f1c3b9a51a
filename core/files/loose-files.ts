import type postgres from 'postgres';
import type { TenantTx } from '#core/db/tenant.ts';
import type { MediaDisk } from './media.ts';

/** Between the moment a file is noted and the row that shows it lies a request: it has ended long before. */
const SETTLED_AFTER_HOURS = 1;
/** Files that are removed at the same time; also what a disk that does not answer costs. */
const PAGE_SIZE = 20;

/** Notes a file before it is stored, in a transaction of its own. Triggers strike it out when a row shows it, and note it again when the row goes. */
export async function noteLooseFile({ sql, tenant }: TenantTx, file: string): Promise<void> {
  await sql`INSERT INTO loose_files (merchant_id, file) VALUES (${tenant.merchantId}, ${file})`;
}

/**
 * Removes the files that no row has shown for an hour; answers how many. Run as the owner. A row that comes this late finds its file doomed
 * and is refused; a sweep that breaks off is taken up by the next one.
 */
export async function sweepLooseFiles(owner: postgres.Sql, disk: MediaDisk): Promise<number> {
  let swept = 0;
  for (;;) {
    const files = await doomFiles(owner);
    await Promise.all(files.map((file) => disk.delete(file)));
    await owner`DELETE FROM loose_files WHERE doomed AND file = ANY(${files}::text[])`;
    swept += files.length;
    if (files.length < PAGE_SIZE) return swept;
  }
}

async function doomFiles(owner: postgres.Sql): Promise<string[]> {
  const rows = await owner<{ file: string }[]>`
    UPDATE loose_files SET doomed = true
    WHERE (merchant_id, file) IN (
      SELECT merchant_id, file FROM loose_files
      WHERE doomed OR since < now() - make_interval(hours => ${SETTLED_AFTER_HOURS})
      ORDER BY since, file LIMIT ${PAGE_SIZE})
    RETURNING file`;
  return rows.map(({ file }) => file);
}
