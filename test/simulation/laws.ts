/**
 * What must hold in every moment, whatever happens: judged on each write of the operator as it
 * leaves and as it lands, and on each effect on Cognito. What a ghost knows is in `ghost.ts`, who
 * may lead in `reign.ts`.
 */
import { isDeepStrictEqual } from 'node:util';
import { findCondition } from '../../src/api/conditions.ts';
import { FINALIZER, PAUSED_ANNOTATION } from '../../src/api/names.ts';
import type { PendingOperation, RemoteRecord } from '../../src/api/resource-server.ts';
import type { LeaseTimes } from '../../src/core/lease.ts';
import { isMutation, type SimulatedCognito } from './cognito.ts';
import { createGhost, type Ghost } from './ghost.ts';
import type { Moment, Witness } from './moment.ts';
import { type Change, keyOf, type Objects, type StoredObject } from './objects.ts';
import { hasRival, isLeaving } from './records.ts';
import { createReign, type Reign } from './reign.ts';
import type { KubernetesRequest } from './requests.ts';

export type { Ghost } from './ghost.ts';

export interface Judged {
  readonly objects: Objects;
  readonly cognito: SimulatedCognito;
  readonly broken: string[];
}

/** So many sentences; one is enough to go by. */
const BROKEN_MAX = 50;

export function watchLaws(judged: Judged, times: LeaseTimes): Ghost & { readonly see: Witness } {
  const { objects, broken } = judged;
  const ghost = createGhost(judged);
  const court: Court = { objects, ghost, reign: createReign(times) };
  const see: Witness = (moment, atMs) => {
    for (const sentence of sentencesOn(court, moment, atMs)) {
      if (broken.length < BROKEN_MAX) broken.push(sentence);
    }
  };
  return { ...ghost, see };
}

interface Court {
  readonly objects: Objects;
  readonly ghost: ReturnType<typeof createGhost>;
  readonly reign: Reign;
}

const NONE: readonly string[] = [];

function sentencesOn({ objects, ghost, reign }: Court, moment: Moment, atMs: number) {
  switch (moment.kind) {
    case 'Effect': {
      const { operation, pool, identifier } = moment.effect;
      const laws = ghost.see(moment.effect);
      return laws.map((law) => `${operation} of ${pool}/${identifier} ${law}`);
    }
    case 'Change': {
      const { change } = moment;
      const laws = [...ghost.judge(change), ...lawsOfWrite(change, objects, ghost)];
      return laws.map((law) => `${keyOf(change.object)} ${law}`);
    }
    case 'Cognito': {
      ghost.look(moment);
      if (moment.stage.kind !== 'Departed' || !isMutation(moment.request.operation)) return NONE;
      return reign.leads(moment.by, atMs) ? NONE : [`${moment.by} calls Cognito and leads not`];
    }
    case 'Kubernetes': {
      if (moment.stage.kind !== 'Departed' || !isPatch(moment.request)) return NONE;
      const laws = [...lawsOfPatch(moment.request), ...ghost.hear(moment)];
      if (!reign.leads(moment.by, atMs)) laws.push(`is written by ${moment.by}, who leads not`);
      return laws.map((law) => `${moment.request.key} ${law}`);
    }
    case 'Lease':
      return reign.see(moment, atMs);
    case 'Fault':
      if (moment.name === 'DropLease') reign.dropped();
      return NONE;
    default:
      return NONE;
  }
}

/* ------------------------------------------------------------------ the requests */

function isPatch({ verb }: KubernetesRequest): boolean {
  return verb === 'patchObject' || verb === 'patchStatus';
}

function lawsOfPatch({ patch }: KubernetesRequest): string[] {
  const { metadata } = patch as Partial<StoredObject>;
  return metadata?.resourceVersion === undefined ? ['is written without a guard'] : [];
}

/* ----------------------------------------------------------------- the objects */

const STATUS_CHARS_MAX = 8_192;
const CONDITIONS_MAX = 8;
const MESSAGE_CHARS_MAX = 1_024;

function lawsOfWrite(change: Change, objects: Objects, ghost: Ghost): readonly string[] {
  const { by, before, object, kind } = change;
  if (by === 'People' || kind === 'Deleted' || before?.status === object.status) return NONE;
  const { pending, observedGeneration = -1 } = object.status;
  const laws = [...lawsOfSize(object)];
  const isReady = findCondition(object.status.conditions, 'Ready')?.status === 'True';
  if (isReady && pending !== undefined) laws.push('is Ready beside a pending record');
  if (isReady && isLeaving(object)) laws.push('is Ready beside a deletionTimestamp');
  const { generation } = object.metadata;
  if (observedGeneration > generation) laws.push('observed a generation that is not there');
  const observedBefore = before?.status.observedGeneration ?? -1;
  const isTampered = ghost.isTampered(object.spec);
  if (!isTampered && observedGeneration < observedBefore) laws.push('observed backwards');
  const isNew = pending !== undefined && !isDeepStrictEqual(before?.status.pending, pending);
  if (isNew) laws.push(...lawsOfRecord(object, objects, { to: pending.operation, isTampered }));
  if (isAdoption(change)) laws.push(...lawsOfRecord(object, objects, { to: 'Adopt', isTampered }));
  return laws;
}

function isAdoption({ before, object }: Change): boolean {
  const { remote } = object.status;
  return remote?.origin === 'Adopted' && before?.status.remote === undefined && !remote.from;
}

function lawsOfSize({ status }: StoredObject): readonly string[] {
  const conditions = status.conditions ?? [];
  const longest = Math.max(0, ...conditions.map(({ message }) => message.length));
  const laws: string[] = [];
  if (JSON.stringify(status).length > STATUS_CHARS_MAX) laws.push('has a huge status');
  if (conditions.length > CONDITIONS_MAX) laws.push('has too many conditions');
  if (longest > MESSAGE_CHARS_MAX) laws.push('has a message without end');
  return laws;
}

interface Record {
  readonly to: PendingOperation | 'Adopt';
  readonly isTampered: boolean;
}

/** Written for a version of the object, so that what it says is what was decided on. */
function lawsOfRecord(object: StoredObject, objects: Objects, { to, isTampered }: Record) {
  const { metadata, spec, status } = object;
  const laws: string[] = [];
  const must = (holds: boolean, law: string): void => {
    if (!holds) laws.push(`has a record to ${to} ${law}`);
  };
  const isFarewell = to === 'Delete' || to === 'HandOver';
  must(metadata.finalizers?.includes(FINALIZER) === true, 'without the finalizer');
  must(status.recordUID === metadata.uid, 'that names another object');
  must(metadata.annotations?.[PAUSED_ANNOTATION] !== 'true', 'while it is paused');
  must(spec.managementPolicy === 'Enforce', 'while it only observes');
  must(isLeaving(object) === isFarewell, 'at the wrong end of its life');
  must(to === 'Create' || status.remote !== undefined, 'of what is not its own');
  must(!isFarewell || isDuty(object, status.remote), 'against its policy');
  must(isTampered || !hasRival(object, objects), 'beside another record of its identity');
  return laws;
}

function isDuty({ spec }: StoredObject, remote: RemoteRecord | undefined): boolean {
  if (spec.deletionPolicy === 'Delete') return true;
  return spec.deletionPolicy === 'DeleteIfCreated' && remote?.origin === 'Created';
}
