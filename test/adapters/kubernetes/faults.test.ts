import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Frame } from '../../../src/ports.ts';
import { manifestOf } from '../../contract/cluster-suite.ts';
import { type EmbeddedKubernetes, startKubernetes } from '../../sandbox/kubernetes/server.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';
import { waitFor } from '../../support/wait.ts';
import { createKubernetesRig, type KubernetesRig, PATIENT_MS } from './rig.ts';

const never = new AbortController().signal;
const call = { signal: never, guard: () => undefined };
const KEY = 'default/weather';

let kubernetes: EmbeddedKubernetes;
let rig: KubernetesRig;
let clock: FakeClock;
beforeEach(async () => {
  clock = createFakeClock();
  kubernetes = await startKubernetes({ watchHistory: 10 });
  kubernetes.load([manifestOf('default', 'weather')]);
  rig = createKubernetesRig({ kubeconfig: kubernetes.kubeconfig(), clock });
});
afterEach(async () => {
  await rig.close();
  await kubernetes.close();
});

type FaultAction = Parameters<EmbeddedKubernetes['faults']['inject']>[0]['action'];

/** A request that is never answered ends at its deadline, which comes once it was struck. */
function inject(verb: string, action: FaultAction): void {
  const fault = kubernetes.faults.inject({ match: (request) => request.verb === verb, action });
  const isSilence = action.kind === 'hangBefore' || action.kind === 'hangAfter';
  if (isSilence)
    void waitFor('silence', () => fault.hits > 0).then(() => clock.advance(PATIENT_MS));
}

async function stored(): Promise<object> {
  const path = '/apis/cognito-operator.io/v1/namespaces/default/resourceservers/weather';
  const { body } = await kubernetes.request('GET', path);
  return body as object;
}

describe('a write', () => {
  const write = () => rig.cluster.patchStatus(KEY, { status: { scopeCount: 7 } }, call);

  test.each<{ name: string; action: FaultAction; answered: boolean; landed: boolean }>([
    {
      name: 'reset before it landed',
      action: { kind: 'resetBefore' },
      answered: false,
      landed: false,
    },
    {
      name: 'reset after it landed',
      action: { kind: 'resetAfter' },
      answered: false,
      landed: true,
    },
    { name: 'never answered', action: { kind: 'hangAfter' }, answered: false, landed: true },
    {
      name: 'refused for now',
      action: { kind: 'status', code: 429 },
      answered: true,
      landed: false,
    },
    {
      name: "a proxy's 502",
      action: { kind: 'raw', code: 502, body: '<html>' },
      answered: false,
      landed: false,
    },
    {
      name: "a portal's 200",
      action: { kind: 'raw', code: 200, body: '<html>' },
      answered: false,
      landed: false,
    },
    {
      name: "a portal's empty 200",
      action: { kind: 'raw', code: 200, body: '' },
      answered: false,
      landed: false,
    },
  ])('$name: answered is $answered', async ({ action, answered, landed }) => {
    inject('patch', action);
    expect(await write()).toMatchObject({ failure: { kind: 'KubernetesFailed', answered } });
    expect(await stored()).toMatchObject({ status: landed ? { scopeCount: 7 } : {} });
    expect(kubernetes.counts.get('patch resourceservers/status'), 'never twice').toBe(1);
  });

  test('that RBAC forbids says what to allow', async () => {
    kubernetes.faults.deny('patch', 'resourceservers/status');
    const answer = await write();
    expect(answer).toMatchObject({ failure: { kind: 'KubernetesFailed', status: 403 } });
    expect(JSON.stringify(answer)).toContain('RBAC must allow to patch resourceservers/status');
  });

  test('that is to be tried later says when', async () => {
    inject('patch', { kind: 'status', code: 429, headers: { 'retry-after': '2' } });
    expect(await write()).toMatchObject({ failure: { status: 429, retryAfterMs: 2_000 } });
  });

  test('names us as its field manager', async () => {
    const asked: (string | null)[] = [];
    kubernetes.faults.onRequest(({ query }) => void asked.push(query.get('fieldManager')));
    await write();
    expect(new Set(asked)).toEqual(new Set(['cognito-operator']));
  });
});

test('an object is not gone because a proxy knows no such page', async () => {
  inject('get', { kind: 'raw', code: 404, body: '404 page not found' });
  expect(await rig.cluster.read(KEY, never)).toMatchObject({
    failure: { kind: 'KubernetesFailed', status: 404 },
  });
});

