import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const PROGRAMS = {
  /** What `npm start` runs. */
  storeflow: ['bin/storeflow.js', 'start'],
  /** The same server, which kills itself instead of telling anyone of its first event. */
  'killed at its first event': ['tests/processes/killed-at-first-event.ts'],
} as const;
const RUNS = /^StoreFlow runs at/;

export type Program = keyof typeof PROGRAMS;

/** A server in a process of its own. */
export interface ServerProcess {
  /** Ends it with SIGKILL, unless it has ended. */
  kill(): Promise<void>;
  /** The signal that ended it, once it has ended; null when it left by itself. */
  readonly ended: Promise<NodeJS.Signals | null>;
}

/** Where the server is to listen, and on what. */
export interface ServerPlace {
  readonly port: number;
  readonly dataDir: string;
  readonly url: string;
  readonly secret: string;
  /** More settings, by their names. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Starts a server; resolves when it says that it runs. */
export async function startServer(program: Program, place: ServerPlace): Promise<ServerProcess> {
  const child = spawn(process.execPath, [...PROGRAMS[program]], {
    cwd: join(import.meta.dirname, '../..'),
    env: { ...process.env, ...settingsOf(place) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit').then(([, signal]) => signal as NodeJS.Signals | null);
  const said: string[] = [];
  const runs = new Promise<boolean>((resolve) => {
    const lines = createInterface({ input: child.stdout });
    lines.on('line', (line) => (RUNS.test(line) ? resolve(true) : said.push(line)));
    lines.on('close', () => resolve(false));
  });
  if (!(await runs)) throw new Error(`expected a server that runs, it ended and said: ${said.join('\n')}`);
  return {
    ended,
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** As in production, but without HTTPS. */
function settingsOf({ port, dataDir, url, secret, settings }: ServerPlace): NodeJS.ProcessEnv {
  return {
    NODE_ENV: 'production',
    SECURE_COOKIES: 'off',
    LOG_LEVEL: 'error',
    HOST: '127.0.0.1',
    PORT: String(port),
    DATA_DIR: dataDir,
    DATABASE_URL: url,
    APP_SECRET: secret,
    ...settings,
  };
}
