import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Disk } from 'flydrive';
import { FSDriver } from 'flydrive/drivers/fs';

/** The kinds of pictures that are kept and served. */
export type MediaEnding = 'svg' | 'webp' | 'avif' | 'jpg' | 'png';

/** Where pictures are kept. Another place than a folder is another driver of the same kind. */
export type MediaDisk = Pick<Disk, 'put' | 'exists' | 'move' | 'delete'>;

/** Characters of the content's hash in a name: 160 bits. */
const NAME_LENGTH = 40;
const NAME_BYTES = NAME_LENGTH / 2;
/** Of the names of what one row shows; no hash begins with it. */
const OWN = 'u';

/** Keeps pictures as files of the folder, which is made when absent. */
export function mediaFolder(folder: string): MediaDisk {
  return new Disk(new FSDriver({ location: folder, visibility: 'public' }));
}

/**
 * Keeps bytes that many may show and answers their name, `{hash}.{ending}`. The same bytes have the same name and are kept once, and a name
 * never changes its content, so browsers may keep it for ever. A crash leaves no half-written file under a name.
 */
export async function storeMedia(
  disk: MediaDisk,
  bytes: string | Uint8Array,
  ending: MediaEnding,
): Promise<string> {
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, NAME_LENGTH);
  const name = `${hash}.${ending}`;
  if (await disk.exists(name)) return name;
  const unfinished = `unfinished-${randomUUID()}`;
  await disk.put(unfinished, bytes);
  await disk.move(unfinished, name);
  return name;
}

/** Keeps bytes that one row shows, under a name that no other ever has: when the row goes, they can go, whoever else uploads the same. */
export async function storeOwnMedia(
  disk: MediaDisk,
  bytes: Uint8Array,
  ending: MediaEnding,
): Promise<string> {
  const name = `${OWN}${randomBytes(NAME_BYTES).toString('hex')}.${ending}`;
  await disk.put(name, bytes);
  return name;
}

/** Removes files that one row showed. Those that `storeMedia` keeps for many stay: nobody knows who else shows them. */
export async function removeOwnMedia(disk: MediaDisk, names: readonly string[]): Promise<void> {
  await Promise.all(names.filter((name) => name.startsWith(OWN)).map((name) => disk.delete(name)));
}
