import { createHash, randomBytes } from 'node:crypto';
import { Disk } from 'flydrive';
import { FSDriver } from 'flydrive/drivers/fs';
import type { Tenant, TenantDb } from '#core/db/tenant.ts';
import { noteLooseFile } from './loose-files.ts';

/** The kinds of pictures that are kept and served. */
export type MediaEnding = 'svg' | 'webp' | 'avif' | 'jpg' | 'png';

/** Where pictures are kept: a folder, or a bucket (media-bucket.ts). */
export interface MediaDisk {
  /** Keeps a file whole under its name, in place of another. */
  put(name: string, bytes: string | Uint8Array): Promise<void>;
  /** Removes a file; one that is not there is no error. */
  delete(name: string): Promise<void>;
}

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
 * Keeps bytes that many may show and answers their name, `{hash}.{ending}`. The same bytes have the same name, and a name never changes its
 * content, so browsers may keep it for ever.
 */
export async function storeMedia(
  disk: MediaDisk,
  bytes: string | Uint8Array,
  ending: MediaEnding,
): Promise<string> {
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, NAME_LENGTH);
  const name = `${hash}.${ending}`;
  await disk.put(name, bytes);
  return name;
}

/**
 * Keeps bytes that one row shows, under a name that no other ever has: when the row goes, they can go, whoever else uploads the same. Until
 * a row shows them they are noted as loose, so that those of a transaction that never commits are swept away.
 */
export async function storeOwnMedia(
  { db, disk }: { readonly db: TenantDb<Tenant>; readonly disk: MediaDisk },
  bytes: Uint8Array,
  ending: MediaEnding,
): Promise<string> {
  const name = `${OWN}${randomBytes(NAME_BYTES).toString('hex')}.${ending}`;
  await db.write((tx) => noteLooseFile(tx, name));
  await disk.put(name, bytes);
  return name;
}

/** Removes files that one row showed. Those that `storeMedia` keeps for many stay: nobody knows who else shows them. */
export async function removeOwnMedia(disk: MediaDisk, names: readonly string[]): Promise<void> {
  await Promise.all(names.filter((name) => name.startsWith(OWN)).map((name) => disk.delete(name)));
}
