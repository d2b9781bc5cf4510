/** Lines of a watch -> frames. A line that is no frame, or an error, is the last. */
import { field, isText, isUnknowns, type Unknowns, unknowns } from '../../api/read.ts';
import type { Frame } from '../../ports.ts';
import { readLines } from './body.ts';
import { messageOf, readStatus, type Status } from './failure.ts';
import { clip } from './wording.ts';

const INITIAL_EVENTS_END = 'k8s.io/initial-events-end';
const MESSAGE_BYTES_MAX = 500;

/** Ends without a last frame when the server, or `signal`, ends the stream. Never throws. */
export async function* readFrames(
  chunks: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Frame> {
  try {
    for await (const line of readLines(chunks)) {
      if (signal.aborted) return;
      const frame = readFrame(line);
      yield frame;
      if (frame.kind === 'Error' || frame.kind === 'Broken') return;
    }
  } catch (error) {
    if (!signal.aborted) yield broken(messageOf(error));
  }
}

export function broken(message: string): Frame {
  return { kind: 'Broken', message: clip(message, MESSAGE_BYTES_MAX) };
}

export function errorFrame({ code, reason, message, retryAfterMs }: Status): Frame {
  const EXPIRED = code === 410;
  return {
    kind: 'Error',
    status: code,
    reason: EXPIRED ? 'Expired' : reason,
    message,
    retryAfterMs,
  };
}

function readFrame(line: string): Frame {
  const event = parsed(line);
  if (event === undefined) return broken('a line of the watch is no JSON object');
  const { type, object } = event;
  if (!isUnknowns(object)) return broken('an event of the watch has no object');
  switch (type) {
    case 'ADDED':
      return { kind: 'Added', object };
    case 'MODIFIED':
      return { kind: 'Modified', object };
    case 'DELETED':
      return { kind: 'Deleted', object };
    case 'BOOKMARK':
      return bookmark(object);
    case 'ERROR':
      return failure(object);
    default:
      return broken(`the watch has an event of unknown type ${JSON.stringify(type)}`);
  }
}

function parsed(line: string): Unknowns | undefined {
  try {
    const event: unknown = JSON.parse(line);
    return isUnknowns(event) ? event : undefined;
  } catch {
    return undefined;
  }
}

function bookmark(object: Unknowns): Frame {
  const metadata = unknowns(field(object, 'metadata'));
  const resourceVersion = field(metadata, 'resourceVersion');
  if (!isText(resourceVersion)) return broken('a bookmark of the watch has no resourceVersion');
  const annotations = unknowns(field(metadata, 'annotations'));
  const initialEventsEnd = field(annotations, INITIAL_EVENTS_END) === 'true';
  return { kind: 'Bookmark', resourceVersion, initialEventsEnd };
}

function failure(object: Unknowns): Frame {
  const status = readStatus(object);
  return status === undefined ? broken('an error of the watch is no Status') : errorFrame(status);
}
