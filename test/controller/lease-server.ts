/** The one Lease as the API server keeps it, and replicas that reach it over a network. */
import type { LeaseRecord } from '../../src/core/lease.ts';
import { type Answer, answered, type Clock, type Leases } from '../../src/ports.ts';

type WriteAnswer = Awaited<ReturnType<Leases['update']>>;
type Failed = Extract<WriteAnswer, { kind: 'Failed' }>;

/** What becomes of one request. Whoever gave it up does not call it back. */
export interface Journey {
  readonly outMs: number;
  readonly backMs: number;
  readonly fate: 'Arrives' | 'RequestLost' | 'AnswerLost' | Failed;
}

export const SWIFT: Journey = { outMs: 0, backMs: 0, fate: 'Arrives' };
export const LOST: Journey = { outMs: 0, backMs: 0, fate: 'RequestLost' };

export function refused(status: number, message = `said ${status}`): Journey {
  return { ...SWIFT, fate: failure(true, status, message) };
}

const NEVER = new AbortController().signal;
const CONFLICT: Failed = { kind: 'Failed', failure: { kind: 'Conflict' } };
const GONE: Failed = { kind: 'Failed', failure: { kind: 'Gone' } };
const SILENCE = failure(false, undefined, 'no answer');

function failure(isAnswered: boolean, status: number | undefined, message: string): Failed {
  const retryAfterMs = undefined;
  const kind = 'KubernetesFailed';
  return { kind: 'Failed', failure: { kind, answered: isAnswered, status, message, retryAfterMs } };
}

export class LeaseServer {
  #record: LeaseRecord | undefined;
  #writes = 0;
  readonly #watchers = new Set<(record: LeaseRecord) => void>();
  #watchesEnd = new AbortController();

  get record(): LeaseRecord | undefined {
    return this.#record;
  }

  get writes(): number {
    return this.#writes;
  }

  /** Of the watches that are open now. */
  get watchesEnd(): AbortSignal {
    return this.#watchesEnd.signal;
  }

  /** As the API server does it after a while. */
  endWatches(): void {
    this.#watchesEnd.abort();
    this.#watchesEnd = new AbortController();
  }

  create(record: LeaseRecord): WriteAnswer {
    return this.#record === undefined ? answered(this.#store(record)) : CONFLICT;
  }

  update(record: LeaseRecord): WriteAnswer {
    if (this.#record === undefined) return GONE;
    const isCurrent = this.#record.resourceVersion === record.resourceVersion;
    return isCurrent ? answered(this.#store(record)) : CONFLICT;
  }

  /** By hand. */
  edit(changes: Partial<LeaseRecord>): void {
    if (this.#record !== undefined) this.#store({ ...this.#record, ...changes });
  }

  remove(): void {
    this.#record = undefined;
  }

  onChange(tell: (record: LeaseRecord) => void): () => void {
    this.#watchers.add(tell);
    return () => void this.#watchers.delete(tell);
  }

  #store(record: LeaseRecord): LeaseRecord {
    this.#writes += 1;
    this.#record = { ...record, resourceVersion: String(this.#writes) };
    for (const tell of this.#watchers) tell(this.#record);
    return this.#record;
  }
}

export interface Call {
  readonly verb: 'get' | 'create' | 'update' | 'watch';
  readonly atMs: number;
}

/** One replica's way to the server. `plan` says what becomes of each request. */
export class LeaseNetwork implements Leases {
  readonly calls: Call[] = [];
  readonly #server: LeaseServer;
  readonly #clock: Clock;
  readonly #plan: (verb: Call['verb']) => Journey;

  constructor(server: LeaseServer, clock: Clock, plan: (verb: Call['verb']) => Journey) {
    this.#server = server;
    this.#clock = clock;
    this.#plan = plan;
  }

  read(signal: AbortSignal): ReturnType<Leases['read']> {
    return this.#send('get', () => answered(this.#server.record), signal);
  }

  create(lease: LeaseRecord, signal: AbortSignal): ReturnType<Leases['create']> {
    return this.#send('create', () => this.#server.create(lease), signal);
  }

  update(lease: LeaseRecord, signal: AbortSignal): ReturnType<Leases['update']> {
    return this.#send('update', () => this.#server.update(lease), signal);
  }

  async *watch(signal: AbortSignal): AsyncGenerator<LeaseRecord> {
    const journey = this.#depart('watch');
    if (typeof journey.fate === 'object') return;
    const pending: LeaseRecord[] = [];
    let wake = Promise.withResolvers<void>();
    const tell = async (record: LeaseRecord): Promise<void> => {
      if (journey.backMs > 0) await this.#clock.sleep(journey.backMs, NEVER);
      pending.push(record);
      wake.resolve();
    };
    const leave = this.#server.onChange((record) => {
      if (journey.fate === 'Arrives') void tell(record);
    });
    const over = AbortSignal.any([signal, this.#server.watchesEnd]);
    over.addEventListener('abort', () => wake.resolve());
    while (!over.aborted) {
      const record = pending.shift();
      if (record !== undefined) yield record;
      else await wake.promise;
      if (pending.length === 0 && !over.aborted) wake = Promise.withResolvers();
    }
    leave();
  }

  async #send<A extends Answer<unknown>>(
    verb: Call['verb'],
    arrive: () => A,
    signal: AbortSignal,
  ): Promise<A | Failed> {
    const journey = this.#depart(verb);
    const { promise, resolve } = Promise.withResolvers<A | Failed>();
    signal.addEventListener('abort', () => resolve(SILENCE));
    if (signal.aborted) resolve(SILENCE);
    void this.#travel(journey, arrive, resolve);
    return promise;
  }

  async #travel<A>(
    { outMs, backMs, fate }: Journey,
    arrive: () => A,
    answer: (answer: A | Failed) => void,
  ): Promise<void> {
    if (fate === 'RequestLost') return;
    if (outMs > 0) await this.#clock.sleep(outMs, NEVER);
    const said = typeof fate === 'object' ? fate : arrive();
    if (fate === 'AnswerLost') return;
    if (backMs > 0) await this.#clock.sleep(backMs, NEVER);
    answer(said);
  }

  #depart(verb: Call['verb']): Journey {
    this.calls.push({ verb, atMs: this.#clock.monotonicMs() });
    return this.#plan(verb);
  }
}
