/** As the tests are run otherwise, with a cache of its own, one file at a time, and one seed. */
import { mergeConfig } from 'vitest/config';
import base from '../../vitest.config.ts';

export default mergeConfig(base, {
  cacheDir: '.cache/vite',
  test: { maxWorkers: 1, reporters: [], setupFiles: ['test/mutants/one-seed.ts'] },
});
