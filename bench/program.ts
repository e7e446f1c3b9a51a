import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** What one program asks another: by name, the question and its answer. */
export type Requests = { readonly [Name in string]: { readonly ask: unknown; readonly answer: unknown } };

/** A file of this folder that runs as a process of its own. */
export interface Program<Asked extends Requests> {
  /** One question at a time. */
  ask<Name extends keyof Asked>(name: Name, question: Asked[Name]['ask']): Promise<Asked[Name]['answer']>;
  end(): Promise<void>;
}

export function startProgram<Asked extends Requests>(
  file: string,
  env: Record<string, string> = {},
): Program<Asked> {
  const child = fork(join(import.meta.dirname, file), {
    env: { ...process.env, ...env },
    execArgv: ['--expose-gc'],
  });
  const gone = once(child, 'exit').then(([code]) => {
    throw new Error(`${file} ended with code ${code} before it answered`);
  });
  gone.catch(() => undefined);
  return {
    ask: async (name, question) => {
      child.send({ name, question });
      const [answered] = await Promise.race([once(child, 'message'), gone]);
      return answered;
    },
    end: async () => {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

/** In such a program: answers what the parent asks, and ends when the parent lets go. */
export function answer<Asked extends Requests>(answers: {
  readonly [Name in keyof Asked]: (question: Asked[Name]['ask']) => Promise<Asked[Name]['answer']>;
}): void {
  process.on('message', async ({ name, question }: { name: keyof Asked; question: never }) => {
    process.send?.(await answers[name](question));
  });
  process.once('disconnect', () => process.exit(0));
}
