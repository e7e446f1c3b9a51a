import { mkdtemp, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const IN_MEMORY = '/dev/shm';
/** The databases of a whole run, with their write-ahead log. */
const ROOM_MIN_BYTES = 4 * 1024 ** 3;

/** A new folder for a PostgreSQL: in memory where there is room, since a disk has trouble with a thousand files that come and go with each test file. */
export async function scratchFolder(name: string): Promise<string> {
  return mkdtemp(join((await hasRoomInMemory()) ? IN_MEMORY : tmpdir(), `storeflow-${name}-`));
}

async function hasRoomInMemory(): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  const room = await statfs(IN_MEMORY).catch(() => null);
  return room !== null && room.bavail * room.bsize >= ROOM_MIN_BYTES;
}
