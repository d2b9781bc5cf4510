/**
 * Writes to Kubernetes: each guarded by the resourceVersion that was decided on, each asked again
 * in its last synchronous step, each answer put where the next look finds it.
 */
import { FINALIZER } from '../api/names.ts';
import { parse, type ResourceServer } from '../api/parse.ts';
import type { PendingRecord, ResourceServerStatus } from '../api/resource-server.ts';
import type { Leaving } from '../core/action.ts';
import { isValid } from '../core/attempts.ts';
import type { KubernetesFailure, Withheld } from '../core/failure.ts';
import { type Learned, remoteRecord } from '../core/learn.ts';
import { messageOfPending } from '../core/messages.ts';
import { rowOfPending } from '../core/rows.ts';
import { nextStatus, statusPatch } from '../core/status.ts';
import { triggerKnown } from '../core/trigger.ts';
import type { Records, Stop, View } from '../core/view.ts';
import { type Answer, answered, type Call, failed, type Guard } from '../ports.ts';
import type { Run, Surroundings } from './surroundings.ts';

type Written = Answer<ResourceServer, KubernetesFailure>;

export async function addFinalizer(around: Surroundings, run: Run, view: View): Promise<Learned> {
  const finalizers = [...view.resource.finalizers, FINALIZER];
  const written = await patchObject(around, run, view.resource, { finalizers });
  return written.kind === 'Failed'
    ? stopped('Finalizer', written.failure)
    : { kind: 'FinalizerAdded', resource: written.value };
}

export async function removeFinalizer(
  around: Surroundings,
  run: Run,
  view: View,
  leaves: Leaving,
): Promise<Learned> {
  const finalizers = view.resource.finalizers.filter((each) => each !== FINALIZER);
  const written = await patchObject(around, run, view.resource, { finalizers });
  const gone = written.kind === 'Failed' && written.failure.kind === 'Gone';
  if (written.kind === 'Failed' && !gone) return stopped('Finalizer', written.failure);
  if (gone || finalizers.length === 0) forgetObject(around, run, view.resource);
  return { kind: 'FinalizerRemoved', leaves };
}

function forgetObject({ shelf }: Surroundings, run: Run, { key, uid }: ResourceServer): void {
  run.deserving.push(...shelf.removed(key, uid));
}

export async function recordPending(
  around: Surroundings,
  run: Run,
  view: View,
  { operation, hash, to }: Planned,
): Promise<Learned> {
  const startTime = around.ports.clock.timestamp();
  const about = to === undefined ? { operation, hash } : { operation, hash, to };
  const pending = { ...about, startTime, instance: around.settings.instance };
  const written = await writeRecord(around, run, view, { ...view.records, pending });
  return written.kind === 'Failed'
    ? stopped('Record', written.failure)
    : { kind: 'PendingRecorded', resource: written.value };
}

type Planned = Pick<PendingRecord, 'operation' | 'hash' | 'to'>;

export async function adopt(
  around: Surroundings,
  run: Run,
  view: View,
  hash: string,
): Promise<Learned> {
  const { identity } = view.resource;
  const remote = identity && remoteRecord(view, identity, 'Adopted', hash);
  const written = await writeRecord(around, run, view, { remote, pending: undefined });
  return written.kind === 'Failed'
    ? stopped('Record', written.failure)
    : { kind: 'AdoptionRecorded', resource: written.value };
}

/**
 * A record goes out with the conditions that belong to it. What hangs on other resources is asked
 * in the last synchronous step, and from that step on the record counts for them.
 */
async function writeRecord(
  around: Surroundings,
  run: Run,
  view: View,
  records: Records,
): Promise<Written> {
  const { claims } = around.memory;
  const { resource } = view;
  const row = rowOfPending(resource.leaving);
  const message = messageOfPending(resource, records.pending);
  const saying = { row, message, drift: [], records };
  const next = nextStatus(view, saying, secondsOf(around.ports.clock.timestamp()));
  const guard: Guard = () => {
    const withheld = withheldFromRecord(around, view, records);
    if (withheld === undefined) claims.assume(resource);
    return withheld;
  };
  const written = await patchStatus(around, run, resource, { status: next, guard });
  if (written.kind === 'Answered') learnStored(around, run, written.value);
  else whenRecordFailed(around, run, resource, written.failure);
  return written;
}

