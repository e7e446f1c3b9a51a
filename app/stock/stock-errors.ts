/** The refusals about stock; part of the table of all. */
export const stockErrors = {
  VARIANT_NOT_FOUND: { status: 404, title: 'No such variant', help: 'It may have been taken off the shelf.' },
  STOCK_NOT_COUNTED: {
    status: 409,
    title: 'This stock is not counted',
    help: 'Say how many pieces there are.',
  },
  STOCK_TOO_LOW: { status: 409, title: 'There is not that much', help: 'Take no more than there is.' },
} as const;
