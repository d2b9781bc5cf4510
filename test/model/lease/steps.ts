/**
 * What may happen next. `Candidacy` of `elector.ts` and `RenewingTerm` of `term.ts` are told a
 * second time, cut wherever the real ones wait; what they judge by is `core/lease.ts` itself.
 */
import { acquired, type Claim, type LeaseRecord, released } from '../../../src/core/lease.ts';
import { edited, take } from './server.ts';
import {
  isLeading,
  type LeaseBudget,
  type LeasePlay,
  type LeaseStep,
  type LeaseWorld,
  newReplica,
  type Replica,
  type Term,
  type Write,
  type WriteAnswer,
  withReplica,
} from './world.ts';

const RELEASE_TRIES = 3;

/** One replica in one world. */
interface At {
  readonly world: LeaseWorld;
  readonly play: LeasePlay;
  readonly seat: number;
  readonly replica: Replica;
}

export function leaseSuccessors(world: LeaseWorld, play: LeasePlay): readonly LeaseStep[] {
  return [
    ...world.replicas.flatMap((_, seat) => replicaSteps(world, play, seat)),
    ...world.late.flatMap((_, index) => landing(world, play, index)),
    { who: 'time', what: 'passes', world: ticked(world, play) },
    ...(world.record === undefined ? [] : edits(world, play)),
  ];
}

function edits(world: LeaseWorld, play: LeasePlay): readonly LeaseStep[] {
  return paid(world, 'edits', (after) =>
    play.edits.map((edit) => {
      return { who: 'somebody', what: `edits: ${edit}`, world: edited(after, edit) };
    }),
  );
}

/** What one replica may do or suffer. The first is what happens without a fault. */
export function replicaSteps(
  world: LeaseWorld,
  play: LeasePlay,
  seat: number,
): readonly LeaseStep[] {
  const replica = world.replicas[seat];
  if (replica === undefined) return [begun(world, seat)];
  const at: At = { world, play, seat, replica };
  return [...ownSteps(at), ...suffered(at)];
}

function begun(world: LeaseWorld, seat: number): LeaseStep {
  return { who: 'ABC'.charAt(seat), what: 'starts', world: newReplica(world, seat) };
}

function ownSteps(at: At): readonly LeaseStep[] {
  const { doing, term } = at.replica;
  switch (doing.kind) {
    case 'Nothing':
      return term === undefined ? looks(at) : renews(at, term);
    case 'Reading':
      return [
        answeredRead(at, doing.seen),
        ...lost(at, (after) => step(after, 'read failed', readFailed(after.replica))),
      ];
    case 'Writing':
      return doing.answer === undefined ? travels(at, doing) : answered(at, doing, doing.answer);
    case 'Releasing':
      return releases(at, doing.write, doing.triesLeft);
  }
}

function suffered(at: At): readonly LeaseStep[] {
  const { world, seat, replica } = at;
  const { doing, term, news } = replica;
  const isFlying = 'write' in doing && !('answer' in doing && doing.answer !== undefined);
  const flying = isFlying && doing.write !== undefined ? [doing.write] : [];
  return [
    ...paid(world, 'crashes', (after) => {
      const late = [...after.late, ...flying];
      const left = withReplica({ ...after, late }, seat, undefined);
      return [{ who: replica.identity, what: 'crashes', world: left }];
    }),
    ...(term === undefined && world.record !== undefined && news !== world.record
      ? paid(world, 'news', (after) => [
          step({ ...at, world: after }, 'hears of the Lease', { news: world.record }),
        ])
      : []),
    ...(term !== undefined && doing.kind === 'Nothing'
      ? paid(world, 'ends', (after) => [ends({ ...at, world: after }, term)])
      : []),
  ];
}

function step(at: At, what: string, change: Partial<Replica>): LeaseStep {
  const replica = { ...at.replica, ...change };
  return { who: replica.identity, what, world: withReplica(at.world, at.seat, replica) };
}

const NOTHING = { doing: { kind: 'Nothing' } } as const;

/* --------------------------------------------------------------------- standing by */

/** Of the Lease as it is, or as the watch told it. */
function looks(at: At): readonly LeaseStep[] {
  const { news } = at.replica;
  const seen = news ?? at.world.record;
  const doing = { kind: 'Reading', seen } as const;
  return [step(at, news ? 'takes the news' : 'reads', { doing, news: undefined })];
}

function answeredRead(at: At, seen: LeaseRecord | undefined): LeaseStep {
  return at.replica.term === undefined ? judged(at, seen) : judgedAsLeader(at, seen);
}

