import type { ErrorRow } from '#core/http/error-table.ts';

/** What is refused about products, their pictures and categories. */
export const catalogErrors = {
  PRODUCT_NOT_FOUND: { status: 404, title: 'No such product', help: 'It may have been taken off the shelf.' },
  PRODUCT_CHANGED: {
    status: 409,
    title: 'Someone else changed this product',
    help: 'Look at its present state and decide again.',
  },
  IMAGE_NOT_FOUND: { status: 404, title: 'No such picture', help: 'It may have been removed.' },
  IMAGE_UNREADABLE: {
    status: 422,
    title: 'This is not a picture that can be shown',
    help: 'Choose a JPEG, PNG, WebP or AVIF.',
  },
  IMAGE_ANIMATED: { status: 422, title: 'The picture moves', help: 'Choose one that stands still.' },
  IMAGE_TOO_LARGE: { status: 413, title: 'The picture is too large', help: 'Choose a smaller one.' },
  IMAGES_TOO_MANY: { status: 409, title: 'The product has enough pictures', help: 'Remove one first.' },
  CATEGORY_NOT_FOUND: { status: 404, title: 'No such category', help: 'Look around the store instead.' },
  CATEGORY_BELOW_ITSELF: {
    status: 409,
    title: 'A category cannot hang below itself',
    help: 'Choose another parent.',
  },
  CATEGORY_IN_USE: {
    status: 409,
    title: 'The category is in use',
    help: 'Move what hangs below it in the other stores first.',
  },
  CATALOGUE_FILE_INVALID: {
    status: 422,
    title: 'This is not a product file',
    help: 'Choose a CSV with the columns of the Shopify product export.',
  },
} as const satisfies Record<string, ErrorRow>;
