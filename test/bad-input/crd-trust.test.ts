/** When the schema of the CRD is asked for, and what an answer, or none, makes of it. */
import { describe, expect, onTestFinished, test } from 'vitest';
import type { KubernetesFailure } from '../../src/core/failure.ts';
import { type Answer, answered, type Cluster, failed } from '../../src/ports.ts';
import { createCrdTrust, untilCrdFits } from '../../src/reconcile/crd-trust.ts';
import { createWitness } from '../controller/witness.ts';
import { crdWithout, documentOf, WHOLE_CRD } from '../support/crd.ts';
import { createFakeClock, settled } from '../support/fake-clock.ts';

type Schema = Answer<unknown, KubernetesFailure>;

const FIT = answered(documentOf(WHOLE_CRD));
const UNFIT = answered(documentOf(crdWithout('spec.deletionPolicy')));
const PAGE = answered('<html>sign in</html>');
const NO_KIND = answered({ components: { schemas: {} } });
const UNREACHABLE = failed({ kind: 'NotSent', withheld: undefined, message: 'ECONNREFUSED' });
const SILENT = refusal(undefined);
const FORBIDDEN = refusal(403);
const UNKNOWN = refusal(404);

function refusal(status: number | undefined): Schema {
  const [kind, message] = ['KubernetesFailed', `said ${status}`] as const;
  return failed({ kind, answered: status !== undefined, status, message, retryAfterMs: undefined });
}

/** Answers in turn, the last one for ever. */
function clusterOf(...answers: readonly Schema[]) {
  const clock = createFakeClock(1_000);
  const askedAtMs: number[] = [];
  const schema = async (): Promise<Schema> => {
    askedAtMs.push(clock.monotonicMs());
    return answers[Math.min(askedAtMs.length, answers.length) - 1] ?? FIT;
  };
  return { cluster: { schema } as unknown as Cluster, clock, askedAtMs };
}

function start(...answers: readonly Schema[]) {
  const { cluster, clock, askedAtMs } = clusterOf(...answers);
  const witness = createWitness();
  const over = new AbortController();
  onTestFinished(() => over.abort());
  return { ...witness, outside: { cluster, clock, log: witness.log }, clock, askedAtMs, over };
}

async function lead(...answers: readonly Schema[]) {
  const stage = start(...answers);
  const trust = createCrdTrust(stage.outside);
  const cut: { atMs: number | undefined } = { atMs: undefined };
  expect(await trust.look(stage.over.signal)).toBe(true);
  void trust.keepLooking(() => cut.atMs, stage.over.signal);
  return { ...stage, trust, cut };
}

describe('before anything is watched', () => {
  test.each([
    { name: 'the API server cannot be reached', given: UNREACHABLE },
    { name: 'it does not answer', given: SILENT },
    { name: 'RBAC forbids to look', given: FORBIDDEN },
    { name: 'it knows no such group', given: UNKNOWN },
    { name: 'it knows no such kind', given: NO_KIND },
    { name: 'a proxy answers with a page', given: PAGE },
  ])('nobody waits where $name', async ({ given }) => {
    const stage = start(given);
    await untilCrdFits(stage.outside, stage.over.signal);
    expect(stage.askedAtMs).toEqual([1_000]);
    expect(stage.loud()).toEqual([]);
  });
});

describe('a leader', () => {
  test('asks for the schema once, and no more while the watches last', async () => {
    const { clock, askedAtMs } = await lead(FIT);
    await clock.advance(3_600_000);
    expect(askedAtMs).toEqual([1_000]);
  });

  test('asks anew within five seconds of a cut, once', async () => {
    const { clock, askedAtMs, cut } = await lead(FIT);
    await clock.advance(60_000);
    cut.atMs = clock.monotonicMs();
    await clock.advance(60_000);
    expect(askedAtMs).toEqual([1_000, 66_000]);
  });

  test('asks anew after a cut that came while it was asking', async () => {
    const { clock, askedAtMs, cut } = await lead(FIT);
    cut.atMs = 1_000;
    await clock.advance(60_000);
    expect(askedAtMs).toEqual([1_000, 6_000]);
  });

  test.each([
    { name: 'could not be reached', given: UNREACHABLE },
    { name: 'did not answer', given: SILENT },
    { name: 'did not know the kind yet', given: NO_KIND },
    { name: 'did not know the group yet', given: UNKNOWN },
  ])('asks until it is told where the API server $name', async ({ given }) => {
    const { clock, cut, trust } = await lead(FIT, given, given, UNFIT);
    cut.atMs = clock.monotonicMs();
    await clock.advance(60_000);
    expect(trust.lost.aborted).toBe(true);
  });

  test('asks until it is told also where the first look of the term told nothing', async () => {
    const { clock, trust, loud } = await lead(NO_KIND, UNFIT);
    await clock.advance(5_000);
    expect(trust.lost.aborted).toBe(true);
    expect(loud()).toHaveLength(1);
  });

  test.each([
    { name: 'forbids it', given: FORBIDDEN, because: 'said 403' },
    { name: 'does not know of it', given: UNKNOWN, because: 'said 404' },
    { name: 'answers with a page', given: PAGE, because: 'it does not name our kind' },
  ])(
    'that cannot look, as somebody $name, works, says so once, and asks twice a minute',
    async ({ given, because }) => {
      const { clock, askedAtMs, trust, loud } = await lead(given);
      await clock.advance(3_600_000);
      expect(askedAtMs.length).toBeLessThan(125);
      expect(trust.lost.aborted).toBe(false);
      expect(loud()).toMatchObject([{ level: 'warn', fields: { because } }]);
    },
  );

  test('asks every five seconds at most, however often watches are cut', async () => {
    const { clock, askedAtMs, cut } = await lead(FIT);
    for (let second = 0; second < 60; second += 1) {
      cut.atMs = clock.monotonicMs();
      await clock.advance(1_000);
    }
    await settled();
    expect(askedAtMs).toHaveLength(13);
  });
});
