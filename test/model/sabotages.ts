/**
 * The rules of the protocol, each taken away by itself: a search that finds nothing then proves
 * nothing. What is changed is what a climb sees or is told, never the code that ships.
 */
import { FINALIZER } from '../../src/api/names.ts';
import { type Decision, letGo, perform } from '../../src/core/action.ts';
import { decide } from '../../src/core/decide.ts';
import type { View } from '../../src/core/view.ts';
import type { Violation } from './laws.ts';
import { crowdedPage, type Rules } from './rules.ts';
import { CONTENTS, SOMEBODY } from './world.ts';
import type { Setup } from './worlds.ts';

export interface Sabotage {
  /** What is no longer done. */
  readonly without: string;
  readonly rules: Partial<Rules>;
  readonly setup: Omit<Setup, 'name'>;
  /** What is broken then. */
  readonly law: Violation['law'];
}

const ONE = { creations: 1, removals: 1 };
const BOTH = { keys: ['n/a', 'n/b'] } as const;
/** A rival waits. */
const HEIR = { ...BOTH, standing: ['n/a', 'n/b'] } as const;
const TWO = { creations: 2, removals: 1 };

function seeing(change: (view: View) => Partial<View>): Pick<Rules, 'view'> {
  return { view: (view) => ({ ...view, ...change(view) }) };
}

const NEVER_LATE = { lateUntilMs: Number.NEGATIVE_INFINITY };

export const SABOTAGES: readonly Sabotage[] = [
  {
    without: 'setting the finalizer first',
    rules: seeing(({ resource }) => ({ resource: { ...resource, finalizers: [FINALIZER] } })),
    setup: { budget: ONE },
    law: 'leak',
  },
  {
    without: 'writing the record before the call',
    rules: { records: false },
    setup: { budget: { ...ONE, crashes: 1 } },
    law: 'leak',
  },
  {
    without: 'waiting until an unanswered request can land no more',
    rules: seeing(() => NEVER_LATE),
    setup: { budget: { ...ONE, lates: 1 } },
    law: 'leak',
  },
  {
    without: 'waiting for late requests where the server is retained',
    rules: seeing(({ resource }) => (resource.deletionPolicy === 'Retain' ? NEVER_LATE : {})),
    setup: { budget: { ...ONE, lates: 1, edits: 1 }, edits: ['Retain'] },
    law: 'leak',
  },
  {
    without: 'asking anew once it can land no more',
    rules: seeing(askedJustNow),
    setup: { crowded: true, budget: { ...ONE, lates: 1 } },
    law: 'leak',
  },
  {
    without: 'keeping the finalizer until the Delete is known to have landed',
    rules: { decide: letGoOfFailedDelete },
    setup: { budget: { ...ONE, losses: 1 } },
    law: 'leak',
  },
  {
    without: 'a List that answers, as the second half of the proof that a server is gone',
    rules: seeing(poolAnswers),
    setup: { budget: { ...ONE, blinks: 1 } },
    law: 'leak',
  },
  {
    without: 'the same, before a Create without an answer counts as one that did not land',
    rules: seeing(poolAnswers),
    setup: { budget: { ...ONE, losses: 1, blinks: 1 } },
    law: 'disowned',
  },
  {
    without: 'reading in a List whether the server stands there',
    rules: { page: crowdedPage },
    setup: { budget: { ...ONE, blinks: 1 } },
    law: 'leak',
  },
  {
    without: 'dropping what looked before it was told that a mutation had landed',
    rules: { proven: (attempts) => attempts },
    setup: { standing: ['n/a'], budget: { edits: 2, lates: 1, sweeps: 1 } },
    law: 'lie',
  },
  {
    without: 'the same, and describing what a sweep did not find',
    rules: { ...seeing(sweepDescribes), proven: (attempts) => attempts },
    setup: { budget: { ...ONE, crashes: 1, sweeps: 1 } },
    law: 'leak',
  },
  {
    without: 'the resourceVersion that guards each write',
    rules: { fits: (write, live) => write.uid === live.uid },
    setup: { budget: { ...ONE, crashes: 1, edits: 1 } },
    law: 'leak',
  },
  {
    without: 'asking once more who holds the identity, in the last step before the record',
    rules: { withholds: ({ isFresh }) => !isFresh },
    setup: { ...BOTH, budget: TWO },
    law: 'double',
  },
  {
    without: 'asking once more whether the observation is valid, in that same step',
    rules: { withholds: ({ holder, uid }) => holder !== undefined && holder !== uid },
    setup: {
      ...BOTH,
      standing: ['n/a'],
      budget: { creations: 1, edits: 1, removals: 1 },
      edits: ['Pause'],
      slot: { wish: 'one', owner: SOMEBODY, made: false, excuse: undefined },
      spec: {
        'n/a': {
          paused: true,
          adoptionPolicy: 'Always',
          deletionPolicy: 'Retain',
          desired: CONTENTS.two,
        },
      },
    },
    law: 'theft',
  },
  {
    without: 'counting a record while it is being sent',
    rules: { counts: () => false },
    setup: { ...BOTH, budget: TWO },
    law: 'double',
  },
  {
    without: 'reading the rivals live where an identity is contested',
    rules: seeing(confirmed),
    setup: {
      ...BOTH,
      standing: ['n/a'],
      spec: { 'n/a': { paused: true } },
      edits: ['Pause'],
      budget: { creations: 1, edits: 1, crashes: 1 },
    },
    law: 'double',
  },
  {
    without: 'a list that is made after becoming leader',
    rules: { relists: false },
    setup: { ...BOTH, standing: ['n/a'], budget: { creations: 1, crashes: 1 } },
    law: 'double',
  },
  {
    without: 'waiting while another resource has a mutation under way',
    rules: seeing(() => ({ pendingElsewhere: false })),
    setup: {
      ...BOTH,
      standing: ['n/a'],
      budget: { creations: 1, edits: 1, lates: 1 },
      spec: { 'n/b': { managementPolicy: 'Observe' } },
    },
    law: 'lie',
  },
  {
    without: 'letting go, and no more, once somebody has the server from us',
    rules: seeing(({ succession }) => ({ succession: { ...succession, receiver: undefined } })),
    setup: { ...HEIR, budget: { removals: 1, crashes: 1 } },
    law: 'theft',
  },
  {
    without: 'waiting until who handed over is gone, before letting go',
    rules: seeing(({ succession }) => ({ succession: { ...succession, giver: undefined } })),
    setup: { ...HEIR, edits: ['Retain'], budget: { removals: 2, edits: 1, losses: 1 } },
    law: 'theft',
  },
  {
    without: 'letting who handed over hold the identity until it is gone',
    rules: { ...seeing(holding), withholds: ({ isFresh }) => !isFresh },
    setup: { ...HEIR, budget: { removals: 1, edits: 1, losses: 1 } },
    law: 'double',
  },
  {
    without: 'waiting for what the heir was sent, before letting go',
    rules: { decide: forgetsHandOver },
    setup: { ...HEIR, edits: ['Retain'], budget: { removals: 1, edits: 1, lates: 1 } },
    law: 'theft',
  },
];

