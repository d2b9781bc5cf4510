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
  const crd = parseCrd(readFileSync(join(root, 'crds/resourceservers.yaml'), 'utf8'));
  return outputs.map(({ path, render }) => {
    const file = join(root, path);
    const committed = existsSync(file) ? readFileSync(file, 'utf8') : '';
    return { path, committed, wanted: render({ crd, committed }) };
  });
}

export function differing(renderings: readonly Rendering[]): readonly Rendering[] {
  return renderings.filter(({ committed, wanted }) => committed !== wanted);
}
