import { describe, expect, it } from 'vitest';
import {
  cartPage,
  categoryPage,
  checkoutPage,
  homePage,
  productPage,
  searchPage,
  type Visit,
} from '#app/storefront/storefront-pages.ts';
import { trackingPage } from '#app/storefront/tracking-routes.ts';
import type { Product } from '#app/catalog/product-view.ts';
import { storeErrorPage } from '#app/storefront/store-error-page.ts';
import type { StorePage } from '#app/storefront/theme-renderer.ts';
import type { Store } from '#app/stores/store-view.ts';
import {
  CATEGORIES,
  ORIGIN,
  sampleGroup,
  sampleOrder,
  sampleProduct,
  sampleStore,
  sampleThemes,
  sampleVariant,
} from './samples.ts';

const themes = sampleThemes();
const NASTY = '<script>alert("x")</script> & Sons';

function visit(changes: Partial<Store> = {}): Visit {
  return { store: sampleStore(changes), origin: ORIGIN, categories: CATEGORIES };
}

function renderProduct(changes: Partial<Product>): string {
  return themes.render(productPage(visit(), sampleProduct(changes)));
}

function list(...data: Product[]) {
  return { data, next_cursor: null };
}

function pagesOf(at: Visit): Record<string, StorePage> {
  const product = sampleProduct({ customization_groups: [sampleGroup()] });
  const problem = {
    status: 404,
    code: 'PRODUCT_NOT_FOUND',
    title: 'No such product',
    detail: 'There is no such product.',
    help: 'It may have been taken off the shelf.',
    requestId: 'request-1',
    evidence: {},
  };
  const place = { origin: ORIGIN, path: '/s/wren/p/gone' };
  return {
    home: homePage(at, list(product)),
    category: categoryPage(at, 'coffee', list(product)),
    search: searchPage(at, 'flat', list(product)),
    'search before anything is typed': searchPage(at, '', null),
    product: productPage(at, product),
    cart: cartPage(at),
    checkout: checkoutPage(at),
    order: trackingPage({ order: sampleOrder(), store: at.store, cursor: 'c1' }, ORIGIN),
    'not found': storeErrorPage(at.store, problem, place),
    fault: storeErrorPage(at.store, { ...problem, status: 500 }, place),
  };
}

describe.each(['classic', 'modern', 'minimal'] as const)('the theme %s', (theme) => {
  it.each(Object.keys(pagesOf(visit())))('renders the page: %s', (name) => {
    const html = themes.render(pagesOf(visit({ theme }))[name] as StorePage);
    expect(html.match(/<h1/g)).toHaveLength(1);
    expect(html).toContain('<main class="main" id="main"');
    expect(html).toContain(`storefront-themes-${theme}-assets-theme.css`);
    // Neither may stand in a page: the content security policy would refuse them.
    expect(html).not.toMatch(/<style|\sstyle=|\son[a-z]+=/);
  });

  it('escapes whatever a merchant or customer typed', () => {
    const store = sampleStore({ theme, name: NASTY, tagline: NASTY, address: NASTY });
    const product = sampleProduct({
      name: NASTY,
      category: { slug: 'coffee', name: NASTY },
      images: [{ url: '/media/cup.svg', alt: `"><b>${NASTY}`, width: 8, height: 6 }],
      options: [{ name: NASTY, values: [`"${NASTY}`] }],
      variants: [sampleVariant({ option_values: [`"${NASTY}`] })],
      customization_groups: [sampleGroup({ name: NASTY })],
    });
    const at = { ...visit(), store };
    const order = sampleOrder({ cancel_reason: NASTY, status: 'cancelled' });
    const pages = [
      homePage(at, list(product)),
      productPage(at, product),
      searchPage(at, NASTY, list(product)),
      checkoutPage(at),
      trackingPage({ order, store, cursor: NASTY }, ORIGIN),
    ];
    for (const page of pages) expect(themes.render(page)).not.toContain('<script>alert');
  });
});