describe('a list', () => {
  const list = (continueToken?: string) =>
    rig.cluster.feed(undefined).list({ limit: 1, continueToken }, never);

  test('that is no list fails', async () => {
    inject('list', { kind: 'raw', code: 200, body: '{"kind":"ResourceServer"}' });
    expect(await list()).toMatchObject({
      failure: { message: 'list resourceservers: the answer is no list' },
    });
  });

  test('that waited too long to continue has expired', async () => {
    kubernetes.load([manifestOf('default', 'second')]);
    const first = await list();
    if (first.kind === 'Failed') throw new Error(first.failure.kind);
    kubernetes.compact();
    expect(await list(first.value.continueToken)).toMatchObject({ failure: { status: 410 } });
  });
});

describe('a watch', () => {
  const watch = async (resourceVersion: string, meanwhile: () => void = () => {}) => {
    const request = { resourceVersion, sendInitialEvents: false, timeoutSeconds: 60 };
    const frames: Frame[] = [];
    for await (const frame of rig.cluster.feed(undefined).watch(request, never)) {
      frames.push(frame);
      meanwhile();
    }
    return frames;
  };
  const version = async (): Promise<string> => {
    const answer = await rig.cluster
      .feed(undefined)
      .list({ limit: 1, continueToken: undefined }, never);
    if (answer.kind === 'Failed') throw new Error(answer.failure.kind);
    return answer.value.resourceVersion;
  };
  /** One change, and then what is asked for. */
  const afterOne = async (meanwhile: () => void) => {
    const from = await version();
    await rig.cluster.patchStatus(KEY, { status: { scopeCount: 1 } }, call);
    return (await watch(from, meanwhile)).map(({ kind }) => kind);
  };

  test('of a version that is forgotten has expired', async () => {
    const from = await version();
    await rig.cluster.patchStatus(KEY, { status: { scopeCount: 1 } }, call);
    kubernetes.compact();
    expect(await watch(from)).toMatchObject([{ kind: 'Error', status: 410, reason: 'Expired' }]);
  });

  test.each<{ name: string; action: FaultAction; want: object }>([
    {
      name: 'forbidden',
      action: { kind: 'status', code: 403, reason: 'Forbidden' },
      want: { kind: 'Error', status: 403, reason: 'Forbidden' },
    },
    {
      name: 'too many',
      action: { kind: 'status', code: 429, headers: { 'retry-after': '3' } },
      want: { kind: 'Error', status: 429, retryAfterMs: 3_000 },
    },
    {
      name: "a proxy's page",
      action: { kind: 'raw', code: 503, body: 'busy' },
      want: { kind: 'Error', status: 503, message: 'busy' },
    },
    { name: 'reset at once', action: { kind: 'resetBefore' }, want: { kind: 'Broken' } },
    {
      name: 'never opened',
      action: { kind: 'hangBefore' },
      want: { kind: 'Broken', message: 'watch resourceservers: The deadline has passed' },
    },
  ])('$name: one frame says so', async ({ action, want }) => {
    inject('watch', action);
    expect(await watch('1')).toMatchObject([want]);
  });

  test('that is reset ends broken', async () => {
    expect(await afterOne(() => kubernetes.faults.cutWatches())).toEqual(['Modified', 'Broken']);
  });

  test('that carries garbage ends broken', async () => {
    const garble = async () => {
      kubernetes.faults.garbleNextFrame('{"type":\n');
      await rig.cluster.patchStatus(KEY, { status: { scopeCount: 2 } }, call);
    };
    expect(await afterOne(() => void garble())).toEqual(['Modified', 'Broken']);
  });

  test('that the server ends is over', async () => {
    expect(await afterOne(() => kubernetes.faults.endWatches())).toEqual(['Modified']);
  });

  test('that nobody reads to its end is closed', async () => {
    const from = await version();
    await rig.cluster.patchStatus(KEY, { status: { scopeCount: 1 } }, call);
    const request = { resourceVersion: from, sendInitialEvents: false, timeoutSeconds: 60 };
    for await (const _ of rig.cluster.feed(undefined).watch(request, never)) break;
    await expect.poll(() => kubernetes.faults.openWatches).toBe(0);
  });

  test('of the Lease ends silently, whatever broke', async () => {
    const lease = {
      holder: 'one',
      leaseDurationSeconds: 15,
      acquireTime: '',
      renewTime: 'garbage',
      transitions: 0,
      resourceVersion: '',
    };
    expect(await rig.leases.create(lease, never)).toMatchObject({
      value: { holder: 'one', acquireTime: '', renewTime: '' },
    });
    const holders: string[] = [];
    for await (const { holder } of rig.leases.watch(never)) {
      holders.push(holder);
      kubernetes.faults.cutWatches();
    }
    expect(holders).toEqual(['one']);
  });
});
