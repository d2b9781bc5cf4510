/**
 * One request on its way to a service and back: what a network may do to it, and what its sender
 * may believe afterwards. A request whose deadline passes may still take effect.
 *
 *   departs ──── outMs ────▶ takes effect ──── backMs ────▶ answered
 *      │ guard                                                 │
 *      └─────────────── deadline, or its signal: unanswered ───┘
 */
import type { Failure, NotSent, Withheld } from '../../src/core/failure.ts';
import { type Answer, type Call, failed, withheld } from '../../src/ports.ts';
import type { Life, VirtualTime } from './virtual-time.ts';

export interface Journey<F> {
  readonly outMs: number;
  readonly backMs: number;
  /** A failure is what the service answers instead of doing what it was asked for. */
  readonly fate: 'Arrives' | 'RequestLost' | 'AnswerLost' | F;
}

/** Asked as a request departs; `undefined`: nothing befalls it. May act, as a third party. */
export type Road<R, F> = (request: R) => Partial<Journey<F>> | undefined;

/** What can be told of a request, in this order; not each of them is ever told. */
export type Stage<F> =
  | { readonly kind: 'Withheld'; readonly because: Withheld }
  | { readonly kind: 'Departed' }
  /** `late`: nobody waits for the answer any more. */
  | { readonly kind: 'Landed'; readonly failure: F | undefined; readonly late: boolean }
  | { readonly kind: 'Answered'; readonly failure: F | undefined }
  | { readonly kind: 'Unanswered' };

export interface Crossing<F> {
  readonly time: VirtualTime;
  readonly life: Life;
  readonly deadlineMs: number;
  /** What the sender is told when no answer came. */
  readonly silence: F;
  /** Asked in the step in which the request leaves. */
  readonly journey: () => Journey<F>;
  readonly tell: (stage: Stage<F>) => void;
}

const ABORTED: NotSent = {
  kind: 'NotSent',
  withheld: undefined,
  message: 'aborted before it left',
};

/** @param arrive takes effect in one step, and says what the service answers */
export function cross<T, F extends Failure>(
  crossing: Crossing<F>,
  call: Call,
  arrive: () => Answer<T, F>,
): Promise<Answer<T, F | NotSent>> {
  const { life, tell, journey } = crossing;
  if (life.isOver) return never();
  if (call.signal.aborted) return Promise.resolve(failed(ABORTED));
  const because = call.guard();
  if (because !== undefined) {
    tell({ kind: 'Withheld', because });
    return Promise.resolve(withheld(because));
  }
  tell({ kind: 'Departed' });
  return new Promise((resolve) => {
    const wait = awaiting(crossing, call.signal, resolve);
    travel({ ...crossing, wait, arrive }, journey());
  });
}

export function never(): Promise<never> {
  return new Promise(() => {});
}

/* ------------------------------------------------------------------ who waits */

interface Wait<T, F extends Failure> {
  readonly isOver: boolean;
  end(answer: Answer<T, F>): void;
}

function awaiting<T, F extends Failure>(
  { time, life, deadlineMs, silence, tell }: Crossing<F>,
  signal: AbortSignal,
  resolve: (answer: Answer<T, F>) => void,
): Wait<T, F> {
  const wait = {
    isOver: false,
    end: (answer: Answer<T, F>): void => {
      if (wait.isOver) return;
      wait.isOver = true;
      cancel();
      signal.removeEventListener('abort', giveUp);
      if (!life.isOver) resolve(answer);
    },
  };
  const giveUp = (): void => {
    if (!wait.isOver) tell({ kind: 'Unanswered' });
    wait.end(failed(silence));
  };
  const cancel = time.after(deadlineMs, giveUp, life);
  signal.addEventListener('abort', giveUp);
  return wait;
}

interface Trip<T, F extends Failure> extends Crossing<F> {
  readonly wait: Wait<T, F>;
  readonly arrive: () => Answer<T, F>;
}

function travel<T, F extends Failure>(trip: Trip<T, F>, journey: Journey<F>): void {
  const { time, life, wait, arrive, tell } = trip;
  const { outMs, backMs, fate } = journey;
  if (fate === 'RequestLost') return;
  soon(time, outMs, () => {
    const answer = typeof fate === 'object' ? failed(fate) : arrive();
    const failure = answer.kind === 'Failed' ? answer.failure : undefined;
    tell({ kind: 'Landed', failure, late: wait.isOver || life.isOver });
    if (fate === 'AnswerLost') return;
    const hear = (): void => {
      if (!wait.isOver) tell({ kind: 'Answered', failure });
      wait.end(answer);
    };
    if (backMs > 0) time.after(backMs, hear, life);
    else deliver(life, hear);
  });
}

function soon(time: VirtualTime, ms: number, happen: () => void): void {
  if (ms > 0) time.after(ms, happen);
  else happen();
}

/** In this step, unless the process is dead, or frozen. */
export function deliver(life: Life, happen: () => void): void {
  if (life.isOver) return;
  if (life.isFrozen) life.backlog.push(happen);
  else happen();
}
