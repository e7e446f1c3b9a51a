import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mediaFolder, storeMedia } from '#core/files/media.ts';
import { explain } from '#start/explain.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'storeflow-explain-'));
});
afterAll(() => rm(home, { recursive: true }));

const full = () => Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });

it.each([
  ['the disk is full', full()],
  [
    'the disk is full when a picture is kept',
    Object.assign(new Error('Unable to write file', { cause: full() }), { code: 'E_CANNOT_WRITE_FILE' }),
  ],
])('says in one line that %s', (_, error) => {
  expect(explain(error)).toMatch(/^the disk is full: free some space[^\n]*$/);
});

it('says what the disk said of a folder for pictures that is none', async () => {
  const file = join(home, 'file');
  await writeFile(file, '');
  const error = await storeMedia(mediaFolder(file), 'a picture', 'png').catch((reason: unknown) => reason);
  expect(explain(error)).toMatch(/^EEXIST[^\n]*$/);
});
