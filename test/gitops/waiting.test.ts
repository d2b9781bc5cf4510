/** `kubectl wait`, the real one, on every row of the status contract. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findCondition } from '../../src/api/conditions.ts';
import { type EmbeddedKubernetes, startKubernetes } from '../sandbox/kubernetes/server.ts';
import { kstatusOf } from '../support/kstatus.ts';
import { createKubectl, findKubectl, type Kubectl } from '../support/kubectl.ts';
import { SITUATIONS, type Situation } from './situations.ts';
import { applyAll, play, resourcesIn, type Stage } from './stage.ts';

const lookup = await findKubectl();
if (lookup.kind === 'missing') console.warn(`SKIPPED: kubectl wait: ${lookup.reason}`);

describe.skipIf(lookup.kind === 'missing')('kubectl wait', () => {
  let server: EmbeddedKubernetes;
  let kubectl: Kubectl;
  let ready: readonly string[];
  let stalled: readonly string[];

  beforeAll(async () => {
    server = await startKubernetes();
    kubectl = createKubectl(lookup.kind === 'found' ? lookup.path : '', server.kubeconfig());
    const stage: Stage = {
      namespace: 'default',
      request: (...call) => server.request(...call),
    };
    await applyAll(stage, SITUATIONS);
    for (const situation of SITUATIONS) await play(stage, situation);
    // At once, because kubectl allows itself five requests a second.
    [ready, stalled] = await Promise.all([metBy('Ready'), metBy('Stalled')]);
  });
  afterAll(async () => {
    kubectl.dispose();
    await server.close();
  });

  /** Those that it finds to have the condition, when it looks once. */
  async function metBy(condition: string): Promise<readonly string[]> {
    const args = ['wait', `--for=condition=${condition}`, 'cogrs', '--all', '--timeout=0'];
    const { stdout } = await kubectl.run(args);
    return [...stdout.matchAll(/\/(\S+) condition met/g)].map(([, name = '']) => name).sort();
  }

  const namesOf = (wanted: (situation: Situation) => boolean) =>
    SITUATIONS.filter(wanted)
      .map(({ name }) => name)
      .sort();

  test('finds ready exactly what kstatus calls Current', () => {
    expect(ready).toEqual(namesOf(({ kstatus }) => kstatus === 'Current'));
  });

  test('finds stalled exactly what somebody has to mend', () => {
    const isStalled = ({ manifest }: Situation) =>
      findCondition(manifest.status.conditions, 'Stalled') !== undefined;
    expect(stalled).toEqual(namesOf(isStalled));
    expect(namesOf(({ kstatus }) => kstatus === 'Failed')).not.toEqual([]);
  });

  test.each(SITUATIONS)('kstatus says $kstatus of $name, as it is stored', async (situation) => {
    const path = `${resourcesIn('default')}/${situation.name}`;
    const { body } = await server.request('GET', path);
    expect(kstatusOf(body as object)).toBe(situation.kstatus);
  });
});