function withheldFromRecord(
  around: Surroundings,
  { resource, observation }: View,
  { pending }: Records,
): Withheld | undefined {
  const { memory, term } = around;
  const { identity, uid } = resource;
  if (term.isEnding()) return 'Stopping';
  if (identity === undefined) return undefined;
  const holder = memory.claims.holder(identity);
  if (holder !== undefined && holder.uid !== uid) return 'ClaimChanged';
  // A hand-over stands on no look at Cognito.
  if (pending?.operation === 'HandOver') return undefined;
  const attempts = memory.attemptsOf(identity);
  return observation && isValid(observation, attempts) ? undefined : 'ObservationStale';
}

/** What is stored counts again; whoever waited for what we assumed may hold now. */
export function learnStored({ memory }: Surroundings, run: Run, stored: ResourceServer): void {
  run.deserving.push(...triggerKnown(memory.claims, stored));
}

/** Only silence may still land: then the record counts until a later version says otherwise. */
function whenRecordFailed(
  around: Surroundings,
  run: Run,
  resource: ResourceServer,
  failure: KubernetesFailure,
): void {
  const { memory, ports } = around;
  const silent = failure.kind === 'KubernetesFailed' && !failure.answered;
  if (!silent) learnStored(around, run, resource);
  else if (resource.identity)
    memory.claims.unanswered(resource.identity, ports.clock.monotonicMs());
}

/** Conditions carry whole seconds, as metav1.Time does. */
export function secondsOf(timestamp: string): string {
  return timestamp.replace(/\.\d+Z$/, 'Z');
}

interface StatusWrite {
  readonly status: ResourceServerStatus;
  /** What is asked beside the lease. */
  readonly guard?: Guard;
}

export async function patchStatus(
  around: Surroundings,
  run: Run,
  resource: ResourceServer,
  { status, guard = () => undefined }: StatusWrite,
): Promise<Written> {
  const { key, uid, resourceVersion } = resource;
  const patch = { metadata: { resourceVersion }, status: statusPatch(status) };
  const leading: Guard = () => around.term.assertLeader() ?? guard();
  const call: Call = { signal: run.signal, guard: leading };
  around.memory.expect(uid, { status });
  const answer = await around.ports.cluster.patchStatus(key, patch, call);
  return keep(around, run, resource, answer);
}

async function patchObject(
  around: Surroundings,
  run: Run,
  resource: ResourceServer,
  touch: { readonly finalizers: readonly string[] },
): Promise<Written> {
  const { key, uid, resourceVersion } = resource;
  const patch = { metadata: { uid, resourceVersion, ...touch } };
  const call: Call = { signal: run.signal, guard: () => around.term.assertLeader() };
  around.memory.expect(uid, touch);
  const answer = await around.ports.cluster.patchObject(key, patch, call);
  return keep(around, run, resource, answer);
}

/** After a conflict the live object is read, so that the next climb decides on what is there. */
async function keep(
  around: Surroundings,
  run: Run,
  resource: ResourceServer,
  answer: Answer<unknown, KubernetesFailure>,
): Promise<Written> {
  const written = answer.kind === 'Answered' ? keepObject(around, run, answer.value) : answer;
  around.memory.expect(resource.uid, undefined);
  if (answer.kind === 'Answered') return written;
  if (answer.failure.kind === 'Conflict') await readLive(around, run, resource.key);
  if (answer.failure.kind === 'Gone') forgetObject(around, run, resource);
  return answer;
}

export async function readLive(around: Surroundings, run: Run, key: string): Promise<Written> {
  const answer = await around.ports.cluster.read(key, run.signal);
  return answer.kind === 'Answered' ? keepObject(around, run, answer.value) : answer;
}

function keepObject({ shelf }: Surroundings, run: Run, raw: unknown): Written {
  const parsed = parse(raw);
  if (parsed.kind === 'Unreadable') return failed(garbled(parsed.why));
  const others = shelf.wrote(parsed.resource).filter(({ key }) => key !== run.key);
  run.deserving.push(...others);
  return answered(parsed.resource);
}

function garbled(message: string): KubernetesFailure {
  return {
    kind: 'KubernetesFailed',
    answered: false,
    status: undefined,
    message: `the API server answered with no resource: ${message}`,
    retryAfterMs: undefined,
  };
}

type StopOf = Extract<Stop, { kind: 'WriteFailed' }>['of'];

export function stopped(of: StopOf, failure: KubernetesFailure): Learned {
  return { kind: 'Stopped', stop: { kind: 'WriteFailed', of, failure } };
}
