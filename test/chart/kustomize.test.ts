/** The plain manifests by kustomize, and still by `kubectl apply -f`. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createKubectl, findKubectl } from '../support/kubectl.ts';
import { objectsIn, ROOT } from './chart.ts';

const lookup = await findKubectl();
if (lookup.kind === 'missing') console.warn(`SKIPPED: kustomize suite: ${lookup.reason}`);

const FOLDERS = ['crds', 'deploy/plain'];

/** What `kubectl apply -f FOLDER` takes. */
function manifestsIn(folder: string): readonly string[] {
  const files = readdirSync(join(ROOT, folder)).filter((file) => /\.(ya?ml|json)$/.test(file));
  return files.toSorted().map((file) => readFileSync(join(ROOT, folder, file), 'utf8'));
}

describe.skipIf(lookup.kind === 'missing')('kustomize', () => {
  test('makes of deploy/plain the CRD and what is in its files, and no more', async () => {
    const kubectl = createKubectl(lookup.kind === 'found' ? lookup.path : '', '');
    try {
      const { stdout, stderr } = await kubectl.run(['kustomize', join(ROOT, 'deploy/plain')]);
      const wanted = FOLDERS.flatMap(manifestsIn).flatMap(objectsIn);
      expect(stderr).toBe('');
      expect(new Set(objectsIn(stdout))).toEqual(new Set(wanted));
    } finally {
      kubectl.dispose();
    }
  });
});

test.each(FOLDERS)(
  'no file of %s is for kustomize alone and yet a manifest to kubectl',
  (folder) => {
    const kinds = manifestsIn(folder)
      .flatMap(objectsIn)
      .map(({ kind }) => kind);
    expect(kinds).not.toContain('Kustomization');
  },
);
