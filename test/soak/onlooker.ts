/** Watches all resources of a namespace, as kubectl would, and tells when one came to be so. */
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { Admin } from '../cluster/admin.ts';
import { GROUP } from '../contract/kubernetes-world.ts';
import { nowMs } from '../ha/moments.ts';
import { conditionOf, type StoredResource } from '../support/user.ts';

export interface Onlooker {
  /** When it was seen that what is stored is so; `undefined` stands for what is not there. */
  until(name: string, holds: (stored: StoredResource | undefined) => boolean): Promise<number>;
  /** Until the signal; rejects when the watch ends before that. */
  readonly watching: Promise<void>;
}

interface Frame {
  readonly type: string;
  readonly object: StoredResource;
}

interface Expectation {
  readonly holds: (stored: StoredResource | undefined) => boolean;
  readonly resolve: (atMs: number) => void;
}

/** Longer than any soak: the API server ends a watch when it likes, unless it is told. */
const WATCH_SECONDS = 24 * 3_600;

export async function openOnlooker(
  admin: Admin,
  namespace: string,
  signal: AbortSignal,
): Promise<Onlooker> {
  const { url, headers, fetch } = admin.handle();
  const path = `${GROUP}/namespaces/${namespace}/resourceservers`;
  const query = `watch=true&timeoutSeconds=${WATCH_SECONDS}&allowWatchBookmarks=true`;
  const response = await fetch(`${url}${path}?${query}`, { headers, signal });
  if (response.status !== 200) throw new Error(`no watch: ${await response.text()}`);
  const known = new Map<string, StoredResource>();
  const expected = new Map<string, readonly Expectation[]>();
  const look = ({ type, object }: Frame): void => {
    const { name } = object.metadata;
    if (type === 'ERROR') throw new Error(`the onlooker's watch failed: ${JSON.stringify(object)}`);
    if (type === 'BOOKMARK') return;
    if (type === 'DELETED') known.delete(name);
    else known.set(name, object);
    const open = expected.get(name);
    if (open === undefined) return;
    const stored = known.get(name);
    const { true: met = [], false: rest = [] } = Object.groupBy(open, ({ holds }) =>
      holds(stored) ? 'true' : 'false',
    );
    if (rest.length === 0) expected.delete(name);
    else expected.set(name, rest);
    for (const { resolve } of met) resolve(nowMs());
  };
  return {
    until: (name, holds) => {
      if (holds(known.get(name))) return Promise.resolve(nowMs());
      const { promise, resolve } = Promise.withResolvers<number>();
      expected.set(name, [...(expected.get(name) ?? []), { holds, resolve }]);
      return promise;
    },
    watching: follow(response, look, signal),
  };
}

async function follow(
  response: Response,
  look: (frame: Frame) => void,
  signal: AbortSignal,
): Promise<void> {
  try {
    const input = Readable.fromWeb(response.body as ReadableStream);
    for await (const line of createInterface({ input })) look(JSON.parse(line) as Frame);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  if (!signal.aborted) throw new Error("the onlooker's watch ended");
}

/** All is well with what the user said last. */
export function isReady(stored: StoredResource | undefined, generation: number): boolean {
  const ready = conditionOf(stored, 'Ready');
  return ready?.status === 'True' && (ready.observedGeneration ?? 0) >= generation;
}
