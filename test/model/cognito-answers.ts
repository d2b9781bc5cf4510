/** How calls to Cognito end, and what the climb learns: imitates `reconcile/calls.ts`. */
import { end } from '../../src/core/attempts.ts';
import { type CognitoFailure, recordFate } from '../../src/core/failure.ts';
import type { Learned } from '../../src/core/learn.ts';
import type { Operation } from '../../src/core/view.ts';
import { paid } from './budget.ts';
import { type At, learned, type Step } from './climbing.ts';
import { noted, POOL_MISSING, visible } from './look.ts';
import { thinking } from './mind.ts';
import { land } from './services.ts';
import { CONTENTS, type CognitoCall, type DoingOf, type Page, type Wish } from './world.ts';

const WORDS = { name: '', message: '', requestId: undefined };
const UNAVAILABLE: CognitoFailure = { kind: 'Unavailable', ...WORDS };
const UNANSWERED: CognitoFailure = { kind: 'Unanswered', ...WORDS };
const THROTTLED: CognitoFailure = { kind: 'Throttled', ...WORDS };
const EXISTS: CognitoFailure = { kind: 'Rejected', reason: 'InvalidParameter', ...WORDS };

function failed(failure: CognitoFailure, during: Operation): Learned {
  return { kind: 'Stopped', stop: { kind: 'CallFailed', failure, during } };
}

/* --------------------------------------------------------------------- describing */

/** Cognito looked at any moment between the request and its answer: the first, or the last. */
export function looks(at: At, { found, askedAtMs }: DoingOf<'Looking'>): readonly Step[] {
  const now = visible(at.world);
  const unavailable = failed(UNAVAILABLE, 'Describe');
  return [
    described(at, found, askedAtMs),
    ...(now === found ? [] : [described(at, now, askedAtMs)]),
    ...paid(at.world, 'losses', (lost) => [
      learned({ ...at, world: lost }, unavailable, 'describe failed'),
    ]),
  ];
}

function described(
  at: At,
  found: Wish | undefined,
  requestedAtMs: number,
  how = 'described',
): Step {
  const world = noted(at.world, found, requestedAtMs);
  const answer: Learned =
    found === undefined
      ? { kind: 'NotThere', requestedAtMs }
      : { kind: 'Described', content: CONTENTS[found], requestedAtMs };
  return learned({ ...at, world }, answer, `${how}: ${found ?? 'nothing'}`);
}

/** The other half of a proof of absence; the gate may have no place for it. */
export function lists(at: At, { page, askedAtMs }: DoingOf<'Listing'>): readonly Step[] {
  const now = at.rules.page(at.world);
  const placeless: Learned = { kind: 'Stopped', stop: { kind: 'NoPlace', mutation: false } };
  return [
    listed(at, page, askedAtMs),
    ...(now === page ? [] : [listed(at, now, askedAtMs)]),
    ...paid(at.world, 'losses', (lost) => [learned({ ...at, world: lost }, placeless, 'no place')]),
  ];
}

/** As `listPool`: what stands on the page was only hidden from the look before. */
function listed(at: At, page: Page, requestedAtMs: number): Step {
  switch (page) {
    case 'NoPool':
      return learned(at, { kind: 'PoolNotFound' }, 'no pool');
    case 'Empty':
      return learned(at, { kind: 'PoolAnswered' }, 'the pool answers');
    default:
      return described(at, page, requestedAtMs, 'listed');
  }
}

/* ---------------------------------------------------------------------- mutations */

export function calls(at: At, { call }: DoingOf<'Calling'>): readonly Step[] {
  return [
    answered(at, call),
    ...paid(at.world, 'losses', (lost) =>
      FAULTS.flatMap((fault) => faulty({ ...at, world: lost }, call, fault)),
    ),
    ...paid(at.world, 'lates', (late) => {
      const world = { ...late, calls: [...late.calls, call] };
      return [
        ended({ ...at, world }, call, { how: 'unanswered, on its way', failure: UNANSWERED }),
      ];
    }),
  ];
}

function answered(at: At, call: CognitoCall): Step {
  const { world, answer, violation } = land(at.world, call);
  const after = { ...at, world, violation };
  switch (answer) {
    case 'Done':
      return ended(after, call, { how: 'answered', failure: undefined });
    case 'Exists':
      return ended(after, call, { how: 'refused: it exists', failure: EXISTS });
    case 'Missing':
      return ended(after, call, { how: 'refused: not found', failure: POOL_MISSING });
  }
}

/** One way in which a mutation ends. */
interface Ending {
  readonly how: string;
  readonly failure: CognitoFailure | undefined;
}

interface Fault extends Ending {
  readonly failure: CognitoFailure;
  /** It may have taken effect all the same. */
  readonly mayLand: boolean;
}

const FAULTS: readonly Fault[] = [
  { how: 'throttled', failure: THROTTLED, mayLand: false },
  { how: '5xx', failure: UNAVAILABLE, mayLand: true },
  { how: 'unanswered', failure: UNANSWERED, mayLand: true },
];

function faulty(at: At, call: CognitoCall, { how, failure, mayLand }: Fault): readonly Step[] {
  if (!mayLand) return [ended(at, call, { how, failure })];
  const { world, violation } = land(at.world, call);
  return [
    ended(at, call, { how: `${how}, no effect`, failure }),
    ended({ ...at, world, violation }, call, { how: `${how}, took effect`, failure }),
  ];
}

/** As `mutate`, from the moment of the answer. */
function ended(at: At, { operation, wish }: CognitoCall, { how, failure }: Ending): Step {
  const atMs = at.world.nowMs + 1;
  const fate = failure === undefined ? 'Answered' : recordFate(failure);
  const attempts = end(at.world.mind.attempts, fate, atMs);
  const echoed = operation === 'Delete' ? undefined : wish;
  const after = thinking({ ...at.world, nowMs: atMs }, { attempts });
  const word = `${operation} ${how}`;
  if (failure !== undefined) {
    return learned({ ...at, world: after }, failed(failure, operation), word);
  }
  const world = noted(after, echoed, atMs);
  const echo = echoed && CONTENTS[echoed];
  return learned({ ...at, world }, { kind: 'Mutated', echo, atMs }, word);
}
