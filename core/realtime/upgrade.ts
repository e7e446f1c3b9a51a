import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { REALTIME_PATH } from '#client/protocol.ts';

/** The HTTP status with which a request to open a socket is refused, or null when it is welcome. */
export function refusalOf(request: IncomingMessage, allowedOrigins: readonly string[]): 403 | 404 | null {
  const [path] = request.url?.split('?') ?? [];
  if (path !== REALTIME_PATH) return 404;
  return hasAllowedOrigin(request, allowedOrigins) ? null : 403;
}

/** Answers in HTTP: the connection is not a socket yet. */
export function refuse(connection: Duplex, status: number): void {
  connection.on('error', () => undefined);
  connection.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
  );
}

/**
 * Whether the page that opens the socket belongs to the host it connects to, or to an allowed origin. Browsers exempt sockets from the
 * same-origin policy but always send Origin; a request without one is refused, so that nothing is left to guess.
 */
function hasAllowedOrigin({ headers }: IncomingMessage, allowed: readonly string[]): boolean {
  const { origin, host } = headers;
  if (origin === undefined || !URL.canParse(origin)) return false;
  const url = new URL(origin);
  return url.host === host?.toLowerCase() || allowed.includes(url.origin);
}
