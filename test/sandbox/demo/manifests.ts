/** Manifests as people write them: read from files, or made by the dozen. */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import { API_VERSION, KIND, type ResourceServerSpec } from '../../../src/api/resource-server.ts';

/** What has a default in the schema need not be there. */
export type WrittenSpec = Pick<ResourceServerSpec, 'userPoolId' | 'identifier'> &
  Partial<ResourceServerSpec>;

export interface Manifest {
  readonly apiVersion: typeof API_VERSION;
  readonly kind: typeof KIND;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec: WrittenSpec;
}

/** All documents of the YAML files in a folder, in the order of kubectl. */
export function readManifests(folder: string): readonly Manifest[] {
  const files = globSync('*.yaml', { cwd: folder }).sort();
  return files.flatMap((file) => readDocuments(join(folder, file)) as readonly Manifest[]);
}

export function readDocuments(path: string): readonly unknown[] {
  return [...parseAllDocuments(readFileSync(path, 'utf8'))].map((each) => each.toJS() as unknown);
}

export interface Batch {
  readonly namespace: string;
  /** Of the APIs: `shop` makes `shop-01`, `shop-02`, ... */
  readonly name: string;
  readonly count: number;
  /** In turn. */
  readonly pools: readonly string[];
}

export function batchOf({ namespace, name, count, pools }: Batch): readonly Manifest[] {
  return Array.from({ length: count }, (_, index): Manifest => {
    const each = `${name}-${String(index + 1).padStart(2, '0')}`;
    const userPoolId = pools[index % pools.length] ?? '';
    const scopes = [{ name: 'read', description: `Read from ${each}` }];
    return {
      apiVersion: API_VERSION,
      kind: KIND,
      metadata: { name: each, namespace },
      spec: { userPoolId, identifier: `https://${each}.example.com`, scopes },
    };
  });
}

/** With its namespace first. */
export function writeBatch(path: string, namespace: string, batch: readonly Manifest[]): void {
  const first = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
  writeFileSync(path, [first, ...batch].map((each) => stringify(each)).join('---\n'));
}
