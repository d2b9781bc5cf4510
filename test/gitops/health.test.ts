/** What Argo CD shows of a resource, in every situation of the status contract. */
import { describe, expect, test } from 'vitest';
import { nextStatus, sayingOf } from '../../src/core/status.ts';
import { ALL_ROWS } from '../core/outcomes.ts';
import { aResourceServer, aView } from '../support/builders.ts';
import { kstatusOf } from '../support/kstatus.ts';
import { readScript, readYaml } from './customization.ts';
import { FENGARI } from './lua-fengari.ts';
import type { JsonObject } from './lua-run.ts';
import { hasLua51, LUA_5_1 } from './lua51.ts';
import { type Health, SITUATIONS } from './situations.ts';

const script = readScript('health.lua');
const { tests } = readYaml('health_test.yaml') as unknown as {
  readonly tests: readonly { readonly inputPath: string; readonly healthStatus: JsonObject }[];
};

const vms = hasLua51() ? [FENGARI, LUA_5_1] : [FENGARI];
if (!hasLua51()) console.warn('SKIPPED: the health script in the real Lua 5.1: no lua5.1 on PATH');

describe.each(vms)('the health script in $name', (vm) => {
  test('says what health_test.yaml expects, of each manifest', () => {
    const runs = tests.map(({ inputPath }) => ({ script, obj: readYaml(inputPath) }));
    expect(vm.run(runs)).toEqual(tests.map(({ healthStatus }) => healthStatus));
  });
});

function healthOf(obj: unknown): JsonObject {
  return FENGARI.run([{ script, obj }])[0] as JsonObject;
}

/** Argo CD itself, before it asks any script: gitops-engine, pkg/health/health.go. */
function shownBy({ metadata, ...rest }: (typeof SITUATIONS)[number]['manifest']): unknown {
  return metadata.deletionTimestamp ? 'Progressing' : healthOf({ metadata, ...rest })['status'];
}

describe('Argo CD', () => {
  test.each(SITUATIONS)('shows $argo when $name', ({ manifest, argo }) => {
    expect(shownBy(manifest)).toBe(argo);
  });

  const given = aResourceServer().finalized();
  const living = ALL_ROWS.filter(({ outcome }) => outcome.kind !== 'Blocked');

  test.each(living)('agrees with kstatus on $name, $when', ({ outcome }) => {
    for (const before of [given, given.withRemote().ready().atGeneration(2)]) {
      const view = aView(before).view();
      const status = nextStatus(view, sayingOf(view, outcome), '2026-02-02T02:02:02Z');
      const manifest = { ...before.raw(), status };
      const want: Health = outcome.kind === 'Paused' ? 'Suspended' : HEALTH[kstatusOf(manifest)];
      expect(healthOf(manifest)['status']).toBe(want);
    }
  });
});

const HEALTH = {
  Current: 'Healthy',
  InProgress: 'Progressing',
  Failed: 'Degraded',
  Terminating: 'Progressing',
} as const;

describe('a status that is not ours', () => {
  const metadata = { generation: 1 };

  test.each([
    { name: 'none at all', obj: { metadata } },
    { name: 'no conditions', obj: { metadata, status: { observedGeneration: 1 } } },
    { name: 'an empty list', obj: { metadata, status: { observedGeneration: 1, conditions: [] } } },
    {
      name: 'conditions of others',
      obj: {
        metadata,
        status: { observedGeneration: 1, conditions: [{ type: 'Seen', status: 'True' }] },
      },
    },
  ])('is Progressing: $name', ({ obj }) => {
    expect(healthOf(obj)).toEqual({ status: 'Progressing', message: 'Waiting for the operator' });
  });
});
