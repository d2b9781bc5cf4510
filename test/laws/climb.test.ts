/** Prefix safety: at every step of every climb, whatever the world answers. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { FINALIZER } from '../../src/api/names.ts';
import { hashOf } from '../../src/core/drift.ts';
import { isMutation, type View } from '../../src/core/view.ts';
import { NOT_FOUND } from '../core/failures.ts';
import {
  ACCOUNT,
  aResourceServer,
  aView,
  CONTENT,
  FOREIGN,
  OTHER_ACCOUNT,
} from '../support/builders.ts';
import { anyView, cognitoFailure, content, kubernetesFailure } from './arbitrary.ts';
import { type Climbed, climb, type Reply, type Step } from './climber.ts';

const RUNS = { numRuns: 1_000 };
const STEPS_MAX = 16;

const PLAIN: Reply = {
  how: 'Well',
  content: CONTENT,
  call: NOT_FOUND,
  write: { kind: 'Conflict' },
  account: undefined,
  garbles: false,
  listed: false,
};

/** @param well of ten answers, so many are what was hoped for */
function answers(well: number): fc.Arbitrary<readonly Reply[]> {
  const amiss = (['Absent', 'CallFails', 'WriteFails', 'NoPlace'] as const).map(
    (how) => ({ weight: 10 - well, arbitrary: fc.constant(how) }) as const,
  );
  const how = fc.oneof({ weight: 4 * well, arbitrary: fc.constant('Well' as const) }, ...amiss);
  const reply: fc.Arbitrary<Reply> = fc.record({
    how,
    content,
    call: cognitoFailure,
    write: kubernetesFailure,
    account: fc.constantFrom(ACCOUNT, OTHER_ACCOUNT, undefined),
    garbles: fc.boolean(),
    listed: fc.boolean(),
  });
  return fc.array(reply, { minLength: STEPS_MAX, maxLength: STEPS_MAX });
}

/** At the foot of the ladder: what is known is what the store and the last sweep know. */
const foot = anyView.map((view) =>
  aView(view.resource)
    .with({
      observation: view.observation?.how === 'Swept' ? view.observation : undefined,
      claim: view.claim,
      sweep: view.sweep,
      pendingElsewhere: view.pendingElsewhere,
      account: view.account,
      closed: view.closed,
      lateUntilMs: view.records.pending ? view.lateUntilMs : Number.NEGATIVE_INFINITY,
    })
    .view(),
);

const fresh = aResourceServer().finalized();
const ours = fresh.withRemote();

/** Nothing but an answer is in the way of a mutation: few of the others come so far. */
const atWork = fc
  .constantFrom(
    aView(fresh).sweptAbsent(),
    aView(fresh.adoptedBy('Always')),
    aView(ours),
    aView(ours).swept(FOREIGN),
    aView(ours.deleting()),
    aView(ours.deleting()).sweptAbsent(),
    aView(ours.withRemote({ accountId: ACCOUNT }).deleting()).withAccount(ACCOUNT),
    aView(ours.withRemote({ origin: 'Adopted' }).withPending('Create').deleting()),
    aView(ours.withRemote({ origin: 'Adopted' }).deletedBy('Delete').deleting()),
  )
  .map((given) => given.view());

const climbs = fc.oneof(
  fc.tuple(foot, answers(5)).map(([view, all]) => climb(view, all)),
  fc.tuple(atWork, answers(7)).map(([view, all]) => climb(view, all)),
);

function always(law: (climbed: Climbed) => void): void {
  fc.assert(
    fc.property(climbs, (climbed) => {
      law(climbed);
    }),
    RUNS,
  );
}

function eachStep(law: (step: Step, before: readonly Step[]) => void): void {
  always(({ steps }) => {
    steps.forEach((step, at) => {
      law(step, steps.slice(0, at));
    });
  });
}

test('a climb ends', () => {
  always(({ outcome, steps }) => {
    expect(outcome, steps.map(({ action }) => action.kind).join(' ')).toBeDefined();
  });
});

test('a climb ends, though Cognito says and unsays that the server is there', () => {
  const gone = { how: 'CallFails', call: NOT_FOUND } as const;
  const written = { how: 'Well' } as const;
  const there = { how: 'Well', content: FOREIGN } as const;
  for (const given of [aResourceServer(), aResourceServer().deleting()]) {
    const replies = Array.from({ length: 8 }, () => [there, written, gone]).flat();
    const owner = aView(given.finalized().withRemote());
    const { steps } = climb(
      owner.view(),
      replies.map((each) => ({ ...PLAIN, ...each })),
    );
    expect(steps.length).toBeLessThanOrEqual(STEPS_MAX);
  }
});

test('a call that writes follows directly on its own record, under our finalizer', () => {
  eachStep(({ view, action }, before) => {
    if (action.kind !== 'Create' && action.kind !== 'Update' && action.kind !== 'Delete') return;
    expect(view.resource.finalizers).toContain(FINALIZER);
    const last = before.at(-1);
    expect(last?.learned.kind).toBe('PendingRecorded');
    expect(last?.action).toMatchObject({ kind: 'RecordPending', operation: action.kind });
    if (action.kind === 'Delete' || last?.action.kind !== 'RecordPending') return;
    expect(hashOf(action.desired)).toBe(last.action.hash);
  });
});

