import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { productList } from '#app/catalog/product-queries.ts';
import { isSlip } from '#app/catalog/search-words.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { draft, stock } from '../support/shelf.ts';
import { openShop, type TestShop } from '../support/shop.ts';

const currency = 'AUD';
let test: TestDatabase;
let shop: TestShop;

beforeAll(async () => {
  test = await testDatabase();
});
afterAll(() => test.close());

function list(query: Omit<Parameters<typeof productList>[1], 'currency'> = {}) {
  return shop.db.read((tx) => productList(tx, { ...query, currency }));
}

async function slugs(query: Parameters<typeof list>[0] = {}): Promise<string[]> {
  return (await list(query)).data.map(({ slug }) => slug);
}

describe('a search', () => {
  beforeAll(async () => {
    shop = await openShop(test.database);
    await stock(
      shop.db,
      draft('flat-white', { name: 'Flat White', description: '<p>Two shots of espresso</p>' }),
    );
    await stock(
      shop.db,
      draft('long-black', { name: 'Long Black', description: '<p>Espresso over water</p>' }),
    );
    await stock(shop.db, draft('juice', { name: '100% Juice_Box' }));
    await stock(
      shop.db,
      draft('scarf', { name: 'Knitted scarf', tags: ['winter'], description: 'Wool, in white' }),
    );
  });

  it('forgives a slip: a letter too many, too few, another one, or two that changed places', async () => {
    for (const q of ['scarrf', 'scrf', 'scorf', 'sacrf']) expect(await slugs({ q }), q).toEqual(['scarf']);
    expect(await slugs({ q: 'falt white' })).toEqual(['flat-white']);
    expect(await slugs({ q: 'spaghetti' })).toEqual([]);
    expect(await slugs({ q: 'flat spaghetti' })).toEqual([]);
  });

  it('knows a word in another form, in the store’s language', async () => {
    expect(await slugs({ q: 'scarfs knit' })).toEqual(['scarf']);
    expect(await slugs({ q: 'knitting' })).toEqual(['scarf']);
  });

  it('puts what is called so before what is only described so', async () => {
    expect(await slugs({ q: 'white' })).toEqual(['flat-white', 'scarf']);
  });

  it('finds tags', async () => {
    expect(await slugs({ q: 'winter' })).toEqual(['scarf']);
  });

  it('is read page by page, each product once', async () => {
    const first = await list({ q: 'white', limit: 1 });
    const second = await list({ q: 'white', limit: 1, cursor: first.next_cursor ?? '' });

    expect([first, second].map(({ data }) => data.map(({ slug }) => slug))).toEqual([
      ['flat-white'],
      ['scarf'],
    ]);
    expect(second.next_cursor).toBeNull();
  });

  it('follows a change of the name, and finds nothing of neighbours and strangers', async () => {
    const neighbour = await openShop(test.database, shop.tenant.merchantId);
    await stock(neighbour.db, draft('piccolo', { name: 'Piccolo' }));
    await stock(shop.merchantDb, draft('cortado', { name: 'Gibraltar' }));
    await stock(shop.merchantDb, draft('cortado', { name: 'Cortado' }));

    expect(await slugs({ q: 'piccolo' })).toEqual([]);
    expect(await slugs({ q: 'cortado' })).toEqual(['cortado']);
    expect(await slugs({ q: 'gibraltar' })).toEqual([]);
    await test.admin`DELETE FROM products WHERE slug = 'cortado'`;
  });

  it('has each word in the store of its product, and keeps it nowhere else', async () => {
    const neighbour = await openShop(test.database);
    const word = (storeId: number | null) => test.admin`
      INSERT INTO product_words (merchant_id, product_id, store_id, word, place)
      SELECT merchant_id, id, ${storeId}::bigint, 'stray', 1 FROM products
      WHERE merchant_id = ${shop.tenant.merchantId} AND slug = 'scarf'`;
    for (const storeId of [neighbour.tenant.storeId, null])
      await expect(word(storeId)).rejects.toThrow('violates foreign key constraint');
    expect(await word(shop.tenant.storeId)).toMatchObject({ count: 1 });
    await test.admin`DELETE FROM product_words WHERE word = 'stray'`;
  });

  it('finds beginnings of words of name and description', async () => {
    expect(await slugs({ q: 'espr' })).toEqual(['flat-white', 'long-black']);
    expect(await slugs({ q: 'WHI fla' })).toEqual(['flat-white']);
  });

  it('finds a part of the name', async () => {
    expect(await slugs({ q: 'lack' })).toEqual(['long-black']);
  });

  it('does not read HTML', async () => {
    expect(await slugs({ q: 'p' })).toEqual([]);
  });

  it('takes what was typed as text, never as operators', async () => {
    expect(await slugs({ q: '100%' })).toEqual(['juice']);
    expect(await slugs({ q: 'ice_b' })).toEqual(['juice']);
    for (const q of ["'", '!', '(', ':*', '<->', '\\', '%', '☕']) await slugs({ q });
    expect(await slugs({ q: 'j%x' })).toEqual([]);
  });

  it('finds accented words with and without their accents, in one form or another', async () => {
    const german = await openShop(test.database);
    await test.admin`UPDATE stores SET locale = 'de-DE' WHERE merchant_id = ${german.tenant.merchantId}`;
    await stock(german.db, draft('torte', { name: 'Käsesahnetorte', description: 'Mit frischen Äpfeln' }));
    await stock(german.db, draft('brulee', { name: 'Crème brûlée', tags: ['Süßes'] }));
    await stock(german.db, draft('haus', { name: 'Lebkuchenhäuser, große' }));
    const found = async (q: string) =>
      (await german.db.read((tx) => productList(tx, { q, currency }))).data.map(({ slug }) => slug);

    for (const q of ['käsesahne', 'kasesahne', 'KÄSESAHNETORTE', 'sahnetorte', 'apfel', 'äpfel', 'frisch'])
      expect(await found(q), q).toEqual(['torte']);
    for (const q of ['creme brulee', 'crème brûlée', 'Brule', 'süß', 'suss', 'cremme'])
      expect(await found(q), q).toEqual(['brulee']);
    for (const q of ['lebkuchenhaus', 'kuchenhäuser', 'groß', 'grosse', 'lebkuchenhäusr'])
      expect(await found(q), q).toEqual(['haus']);
  });

  it('of nothing finds everything', async () => {
    expect(await slugs({ q: '  ' })).toHaveLength(4);
  });
});

describe('a slip', () => {
  it.each(['shirt', 'shirtt', 'shrt', 'short', 'shrit', 'hsirt', 'shitr', 'shirts'])(
    'makes %s of shirt',
    (typed) => {
      expect(isSlip(typed, 'shirt')).toBe(true);
      expect(isSlip('shirt', typed)).toBe(true);
    },
  );

  it.each(['', 'skirts', 'hsitr', 'tshir', 'shoot', 'sh'])('does not make %j of shirt', (typed) => {
    expect(isSlip(typed, 'shirt')).toBe(false);
  });
});
