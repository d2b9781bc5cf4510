import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseStatus } from '../../src/api/parse-status.ts';
import type { ResourceServerStatus } from '../../src/api/resource-server.ts';
import { statusPatch } from '../../src/core/status.ts';
import { ACCOUNT, aResourceServer } from '../support/builders.ts';

interface Schema {
  readonly properties: Readonly<Record<string, Schema>>;
}

function schemaOfStatus(): Schema {
  const crd = parse(
    readFileSync(new URL('../../crds/resourceservers.yaml', import.meta.url), 'utf8'),
  ) as { spec: { versions: [{ schema: { openAPIV3Schema: Schema } }] } };
  const status = crd.spec.versions[0].schema.openAPIV3Schema.properties['status'];
  if (status === undefined) throw new Error('the CRD has no status');
  return status;
}

/** RFC 7396, as the API server merges. */
function merged(before: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const result = new Map(Object.entries(isObject(before) ? before : {}));
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) result.delete(name);
    else result.set(name, merged(result.get(name), value));
  }
  return Object.fromEntries(result);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const full: ResourceServerStatus = aResourceServer()
  .withRemote({ accountId: ACCOUNT })
  .withPending('Delete')
  .ready()
  .status({ drift: ['scope a: missing'], lastHandledSyncRequest: 'now' })
  .parsed().status;

test('every field of the schema is named, also when all are to go', () => {
  const { properties } = schemaOfStatus();
  expect(Object.keys(statusPatch({})).sort()).toEqual(Object.keys(properties).sort());
  expect(Object.values(statusPatch({})).every((value) => value === null)).toBe(true);
});

test('every field of a record is named, for a merge keeps what is not', () => {
  const { properties } = schemaOfStatus();
  const { accountId: _, ...remote } = full.remote ?? expect.fail('no record');
  const patch = statusPatch({ ...full, remote });
  expect(patch['remote']).toEqual({ ...remote, accountId: null, from: null });
  for (const name of ['remote', 'pending']) {
    const named = Object.keys(patch[name] as object).sort();
    expect(named).toEqual(Object.keys(properties[name]?.properties ?? {}).sort());
  }
});

test.each<{ name: string; next: ResourceServerStatus }>([
  { name: 'nothing', next: {} },
  { name: 'all', next: full },
  { name: 'a record without an account', next: aResourceServer().withRemote().parsed().status },
])('a patch to $name leaves nothing over of what was there', ({ next }) => {
  expect(parseStatus(merged(full, statusPatch(next)))).toEqual(next);
});
