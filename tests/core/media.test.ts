import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mediaFolder, storeMedia, type MediaDisk } from '#core/files/media.ts';

let folder: string;
let disk: MediaDisk;

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'storeflow-media-')), 'made', 'when', 'needed');
  disk = mediaFolder(folder);
});
afterEach(() => rm(join(folder, '../../..'), { recursive: true }));

describe('a stored picture', () => {
  it('is named by its content, in a way that the catalogue and the address allow', async () => {
    const name = await storeMedia(disk, '<svg/>', 'svg');

    expect(name).toMatch(/^[a-z0-9]+\.svg$/);
    expect(await readFile(join(folder, name), 'utf8')).toBe('<svg/>');
  });

  it('is kept once, however often and by however many it is stored', async () => {
    const names = await Promise.all(Array.from({ length: 5 }, () => storeMedia(disk, '<svg/>', 'svg')));

    expect(new Set(names).size).toBe(1);
    expect(await readdir(folder)).toEqual([names[0]]);
  });

  it('has another name when its content is another', async () => {
    expect(await storeMedia(disk, new Uint8Array([1]), 'png')).not.toBe(
      await storeMedia(disk, new Uint8Array([2]), 'png'),
    );
  });
});
