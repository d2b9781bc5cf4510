import { mkdtempSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Schema } from '../../scripts/generate/crd.ts';
import { code, table } from '../../scripts/generate/markdown.ts';
import { OUTPUTS } from '../../scripts/generate/outputs.ts';
import { differing, renderAll } from '../../scripts/generate/rendering.ts';
import { resourceServerTypes } from '../../scripts/generate/resource-server-types.ts';
import { CRD, ROOT } from './schema.ts';

const OBJECT: Schema = { type: 'object' };

describe('what is generated', () => {
  test.each(renderAll(ROOT, OUTPUTS))(
    '$path is what `npm run generate` makes',
    ({ committed, wanted }) => {
      expect(committed).toBe(wanted);
    },
  );

  test('differs as long as it was not written', async () => {
    const root = mkdtempSync(join(tmpdir(), 'generated-'));
    try {
      for (const source of [
        'crds',
        'charts/cognito-operator/values.yaml',
        'deploy/argocd/resource_customizations',
      ]) {
        await cp(join(ROOT, source), join(root, source), { recursive: true });
      }
      const stale = differing(renderAll(root, OUTPUTS)).map(({ path }) => path);
      expect(stale).toEqual(OUTPUTS.map(({ path }) => path));
    } finally {
      await rm(root, { recursive: true });
    }
  });
});

describe('the types', () => {
  test.each<[string, Schema, string]>([
    ['a string', { type: 'string' }, 'readonly added?: string;'],
    ['a number', { type: 'integer' }, 'readonly added?: number;'],
    ['a default', { type: 'string', default: 'a' }, 'readonly added: string;'],
    ['an enum', { type: 'string', enum: ['A', 'B'] }, "readonly added?: 'A' | 'B';"],
    ['a list', { type: 'array', items: { type: 'string' } }, 'readonly added?: readonly string[];'],
    ['a description', { type: 'string', description: 'Why.' }, '/** Why. */\n  readonly added?'],
  ])('render %s', (_, schema, want) => {
    expect(typesWith('added', schema)).toContain(want);
  });

  test('wrap a long description at 100 characters', () => {
    const types = typesWith('added', { type: 'string', description: 'word '.repeat(60).trim() });
    expect(Math.max(...types.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  test('refuse an object that was given no name', () => {
    expect(() => typesWith('added', OBJECT)).toThrow('spec.added needs a name');
  });

  test('refuse a name that was given to no field', () => {
    expect(() => typesOf(OBJECT)).toThrow('no field spec to name ResourceServerSpec');
  });
});

test('a table is aligned, and a bar in a cell does not end it', () => {
  expect(table(['A', 'Bcde'], [[code('x|y'), 'z']])).toBe(
    ['| A      | Bcde |', '| ------ | ---- |', '| `x\\|y` | z    |', ''].join('\n'),
  );
});

/** The types of a CRD whose spec has one more field. */
function typesWith(property: string, added: Schema): string {
  const { spec = OBJECT, ...others } = CRD.schema.properties ?? {};
  const widened = { ...spec, properties: { ...spec.properties, [property]: added } };
  return typesOf({ ...CRD.schema, properties: { ...others, spec: widened } });
}

function typesOf(schema: Schema): string {
  const crd = { ...CRD, schema };
  return resourceServerTypes.render({ crd, committed: '', read: () => '' });
}
