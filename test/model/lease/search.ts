/**
 * Every world of the replicas that can be reached, breadth first. No two may lead at once; and from
 * every world, faults off and everybody taking turns, one leads and goes on leading.
 */
import { Fingerprints } from '../engine/fingerprints.ts';
import { converges } from './calm.ts';
import { createLeaseCodec } from './code.ts';
import { leaseSuccessors } from './steps.ts';
import { type LeasePlay, type LeaseStep, type LeaseWorld, leadersOf } from './world.ts';

export interface LeaseSearched {
  readonly states: number;
  readonly transitions: number;
  readonly isComplete: boolean;
  /** The shortest trace to two leaders. */
  readonly double: readonly LeaseStep[] | undefined;
  /** To a world from which nobody comes to lead for good. */
  readonly stuck: readonly LeaseStep[] | undefined;
}

export interface LeaseLimits {
  readonly transitionsMax: number;
  /** `Sought`: convergence is not asked for. `Tolerated`: nothing else is. */
  readonly doubles: 'Never' | 'Sought' | 'Tolerated';
  readonly isOver?: () => boolean;
}

/** How a world was reached. */
interface Reached {
  readonly world: LeaseWorld;
  readonly step: LeaseStep | undefined;
  readonly from: Reached | undefined;
}

export function searchLease(
  first: LeaseWorld,
  play: LeasePlay,
  limits: LeaseLimits,
): LeaseSearched {
  return new LeaseSearch(first, play, limits).run();
}

class LeaseSearch {
  readonly #play: LeasePlay;
  readonly #limits: LeaseLimits;
  readonly #encode = createLeaseCodec();
  readonly #known = new Fingerprints();
  readonly #good = { encode: createLeaseCodec(), known: new Fingerprints() };
  /** As far as the last, and one step further. */
  #near: readonly Reached[];
  #next: Reached[] = [];
  #transitions = 0;
  #double: Reached | undefined;
  #stuck: Reached | undefined;

  constructor(first: LeaseWorld, play: LeasePlay, limits: LeaseLimits) {
    this.#play = play;
    this.#limits = limits;
    this.#near = [{ world: first, step: undefined, from: undefined }];
    this.#known.add(this.#encode(first));
  }

  run(): LeaseSearched {
    while (this.#near.length > 0) {
      for (const reached of this.#near) {
        if (this.#isOver()) return this.#searched(false);
        this.#leave(reached);
      }
      this.#near = this.#next;
      this.#next = [];
    }
    return this.#searched(true);
  }

  #isOver(): boolean {
    const { transitionsMax, doubles, isOver = () => false } = this.#limits;
    const isBroken = this.#stuck ?? (doubles !== 'Tolerated' && this.#double);
    return Boolean(isBroken) || this.#transitions >= transitionsMax || isOver();
  }

  #leave(reached: Reached): void {
    const converging = this.#limits.doubles !== 'Sought';
    if (converging && !converges(reached.world, this.#play, this.#good)) this.#stuck = reached;
    for (const step of leaseSuccessors(reached.world, this.#play)) {
      this.#transitions += 1;
      if (!this.#known.add(this.#encode(step.world))) continue;
      const after = { world: step.world, step, from: reached };
      if (leadersOf(step.world).length > 1) this.#double ??= after;
      this.#next.push(after);
    }
  }

  #searched(isComplete: boolean): LeaseSearched {
    return {
      states: this.#known.size,
      transitions: this.#transitions,
      isComplete,
      double: this.#double && traceOf(this.#double),
      stuck: this.#stuck && traceOf(this.#stuck),
    };
  }
}

function traceOf(reached: Reached): readonly LeaseStep[] {
  const steps: LeaseStep[] = [];
  for (let at: Reached | undefined = reached; at !== undefined; at = at.from) {
    if (at.step !== undefined) steps.unshift(at.step);
  }
  return steps;
}
