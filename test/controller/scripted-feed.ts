/**
 * A feed whose every answer and frame a test gives. It ends what its signal aborts, as ports do.
 */
import {
  type Answer,
  answered,
  type Feed,
  type Frame,
  failed,
  type ListPage,
  type ListRequest,
  type WatchRequest,
} from '../../src/ports.ts';

type PageAnswer = Awaited<ReturnType<Feed['list']>>;
type Refusal = Extract<PageAnswer, Answer<never>>['failure'];

export class ListCall {
  readonly request: ListRequest;
  readonly signal: AbortSignal;
  readonly answer: Promise<PageAnswer>;
  readonly #settle: (answer: PageAnswer) => void;

  constructor(request: ListRequest, signal: AbortSignal) {
    const { promise, resolve } = Promise.withResolvers<PageAnswer>();
    this.request = request;
    this.signal = signal;
    this.answer = promise;
    this.#settle = resolve;
    const notSent = { kind: 'NotSent', withheld: undefined, message: 'aborted' } as const;
    signal.addEventListener('abort', () => resolve(failed(notSent)));
  }

  page(resourceVersion: string, items: readonly unknown[], continueToken?: string): void {
    const page: ListPage = { items, resourceVersion, continueToken };
    this.#settle(answered(page));
  }

  refuse(failure: Refusal): void {
    this.#settle(failed(failure));
  }

  refuseWith(status: number | undefined, message = 'refused', retryAfterMs?: number): void {
    this.refuse({ kind: 'KubernetesFailed', answered: true, status, message, retryAfterMs });
  }
}

export class WatchCall implements AsyncIterable<Frame> {
  readonly request: WatchRequest;
  readonly signal: AbortSignal;
  readonly #frames: Frame[] = [];
  #isClosed = false;
  #wake = Promise.withResolvers<void>();

  constructor(request: WatchRequest, signal: AbortSignal) {
    this.request = request;
    this.signal = signal;
    signal.addEventListener('abort', () => this.close());
    if (signal.aborted) this.close();
  }

  get isOpen(): boolean {
    return !this.#isClosed;
  }

  say(...frames: readonly Frame[]): void {
    this.#frames.push(...frames);
    this.#wake.resolve();
  }

  close(): void {
    this.#isClosed = true;
    this.#wake.resolve();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Frame> {
    for (;;) {
      const frame = this.#frames.shift();
      if (frame !== undefined) yield frame;
      else if (this.#isClosed) return;
      else await this.#wake.promise;
      if (this.#frames.length === 0 && !this.#isClosed) this.#wake = Promise.withResolvers();
    }
  }
}

export class ScriptedFeed implements Feed {
  readonly lists: ListCall[] = [];
  readonly watches: WatchCall[] = [];

  list(request: ListRequest, signal: AbortSignal): ReturnType<Feed['list']> {
    const call = new ListCall(request, signal);
    this.lists.push(call);
    return call.answer;
  }

  watch(request: WatchRequest, signal: AbortSignal): AsyncIterable<Frame> {
    const call = new WatchCall(request, signal);
    this.watches.push(call);
    return call;
  }
}

export function object(name: string, resourceVersion: string, uid = `uid-of-${name}`): unknown {
  return { metadata: { namespace: 'a', name, uid, resourceVersion } };
}

export function added(name: string, resourceVersion: string, uid?: string): Frame {
  return { kind: 'Added', object: object(name, resourceVersion, uid) };
}

export function modified(name: string, resourceVersion: string): Frame {
  return { kind: 'Modified', object: object(name, resourceVersion) };
}

export function deleted(name: string, resourceVersion: string): Frame {
  return { kind: 'Deleted', object: object(name, resourceVersion) };
}

export function bookmark(resourceVersion: string): Frame {
  return { kind: 'Bookmark', resourceVersion, initialEventsEnd: false };
}

export function initialEventsEnd(resourceVersion: string): Frame {
  return { kind: 'Bookmark', resourceVersion, initialEventsEnd: true };
}

export function refusal(status: number, reason: string, retryAfterMs?: number): Frame {
  return { kind: 'Error', status, reason, message: `said ${status}`, retryAfterMs };
}

export function broken(message = 'ECONNRESET'): Frame {
  return { kind: 'Broken', message };
}
