/**
 * One attempt at one AWS call, and exact knowledge of how far it came.
 *
 *   Preparing: credentials, signature ──▶ guard ──▶ Handed to the socket ──▶ Answered: headers
 *                                           │
 *                                        Withheld
 *
 * The guard is asked in the SDK's last middleware step, behind the signature: no await lies
 * between its answer and the request handler. An attempt ends when its signal aborts, even while
 * credentials hang; it then never leaves afterwards.
 */
import type { MiddlewareStack } from '@smithy/types';
import { field, unknowns } from '../../api/read.ts';
import type { Withheld } from '../../core/failure.ts';
import type { Call } from '../../ports.ts';

export type Phase = 'Preparing' | 'Handed' | 'Answered';

export type Attempt<Output> =
  | { readonly kind: 'Output'; readonly output: Output; readonly requestId: string | undefined }
  | { readonly kind: 'Withheld'; readonly reason: Withheld }
  | Raised;

export interface Raised {
  readonly kind: 'Raised';
  readonly error: unknown;
  readonly phase: Phase;
  readonly requestId: string | undefined;
}

/** The part of an SDK command that an attempt needs. */
export interface Interceptable<Input extends object, Output extends object> {
  readonly middlewareStack: MiddlewareStack<Input, Output>;
}

/** @param command used once: the guard stays in it */
export async function attempt<Input extends object, Output extends object>(
  command: Interceptable<Input, Output>,
  send: (signal: AbortSignal) => Promise<Output>,
  call: Call,
): Promise<Attempt<Output>> {
  const course: Course = { phase: 'Preparing', withheld: undefined, requestId: undefined };
  command.middlewareStack.add(
    (next) => async (args) => {
      embark(course, call);
      const result = await next(args);
      course.phase = 'Answered';
      course.requestId = requestIdOf(result.response);
      return result;
    },
    LAST_STEP,
  );
  try {
    const output = await endingWith(call.signal, () => send(call.signal));
    return { kind: 'Output', output, requestId: course.requestId };
  } catch (error) {
    if (course.withheld !== undefined) return { kind: 'Withheld', reason: course.withheld };
    return { kind: 'Raised', error, phase: course.phase, requestId: course.requestId };
  }
}

/** Closer to the request handler than the SDK's own last step, which reads the answer. */
const LAST_STEP = { step: 'deserialize', priority: 'low', name: 'guard' } as const;

interface Course {
  phase: Phase;
  withheld: Withheld | undefined;
  requestId: string | undefined;
}

/** @throws when the request must not leave; the SDK passes it on to whoever sent */
function embark(course: Course, call: Call): void {
  call.signal.throwIfAborted();
  course.withheld = call.guard();
  if (course.withheld !== undefined) throw new Error(`withheld: ${course.withheld}`);
  course.phase = 'Handed';
}

function requestIdOf(response: unknown): string | undefined {
  const id = field(unknowns(field(unknowns(response), 'headers')), 'x-amzn-requestid');
  return typeof id === 'string' && id !== '' ? id : undefined;
}

/** Rejects with the signal's reason as soon as it aborts, whether the work heeds it or not. */
export async function endingWith<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work(), aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
