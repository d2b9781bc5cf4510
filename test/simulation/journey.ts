/**
 * One request on its way to a service and back: what a network may do to it, and what its sender
 * may believe afterwards. A request whose deadline passes may still take effect.
 *
 *   departs ──── outMs ────▶ takes effect ──── backMs ────▶ answered
 *      │ guard                                                 │
 *      └─────────────── deadline, or its signal: unanswered ───┘
 */
import type { Failure, NotSent } from '../../src/core/failure.ts';
import { type Answer, type Call, type Clock, failed, withheld } from '../../src/ports.ts';

export interface Journey<F> {
  readonly outMs: number;
  readonly backMs: number;
  /** A failure is what the service answers instead of doing what it was asked for. */
  readonly fate: 'Arrives' | 'RequestLost' | 'AnswerLost' | F;
}

/** Asked as a request departs; `undefined`: nothing befalls it. May act, as a third party. */
export type Road<R, F> = (request: R) => Partial<Journey<F>> | undefined;

/** One process: when it is killed, whatever it still waits for never comes. */
export interface Life {
  readonly isOver: boolean;
}

export interface Crossing<F> {
  readonly clock: Clock;
  readonly life: Life;
  readonly deadlineMs: number;
  /** What the sender is told when no answer came. */
  readonly silence: F;
  /** Asked in the step in which the request leaves. */
  readonly journey: () => Journey<F>;
}

/** @param arrive takes effect in one step, and says what the service answers */
export async function cross<T, F extends Failure>(
  { clock, life, deadlineMs, silence, journey }: Crossing<F>,
  call: Call,
  arrive: () => Answer<T, F>,
): Promise<Answer<T, F | NotSent>> {
  if (life.isOver) return never();
  if (call.signal.aborted) return failed(ABORTED);
  const reason = call.guard();
  if (reason !== undefined) return withheld(reason);
  const { promise, resolve } = Promise.withResolvers<Answer<T, F>>();
  const deadline = clock.deadline(deadlineMs, call.signal);
  const giveUp = (): void => resolve(failed(silence));
  deadline.signal.addEventListener('abort', giveUp, { once: true });
  void travel(clock, journey(), arrive).then((answer) => answer && resolve(answer));
  const answer = await promise;
  deadline.signal.removeEventListener('abort', giveUp);
  deadline.cancel();
  return life.isOver ? never() : answer;
}

export function never(): Promise<never> {
  return new Promise(() => {});
}

const ABORTED: NotSent = {
  kind: 'NotSent',
  withheld: undefined,
  message: 'aborted before it left',
};
const UNSTOPPED = new AbortController().signal;

async function travel<T, F extends Failure>(
  clock: Clock,
  { outMs, backMs, fate }: Journey<F>,
  arrive: () => Answer<T, F>,
): Promise<Answer<T, F> | undefined> {
  if (fate === 'RequestLost') return undefined;
  if (outMs > 0) await clock.sleep(outMs, UNSTOPPED);
  const answer = typeof fate === 'object' ? failed(fate) : arrive();
  if (fate === 'AnswerLost') return undefined;
  if (backMs > 0) await clock.sleep(backMs, UNSTOPPED);
  return answer;
}
