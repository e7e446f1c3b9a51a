import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/support/global-setup.ts'],
    // Workers that load the modules once each are faster than many that begin anew. One more than there are cores: some always wait.
    // Processes, not threads: Node cannot always end a thread, and a run that has finished would hang.
    pool: 'forks',
    isolate: false,
    maxWorkers: availableParallelism() + 1,
    // What comes late on a busy machine has come: the limits only end what hangs.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 15_000 } },
  },
});
