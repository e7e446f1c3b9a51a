/** The refusals about files of products; part of the table of all. */
export const importErrors = {
  IMPORT_NOT_FOUND: { status: 404, title: 'No such import', help: 'Only the last few are kept.' },
  IMPORT_RUNNING: { status: 409, title: 'An import is running', help: 'Wait until it has ended.' },
} as const;