test('what was refused or not answered is not sent again in the same climb', () => {
  eachStep(({ action }, before) => {
    if (action.kind !== 'Create' && action.kind !== 'Update' && action.kind !== 'Delete') return;
    const same = before.filter((each) => each.action.kind === action.kind);
    expect(same.map(({ learned }) => learned.kind)).not.toContain('Stopped');
  });
});

test('what may still have landed stays recorded', () => {
  always(({ steps, view }) => {
    const last = steps.at(-1);
    if (last?.learned.kind !== 'Stopped' || last.learned.stop.kind !== 'CallFailed') return;
    const { failure, during } = last.learned.stop;
    const isOpen = failure.kind === 'Unanswered' || failure.kind === 'Unavailable';
    if (!isMutation(during) || !isOpen) return;
    expect(view.records.pending).toMatchObject({ operation: during });
  });
});

test('what is adopted, updated or deleted was looked at in this climb: a sweep is not enough', () => {
  eachStep(({ action }, before) => {
    const rests =
      action.kind === 'Adopt' || (action.kind === 'RecordPending' && action.operation !== 'Create');
    if (!rests) return;
    // The echo of a mutation shows as much as a Describe.
    const looks = before.filter(
      ({ learned: { kind } }) => kind === 'Described' || kind === 'Mutated',
    );
    expect(looks).not.toEqual([]);
  });
});

test('the finalizer stays while a server of ours may be there', () => {
  eachStep(({ view, action }, before) => {
    if (action.kind !== 'RemoveFinalizer') return;
    expect(view.resource.leaving).toBe(true);
    expect(view.nowMs).toBeGreaterThanOrEqual(view.records.pending ? view.lateUntilMs : 0);
    expect(
      isRetained(view) || isHeldByAnother(view) || isProvenGone(view, before) || isRemade(view),
    ).toBe(true);
  });
});

test('after an answered Delete the finalizer follows directly', () => {
  eachStep(({ action }, before) => {
    const last = before.at(-1);
    if (last?.action.kind !== 'Delete' || last.learned.kind !== 'Mutated') return;
    expect(action).toEqual({ kind: 'RemoveFinalizer', leaves: { kind: 'Nothing' } });
  });
});

test('a climb that began by leaving never writes anything but a deletion', () => {
  eachStep(({ view, action }) => {
    if (!view.resource.leaving) return;
    expect(['AddFinalizer', 'Adopt', 'Create', 'Update']).not.toContain(action.kind);
  });
});

test('a resource that only observes writes nothing', () => {
  eachStep(({ view, action }) => {
    if (view.resource.managementPolicy !== 'Observe') return;
    const may = ['Describe', 'ListPool', 'Resolve', 'RemoveFinalizer'];
    expect(may).toContain(action.kind);
  });
});

/** Written anew, in other words than the code's: policy says leave it, or nothing was ever ours. */
function isRetained({ resource, records: { remote, pending } }: View): boolean {
  const { deletionPolicy, managementPolicy } = resource;
  if (managementPolicy === 'Observe' || deletionPolicy === 'Retain') return true;
  if (remote === undefined && pending === undefined) return true;
  const made = remote?.origin === 'Created' || pending?.operation === 'Create';
  return deletionPolicy === 'DeleteIfCreated' && !made;
}

function isHeldByAnother({ claim }: View): boolean {
  return claim.kind === 'Theirs' && !claim.holder.leaving;
}

function isProvenGone(view: View, before: readonly Step[]): boolean {
  const answered = before.some(
    ({ action, learned }) => action.kind === 'Delete' && learned.kind === 'Mutated',
  );
  if (answered) return true;
  const kinds = before.map(({ learned }) => learned.kind);
  if (kinds.lastIndexOf('NotThere') <= kinds.lastIndexOf('Described')) return false;
  if (kinds.lastIndexOf('PoolAnswered') > kinds.lastIndexOf('NotThere')) return true;
  const recorded = view.records.remote?.accountId;
  return kinds.includes('PoolNotFound') && recorded !== undefined && recorded === view.account;
}

/** Our Delete may have landed, and what is there now is not what it deleted. */
function isRemade({ records: { pending }, observation }: View): boolean {
  if (pending?.operation !== 'Delete' || !pending.hash.startsWith('1:')) return false;
  return observation?.kind === 'Present' && observation.hash !== pending.hash;
}

test('climbs come to every call that writes, and see it fail', () => {
  const ends = new Set(
    fc
      .sample(climbs, { ...RUNS, seed: 26 })
      .flatMap(({ steps }) => steps.map(({ action, learned }) => `${action.kind} ${learned.kind}`)),
  );
  const wanted = (['Create', 'Update', 'Delete'] as const).flatMap((kind) => [
    `${kind} Mutated`,
    `${kind} Stopped`,
  ]);
  expect(wanted.filter((end) => !ends.has(end))).toEqual([]);
});
