/**
 * What was called, when, and what came of it: the ledger that tests hold the operator to. Keeps
 * the newest calls (bounded), and counts of all of them.
 */
import type { Call } from './call.ts';
import { type Category, isOperation, operationModels } from './model.ts';

/** What the client got: its answer, a damaged one, a reset connection, or nothing so far. */
export type Delivery = 'Pending' | 'Intact' | 'Damaged' | 'Lost';

export interface CallRecord {
  /** Counts from 1, in order of arrival. */
  readonly number: number;
  readonly operation: string;
  readonly pool: string | undefined;
  readonly identifier: string | undefined;
  readonly region: string | undefined;
  readonly accessKey: string | undefined;
  readonly userAgent: string;
  /** Wall clock of the caller, in milliseconds of whole seconds: what its signature says. */
  readonly signedAt: number | undefined;
  /** Monotonic milliseconds: the request was read. */
  readonly at: number;
  /** It was judged, and took effect if it did. A late request lands long after it arrived. */
  readonly landedAt: number | undefined;
  /** The answer was written, or the connection reset. */
  readonly answeredAt: number | undefined;
  /** What Cognito decided: `Success`, the name of an error, or `Unlanded`. */
  readonly outcome: string;
  /** The request was within the request rates, and counts against them. */
  readonly admitted: boolean;
  /** Cognito changed. */
  readonly effect: boolean;
  readonly delivery: Delivery;
  /** The kind of the fault that was played on it. */
  readonly fault: string | undefined;
}

/** What is learnt about a call after it arrived. */
export type Progress = Partial<
  Pick<
    CallRecord,
    'landedAt' | 'answeredAt' | 'outcome' | 'admitted' | 'effect' | 'delivery' | 'fault'
  >
>;

/** Each member that is present narrows the scope. */
export interface RateScope {
  readonly operation?: string;
  readonly category?: Category;
  readonly pool?: string;
  readonly region?: string;
  readonly accessKey?: string;
}

export type Counts = Readonly<Record<string, Readonly<Record<string, number>>>>;

type Writable<T> = { -readonly [K in keyof T]: T[K] };

export class CallLog {
  readonly #callsMax: number;
  #calls: CallRecord[] = [];
  #arrived = 0;
  readonly #counts = new Map<string, Map<string, number>>();
  readonly #mutations = new Map<string, CallRecord[]>();

  constructor(callsMax = 50_000) {
    this.#callsMax = callsMax;
  }

  /** Calls that ever arrived, forgotten ones included. */
  get size(): number {
    return this.#arrived;
  }

  /** The newest calls, oldest first. */
  calls(): readonly CallRecord[] {
    return this.#calls.slice(-this.#callsMax);
  }

  /** The calls that arrived after the one of this number. */
  since(number: number): readonly CallRecord[] {
    const newer = Math.min(this.#arrived - number, this.#callsMax);
    return newer <= 0 ? [] : this.#calls.slice(-newer);
  }

  /** Every Create, Update and Delete of one identity, whatever became of it. */
  mutationsOf(pool: string, identifier: string): readonly CallRecord[] {
    return [...(this.#mutations.get(identityOf(pool, identifier)) ?? [])];
  }

  /** Landed calls by operation and outcome. */
  counts(): Counts {
    return Object.fromEntries(
      [...this.#counts].map(([operation, outcomes]) => [operation, Object.fromEntries(outcomes)]),
    );
  }

  /** The most admitted calls that any half-open second held, judged by when they landed. */
  maxPerSecond(scope: RateScope = {}): number {
    const landings = this.calls()
      .filter((call) => call.admitted && isWithin(scope, call))
      .map(({ landedAt }) => landedAt ?? Number.NaN)
      .toSorted((a, b) => a - b);
    let first = 0;
    let most = 0;
    for (const [last, at] of landings.entries()) {
      while (at - (landings[first] ?? at) >= 1000) first += 1;
      most = Math.max(most, last - first + 1);
    }
    return most;
  }

  open(call: Call, at: number): CallRecord {
    this.#arrived += 1;
    const record = recordOf(call, this.#arrived, at);
    this.#calls.push(record);
    if (this.#calls.length >= 2 * this.#callsMax) this.#forget();
    if (isMutation(record)) this.#indexed(record).push(record);
    return record;
  }

  /** Records keep their identity, so that whoever holds one sees what becomes of the call. */
  note(record: CallRecord, progress: Progress): void {
    Object.assign(record as Writable<CallRecord>, progress);
    if (progress.outcome !== undefined) this.#count(record);
  }

  #count({ operation, outcome }: CallRecord): void {
    const known = isOperation(operation) || operation === 'GetCallerIdentity';
    const key = known ? operation : 'Unknown';
    const outcomes = this.#counts.get(key) ?? new Map<string, number>();
    this.#counts.set(key, outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1));
  }

  #indexed({ pool = '', identifier = '' }: CallRecord): CallRecord[] {
    const key = identityOf(pool, identifier);
    const records = this.#mutations.get(key) ?? [];
    this.#mutations.set(key, records);
    return records;
  }

  #forget(): void {
    const forgotten = this.#calls.length - this.#callsMax;
    for (const record of this.#calls.slice(0, forgotten).filter(isMutation)) {
      const { pool = '', identifier = '' } = record;
      const records = this.#indexed(record);
      records.shift();
      if (records.length === 0) this.#mutations.delete(identityOf(pool, identifier));
    }
    this.#calls = this.#calls.slice(forgotten);
  }
}

const recordOf = (call: Call, number: number, at: number): CallRecord => {
  const signed = call.credential.kind === 'Signed' ? call.credential : undefined;
  return {
    number,
    operation: call.operation,
    pool: call.pool,
    identifier: call.identifier,
    region: signed?.region,
    accessKey: signed?.accessKeyId,
    userAgent: call.userAgent,
    signedAt: signedAtOf(call),
    at,
    landedAt: undefined,
    answeredAt: undefined,
    outcome: 'Unlanded',
    admitted: false,
    effect: false,
    delivery: 'Pending',
    fault: undefined,
  };
};

const amzDate = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

const signedAtOf = ({ request }: Call): number | undefined => {
  const stamp = String(request.headers['x-amz-date'] ?? '');
  if (!amzDate.test(stamp)) return undefined;
  return Date.parse(stamp.replace(amzDate, '$1-$2-$3T$4:$5:$6Z'));
};

const identityOf = (pool: string, identifier: string): string => `${pool}\n${identifier}`;

const categoryOf = (operation: string): Category | undefined =>
  isOperation(operation) ? operationModels[operation].category : undefined;

export const isMutation = ({ operation }: CallRecord): boolean =>
  categoryOf(operation) === 'update';

const isWithin = (scope: RateScope, call: CallRecord): boolean =>
  (scope.operation === undefined || scope.operation === call.operation) &&
  (scope.category === undefined || scope.category === categoryOf(call.operation)) &&
  (scope.pool === undefined || scope.pool === call.pool) &&
  (scope.region === undefined || scope.region === call.region) &&
  (scope.accessKey === undefined || scope.accessKey === call.accessKey);
