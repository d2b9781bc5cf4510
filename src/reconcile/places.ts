/** Places in the gate for one run: taken together or not at all, spent once, given back if not. */
import type { CognitoFailure, NotSent } from '../core/failure.ts';
import type { Departure, Lane, Place } from '../gate.ts';
import type { Answer, Call, Guard } from '../ports.ts';
import type { Run, Surroundings } from './surroundings.ts';

/** A place that is void so soon would not outlive the record that is written before its call. */
const MARGIN_MS = 1_000;

/** All of `lanes` that the run does not have yet; false: the key holds a ticket now. */
export function takePlaces(around: Surroundings, run: Run, lanes: readonly Lane[]): boolean {
  for (const { id } of lanes) dropStale(around, run, id, MARGIN_MS);
  const missing = lanes.filter(({ id }) => !run.places.has(id));
  if (missing.length === 0) return true;
  const places = around.gate.take({ key: run.key, lanes: missing, priority: run.priority });
  for (const place of places ?? []) run.places.set(place.lane, place);
  return places !== undefined;
}

function dropStale({ ports }: Surroundings, run: Run, lane: string, marginMs: number): void {
  const place = run.places.get(lane);
  if (place === undefined || place.voidMs - ports.clock.monotonicMs() > marginMs) return;
  place.giveBack();
  run.places.delete(lane);
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
  dropStale(around, run, lane.id, 0);
  const place = run.places.get(lane.id) ?? lastPlace(around, run, lane);
  run.places.delete(lane.id);
  let entered = false;
  const guard: Guard = () => {
    const withheld = around.term.assertLeader() ?? (place ? place.enter() : 'PlaceVoid');
    entered = withheld === undefined;
    return withheld;
  };
  let departure: Departure = 'Unanswered';
  try {
    const answer = await send({ signal: run.signal, guard });
    departure = departureOf(answer);
    return answer;
  } finally {
    if (entered) place?.leave(departure);
    else place?.giveBack();
  }
}

function departureOf<T>(answer: Answer<T, CognitoFailure>): Departure {
  if (answer.kind === 'Answered') return 'Answered';
  const { kind } = answer.failure;
  return kind === 'Throttled' || kind === 'Unanswered' ? kind : 'Answered';
}

/** The record took longer to write than a place lasts: another one, if there is one. */
function lastPlace({ gate }: Surroundings, run: Run, lane: Lane): Place | undefined {
  return gate.take({ key: run.key, lanes: [lane], priority: run.priority })?.[0];
}
