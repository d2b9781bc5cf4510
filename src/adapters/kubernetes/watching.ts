/** One watch, from its opening to its last frame. */
import type { KubernetesFailure } from '../../core/failure.ts';
import type { Frame } from '../../ports.ts';
import { answerOf, type Connection, type KubernetesRequest } from './connection.ts';
import { statusOf } from './failure.ts';
import { broken, errorFrame, readFrames } from './frames.ts';

export interface WatchLimits {
  readonly signal: AbortSignal;
  /** For the opening; whoever reads judges silence. */
  readonly deadlineMs: number;
}

/** Never throws; a status other than 200 is an `Error` frame. */
export async function* watchFrames(
  connection: Connection,
  request: KubernetesRequest,
  { signal, deadlineMs }: WatchLimits,
): AsyncGenerator<Frame> {
  const opened = await connection.open(request, signal, deadlineMs);
  if (signal.aborted) return;
  if (opened.kind === 'Failed') return yield brokenBy(opened.failure);
  if (opened.value.status === 200) return yield* readFrames(opened.value.chunks, signal);
  const answer = await answerOf(opened.value, request);
  if (signal.aborted) return;
  if (answer.kind === 'Failed') return yield brokenBy(answer.failure);
  yield errorFrame(statusOf(answer.value));
}

function brokenBy(failure: KubernetesFailure): Frame {
  return broken('message' in failure ? failure.message : failure.kind);
}
