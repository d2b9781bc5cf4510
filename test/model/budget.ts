/** How often each thing may still happen. A fault is paid for; what costs nothing always may. */
import type { Step } from './climbing.ts';
import type { World } from './world.ts';

export interface Budget {
  readonly creations: number;
  readonly edits: number;
  readonly removals: number;
  readonly crashes: number;
  /** Answers that are lost, and refusals. */
  readonly losses: number;
  /** Requests that nobody waits for any more and that may still land. */
  readonly lates: number;
  /** Times that late requests outlive `lateMs`. */
  readonly overdues: number;
  /** Deeds of somebody at the console. */
  readonly consoles: number;
  /** Sweeps that no key waits for. */
  readonly sweeps: number;
  /** Times that our credentials see no pool for a while. */
  readonly blinks: number;
}

export const NOTHING: Budget = {
  creations: 0,
  edits: 0,
  removals: 0,
  crashes: 0,
  losses: 0,
  lates: 0,
  overdues: 0,
  consoles: 0,
  sweeps: 0,
  blinks: 0,
};

/** The world after paying, or `undefined` when nothing is left to pay with. */
export function spend(world: World, what: keyof Budget): World | undefined {
  const left = world.budget[what];
  return left > 0 ? { ...world, budget: { ...world.budget, [what]: left - 1 } } : undefined;
}

/** What may happen for a price. */
export function paid(
  world: World,
  what: keyof Budget,
  make: (paid: World) => readonly Step[],
): readonly Step[] {
  const after = spend(world, what);
  return after === undefined ? [] : make(after);
}
