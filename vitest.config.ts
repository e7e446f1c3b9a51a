import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/support/global-setup.ts'],
    // The suite is bound by the database, not by its own code: two workers that load the modules once each are faster than many that begin anew.
    // Processes, not threads: Node cannot always end a thread, and a run that has finished would hang.
    pool: 'forks',
    isolate: false,
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // A condition that comes late on a busy machine has come.
    expect: { poll: { timeout: 15_000 } },
  },
});
