import { execFile, type ExecFileOptions } from 'node:child_process';
import { promisify } from 'node:util';
import type { ServerAccount } from './server-account.ts';

const run = promisify(execFile);

/** Where and as whom a program of PostgreSQL runs. */
export interface ProgramPlace {
  readonly account: ServerAccount | undefined;
  readonly cwd: string;
}

/**
 * Options for starting a program of PostgreSQL: in `cwd`, which is entered before root's rights are given up,
 * and with none of this process's environment, whose secrets and `PG…` variables are not PostgreSQL's business.
 */
export function programOptions({ account, cwd }: ProgramPlace) {
  const { PATH, SystemRoot, TEMP } = process.env;
  return {
    ...account,
    cwd,
    env: { PATH, SystemRoot, TEMP, LC_ALL: 'C' },
    windowsHide: true,
  } satisfies ExecFileOptions;
}

/** Runs a program of PostgreSQL to its end; rejects with what it wrote to stderr. */
export async function runProgram(file: string, args: readonly string[], place: ProgramPlace): Promise<void> {
  try {
    await run(file, args, programOptions(place));
  } catch (error) {
    const output = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
    throw new Error(output === '' ? String(error) : output, { cause: error });
  }
}
