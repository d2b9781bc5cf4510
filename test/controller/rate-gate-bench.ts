/** A gate with a clock that a test moves, and what tests of it say in short. */
import {
  createRateGate,
  type ObservableRateGate,
  RATE_GATE_SETTINGS,
} from '../../src/controller/rate-gate.ts';
import type { Lane, Place, PlaceRequest } from '../../src/gate.ts';
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts';
import { createLoadedChance } from '../support/seeded-chance.ts';

export const [EDIT, DRIFT, IDLE] = [30, 10, -10];

export interface Bench {
  readonly gate: ObservableRateGate;
  readonly clock: FakeClock;
}

/** A gate whose term began long ago. Its dice say: no jitter. */
export async function aGate(): Promise<Bench> {
  const clock = createFakeClock();
  const chance = createLoadedChance(0.5);
  const gate = createRateGate({ clock, chance, settings: RATE_GATE_SETTINGS });
  await clock.advance(1_000);
  return { gate, clock };
}

/** Four calls a second a pool and category, twelve for all pools, if not said otherwise. */
export function aLane(pool: string, category: 'read' | 'write', poolN = 4, accountN = 12): Lane {
  return {
    id: `${pool}/${category}`,
    windows: [
      { id: `${pool}/${category}`, nominal: poolN },
      { id: `account/${category}`, nominal: accountN },
    ],
  };
}

export const READ = aLane('pool', 'read');
export const WRITE = aLane('pool', 'write');

export function ask(key: string, lanes: readonly Lane[] = [READ], priority = DRIFT): PlaceRequest {
  return { key, lanes, priority };
}

/** Takes places one after the other for new keys until there are no more. */
export function fill(gate: ObservableRateGate, lane: Lane): Place[] {
  const taken: Place[] = [];
  for (;;) {
    const key = `filler-${lane.id}-${taken.length}`;
    const places = gate.take(ask(key, [lane], 1_000));
    if (places === undefined) {
      gate.forget(key);
      return taken;
    }
    taken.push(...places);
  }
}

export function call(place: Place | undefined, how: 'Answered' | 'Throttled' = 'Answered'): void {
  place?.enter();
  place?.leave(how);
}

/** The keys that are woken while time passes, each of which calls at once, in their order. */
export async function served(
  { gate, clock }: Bench,
  requests: readonly PlaceRequest[],
  ms: number,
): Promise<readonly string[]> {
  const keys: string[] = [];
  for (let passedMs = 0; passedMs <= ms; passedMs += 100) {
    for (const key of gate.advance().wake) {
      const request = requests.find((one) => one.key === key);
      for (const place of (request && gate.take(request)) ?? []) call(place);
      keys.push(key);
    }
    await clock.advance(100);
  }
  return keys;
}

export function n(gate: ObservableRateGate, id: string): number | undefined {
  return gate.snapshot().find((window) => window.id === id)?.n;
}
