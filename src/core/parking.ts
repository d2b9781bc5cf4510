/**
 * Who waits for a pool, and who asks for all of them. One key probes an operation that is denied
 * or whose pool is missing: the oldest waiting, chosen anew when it leaves; its success wakes the
 * others. Keys refused by the pool's quota wait in line for free slots. Pure transitions.
 */
import type { CognitoFailure } from './failure.ts';
import type { Operation } from './view.ts';

export interface Queue {
  readonly failure: CognitoFailure;
  /** Oldest first: the first one probes. */
  readonly keys: readonly string[];
}

export interface Parking {
  readonly closed: Readonly<Partial<Record<Operation, Queue>>>;
  readonly quota: {
    /** Servers in the pool when Cognito last refused one; unknown before any sweep. */
    readonly heldAtRefusal: number | undefined;
    readonly keys: readonly string[];
  };
}

export const NOBODY: Parking = { closed: {}, quota: { heldAtRefusal: undefined, keys: [] } };

export interface Woken {
  readonly parking: Parking;
  readonly wake: readonly string[];
}

const OPERATIONS: readonly Operation[] = ['List', 'Describe', 'Create', 'Update', 'Delete'];

/** The key found the operation closed, by its own call or by being told. */
export function park(
  parking: Parking,
  operation: Operation,
  key: string,
  failure: CognitoFailure,
): Parking {
  const before = parking.closed[operation]?.keys ?? [];
  const keys = before.includes(key) ? before : [...before, key];
  return { ...parking, closed: { ...parking.closed, [operation]: { failure, keys } } };
}

export function probes(parking: Parking, operation: Operation, key: string): boolean {
  return parking.closed[operation]?.keys[0] === key;
}

/** What stops `key` from asking for itself: nothing when it is the one that probes. */
export function closedFor(
  parking: Parking,
  key: string,
): Readonly<Partial<Record<Operation, CognitoFailure>>> {
  const others = OPERATIONS.flatMap((operation) => {
    const queue = parking.closed[operation];
    return queue === undefined || queue.keys[0] === key ? [] : [[operation, queue.failure]];
  });
  return Object.fromEntries(others);
}

/** The operation was answered: whoever waited for it may try. */
export function opened(parking: Parking, operation: Operation, by: string): Woken {
  const queue = parking.closed[operation];
  if (queue === undefined) return { parking, wake: [] };
  const { [operation]: _, ...closed } = parking.closed;
  return { parking: { ...parking, closed }, wake: queue.keys.filter((key) => key !== by) };
}

/** The key asks no more: where it was the one that probes, the next is woken. */
export function stopAsking(parking: Parking, key: string): Woken {
  const wake: string[] = [];
  const closed: Partial<Record<Operation, Queue>> = {};
  for (const operation of OPERATIONS) {
    const queue = parking.closed[operation];
    if (queue === undefined) continue;
    const keys = queue.keys.filter((each) => each !== key);
    const [next] = keys;
    if (next === undefined) continue;
    if (queue.keys[0] === key) wake.push(next);
    closed[operation] = { ...queue, keys };
  }
  return { parking: { ...parking, closed }, wake };
}

/** The key ended otherwise or is gone: it asks no more, and waits for no slot. */
export function leave(parking: Parking, key: string): Woken {
  const { parking: left, wake } = stopAsking(parking, key);
  const quota = { ...left.quota, keys: left.quota.keys.filter((each) => each !== key) };
  return { parking: { ...left, quota }, wake };
}

/** Whoever is refused once more keeps its place. */
export function parkForQuota(parking: Parking, key: string, held: number | undefined): Parking {
  const keys = parking.quota.keys.includes(key) ? parking.quota.keys : [...parking.quota.keys, key];
  return { ...parking, quota: { heldAtRefusal: held, keys } };
}

/** Slots became free; as many are woken, oldest first. They stay in line until they leave it. */
export function freed({ quota }: Parking, slots: number): readonly string[] {
  return quota.keys.slice(0, Math.max(slots, 0));
}

/** After a sweep: what was held at the refusal less what is held now. */
export function freedBySweep(parking: Parking, heldNow: number): readonly string[] {
  const { heldAtRefusal } = parking.quota;
  return heldAtRefusal === undefined ? [] : freed(parking, heldAtRefusal - heldNow);
}

export function isEmpty({ closed, quota }: Parking): boolean {
  return quota.keys.length === 0 && OPERATIONS.every((each) => closed[each] === undefined);
}
