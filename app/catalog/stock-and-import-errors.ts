/** The refusals about stock and about files of products; part of the table of all. */
export const stockAndImportErrors = {
  VARIANT_NOT_FOUND: { status: 404, title: 'No such variant', help: 'It may have been taken off the shelf.' },
  STOCK_NOT_COUNTED: {
    status: 409,
    title: 'This stock is not counted',
    help: 'Say how many pieces there are.',
  },
  STOCK_TOO_LOW: { status: 409, title: 'There is not that much', help: 'Take no more than there is.' },
  IMPORT_NOT_FOUND: { status: 404, title: 'No such import', help: 'Only the last few are kept.' },
  IMPORT_RUNNING: { status: 409, title: 'An import is running', help: 'Wait until it has ended.' },
} as const;
