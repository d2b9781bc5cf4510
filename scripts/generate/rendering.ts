// What the generated files are, beside what they are to be. Writes nothing.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCrd } from './crd.ts';
import type { Output } from './output.ts';

export interface Rendering {
  readonly path: string;
  readonly committed: string;
  readonly wanted: string;
}

export function renderAll(root: string, outputs: readonly Output[]): readonly Rendering[] {
  const read = (path: string): string => readFileSync(join(root, path), 'utf8');
  const crd = parseCrd(read('crds/resourceservers.yaml'));
  return outputs.map(({ path, render }) => {
    const file = join(root, path);
    const committed = existsSync(file) ? readFileSync(file, 'utf8') : '';
    return { path, committed, wanted: render({ crd, committed, read }) };
  });
}

export function differing(renderings: readonly Rendering[]): readonly Rendering[] {
  return renderings.filter(({ committed, wanted }) => committed !== wanted);
}
