/** A record of the past is resolved by what was seen: no call, and something to remember. */
import type { Action } from '../core/action.ts';
import { proven } from '../core/attempts.ts';
import type { Learned } from '../core/learn.ts';
import type { View } from '../core/view.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * What landed, landed while we looked or before: a sweep on its way may have seen the pool without
 * it, so that it and this very look are worth nothing from now on.
 */
export function resolve(
  { memory, ports }: Surroundings,
  { resource: { identity } }: View,
  { records, effect }: Extract<Action, { kind: 'Resolve' }>,
): Learned {
  if (identity !== undefined && effect !== undefined) {
    const attempts = memory.attemptsOf(identity);
    memory.setAttempts(identity, proven(attempts, ports.clock.monotonicMs()));
  }
  return { kind: 'Resolved', records, effect };
}
