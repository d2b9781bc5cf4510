/** The tables and laws of `src/core`, and with them every mutant that StrykerJS makes of it. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  cacheDir: '.cache/vite',
  test: {
    include: ['test/core/**/*.test.ts', 'test/laws/{backoff,climb,decide,parse,status}.test.ts'],
    setupFiles: ['test/mutants/one-seed.ts'],
    isolate: false,
    testTimeout: 60_000,
  },
});
