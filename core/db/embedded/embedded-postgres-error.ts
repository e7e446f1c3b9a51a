/** What can keep an embedded PostgreSQL from running. */
export type EmbeddedPostgresErrorCode =
  | 'DATA_FOLDER_IN_USE'
  | 'DATA_FOLDER_UNWRITABLE'
  | 'DATA_FOLDER_INCOMPATIBLE'
  | 'DISK_FULL'
  | 'PORT_UNAVAILABLE'
  | 'BINARIES_UNAVAILABLE'
  | 'SERVER_FAILED';

/** Why the embedded PostgreSQL does not run: one line with what was expected, what came and what to do. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
  readonly code: EmbeddedPostgresErrorCode;

  constructor(code: EmbeddedPostgresErrorCode, message: string, options?: ErrorOptions) {
    super(message.replaceAll(/\s*\n\s*/g, ' '), options);
    this.code = code;
  }
}

interface Cause {
  readonly sign: RegExp;
  readonly code: EmbeddedPostgresErrorCode;
  readonly expected: string;
  readonly advice: string;
}

const CAUSES: readonly Cause[] = [
  {
    sign: /ENOSPC|EDQUOT|no space left|wrote only \d+ of|database or disk is full|quota exceeded/i,
    code: 'DISK_FULL',
    expected: 'free disk space',
    advice: 'free some space and start again',
  },
  {
    sign: /EACCES|EPERM|EROFS|ENOTDIR|EEXIST|ENOENT.*mkdir|permission denied|read-?only|unable to open database file/i,
    code: 'DATA_FOLDER_UNWRITABLE',
    expected: 'to be allowed to write there',
    advice: 'change its owner or choose another data folder',
  },
  {
    sign: /TCP\/IP sockets|EADDRINUSE|EADDRNOTAVAIL/,
    code: 'PORT_UNAVAILABLE',
    expected: 'a free port on 127.0.0.1',
    advice: 'check the loopback interface and the number of open ports',
  },
];

const UNKNOWN_CAUSE: Omit<Cause, 'sign'> = {
  code: 'SERVER_FAILED',
  expected: 'PostgreSQL to run',
  advice: 'put that right and start again',
};

const COMPLAINT = /error|fatal|panic/i;
const LOG_PREFIX = /^.*?(?:ERROR|FATAL|PANIC): +/;

/** Names the cause of a failure of the file system, of the lock or of PostgreSQL, whose output it may hold whole. */
export function explainFailure(failure: unknown, dataDir: string): EmbeddedPostgresError {
  if (failure instanceof EmbeddedPostgresError) return failure;
  const lines = (failure instanceof Error ? failure.message : String(failure)).trim().split('\n');
  const known = CAUSES.find(({ sign }) => lines.some((line) => sign.test(line)));
  const telling = lines.findLast((line) => (known?.sign ?? COMPLAINT).test(line)) ?? lines.at(-1) ?? '';
  const received = telling.replace(LOG_PREFIX, '');
  const { code, expected, advice } = known ?? UNKNOWN_CAUSE;
  const message = `data folder ${dataDir}: expected ${expected}, received "${received}"; ${advice}`;
  return new EmbeddedPostgresError(code, message, { cause: failure });
}
