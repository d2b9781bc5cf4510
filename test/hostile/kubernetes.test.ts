/** An API server that answers with anything, and the adapter that has to make a failure of it. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BODY_BYTES_MAX } from '../../src/adapters/kubernetes/body.ts';
import type { Frame } from '../../src/ports.ts';
import {
  createKubernetesRig,
  type KubernetesRig,
  kubeconfigOf,
} from '../adapters/kubernetes/rig.ts';
import { healed } from './healed.ts';
import { ANSWERS, FRAMES, good, KEY, LEASE, NAMESPACE } from './kubernetes-scripts.ts';
import { MEBIBYTE, streamed, whole } from './script.ts';
import { type Spoiler, startSpoiler } from './spoiler.ts';
import { isPrintable } from './texts.ts';

const never = new AbortController().signal;
const call = { signal: never, guard: () => undefined };
/** What is bad fails by then at the latest; for what is good there is time. */
const DEADLINE_MS = 1_000;
const MESSAGE_CHARS_MAX = 500;
/** What is read beside a body that is cut off, and growth that is no body. */
const BESIDE_BYTES_MAX = MEBIBYTE;
const GROWTH_BYTES_MAX = 64 * MEBIBYTE;

let spoiler: Spoiler;
let rig: KubernetesRig;
let hasty: KubernetesRig;
beforeEach(async () => {
  spoiler = await startSpoiler(() => undefined);
  const kubeconfig = kubeconfigOf({ server: spoiler.url });
  rig = createKubernetesRig({ kubeconfig });
  hasty = createKubernetesRig({ kubeconfig, deadlineMs: DEADLINE_MS });
});
afterEach(async () => {
  await rig.close();
  await hasty.close();
  await spoiler.close();
});

const PAGE = { limit: 500, continueToken: undefined };
const ASKED: Readonly<Record<string, (rig: KubernetesRig) => Promise<Outcome>>> = {
  'a read': ({ cluster }) => cluster.read(KEY, never),
  'a write': ({ cluster }) => cluster.patchStatus(KEY, { status: {} }, call),
  'a list': ({ cluster }) => cluster.feed(NAMESPACE).list(PAGE, never),
  'the Lease': ({ leases }) => leases.read(never),
};

type Outcome = Awaited<ReturnType<KubernetesRig['cluster']['read']>>;

function expectTame(outcome: Outcome): void {
  if (outcome.kind === 'Answered') return;
  const message = 'message' in outcome.failure ? outcome.failure.message : '';
  expect(message.length).toBeLessThanOrEqual(MESSAGE_CHARS_MAX);
  expect(isPrintable(message)).toBe(true);
}

describe.each(Object.entries(ANSWERS))('the API server answers with %s', (_, script) => {
  test('and it is a failure that can be told, and then all is well', async () => {
    spoiler.choose = script;
    const before = process.memoryUsage().rss;
    const outcomes = await Promise.all(Object.values(ASKED).map((ask) => ask(hasty)));
    for (const outcome of outcomes) {
      expect(outcome.kind).toBe('Failed');
      expectTame(outcome);
    }
    expect(spoiler.readBytes).toBeLessThan(outcomes.length * (BODY_BYTES_MAX + BESIDE_BYTES_MAX));
    expect(process.memoryUsage().rss - before).toBeLessThan(outcomes.length * GROWTH_BYTES_MAX);
    spoiler.choose = good;
    for (const ask of Object.values(ASKED)) {
      expect((await healed(() => ask(hasty))).kind).toBe('Answered');
    }
    expect(spoiler.readBytes).toBeGreaterThan(0);
  });
});

describe.each(Object.entries(FRAMES))('a watch carries %s', (_, { bytes, want }) => {
  test('and its reader hears of it in a bounded sentence', async () => {
    spoiler.choose = () => streamed({ kind: 'watch' }, bytes());
    const frames: Frame[] = [];
    const request = { resourceVersion: '1', sendInitialEvents: false, timeoutSeconds: 5 };
    for await (const frame of rig.cluster.feed(NAMESPACE).watch(request, never)) {
      frames.push(frame);
      if ('message' in frame) expect(isPrintable(frame.message)).toBe(true);
    }
    expect(frames.map(({ kind }) => kind)).toEqual([want]);
    expect(JSON.stringify(frames).length).toBeLessThan(MESSAGE_CHARS_MAX + 100);
    expect(spoiler.readBytes).toBeLessThan(BODY_BYTES_MAX + BESIDE_BYTES_MAX);
  });
});

test('a page that is too large is asked for again in smaller pages, until a list is whole', async () => {
  const limits: string[] = [];
  spoiler.choose = ({ path }) => {
    const limit = new URL(path, spoiler.url).searchParams.get('limit') ?? '';
    limits.push(limit);
    return Number(limit) > 5 ? ANSWERS['two hundred megabytes']?.() : good({ path });
  };
  const feed = rig.cluster.feed(NAMESPACE);
  for (const want of ['Failed', 'Failed', 'Answered', 'Failed']) {
    expect((await feed.list(PAGE, never)).kind).toBe(want);
  }
  expect(limits).toEqual(['500', '50', '5', '500']);
});

test.each([
  [{ ...LEASE, spec: { ...LEASE.spec, leaseTransitions: 2 ** 31 - 1 } }, 0],
  [LEASE, 2],
])('a Lease that counts to the end of numbers is counted anew', async (lease, want) => {
  const written: string[] = [];
  spoiler.choose = ({ method, body }) => {
    if (method === 'PUT') written.push(body);
    return whole({ kind: 'lease', body: JSON.stringify(lease) });
  };
  const read = await rig.leases.read(never);
  if (read.kind === 'Failed' || read.value === undefined) throw new Error('no Lease');
  await rig.leases.update({ ...read.value, transitions: read.value.transitions + 1 }, never);
  expect(JSON.parse(written[0] ?? '')).toMatchObject({ spec: { leaseTransitions: want } });
});
