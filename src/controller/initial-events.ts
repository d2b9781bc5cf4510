/**
 * The initial state as a watch tells it (WatchList): synthetic events, then a bookmark. Their
 * resourceVersions are no place to resume from; only that of the bookmark is.
 */
import type { Frame } from '../ports.ts';
import type { Entry } from './store.ts';
import type { Ended, WatchStream } from './watch-stream.ts';

export type InitialEvents<T> =
  | { readonly kind: 'Synced'; readonly objects: readonly T[]; readonly resourceVersion: string }
  | Extract<Frame, { kind: 'Error' | 'Broken' }>
  | Ended;

export async function collectInitialEvents<T extends Entry>(
  stream: WatchStream,
  identify: (object: unknown) => T | undefined,
): Promise<InitialEvents<T>> {
  const objects = new Map<string, T>();
  for (;;) {
    const frame = await stream.next();
    switch (frame.kind) {
      case 'Added':
      case 'Modified':
      case 'Deleted':
        place(objects, frame.kind, identify(frame.object));
        break;
      case 'Bookmark':
        if (!frame.initialEventsEnd) break;
        return synced(objects, frame.resourceVersion);
      case 'Error':
      case 'Broken':
      case 'Ended':
        return frame;
    }
  }
}

function place<T extends Entry>(
  objects: Map<string, T>,
  kind: 'Added' | 'Modified' | 'Deleted',
  object: T | undefined,
): void {
  if (object === undefined) return;
  if (kind === 'Deleted') objects.delete(object.key);
  else objects.set(object.key, object);
}

function synced<T>(objects: ReadonlyMap<string, T>, resourceVersion: string): InitialEvents<T> {
  return { kind: 'Synced', objects: [...objects.values()], resourceVersion };
}
