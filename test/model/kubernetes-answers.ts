/** How reads and writes of Kubernetes end, as in `reconcile/`: `writes`, `rivals`, `settle`. */
import type { KubernetesFailure } from '../../src/core/failure.ts';
import type { Learned } from '../../src/core/learn.ts';
import type { Stop } from '../../src/core/view.ts';
import { FORBIDDEN, NO_ANSWER } from '../core/failures.ts';
import { paid, spend } from './budget.ts';
import { type At, learned, over, type Step, settleAnew, waitFor } from './climbing.ts';
import { assume, claimsKnown, missed, stored, thinking, told } from './mind.ts';
import { arrive, withStatus } from './services.ts';
import { type DoingOf, IDENTITY, type KubernetesWrite, type Rival, type World } from './world.ts';

const WITHHELD: KubernetesFailure = { kind: 'NotSent', withheld: 'ClaimChanged', message: '' };

type Of = Extract<Stop, { kind: 'WriteFailed' }>['of'];

function failed(of: Of, failure: KubernetesFailure): Learned {
  return { kind: 'Stopped', stop: { kind: 'WriteFailed', of, failure } };
}

/* ------------------------------------------------------------------------- writes */

/** One way in which a write ends. */
interface Ending {
  readonly at: At;
  readonly how: string;
  readonly failure: KubernetesFailure | undefined;
}

function endings(at: At, write: KubernetesWrite): readonly Ending[] {
  return [answered(at, write), ...faults(at, write), ...late(at, write)];
}

/** As `keep`: what was answered is stored; after a conflict the live object is read. */
function answered(at: At, write: KubernetesWrite): Ending {
  const { at: after, answer } = taken(at, write);
  const { rules, key } = at;
  const world =
    answer === 'Gone'
      ? missed(after.world, rules, write, key)
      : told(after.world, rules, write.key, key);
  if (answer === 'Done') return { at: { ...after, world }, how: 'written', failure: undefined };
  return { at: { ...after, world }, how: `not written: ${answer}`, failure: { kind: answer } };
}

function taken(at: At, write: KubernetesWrite) {
  const { world, answer, violation } = arrive(at.world, at.rules, write);
  return { at: { ...at, world, violation: at.violation ?? violation }, answer };
}

function faults(at: At, write: KubernetesWrite): readonly Ending[] {
  const lost = spend(at.world, 'losses');
  if (lost === undefined) return [];
  const paying = { ...at, world: lost };
  return [
    { at: paying, how: 'refused', failure: FORBIDDEN },
    { at: paying, how: 'unanswered, no effect', failure: NO_ANSWER },
    { at: taken(paying, write).at, how: 'unanswered, took effect', failure: NO_ANSWER },
  ];
}

function late(at: At, write: KubernetesWrite): readonly Ending[] {
  const world = spend(at.world, 'lates');
  if (world === undefined) return [];
  const flying = { ...world, writes: [...world.writes, write] };
  return [{ at: { ...at, world: flying }, how: 'unanswered, on its way', failure: NO_ANSWER }];
}

/* --------------------------------------------------------------------- finalizers */

export function finalizers(
  at: At,
  doing: DoingOf<'AddingFinalizer' | 'RemovingFinalizer'>,
): readonly Step[] {
  return endings(at, doing.write).map(({ at: after, how, failure }) =>
    learned(after, lessonOf(after, doing, failure), `finalizer ${how}`),
  );
}

function lessonOf(
  { world, key }: At,
  doing: DoingOf<'AddingFinalizer' | 'RemovingFinalizer'>,
  failure: KubernetesFailure | undefined,
): Learned {
  const isGone = failure === undefined || failure.kind === 'Gone';
  if (doing.kind === 'RemovingFinalizer' && isGone) {
    return { kind: 'FinalizerRemoved', leaves: doing.leaves };
  }
  const resource = world.mind.cache[key];
  if (failure !== undefined || resource === undefined)
    return failed('Finalizer', failure ?? { kind: 'Gone' });
  return { kind: 'FinalizerAdded', resource };
}

/* ------------------------------------------------------------------------ records */

