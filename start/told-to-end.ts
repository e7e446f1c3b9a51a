import { constants } from 'node:os';

/** What is to happen when the process is told to end. */
export interface Ending {
  /** Drains and ends what runs; null while there is nothing that would need it. */
  stop: (() => Promise<void>) | null;
  /** Whether it was told. */
  readonly isTold: boolean;
}

/** What a shell adds to the number of the signal that ended a program. */
const SIGNAL_BASE = 128;

/**
 * Listens for Ctrl-C and SIGTERM. The first drains and ends everything; a second one does not wait. As long as there is nothing to drain the
 * process ends at once, but by its own hand: PostgreSQL, which it may have started, ends with it.
 */
export function onceTold(): Ending {
  const ending: { -readonly [Name in keyof Ending]: Ending[Name] } = { stop: null, isTold: false };
  const end = async (signal: 'SIGINT' | 'SIGTERM') => {
    if (ending.isTold) process.exit(1);
    ending.isTold = true;
    if (!ending.stop) process.exit(SIGNAL_BASE + constants.signals[signal]);
    await ending.stop();
    process.exit(0);
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
  return ending;
}
