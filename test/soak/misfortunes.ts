/** What befalls the operators: throttles, answers that are lost, and a kill a minute. */
import { setTimeout as sleep } from 'node:timers/promises';
import { nowMs } from '../ha/moments.ts';
import type { Call } from '../sandbox/cognito/call.ts';
import type { FaultAction } from '../sandbox/cognito/fault-action.ts';
import type { CognitoFaults } from '../sandbox/cognito/faults.ts';
import { waitFor } from '../support/wait.ts';
import type { Crew } from './crew.ts';
import { ANSWER_LOST, THROTTLED } from './plan.ts';

/** The answer never comes, or the connection is reset: half of the lost ones each. */
const SHARES: readonly (readonly [FaultAction, number])[] = [
  [{ kind: 'throttle' }, THROTTLED],
  [{ kind: 'resetAfter' }, ANSWER_LOST / 2],
  [{ kind: 'hang', effect: 'applied' }, ANSWER_LOST / 2],
];

/** Each call to Cognito rolls once. */
export function strikeCalls(faults: CognitoFaults, roll: () => number): void {
  const rolls = new WeakMap<Call, number>();
  const rollOf = (call: Call): number => {
    const rolled = rolls.get(call) ?? roll();
    rolls.set(call, rolled);
    return rolled;
  };
  let from = 0;
  for (const [action, share] of SHARES) {
    const [least, most] = [from, from + share];
    from = most;
    const isStruck = (call: Call) =>
      call.protocol === 'json' && rollOf(call) >= least && rollOf(call) < most;
    faults.add({ match: { predicate: isStruck }, action });
  }
}

/** Longer than any failover. */
const LED_WITHIN_MS = 60_000;

/** The first one after half of the time. Until `signal` is aborted. */
export async function killEvery(everyMs: number, crew: Crew, signal: AbortSignal): Promise<void> {
  for (let nextMs = nowMs() + everyMs / 2; ; nextMs += everyMs) {
    await sleep(Math.max(0, nextMs - nowMs()), undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    await waitFor('a leader to be killed', () => crew.leader(), { withinMs: LED_WITHIN_MS });
    await crew.killLeader();
  }
}