/** As `#look`; it is always now. */
function judged(at: At, seen: LeaseRecord | undefined): LeaseStep {
  const { rules } = at.play;
  const { identity, sighting: before } = at.replica;
  const age = seen === at.world.record ? at.world.ageMs : rules.times.leaseDurationMs;
  const sighting = rules.sight(before, seen, 0, rules.times, age);
  const verdict = rules.judge(sighting, identity, 0);
  const what = `sees ${seen?.holder ?? 'nothing'}: ${verdict.kind}`;
  if (verdict.kind === 'StandBy') return step(at, what, { ...NOTHING, sighting });
  return sends({ ...at, replica: { ...at.replica, sighting } }, verdict, what);
}

function readFailed({ term }: Replica): Partial<Replica> {
  return term === undefined ? NOTHING : { ...NOTHING, term: later(term) };
}

/* ------------------------------------------------------------------------- leading */

/** As `#renewUntilStopped`. */
function renews(at: At, term: Term): readonly LeaseStep[] {
  if (term.validUntilMs <= 0) return [step(at, 'was not renewed in time', loss())];
  if (term.renewAtMs > 0) return [];
  const { retryPeriodMs } = at.play.rules.times;
  const next = { ...term, renewAtMs: retryPeriodMs };
  if (term.record === undefined) {
    return [step(at, 'reads', { term: next, doing: { kind: 'Reading', seen: at.world.record } })];
  }
  const claim = { kind: 'Renew', record: term.record } as const;
  return [sends({ ...at, replica: { ...at.replica, term: next } }, claim, 'renews')];
}

function judgedAsLeader(at: At, seen: LeaseRecord | undefined): LeaseStep {
  const verdict = at.play.rules.judgeAsLeader(seen, at.replica.identity);
  const what = `sees ${seen?.holder ?? 'nothing'}: ${verdict.kind}`;
  if (verdict.kind === 'Lost') return step(at, what, loss());
  return sends(at, verdict, what);
}

/** It stands by again, and knows nothing. */
function loss(): Partial<Replica> {
  return { ...NOTHING, term: undefined, sighting: undefined };
}

function later(term: Term): Term {
  return { ...term, record: undefined };
}

/* -------------------------------------------------------------------------- writes */

/**
 * As `claim` of `lease-access.ts`: no two times are alike. A stop between the judgement and this is
 * one before the judgement: what was free then is free, and the version guards it.
 */
function sends(at: At, claim: Claim, what: string): LeaseStep {
  const before = claim.kind === 'Create' ? undefined : claim.record;
  const names = at.world.names + 1;
  const { identity } = at.replica;
  const record = acquired(before, identity, `t${names}`, at.play.rules.times);
  const write: Write = { verb: before === undefined ? 'Create' : 'Update', record };
  const doing = { kind: 'Writing', write, sentAtMs: 0, answer: undefined } as const;
  return step({ ...at, world: { ...at.world, names } }, what, { doing });
}

type Writing = Extract<Replica['doing'], { kind: 'Writing' }>;

/** Between the two time may pass: others see it before its sender knows. */
function travels(at: At, doing: Writing): readonly LeaseStep[] {
  const { world, answer } = take(at.world, at.play.rules, doing.write);
  const { sentAtMs } = doing;
  return [
    step({ ...at, world }, `wrote: ${wordOf(answer)}`, { doing: { ...doing, answer } }),
    ...lost(at, (after) => written(after, sentAtMs, 'Silent')),
    ...paid(at.world, 'lates', (after) => {
      const late = { ...after, late: [...after.late, doing.write] };
      return [written({ ...at, world: late }, sentAtMs, 'Silent')];
    }),
  ];
}

function answered(at: At, { sentAtMs }: Writing, answer: WriteAnswer): readonly LeaseStep[] {
  return [
    written(at, sentAtMs, answer),
    ...lost(at, (after) => written(after, sentAtMs, 'Silent')),
  ];
}

function wordOf(answer: WriteAnswer): string {
  return typeof answer === 'string' ? answer : 'done';
}

function writeEnds(
  at: At,
  write: Write,
  then: (at: At, answer: WriteAnswer) => LeaseStep,
): readonly LeaseStep[] {
  const taken = take(at.world, at.play.rules, write);
  return [
    then({ ...at, world: taken.world }, taken.answer),
    ...lost(at, (after) => then(after, 'Silent')),
    ...lost(at, (after) => {
      const { world } = take(after.world, at.play.rules, write);
      return then({ ...after, world }, 'Silent');
    }),
    ...paid(at.world, 'lates', (after) => [
      then({ ...at, world: { ...after, late: [...after.late, write] } }, 'Silent'),
    ]),
  ];
}

