/** Starts an embedded PostgreSQL on the folder given, tells its URL, and then stays or leaves without a stop. */
import { startEmbeddedPostgres } from '#core/db/embedded-postgres.ts';

const [dataDir = '', then = 'stay'] = process.argv.slice(2);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

process.on('SIGINT', () => say('interrupted'));
try {
  const { url } = await startEmbeddedPostgres({ dataDir, log: () => undefined, durable: false });
  say(url);
  if (then === 'stay') setInterval(() => undefined, 1000);
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException;
  say(`${code} ${message}`);
  process.exitCode = 1;
}
