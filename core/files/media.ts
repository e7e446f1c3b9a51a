import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The kinds of pictures that are kept and served. */
export type MediaEnding = 'svg' | 'webp' | 'avif' | 'jpg' | 'png';

/** Characters of the content's hash in a name: 160 bits. */
const NAME_LENGTH = 40;

/**
 * Keeps bytes as a file of the folder (made when absent) and answers its name, `{hash}.{ending}`. The same bytes have the same name and are
 * kept once, and a name never changes its content, so browsers may keep it for ever. A crash leaves no half-written file under a name.
 */
export async function storeMedia(
  folder: string,
  bytes: string | Uint8Array,
  ending: MediaEnding,
): Promise<string> {
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, NAME_LENGTH);
  const name = `${hash}.${ending}`;
  if (await isThere(join(folder, name))) return name;
  const unfinished = join(folder, `.${randomUUID()}`);
  await mkdir(folder, { recursive: true });
  await writeFile(unfinished, bytes);
  await rename(unfinished, join(folder, name));
  return name;
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
