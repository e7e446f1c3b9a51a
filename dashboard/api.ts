/** An answer that refused: a problem document of the server. `evidence` holds its further members. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly evidence: Readonly<Record<string, unknown>>;

  constructor({ status, code, title, detail, ...evidence }: ProblemDocument) {
    super(detail);
    this.name = 'Refusal';
    this.status = status;
    this.code = code;
    this.title = title;
    this.evidence = evidence;
  }
}

/** No answer came: the network or the server is away. What was asked may have happened or not. */
export class Unreachable extends Error {
  constructor(options?: ErrorOptions) {
    super('There is no connection to the server.', options);
    this.name = 'Unreachable';
  }
}

interface ProblemDocument {
  status: number;
  code: string;
  title: string;
  detail: string;
  [evidence: string]: unknown;
}

interface Call {
  readonly method?: 'GET' | 'POST' | 'PATCH';
  readonly body?: object;
  /** How long to go on trying while the server cannot be reached or asks to wait. In milliseconds. */
  readonly patienceMs?: number;
}

const TIMEOUT_MS = 10_000;
const RETRY_DELAY_MIN_MS = 500;
const RETRY_DELAY_MAX_MS = 4_000;
const SECOND_MS = 1_000;
const SIGN_IN_PATH = '/login';
const SIGNED_OUT: ReadonlySet<number> = new Set([401, 419]);
const UNAVAILABLE = 503;

/**
 * Asks the server and answers the JSON that came. Throws `Refusal` or `Unreachable`; a session that has ended leads to the sign-in page.
 * With `patienceMs` the call is repeated, so use it only for what may safely happen twice.
 */
export async function api<Answer>(path: string, { patienceMs = 0, ...call }: Call = {}): Promise<Answer> {
  const patientUntil = Date.now() + patienceMs;
  for (let attempt = 0; ; attempt++) {
    try {
      return await ask<Answer>(path, call);
    } catch (error) {
      const delayMs = retryDelayMs(error, attempt);
      if (delayMs === null || Date.now() + delayMs > patientUntil) throw error;
      await new Promise((resolve) => setTimeout(resolve, delayMs));
    }
  }
}

async function ask<Answer>(path: string, { method = 'GET', body }: Call): Promise<Answer> {
  const response = await reach(path, {
    method,
    headers: {
      accept: 'application/json',
      'x-xsrf-token': csrfToken(),
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return answer as Answer;
  if (SIGNED_OUT.has(response.status)) location.replace(SIGN_IN_PATH);
  throw new Refusal(problemIn(answer, response));
}

async function reach(path: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(path, { ...request, signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (cause) {
    throw new Unreachable({ cause });
  }
}

/** What a proxy in between answers is no problem document; its status still tells something. */
function problemIn(answer: unknown, { status, headers }: Response): ProblemDocument {
  const retryAfter = Number(headers.get('retry-after') ?? 0);
  const stated = typeof answer === 'object' && answer !== null && 'code' in answer ? answer : {};
  return {
    code: 'UNKNOWN',
    title: 'That did not work',
    detail: `The server answered ${status}.`,
    ...stated,
    status,
    retry_after: retryAfter,
  };
}

function retryDelayMs(error: unknown, attempt: number): number | null {
  const growing = Math.min(RETRY_DELAY_MAX_MS, RETRY_DELAY_MIN_MS * 2 ** attempt);
  if (error instanceof Unreachable) return growing;
  if (!(error instanceof Refusal) || error.status !== UNAVAILABLE) return null;
  return Math.max(growing, Number(error.evidence['retry_after']) * SECOND_MS);
}

function csrfToken(): string {
  const cookie = /(?:^|; )XSRF-TOKEN=([^;]*)/.exec(document.cookie)?.[1];
  return decodeURIComponent(cookie ?? '');
}
