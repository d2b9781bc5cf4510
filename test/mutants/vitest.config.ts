/** As the tests are run otherwise, with a cache of its own and one file at a time. */
import { mergeConfig } from 'vitest/config';
import base from '../../vitest.config.ts';

export default mergeConfig(base, {
  cacheDir: '.cache/vite',
  test: { maxWorkers: 1, reporters: [] },
});
