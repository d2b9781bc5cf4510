/**
 * The manifests beside the health script are what the operator itself writes:
 * `npx vitest run test/gitops -u` writes them anew.
 */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { findCondition, REASONS } from '../../src/api/conditions.ts';
import { CUSTOMIZATION, filesIn } from './customization.ts';
import { ACTED_UPON, SITUATIONS } from './situations.ts';

/** Read by Go, to whom an unquoted time is no text. */
const yaml = (value: unknown) => stringify(value, { version: '1.1', lineWidth: 0 });

test.each(SITUATIONS)('$name is what the operator writes then', async ({ name, manifest }) => {
  await expect(yaml(manifest)).toMatchFileSnapshot(join(CUSTOMIZATION, `testdata/${name}.yaml`));
});

test('each of them is asked about, with what the contract says', async () => {
  const tests = SITUATIONS.map(({ name, script }) => ({
    healthStatus: script,
    inputPath: `testdata/${name}.yaml`,
  }));
  await expect(yaml({ tests })).toMatchFileSnapshot(join(CUSTOMIZATION, 'health_test.yaml'));
});

test.each(Object.entries(ACTED_UPON))(
  '%s is what the actions are tried on',
  async (name, manifest) => {
    const path = join(CUSTOMIZATION, `actions/testdata/${name}.yaml`);
    await expect(yaml(manifest)).toMatchFileSnapshot(path);
  },
);

test('no manifest belongs to no situation', () => {
  const acted = Object.keys(ACTED_UPON).map((name) => `${name}.yaml`);
  expect(filesIn('actions/testdata')).toEqual(acted.sort());
  expect(filesIn('testdata')).toEqual(SITUATIONS.map(({ name }) => `${name}.yaml`).sort());
});

test.each(SITUATIONS)('$name has $reason for its reason', ({ manifest, reason }) => {
  expect(findCondition(manifest.status.conditions, 'Ready')?.reason).toBe(reason);
});

test('every reason of the contract occurs', () => {
  const reasons = SITUATIONS.flatMap(({ reason }) => reason ?? []);
  expect([...new Set(reasons)].sort()).toEqual([...REASONS].sort());
});
