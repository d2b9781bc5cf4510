/**
 * The requests of leader election: each has a deadline, each failure is said once.
 *
 * Guarantee: two renewTimes in a row differ, also while the wall clock stands still or jumps; that
 * they differ is what others notice of a renewal.
 */
import {
  acquired,
  type Claim,
  type LeaseRecord,
  type LeaseTimes,
  released,
} from '../core/lease.ts';
import type { Answer, Chance, Clock, Key, Leases, Log, Metrics } from '../ports.ts';

export interface LeaseAccessPorts {
  readonly leases: Leases;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Unique for each process: `<hostname>_<uuid>`. */
  readonly identity: string;
  /** Namespace and name of the Lease, for people. */
  readonly lease: Key;
  readonly settings: LeaseTimes;
}

export type ReadAnswer = Awaited<ReturnType<Leases['read']>>;
export type WriteAnswer = Awaited<ReturnType<Leases['update']>>;
type Verb = 'get' | 'create' | 'update';

const MICROSECONDS = 1_000;
const FORBIDDEN = 403;
const RBAC_FORBIDS =
  'RBAC forbids leader election: allow this verb on this resource in this namespace; trying again';

export class LeaseAccess {
  readonly ports: LeaseAccessPorts;
  readonly #complained = new Set<Verb>();
  #writes = 0;

  constructor(ports: LeaseAccessPorts) {
    this.ports = ports;
  }

  read(withinMs: number, signal: AbortSignal): Promise<ReadAnswer> {
    const { leases } = this.ports;
    return this.#ask('get', withinMs, signal, (deadline) => leases.read(deadline));
  }

  claim(claim: Claim, withinMs: number, signal: AbortSignal): Promise<WriteAnswer> {
    const { leases, identity, settings } = this.ports;
    const before = claim.kind === 'Create' ? undefined : claim.record;
    const record = acquired(before, identity, this.#time(), settings);
    if (before === undefined)
      return this.#ask('create', withinMs, signal, (deadline) => leases.create(record, deadline));
    return this.#ask('update', withinMs, signal, (deadline) => leases.update(record, deadline));
  }

  release(before: LeaseRecord, withinMs: number, signal: AbortSignal): Promise<WriteAnswer> {
    const record = released(before, this.#time());
    const { leases } = this.ports;
    return this.#ask('update', withinMs, signal, (deadline) => leases.update(record, deadline));
  }

  async #ask<A extends Answer<unknown>>(
    verb: Verb,
    withinMs: number,
    signal: AbortSignal,
    send: (deadline: AbortSignal) => Promise<A>,
  ): Promise<A> {
    const deadline = this.ports.clock.deadline(Math.max(Math.ceil(withinMs), 0), signal);
    const answer = await send(deadline.signal);
    deadline.cancel();
    if (!signal.aborted) this.#comment(verb, answer);
    return answer;
  }

  /** A conflict is an answer like any other here: somebody else wrote. */
  #comment(verb: Verb, answer: Answer<unknown>): void {
    if (answer.kind === 'Answered') this.#complained.delete(verb);
    else if ('message' in answer.failure) this.#complain(verb, answer.failure);
  }

  #complain(verb: Verb, failure: { readonly message: string; readonly status?: unknown }): void {
    const [namespace, name] = this.ports.lease.split('/');
    const resource = 'leases.coordination.k8s.io';
    const fields = { verb, resource, namespace, name, because: failure.message };
    const { log } = this.ports;
    if (this.#complained.has(verb)) return log.debug('a lease request failed again', fields);
    this.#complained.add(verb);
    if (failure.status === FORBIDDEN) return log.error(RBAC_FORBIDS, fields);
    log.warn('a lease request failed, trying again', fields);
  }

  /** A Lease has microseconds and the clock has none: they count our writes. */
  #time(): string {
    this.#writes = (this.#writes + 1) % MICROSECONDS;
    const microseconds = String(this.#writes).padStart(3, '0');
    return this.ports.clock.timestamp().replace(/Z$/, `${microseconds}Z`);
  }
}
