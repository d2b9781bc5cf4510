/**
 * As the tests are run otherwise, with a cache of its own, one file at a time, one seed, and time
 * enough: what is slow on a busy machine has noticed nothing.
 */
import { mergeConfig } from 'vitest/config';
import base from '../../vitest.config.ts';

export default mergeConfig(base, {
  cacheDir: '.cache/vite',
  test: {
    maxWorkers: 1,
    reporters: [],
    setupFiles: ['test/mutants/one-seed.ts'],
    testTimeout: 240_000,
    hookTimeout: 240_000,
  },
});
