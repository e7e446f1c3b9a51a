import { EmbeddedPostgresError } from '#core/db/embedded-postgres.ts';
import { DomainError } from '#core/values/domain-error.ts';
import { ConfigError } from './config.ts';

/** What PostgreSQL says when it finds no space. */
const DISK_FULL = '53100';

/** What went wrong, in one line for whoever started the command. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof ConfigError || error instanceof EmbeddedPostgresError || error instanceof DomainError)
    return error.message;
  const { code, syscall, port, path, address, hostname } = error as NodeJS.ErrnoException & {
    port?: number;
    address?: string;
    hostname?: string;
  };
  // The storage of pictures keeps what the disk said behind a word of its own.
  if (code?.startsWith('E_CANNOT_') && error.cause) return explain(error.cause);
  if (code === 'EADDRINUSE')
    return `port ${port} of ${address}: expected it to be free, another program uses it; set PORT to another one`;
  if (code === 'EACCES' && syscall === 'listen')
    return `port ${port}: expected to be allowed to listen there, was refused; set PORT to one above 1023`;
  if (code === 'EADDRNOTAVAIL') return `HOST: expected an address of this machine, received ${address}`;
  if (code === 'ENOTFOUND')
    return `${hostname}: expected a host that can be found, found none; check HOST and DATABASE_URL`;
  if (code === 'ENOSPC' || code === DISK_FULL)
    return 'the disk is full: free some space and start again; nothing that was confirmed is lost';
  if (code === 'ENOENT' && path) return `${path}: expected a file to read, found none`;
  if (code === 'ECONNREFUSED')
    return 'DATABASE_URL: expected a PostgreSQL that answers there, the connection was refused';
  return error.message || error.name;
}
