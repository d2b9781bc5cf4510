import { defineConfig } from 'vitest/config';

const isCI = Boolean(process.env['CI']);

export default defineConfig({
  test: {
    root: `${import.meta.dirname}/../..`,
    include: ['test/cluster/**/*.test.ts', 'test/ha/**/*.test.ts'],
    // The first build of the real servers takes minutes, and is no test.
    globalSetup: ['test/cluster/setup.ts', 'test/support/build-once.ts'],
    maxWorkers: 2,
    testTimeout: 90_000,
    hookTimeout: 120_000,
    reporters: isCI
      ? ['default', ['json', { outputFile: '.cache/vitest-cluster.json' }]]
      : ['default'],
  },
});
