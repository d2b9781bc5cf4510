/** Places in the gate for one run: taken together or not at all, spent once, given back if not. */
import type { CognitoFailure, NotSent } from '../core/failure.ts';
import type { Lane } from '../gate.ts';
import type { Answer, Call, Guard } from '../ports.ts';
import type { Run, Surroundings } from './surroundings.ts';

/** All of `lanes` that the run does not have yet; false: the key holds a ticket now. */
export function takePlaces({ gate }: Surroundings, run: Run, lanes: readonly Lane[]): boolean {
  const missing = lanes.filter(({ id }) => !run.places.has(id));
  if (missing.length === 0) return true;
  const places = gate.take({ key: run.key, lanes: missing, priority: run.priority });
  for (const place of places ?? []) run.places.set(place.lane, place);
  return places !== undefined;
}

export function giveBackPlaces(run: Run): void {
  for (const place of run.places.values()) place.giveBack();
  run.places.clear();
}

/**
 * One call through one place. The place is entered in the last synchronous step before the
 * request leaves, beside the lease; it is left when the port has answered, which it does at the
 * call's deadline at the latest.
 */
export async function callThrough<T, F extends CognitoFailure>(
  around: Surroundings,
  run: Run,
  lane: Lane,
  send: (call: Call) => Promise<Answer<T, F>>,
): Promise<Answer<T, F | NotSent>> {
  const place = run.places.get(lane.id);
  run.places.delete(lane.id);
  let entered = false;
  const guard: Guard = () => {
    const withheld = around.term.assertLeader() ?? place?.enter();
    entered = withheld === undefined;
    return withheld;
  };
  const answer = await send({ signal: run.signal, guard });
  const throttled = answer.kind === 'Failed' && answer.failure.kind === 'Throttled';
  if (entered) place?.leave(throttled ? 'Throttled' : 'Answered');
  else place?.giveBack();
  return answer;
}
