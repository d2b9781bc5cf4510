import { defineConfig } from 'vitest/config';

const isCI = Boolean(process.env['CI']);

export default defineConfig({
  test: {
    // One more than the two cores this has to end on: some files wait for processes.
    maxWorkers: 3,
    // No module keeps state, so none has to be loaded anew for each file: a third of the work.
    isolate: false,
    // A busy machine is no failure. By itself a poll would give up after a second.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 50_000 } },
    // `.ci/run` counts what the JSON report says.
    reporters: isCI ? ['default', 'json'] : ['default'],
    outputFile: { json: '.cache/vitest.json' },
    projects: [
      {
        extends: true,
        test: {
          name: 'inside',
          include: ['test/**/*.test.ts'],
          exclude: [
            'test/e2e/**',
            'test/cluster/**',
            'test/crash/crash.test.ts',
            'test/ha/**',
            'test/install/**',
            'test/soak/smoke.test.ts',
            'node_modules/**',
          ],
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: 'test/support/build-once.ts',
          // They wait for the outside more than they work, and for each other's houses.
          maxConcurrency: 10,
          testTimeout: 300_000,
        },
      },
    ],
  },
});
