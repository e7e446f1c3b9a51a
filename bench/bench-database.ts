import { join } from 'node:path';
import { migrate } from '#core/db/migrate.ts';
import { PROJECT_FOLDER } from '#start/project-folder.ts';

export const BENCH_SECRET = 'a secret that is used by benchmarks only';

/** Brings an empty database to the newest schema. */
export async function migrateBench(adminUrl: string): Promise<void> {
  await migrate({ adminUrl, secret: BENCH_SECRET, folder: join(PROJECT_FOLDER, 'database/migrations') });
}