/** As the guard of `writeRecord`: what hangs on others is asked in the last synchronous step. */
export function prepared(at: At, { write, as }: DoingOf<'Preparing'>): Step {
  const { mind } = at.world;
  const { observation, resource } = at.climbing;
  const { uid } = resource;
  const holder = claimsKnown(mind, at.rules).holder(IDENTITY)?.uid;
  const isFresh =
    isHandOver(write) ||
    (observation !== undefined && at.rules.isValid(observation, mind.attempts));
  if (at.rules.withholds({ holder, uid, isFresh })) {
    return learned(at, failed('Record', WITHHELD), 'withheld');
  }
  if (!at.rules.records) {
    const { status } = write.change.kind === 'Status' ? write.change : resource;
    return learned(at, { kind: as, resource: withStatus(resource, status) }, 'not recorded');
  }
  const world = { ...at.world, mind: assume(mind, resource) };
  return waitFor({ ...at, world }, { kind: 'Recording', write, as });
}

/** It stands on no look at Cognito. */
function isHandOver({ change }: KubernetesWrite): boolean {
  return change.kind === 'Status' && change.status.pending?.operation === 'HandOver';
}

/** Only silence leaves the record counted: see `whenRecordFailed`. */
export function records(at: At, { write, as }: DoingOf<'Recording'>): readonly Step[] {
  return endings(at, write).map(({ at: after, how, failure }) => {
    const isSilent = failure?.kind === 'KubernetesFailed' && !failure.answered;
    const { mind, nowMs } = after.world;
    const world = isSilent
      ? thinking(after.world, { unansweredAtMs: nowMs })
      : thinking(after.world, stored(mind, at.rules, at.key, at.climbing.resource));
    const resource = world.mind.cache[at.key];
    const answer: Learned =
      failure !== undefined || resource === undefined
        ? failed('Record', failure ?? { kind: 'Gone' })
        : { kind: as, resource };
    return learned({ ...after, world }, answer, `record ${how}`);
  });
}

/** As `handOver` of `reconcile/hand-over.ts`, from its last synchronous step on. */
export function handsOver(at: At, { write }: DoingOf<'HandingOver'>): readonly Step[] {
  return endings(at, write).map(({ at: after, how, failure }) => {
    const { nowMs } = after.world;
    const isSilent = failure?.kind === 'KubernetesFailed' && !failure.answered;
    const world = isSilent ? thinking(after.world, { unansweredAtMs: nowMs }) : after.world;
    const answer: Learned = failure ? failed('Heir', failure) : { kind: 'HandedOver' };
    return learned({ ...after, world }, answer, `hand-over ${how}`);
  });
}

export function rivalsRead(
  at: At,
  { rivals, askedAtMs }: DoingOf<'ReadingRivals'>,
): readonly Step[] {
  const seen = rivals.reduce((world, rival) => rivalRead({ ...at, world }, rival), at.world);
  const world = thinking(seen, { confirmedAtMs: askedAtMs });
  return [
    learned({ ...at, world }, { kind: 'RivalsRead' }, 'rivals read'),
    ...paid(at.world, 'losses', (lost) => [
      learned({ ...at, world: lost }, failed('Rival', NO_ANSWER), 'rivals cannot be read'),
    ]),
  ];
}

function rivalRead({ world, rules, key }: At, rival: Rival): World {
  const live = world.objects[rival.key];
  if (live === undefined) return missed(world, rules, rival, key);
  const known = told(world, rules, rival.key, key);
  if (live.uid !== rival.uid) return known;
  return thinking(known, stored(known.mind, rules, key, live));
}

/* ----------------------------------------------------------------------- settling */

/** A conflict after an effect is settled against what is there, this often and no more. */
const SETTLE_TRIES = 3;

export function settles(at: At, doing: DoingOf<'Settling'>): readonly Step[] {
  return endings(at, doing.write).map(({ at: after, how, failure }) => {
    const heard = { ...after, said: [...after.said, `status ${how}`] };
    return settled(heard, doing, failure);
  });
}

function settled(
  at: At,
  { outcome, tries }: DoingOf<'Settling'>,
  failure: KubernetesFailure | undefined,
): Step {
  switch (failure?.kind) {
    case undefined:
      return over(at, tries === undefined ? outcome : { kind: 'Conflict' });
    case 'Gone':
      return over(at, { kind: 'Released' });
    case 'Conflict': {
      const left = tries === undefined ? SETTLE_TRIES : tries - 1;
      const matters = at.climbing.climb.effects.length > 0 && left > 0;
      return matters ? settleAnew(at, outcome, left) : over(at, { kind: 'Conflict' });
    }
    case 'NotSent':
    case 'KubernetesFailed':
      return over(at, { kind: 'KubernetesFailed', message: '' });
  }
}
