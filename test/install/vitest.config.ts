import { defineConfig } from 'vitest/config';

const isCI = Boolean(process.env['CI']);

export default defineConfig({
  test: {
    include: ['test/install/**/*.test.ts'],
    // One release in one cluster: the files take turns.
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 300_000,
    // `.ci/run` adds up what the JSON reports say.
    reporters: isCI
      ? ['verbose', ['json', { outputFile: '.cache/vitest-install.json' }]]
      : ['verbose'],
  },
});
