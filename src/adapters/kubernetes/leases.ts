/** The one Lease that the replicas share. Its times go out as MicroTime and come back as text. */
import { field, isText, unknowns } from '../../api/read.ts';
import type { KubernetesFailure } from '../../core/failure.ts';
import type { LeaseRecord } from '../../core/lease.ts';
import {
  type Answer,
  answered,
  type Clock,
  failed,
  type Key,
  type Leases,
  type Log,
} from '../../ports.ts';
import { always, type Connection, type KubernetesRequest } from './connection.ts';
import { garbled, type KubernetesAnswer, refusalOf } from './failure.ts';
import { asMicroTime } from './micro-time.ts';
import { watchFrames } from './watching.ts';

export interface LeasesOptions {
  readonly connection: Connection;
  readonly clock: Clock;
  readonly log: Log;
  readonly lease: Key;
  readonly requestDeadlineMs: number;
}

type Asked = Pick<KubernetesRequest, 'verb' | 'method' | 'path'> & Partial<KubernetesRequest>;

const RESOURCE = 'leases.coordination.k8s.io';
const TYPE = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' };

/** The server ends a watch after this, which is before load balancers do. */
const WATCH_SECONDS = 240;
const WATCH_GRACE_MS = 10_000;

const FORBIDDEN = 403;
const NO_WATCH =
  'RBAC forbids to watch the lease, so a standby takes over seconds later: allow this verb';

export function createLeases(options: LeasesOptions): Leases {
  const { connection, requestDeadlineMs } = options;
  const { collection, path, metadata } = placeOf(options.lease);
  const warning = { isGiven: false };
  const send = async (asked: Asked, signal: AbortSignal) => {
    const request = { resource: RESOURCE, ...asked };
    const answer = await connection.send(request, { signal, guard: always }, requestDeadlineMs);
    return answer.kind === 'Failed' ? answer : recordOf(answer.value, metadata.name, request);
  };
  return {
    async read(signal) {
      const answer = await send({ verb: 'get', method: 'GET', path }, signal);
      const isMissing = answer.kind === 'Failed' && answer.failure.kind === 'Gone';
      return isMissing ? answered(undefined) : answer;
    },
    create(lease, signal) {
      const body = { ...TYPE, metadata, spec: specOf(lease) };
      return send({ verb: 'create', method: 'POST', path: collection, body }, signal);
    },
    update(lease, signal) {
      const { resourceVersion } = lease;
      const body = { ...TYPE, metadata: { ...metadata, resourceVersion }, spec: specOf(lease) };
      return send({ verb: 'update', method: 'PUT', path, body }, signal);
    },
    watch: (signal) => watchLease(options, warning, signal),
  };
}

async function* watchLease(
  { connection, clock, log, lease, requestDeadlineMs }: LeasesOptions,
  warning: { isGiven: boolean },
  signal: AbortSignal,
): AsyncGenerator<LeaseRecord> {
  const { collection, metadata } = placeOf(lease);
  const life = clock.deadline(WATCH_SECONDS * 1_000 + WATCH_GRACE_MS, signal);
  const query = {
    watch: 'true',
    fieldSelector: `metadata.name=${metadata.name}`,
    timeoutSeconds: String(WATCH_SECONDS),
  };
  const request = {
    verb: 'watch',
    resource: RESOURCE,
    method: 'GET',
    path: collection,
    query,
  } as const;
  const limits = { signal: life.signal, deadlineMs: requestDeadlineMs };
  try {
    for await (const frame of watchFrames(connection, request, limits)) {
      const changed = frame.kind === 'Added' || frame.kind === 'Modified';
      const record = changed ? readLease(frame.object, metadata.name) : undefined;
      if (record !== undefined) yield record;
      if (frame.kind !== 'Error' || frame.status !== FORBIDDEN || warning.isGiven) continue;
      warning.isGiven = true;
      const { verb, resource } = request;
      log.warn(NO_WATCH, { verb, resource, ...metadata, because: frame.message });
    }
  } finally {
    life.cancel();
  }
}

function placeOf(lease: Key) {
  const [namespace = '', name = ''] = lease.split('/');
  const collection = `/apis/${TYPE.apiVersion}/namespaces/${encodeURIComponent(namespace)}/leases`;
  const path = `${collection}/${encodeURIComponent(name)}`;
  return { collection, path, metadata: { namespace, name } };
}

function specOf(lease: LeaseRecord) {
  return {
    holderIdentity: lease.holder,
    leaseDurationSeconds: lease.leaseDurationSeconds,
    acquireTime: asMicroTime(lease.acquireTime),
    renewTime: asMicroTime(lease.renewTime),
    leaseTransitions: isCount(lease.transitions) ? lease.transitions : 0,
  };
}

const INT32_MAX = 2 ** 31 - 1;

/** The API refuses what is no int32, one too many for instance: nobody would ever lead again. */
function isCount(transitions: number): boolean {
  return Number.isInteger(transitions) && transitions >= 0 && transitions <= INT32_MAX;
}

function recordOf(
  answer: KubernetesAnswer,
  name: string,
  request: KubernetesRequest,
): Answer<LeaseRecord, KubernetesFailure> {
  if (answer.status !== 200 && answer.status !== 201) return failed(refusalOf(answer, request));
  const record = readLease(answer.body, name);
  return record === undefined
    ? failed(garbled('the answer is not our Lease', request))
    : answered(record);
}

/** Whoever wrote the Lease may have left out what it likes, but for its name and version. */
function readLease(raw: unknown, wanted: string): LeaseRecord | undefined {
  const { name, resourceVersion } = unknowns(field(unknowns(raw), 'metadata'));
  if (name !== wanted || !isText(resourceVersion)) return undefined;
  const spec = unknowns(field(unknowns(raw), 'spec'));
  return {
    holder: textOf(field(spec, 'holderIdentity')),
    leaseDurationSeconds: numberOf(field(spec, 'leaseDurationSeconds')),
    acquireTime: textOf(field(spec, 'acquireTime')),
    renewTime: textOf(field(spec, 'renewTime')),
    transitions: numberOf(field(spec, 'leaseTransitions')),
    resourceVersion,
  };
}

function textOf(value: unknown): string {
  return isText(value) ? value : '';
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
