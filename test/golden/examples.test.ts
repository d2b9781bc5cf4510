import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { broken, CRD, FIELDS, fits, ROOT } from './schema.ts';

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec: Readonly<Record<string, unknown>>;
}

const FOLDER = join(ROOT, 'examples');
const FILES = readdirSync(FOLDER).filter((file) => file.endsWith('.yaml'));

function manifestsOf(file: string): readonly Manifest[] {
  const text = readFileSync(join(FOLDER, file), 'utf8');
  return parseAllDocuments(text).map((document) => document.toJS());
}

const manifests = FILES.flatMap((file) =>
  manifestsOf(file).map((manifest) => ({ file, name: manifest.metadata.name, manifest })),
);

describe('the examples', () => {
  test.each(manifests)('$file: the API server accepts $name', ({ manifest }) => {
    expect(manifest).toMatchObject({ apiVersion: `${CRD.group}/${CRD.version}`, kind: CRD.kind });
    expect(fits('', manifest)).toBe(true);
    expect(broken('spec', manifest.spec)).toEqual([]);
    for (const [field, value] of Object.entries(manifest.spec)) {
      expect(broken(`spec.${field}`, value)).toEqual([]);
    }
  });

  test.each(manifests)('$file: $name has known fields only', ({ manifest }) => {
    const known = FIELDS.map(({ path }) => path);
    expect(known).toEqual(
      expect.arrayContaining(Object.keys(manifest.spec).map((f) => `spec.${f}`)),
    );
  });

  test.each(manifests)('$file: $name goes into any namespace', ({ manifest }) => {
    expect(manifest.metadata.namespace).toBeUndefined();
  });

  test('can be applied together: no name and no identity is there twice', () => {
    const identities = manifests.map(({ manifest: { spec } }) =>
      JSON.stringify([spec['userPoolId'], spec['identifier']]),
    );
    expect(new Set(manifests.map(({ name }) => name)).size).toBe(manifests.length);
    expect(new Set(identities).size).toBe(manifests.length);
  });

  test.each(FILES)('%s says its situation in the first line, and is in the list', (file) => {
    const [first] = readFileSync(join(FOLDER, file), 'utf8').split('\n');
    expect(first).toMatch(/^# [A-Z].*\.$/);
    expect(readFileSync(join(FOLDER, 'README.md'), 'utf8')).toContain(`](${file})`);
  });
});