/** As `#take`, and as `#renew` and `#renewed`. */
function written(at: At, sentAtMs: number, answer: WriteAnswer): LeaseStep {
  const { rules } = at.play;
  const { renewDeadlineMs, retryPeriodMs } = rules.times;
  const { term } = at.replica;
  if (typeof answer === 'string') {
    const what = `is answered: ${answer}`;
    if (term === undefined) return step(at, what, NOTHING);
    const isFast = term.record !== undefined && answer !== 'Silent';
    const renewAtMs = isFast ? 0 : term.renewAtMs;
    return step(at, what, { ...NOTHING, term: { ...later(term), renewAtMs } });
  }
  const from = rules.countsFrom === 'Sent' ? sentAtMs : 0;
  const validUntilMs = Math.max(from + renewDeadlineMs, 0);
  if (term === undefined) {
    const renewAtMs = Math.max(sentAtMs + retryPeriodMs, 0);
    const next = { record: answer, validUntilMs, renewAtMs };
    return step(at, 'has the Lease', { ...NOTHING, term: next, sighting: undefined });
  }
  const next = { ...term, record: answer };
  const isInTime = isLeading(at.replica);
  const renewed = isInTime ? { ...next, validUntilMs } : next;
  return step(at, isInTime ? 'is renewed' : 'is too late', { ...NOTHING, term: renewed });
}

/* ------------------------------------------------------------------------- its end */

function ends(at: At, { record }: Term): LeaseStep {
  const doing = { kind: 'Releasing', triesLeft: RELEASE_TRIES, write: undefined } as const;
  if (record === undefined) return step(at, 'stops', { doing });
  const names = at.world.names + 1;
  const write: Write = { verb: 'Update', record: released(record, `t${names}`) };
  return step({ ...at, world: { ...at.world, names } }, 'stops', { doing: { ...doing, write } });
}

/** As `#releaseOnce`, and the end of the process. */
function releases(at: At, write: Write | undefined, triesLeft: number): readonly LeaseStep[] {
  const { world, seat, replica } = at;
  const gone = (what: string, after: LeaseWorld): LeaseStep => ({
    who: replica.identity,
    what,
    world: withReplica(after, seat, undefined),
  });
  if (triesLeft === 0) return [gone('gives up', world)];
  const again = { kind: 'Releasing', write: undefined, triesLeft: triesLeft - 1 } as const;
  if (write !== undefined) {
    return writeEnds(at, write, (after, answer) =>
      typeof answer === 'string'
        ? step(after, `is not released: ${answer}`, { doing: again })
        : gone('has released it', after.world),
    );
  }
  if (world.record?.holder !== replica.identity) return [gone('is gone', world)];
  const names = world.names + 1;
  const next: Write = { verb: 'Update', record: released(world.record, `t${names}`) };
  const doing = { kind: 'Releasing', triesLeft, write: next } as const;
  return [step({ ...at, world: { ...world, names } }, 'reads, to release it', { doing })];
}

/* ------------------------------------------------------------------- time and loss */

/** For everybody, whatever they do; each by their own clock. */
export function ticked(world: LeaseWorld, { ratesMs, rules: { times } }: LeasePlay): LeaseWorld {
  const replicas = world.replicas.map(
    (replica, seat) => replica && aged(replica, ratesMs[seat] ?? 0, times.renewDeadlineMs),
  );
  const ageMs = Math.min(world.ageMs + 1_000, times.leaseDurationMs);
  return { ...world, replicas, ageMs };
}

/** @param longestMs what was sent so long ago is worth nothing, as what was sent before that */
function aged(replica: Replica, byMs: number, longestMs: number): Replica {
  const left = (ms: number) => Math.max(ms - byMs, 0);
  const { sighting, term, doing } = replica;
  return {
    ...replica,
    sighting: sighting && { ...sighting, freeAtMs: left(sighting.freeAtMs) },
    term: term && {
      ...term,
      validUntilMs: left(term.validUntilMs),
      renewAtMs: left(term.renewAtMs),
    },
    doing:
      doing.kind === 'Writing'
        ? { ...doing, sentAtMs: Math.max(doing.sentAtMs - byMs, -longestMs) }
        : doing,
  };
}

function landing(world: LeaseWorld, { rules }: LeasePlay, index: number): readonly LeaseStep[] {
  const write = world.late[index];
  if (write === undefined) return [];
  const after = { ...world, late: world.late.toSpliced(index, 1) };
  const what = `the late write of ${write.record.holder || 'nobody'} arrives`;
  return [
    { who: 'network', what, world: take(after, rules, write).world },
    { who: 'network', what: 'forgets a late write', world: after },
  ];
}

function lost(at: At, then: (at: At) => LeaseStep): readonly LeaseStep[] {
  return paid(at.world, 'losses', (world) => [then({ ...at, world })]);
}

function paid(
  world: LeaseWorld,
  what: keyof LeaseBudget,
  make: (paid: LeaseWorld) => readonly LeaseStep[],
): readonly LeaseStep[] {
  const left = world.budget[what];
  if (left === 0) return [];
  return make({ ...world, budget: { ...world.budget, [what]: left - 1 } });
}
