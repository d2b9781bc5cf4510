import { defineConfig } from 'vitest/config';

const isCI = Boolean(process.env['CI']);

export default defineConfig({
  test: {
    root: `${import.meta.dirname}/../..`,
    maxWorkers: 2,
    testTimeout: 240_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 50_000 } },
    reporters: isCI
      ? ['default', ['json', { outputFile: '.cache/vitest-cluster.json' }]]
      : ['default'],
    // The first build of the real servers takes minutes, and is no test.
    projects: [
      {
        extends: true,
        test: {
          name: 'cluster',
          include: [
            'test/cluster/**/*.test.ts',
            'test/crash/crash.test.ts',
            'test/ha/**/*.test.ts',
            'test/soak/smoke.test.ts',
          ],
          exclude: ['test/cluster/rights.test.ts'],
          globalSetup: ['test/cluster/setup.ts', 'test/support/build-once.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e on a cluster',
          include: ['test/e2e/**/*.test.ts', 'test/cluster/rights.test.ts'],
          globalSetup: ['test/cluster/planes.ts', 'test/support/build-once.ts'],
          setupFiles: 'test/cluster/not-there.ts',
          maxConcurrency: 10,
          // Whoever waits for a control plane waits for other tests.
          testTimeout: 600_000,
          hookTimeout: 600_000,
          isolate: false,
        },
      },
    ],
  },
});
