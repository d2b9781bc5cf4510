import { defineConfig } from 'vitest/config';

const isCI = Boolean(process.env['CI']);

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Two servers and a process or two a file: more at once only take turns.
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // `.ci/run` counts what the JSON report says.
    reporters: isCI ? ['default', ['json', { outputFile: '.cache/vitest.json' }]] : ['default'],
  },
});
