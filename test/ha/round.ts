/** One round: everybody wishes, the leader is struck in the middle of it, and all comes true. */
import type { CallRecord } from '../sandbox/cognito/log.ts';
import { waitFor } from '../support/wait.ts';
import { type Herd, requestsFor, type Wish } from './herd.ts';
import type { Stage } from './stage.ts';
import { type Failover, noStrike, type Strike } from './strike.ts';

export interface Outcome {
  /** False when the leader had ended by itself before the blow fell. */
  readonly isStruck: boolean;
  readonly failover: Failover;
  /** Mutations beyond one for a wish. */
  readonly doubled: number;
  /** Wishes that did not come true. */
  readonly lost: number;
  /** Of what is somebody else's, and calls signed in another's term. */
  readonly stolen: number;
  /** Told and not judged: when Cognito's own process stood still, calls arrive in a heap. */
  readonly throttled: number;
}

export const NOTHING_AMISS = { doubled: 0, lost: 0, stolen: 0 } as const;

export function isAmiss(outcome: Outcome): boolean {
  const { doubled, lost, stolen } = outcome;
  return doubled + lost + stolen > 0;
}

export interface Round {
  readonly strike: Strike;
  /** In [0, 1). */
  readonly roll: () => number;
}

/** The blow falls when so many mutations of a round have arrived, at most. */
const BEFORE_MAX = 8;

export async function playRound(stage: Stage, herd: Herd, round: Round): Promise<Outcome> {
  const { log } = stage.cognito;
  const leader = await stage.untilLed();
  const since = log.size;
  const thefts = herd.thefts();
  const wishing = herd.wish(round.roll);
  const before = Math.ceil(round.roll() * BEFORE_MAX);
  const isNew = ({ number }: CallRecord) => number > since;
  const isInTheMidst = () => leader.mutations().filter(isNew).length >= before;
  await waitFor('the midst of it', () => isInTheMidst() || !leader.isLeading());
  const wishes = await wishing;
  const isStruck = leader.isLeading();
  const failover = await (isStruck ? round.strike : noStrike)(stage, leader);
  const unfulfilled = await herd.untilFulfilled(wishes);
  const calls = log.since(since);
  return {
    isStruck,
    failover,
    doubled: doubledOf(wishes, calls),
    lost: unfulfilled.length,
    stolen: herd.thefts() - thefts + failover.signedLate,
    throttled: calls.filter(({ outcome }) => outcome === 'TooManyRequestsException').length,
  };
}

function doubledOf(wishes: readonly Wish[], calls: readonly CallRecord[]): number {
  return wishes
    .map((wish) => Math.max(0, requestsFor(wish, calls).length - 1))
    .reduce((sum, each) => sum + each, 0);
}