describe('a product page', () => {
  it('outputs the sanitised description as HTML, and as plain text for search engines', () => {
    const html = renderProduct({ description: '<p>Milk &amp; <em>coffee</em></p>' });
    expect(html).toContain('<p>Milk &amp; <em>coffee</em></p>');
    expect(html).toContain('<meta name="description" content="Milk &amp; coffee">');
  });

  it('says that it is sold out and offers no button', () => {
    const html = renderProduct({ available: false, variants: [sampleVariant({ available: false })] });
    expect(html).toContain('Sold out');
    expect(html).not.toContain('type="submit" disabled');
  });

  it('draws a tile with the initial where there is no picture', () => {
    const html = renderProduct({ name: 'éclair', images: [] });
    expect(html).toContain('<span>É</span>');
    expect(html).not.toContain('/media/');
  });

  it('shows the price before a reduction, and where prices begin', () => {
    const reduced = sampleVariant({ price_cents: 900, compare_at_cents: 1200 });
    expect(renderProduct({ price_cents: 900, compare_at_cents: 1200, variants: [reduced] })).toContain(
      '$12.00',
    );
    const two = [sampleVariant(), sampleVariant({ id: 'va_2', price_cents: 600 })];
    expect(renderProduct({ variants: two })).toMatch(/From<\/span>\s*<span[^>]*>\$4\.50/);
  });

  it('tells each kind of choice its rule', () => {
    const counted = { id: 'ch_shot', name: 'Shot', price_delta_cents: -50, max_quantity: 3 };
    const html = renderProduct({
      customization_groups: [
        sampleGroup(),
        sampleGroup({ id: 'gr_2', name: 'Cup', required: false, min_select: 0 }),
        sampleGroup({ id: 'gr_3', name: 'Fruit', min_select: 2, max_select: 4 }),
        sampleGroup({ id: 'gr_4', required: false, min_select: 0, max_select: 3, choices: [counted] }),
      ],
    });
    expect(html).toContain('Choose one');
    expect(html).toContain('>None<');
    expect(html).toContain('Choose 2 to 4');
    expect(html).toContain('Optional, up to 3');
    expect(html).toContain('name="ch_shot"');
    expect(html).toContain('-$0.50');
  });

  it('carries an offer for search engines that cannot end its script element', () => {
    const html = renderProduct({
      name: '</script>',
      variants: [sampleVariant({ available: false })],
      available: false,
    });
    const [, json = ''] = /<script type="application\/ld\+json">(.*?)<\/script>/.exec(html) ?? [];
    expect(JSON.parse(json)).toMatchObject({
      '@type': 'Product',
      name: '</script>',
      image: ['https://shop.example/media/cup.svg'],
      offers: {
        '@type': 'Offer',
        price: '4.50',
        priceCurrency: 'AUD',
        availability: 'https://schema.org/OutOfStock',
        url: 'https://shop.example/s/wren/p/flat-white',
      },
    });
  });

  it('writes amounts of a currency without cents as they are', () => {
    const at = { ...visit({ currency: 'JPY', locale: 'ja-JP' }) };
    const html = themes.render(productPage(at, sampleProduct({ currency: 'JPY', price_cents: 1200 })));
    expect(html).toMatch(/[¥￥]1,200/);
  });

  it('refuses a product that the store does not have', () => {
    expect(() => productPage(visit(), null)).toThrow(expect.objectContaining({ code: 'PRODUCT_NOT_FOUND' }));
  });
});

describe('a home page', () => {
  it('puts products on the shelf of their top category, and those without one last', () => {
    const html = themes.render(
      homePage(
        visit(),
        list(
          sampleProduct({ slug: 'mug', name: 'Mug', category: null }),
          sampleProduct({ slug: 'toast', name: 'Toast', category: { slug: 'food', name: 'Food' } }),
          sampleProduct(),
        ),
      ),
    );
    const order = ['>Drinks</h2>', 'Flat White', '>Food</h2>', 'Toast', '>More</h2>', 'Mug'];
    const places = order.map((text) => html.indexOf(text, html.indexOf('<main')));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places).not.toContain(-1);
  });

  it('says so when nothing is for sale', () => {
    expect(themes.render(homePage(visit(), list()))).toContain('The shelves are still empty');
  });
});

describe('lists', () => {
  it('lead on by a link, with the cursor and the search terms in it', () => {
    const products = { data: [sampleProduct()], next_cursor: 'a&b' };
    expect(themes.render(searchPage(visit(), 'flat white', products))).toContain(
      '/s/wren/search?q=flat+white&amp;cursor=a%26b',
    );
    expect(themes.render(categoryPage(visit(), 'coffee', products))).toContain(
      '/s/wren/c/coffee?cursor=a%26b',
    );
  });

  it('are for search engines, searches and carts are not', () => {
    expect(themes.render(categoryPage(visit(), 'food', list()))).toContain(
      '<link rel="canonical" href="https://shop.example/s/wren/c/food">',
    );
    for (const page of [searchPage(visit(), 'x', list()), cartPage(visit()), checkoutPage(visit())]) {
      expect(themes.render(page)).toContain('<meta name="robots" content="noindex">');
    }
  });

  it('refuse a category that the store does not have', () => {
    expect(() => categoryPage(visit(), 'gone', list())).toThrow(
      expect.objectContaining({ code: 'CATEGORY_NOT_FOUND' }),
    );
  });
});

describe('a checkout', () => {
  it('asks only what the store needs to know', () => {
    const both = themes.render(checkoutPage(visit()));
    const pickup = themes.render(checkoutPage(visit({ shipping: false })));
    const shipping = themes.render(checkoutPage(visit({ pickup: false })));
    expect(both).toContain('type="radio" name="fulfilment_type" value="shipping"');
    expect(pickup).toContain('type="hidden" name="fulfilment_type" value="pickup"');
    expect(pickup).not.toContain('shipping_address');
    expect(shipping).not.toContain('pay_at_pickup');
    expect(shipping).toMatch(/value="manual" checked/);
  });

  it('offers the countries in the order of their names, the store’s own chosen', () => {
    const store = visit({ country: 'DE', shipping_countries: ['AT', 'CA', 'CH', 'DE'], locale: 'de-DE' });
    const options = themes.render(checkoutPage(store)).match(/<option value="[A-Z]{2}".*?<\/option>/g);
    expect(options).toEqual([
      '<option value="DE" selected>Deutschland</option>',
      '<option value="CA">Kanada</option>',
      '<option value="AT">Österreich</option>',
      '<option value="CH">Schweiz</option>',
    ]);
  });
});

describe('a problem', () => {
  it('has a page even where no store is known', () => {
    const problem = {
      status: 404,
      code: 'STORE_NOT_FOUND',
      title: 'No such <store>',
      detail: '',
      help: 'Check the address.',
    };
    const place = { origin: ORIGIN, path: '/s/nobody' };
    const html = themes.render(storeErrorPage(null, { ...problem, requestId: 'r1', evidence: {} }, place));
    expect(html).toContain('<title>No such &lt;store&gt;</title>');
    expect(html).not.toContain('href="/s/');
  });
});
