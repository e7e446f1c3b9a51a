/** The refusals that any server has. The shop's own table spreads these, so that one table names every code. */
export const coreErrors = {
  MALFORMED: { status: 400, title: 'The request could not be read', help: 'Send well-formed JSON.' },
  UNAUTHENTICATED: { status: 401, title: 'Sign in first', help: 'Your session may have ended.' },
  SIGN_IN_FAILED: { status: 401, title: 'Sign-in failed', help: 'Check the name and the password.' },
  SIGN_IN_LOCKED: { status: 429, title: 'Too many attempts', help: 'Wait before you try again.' },
  FORBIDDEN: { status: 403, title: 'Not allowed', help: 'Ask an owner or manager for access.' },
  NOT_FOUND: { status: 404, title: 'Nothing here', help: 'Check the address.' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'Not possible here', help: 'Use another method.' },
  PRECONDITION_FAILED: { status: 412, title: 'It is another one by now', help: 'Ask for it anew.' },
  TOO_LARGE: { status: 413, title: 'The request is too large', help: 'Send less at once.' },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    title: 'This format is not understood',
    help: 'Send application/json.',
  },
  RANGE_NOT_SATISFIABLE: {
    status: 416,
    title: 'There is no such part of it',
    help: 'Ask for the whole.',
  },
  SESSION_EXPIRED: { status: 419, title: 'This page is too old', help: 'Reload it and try again.' },
  VALIDATION_FAILED: {
    status: 422,
    title: 'Some fields need a change',
    help: 'See the fields named in errors.',
  },
  AMOUNT_TOO_LARGE: {
    status: 422,
    title: 'The amount is too large',
    help: 'Order less at once.',
  },
  TOO_MANY_REQUESTS: { status: 429, title: 'Too many requests', help: 'Wait and try again.' },
  INTERNAL: {
    status: 500,
    title: 'Something went wrong on our side',
    help: 'Try again; quote the request id if it stays.',
  },
  UNAVAILABLE: {
    status: 503,
    title: 'Not available at the moment',
    help: 'Nothing was lost. Try again in a few seconds.',
  },
} as const;

/** A row of an error table: how a code is answered and explained. */
export interface ErrorRow {
  readonly status: number;
  readonly title: string;
  readonly help: string;
}
