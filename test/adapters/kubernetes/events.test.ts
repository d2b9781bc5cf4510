import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Notice } from '../../../src/ports.ts';
import { type EmbeddedKubernetes, startKubernetes } from '../../sandbox/kubernetes/server.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';
import { createKubernetesRig, type KubernetesRig } from './rig.ts';

const EVENTS = '/apis/events.k8s.io/v1/namespaces/default/events';
const DROPPED = 'cognito_operator_events_dropped_total{}';
const MINUTE_MS = 60_000;

const notice: Notice = {
  key: 'default/weather',
  uid: '6810c06f-0000-4000-8000-000000000000',
  resourceVersion: '7',
  type: 'Normal',
  reason: 'Created',
  action: 'Create',
  note: 'created resource server https://weather.example.com',
  reconcileID: 'process-1',
};

let kubernetes: EmbeddedKubernetes;
let rig: KubernetesRig;
let clock: FakeClock;
beforeEach(async () => {
  clock = createFakeClock();
  kubernetes = await startKubernetes();
  rig = createKubernetesRig({ kubeconfig: kubernetes.kubeconfig(), clock });
});
afterEach(async () => {
  await rig.close();
  await kubernetes.close();
});

async function stored(): Promise<readonly { readonly note: string; readonly series?: object }[]> {
  const { body } = await kubernetes.request('GET', EVENTS);
  return (body as { items: [] }).items;
}

async function told(...notices: readonly Partial<Notice>[]) {
  for (const change of notices) rig.events.publish({ ...notice, ...change });
  await rig.events.flush(1_000);
  return stored();
}

describe('a notice', () => {
  test('becomes an Event about the resource', async () => {
    expect(await told({})).toMatchObject([
      {
        metadata: {
          name: expect.stringMatching(/^weather\.[0-9a-f]{16}$/),
          namespace: 'default',
          annotations: { 'cognito-operator.io/reconcile-id': 'process-1' },
        },
        eventTime: '2026-01-01T00:00:00.000000Z',
        reportingController: 'cognito-operator',
        reportingInstance: 'pod-1',
        type: 'Normal',
        reason: 'Created',
        action: 'Create',
        note: 'created resource server https://weather.example.com',
        regarding: {
          apiVersion: 'cognito-operator.io/v1',
          kind: 'ResourceServer',
          namespace: 'default',
          name: 'weather',
          uid: notice.uid,
          resourceVersion: '7',
        },
      },
    ]);
  });

  test('that repeats itself becomes a series', async () => {
    expect((await told({}))[0]?.series).toBeUndefined();
    await clock.advance(MINUTE_MS);
    expect(await told({})).toMatchObject([
      { series: { count: 2, lastObservedTime: '2026-01-01T00:01:00.000000Z' } },
    ]);
    await told({}, {}, {});
    expect(await stored()).toMatchObject([{ series: { count: 5 } }]);
  });

  test('that repeats itself names the run that told it last', async () => {
    await told({});
    expect(await told({ reconcileID: 'process-2' })).toMatchObject([
      { metadata: { annotations: { 'cognito-operator.io/reconcile-id': 'process-2' } } },
    ]);
  });

  test('that came many times before it could be told is told once', async () => {
    expect(await told({}, {}, {})).toMatchObject([{ series: { count: 3 } }]);
    expect(kubernetes.counts.get('create events')).toBe(1);
  });

  test('whose Event is gone by now gets another', async () => {
    const [first] = await told({});
    const { name } = (first as unknown as { metadata: { name: string } }).metadata;
    await kubernetes.request('DELETE', `${EVENTS}/${name}`);
    expect(await told({})).toMatchObject([{ series: { count: 2 } }]);
  });

  test('is cut to what the API server takes, in bytes and on one line', async () => {
    const [event] = await told({ note: `a\n\u202E${'✓'.repeat(2_000)}` });
    expect(event?.note).toMatch(/^a ✓+…$/);
    expect(Buffer.byteLength(event?.note ?? '')).toBeLessThanOrEqual(1_024);
  });

  test('about a resource with a very long name has a name that fits', async () => {
    const key = `default/${'a'.repeat(235)}.b${'c'.repeat(16)}`;
    expect(await told({ key })).toHaveLength(1);
  });
});

describe('what cannot be told', () => {
  test('is dropped, counted each time, and said once', async () => {
    kubernetes.faults.deny('create', 'events');
    expect(await told({ note: 'one' }, { note: 'two' }, { note: 'three' })).toEqual([]);
    expect(rig.counts.get(DROPPED)).toBe(3);
    expect(rig.lines).toEqual(['warn: a Kubernetes Event was dropped, more may be without a word']);
  });

  test('does not keep what comes later from being told', async () => {
    const denied = kubernetes.faults.deny('create', 'events');
    await told({});
    denied.remove();
    expect(await told({})).toHaveLength(1);
  });

  test('is what floods: more than 25 about one resource, more than 256 waiting', async () => {
    const one = Array.from({ length: 30 }, (_, index) => ({ note: `note ${index}` }));
    for (const change of one) rig.events.publish({ ...notice, ...change });
    expect(rig.counts.get(DROPPED)).toBe(5);
    for (let index = 0; index < 300; index += 1) {
      rig.events.publish({ ...notice, uid: `uid-${index}` });
    }
    await rig.events.flush(1_000);
    expect(await stored()).toHaveLength(257);
    expect(rig.counts.get(DROPPED)).toBe(5 + 25 + 300 - 257);
  });

  test('within the time for a flush is given up', async () => {
    kubernetes.faults.inject({
      match: ({ verb }) => verb === 'create',
      action: { kind: 'hangBefore' },
    });
    rig.events.publish(notice);
    rig.events.publish({ ...notice, note: 'another' });
    const flushed = rig.events.flush(300);
    await clock.advance(300);
    await flushed;
    expect(rig.counts.get(DROPPED)).toBe(2);
    expect(clock.timers).toBe(0);
  });
});

test('a flush of nothing is done at once', async () => {
  await rig.events.flush(1_000);
  expect(clock.timers).toBe(0);
});