/** To whoever has the server from somebody, the identity looks its own. */
function holding({ records }: View): Partial<View> {
  if (records.remote?.from === undefined) return {};
  return { claim: { kind: 'Ours', confirm: 'Confirmed', recorded: true } };
}

function forgetsHandOver(view: View): Decision {
  const { records, climb } = view;
  if (records.pending?.operation !== 'HandOver' || climb.armed) return decide(view);
  const { remote } = records;
  return perform({ kind: 'Resolve', records: { remote, pending: undefined }, effect: undefined });
}

function askedJustNow({ observation, nowMs }: View): Partial<View> {
  return { observation: observation && { ...observation, requestedAtMs: nowMs } };
}

function letGoOfFailedDelete(view: View): Decision {
  const { stop, finalizerRemoved } = view.climb;
  const hasFailed = stop?.kind === 'CallFailed' && stop.during === 'Delete';
  return hasFailed && !finalizerRemoved ? letGo() : decide(view);
}

function poolAnswers({ observation }: View): Partial<View> {
  return observation?.kind === 'Absent' ? { observation: { ...observation, pool: 'Answers' } } : {};
}

function sweepDescribes({ observation }: View): Partial<View> {
  if (observation?.kind !== 'Absent' || observation.pool !== 'Answers') return {};
  return { observation: { ...observation, how: 'Described' } };
}

function confirmed({ claim }: View): Partial<View> {
  return claim.kind === 'Ours' ? { claim: { ...claim, confirm: 'Confirmed' } } : {};
}
