/** `test` with an installation around it, the same for a whole file: its tests take turns. */
import { test } from 'vitest';
import { type InstallationOptions, prepareInstallation } from './installation.ts';

interface Ending {
  readonly onCleanup: (end: () => Promise<void>) => void;
}

export function testInstalled(options: InstallationOptions = {}) {
  return test
    .extend(
      'installation',
      { scope: 'file' },
      // oxlint-disable-next-line no-empty-pattern -- vitest reads from it what a fixture builds on
      async ({}, { onCleanup }: Ending) => {
        const installation = await prepareInstallation(options);
        onCleanup(() => installation.close());
        return installation;
      },
    )
    .extend('installMs', { scope: 'file', auto: true }, ({ installation }) =>
      installation.install(),
    );
}
