import { minorUnitsOf } from '#core/values/format.ts';
import { plainText } from '#core/values/plain-text.ts';
import type { Product } from '../catalog/product-view.ts';
import type { Store } from '../stores/store-view.ts';

interface Address {
  readonly origin: string;
  readonly path: string;
}

/** A product as search engines read it: schema.org Product with one Offer, or an AggregateOffer when its variants differ in price. */
export function productStructuredData(product: Product, store: Store, { origin, path }: Address): object {
  return {
    '@context': 'https://schema.org',
    '@type': 'Product',
    name: product.name,
    description: plainText(product.description) || product.name,
    image: product.images.map(({ url }) => new URL(url, origin).href),
    ...(product.category && { category: product.category.name }),
    offers: offers(product, store, new URL(path, origin).href),
  };
}

function offers(product: Product, store: Store, url: string): object {
  const prices = product.variants.map(({ price_cents }) => price_cents);
  const [low, high] = [Math.min(...prices), Math.max(...prices)];
  const shared = {
    priceCurrency: product.currency,
    availability: `https://schema.org/${product.available ? 'InStock' : 'OutOfStock'}`,
    url,
    seller: { '@type': 'Organization', name: store.name },
  };
  const inMajorUnit = (cents: number) => majorUnits(cents, product.currency);
  return low === high
    ? { '@type': 'Offer', price: inMajorUnit(low), ...shared }
    : {
        '@type': 'AggregateOffer',
        lowPrice: inMajorUnit(low),
        highPrice: inMajorUnit(high),
        offerCount: product.variants.length,
        ...shared,
      };
}

/** schema.org wants a plain decimal number with a point. */
function majorUnits(cents: number, currency: string): string {
  const units = minorUnitsOf(currency);
  return (cents / units).toFixed(String(units).length - 1);
}
