import { describe, expect, it } from 'vitest';
import { PageCache } from '#core/cache/page-cache.ts';

function counting(html: string): { make: () => Promise<string>; readonly made: number } {
  let made = 0;
  return {
    make: async () => {
      made += 1;
      return html;
    },
    get made() {
      return made;
    },
  };
}

/** What a page of four characters weighs in all its encodings, rounded down. */
const PACKED_BYTES = 32;

describe('a page cache', () => {
  it('makes a page once for all who ask at the same time and later', async () => {
    const cache = new PageCache();
    const page = counting('<p>é</p>');
    const [one, two] = await Promise.all([cache.get('a', page.make), cache.get('a', page.make)]);
    expect(one).toBe(two);
    expect(one.body.toString()).toBe('<p>é</p>');
    await cache.get('a', page.make);
    expect(page.made).toBe(1);
  });

  it('gives the same content the same tag, and other content another', async () => {
    const cache = new PageCache();
    const tag = async (key: string, html: string) => (await cache.get(key, async () => html)).etag;
    expect(await tag('a', 'x')).toBe(await tag('b', 'x'));
    expect(await tag('c', 'y')).not.toBe(await tag('a', 'x'));
  });

  it('keeps no failure', async () => {
    const cache = new PageCache();
    await expect(cache.get('a', () => Promise.reject(new Error('no database')))).rejects.toThrow(
      'no database',
    );
    expect((await cache.get('a', async () => 'back')).body.toString()).toBe('back');
  });

  it('lets the page go that was not asked for longest, when all weigh too much', async () => {
    const cache = new PageCache(3 * PACKED_BYTES - 1);
    const [first, second] = [counting('1111'), counting('2222')];
    await cache.get('first', first.make);
    await cache.get('second', second.make);
    await cache.get('first', first.make);
    await cache.get('third', async () => '3333');
    await cache.get('first', first.make);
    await cache.get('second', second.make);
    expect([first.made, second.made]).toEqual([1, 2]);
  });
});
