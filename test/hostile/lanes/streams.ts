/** Watches of anything, into the real reflector: what it holds after the next list is the truth. */
import * as fc from 'fast-check';
import { createCluster } from '../../../src/adapters/kubernetes/cluster.ts';
import type { Connection } from '../../../src/adapters/kubernetes/connection.ts';
import { parse } from '../../../src/api/parse.ts';
import { createReflector } from '../../../src/controller/reflector.ts';
import { REFLECTOR_SETTINGS } from '../../../src/controller/reflector-settings.ts';
import { createStore } from '../../../src/controller/store.ts';
import { type Packed, pack } from '../../../src/memory/packed.ts';
import { answered, type Feed } from '../../../src/ports.ts';
import { createRecorder } from '../../adapters/recorder.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { createLoadedChance } from '../../support/seeded-chance.ts';
import { anyStream, LIST } from '../kubernetes-scripts.ts';
import { insist, insistOnPrototypes, laneOf } from './lane.ts';

const LINES_MAX = 100;
/** Longer than any pause of a reflector. */
const CALM_MS = 10 * 60_000;

export const STREAMS = laneOf(
  {
    name: 'streams',
    promise: 'no watch ends the reflector, and a list puts all right',
    reaches: ['watch'],
  },
  (count) =>
    fc.asyncProperty(fc.array(anyStream, { minLength: 1, maxLength: 3 }), async (streams) => {
      count('watch', streams.length);
      const store = createStore<Packed>();
      const clock = createFakeClock(1_000);
      const { log, metrics, lines } = createRecorder();
      const reflector = createReflector<Packed>({
        feed: feedOf(streams),
        scope: undefined,
        store,
        parse: identified,
        clock,
        chance: createLoadedChance(0.5),
        log,
        metrics,
        settings: { ...REFLECTOR_SETTINGS, watchList: false },
      });
      const stop = new AbortController();
      const running = drain(reflector.changes(stop.signal));
      await clock.advance(CALM_MS);
      reflector.relist();
      await clock.advance(CALM_MS);
      const held = [...store.values()].map(
        ({ key, resourceVersion }) => `${key}@${resourceVersion}`,
      );
      insist(held.join() === 'identity/weather-api@7', `it holds ${held.join().slice(0, 500)}`);
      insist(lines.length <= LINES_MAX, `it said ${lines.length} lines`);
      stop.abort();
      await clock.advance(1_000);
      await running;
      insistOnPrototypes();
    }),
);

function identified(raw: unknown): Packed | undefined {
  const result = parse(raw);
  return result.kind === 'Readable' ? pack(result.resource) : undefined;
}

/** Each stream once, then silence that ends with the signal. */
function feedOf(streams: readonly (readonly Uint8Array[])[]): Feed {
  const rest = [...streams];
  const connection: Connection = {
    send: async () => answered({ status: 200, headers: {}, body: LIST }),
    open: async (_, signal) =>
      answered({ status: 200, headers: {}, chunks: eachOf(rest.shift(), signal) }),
    close: async () => {},
  };
  return createCluster({ connection, requestDeadlineMs: 1, listDeadlineMs: 1 }).feed(undefined);
}

async function* eachOf(
  chunks: readonly Uint8Array[] | undefined,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  if (chunks !== undefined) return yield* chunks;
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve());
  });
}

async function drain(changes: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of changes);
}
