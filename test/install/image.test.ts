/** The image, as it was built and as it runs. */
import { expect, test } from 'vitest';
import type { Installation } from './installation.ts';
import { testInstalled } from './installed-test.ts';
import { NAMESPACE } from './release.ts';
import { readSite } from './site.ts';

const OWN_BYTES_MAX = 3_000_000;
const { kind } = readSite();

test.runIf(kind.kind === 'OwnNode')('adds no more than 3 MB to its base', async ({ annotate }) => {
  const layers = kind.kind === 'OwnNode' ? kind.ownLayerBytes : [];
  const bytes = layers.reduce((sum, each) => sum + each, 0);
  await annotate(`${layers.length} layers of its own, ${(bytes / 1e6).toFixed(2)} MB compressed`);
  expect(bytes).toBeGreaterThan(0);
  expect(bytes).toBeLessThanOrEqual(OWN_BYTES_MAX);
});

const testRunning = testInstalled();

testRunning('runs as a user that is not root', async ({ installation }) => {
  const ids = 'process.stdout.write([process.getuid(), process.getgid()].join())';
  expect(await inPod(installation, '/nodejs/bin/node', '--eval', ids)).toBe('65532,65532');
});

testRunning.for(['/app/file', '/tmp/file', '/file'])(
  'cannot write %s',
  async (path, { installation }) => {
    const write = `require('fs').writeFileSync('${path}', '')`;
    const written = inPod(installation, '/nodejs/bin/node', '--eval', write);
    await expect(written).rejects.toThrow('EROFS');
  },
);

testRunning.for(['sh', '/bin/sh', '/bin/bash', '/busybox/sh'])(
  'has no %s',
  async (shell, { installation }) => {
    const run = inPod(installation, shell, '-c', 'true');
    await expect(run).rejects.toThrow(/no such file|not found/);
  },
);

async function inPod({ cluster, pods }: Installation, ...command: readonly string[]) {
  const pod = (await pods()).find(({ isReady }) => isReady);
  const exec = ['exec', '--namespace', NAMESPACE, pod?.name ?? '', '--'];
  return cluster.kubectl([...exec, ...command]);
}
