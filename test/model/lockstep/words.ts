/** What is asked for, by the model and by the real thing, in the same words. */
import { FINALIZER, PAUSED_ANNOTATION } from '../../../src/api/names.ts';
import type { ResourceServer } from '../../../src/api/parse.ts';
import type { ResourceServerStatus } from '../../../src/api/resource-server.ts';
import { statusPatch } from '../../../src/core/status.ts';
import { CONTENTS, type Doing, type KubernetesWrite } from '../world.ts';
import type { Asked } from './ports.ts';

export type Words = Readonly<Record<string, unknown>>;

type Json = Readonly<Record<string, unknown>>;

/** What the model says a climb waits for. */
export function wordsOfDoing(doing: Doing): Words {
  switch (doing.kind) {
    case 'Looking':
      return { port: 'describe' };
    case 'Listing':
      return { port: 'list' };
    case 'ReadingRivals':
      return { port: 'read' };
    case 'Calling': {
      const { operation, wish } = doing.call;
      const port = operation.toLowerCase();
      return operation === 'Delete' ? { port } : { port, load: CONTENTS[wish] };
    }
    case 'Preparing':
    case 'Recording':
    case 'Settling':
    case 'AddingFinalizer':
    case 'RemovingFinalizer':
    case 'HandingOver':
      return wordsOfWrite(doing.write);
  }
}

function wordsOfWrite({ version, change }: KubernetesWrite): Words {
  if (change.kind === 'Finalizers') {
    return { port: 'patchObject', version, finalizers: change.finalizers };
  }
  return { port: 'patchStatus', version, status: bare(statusPatch(change.status)) };
}

/** What the real thing waits for. */
export function wordsOfAsked({ port, load }: Asked): Words {
  if (port === 'create' || port === 'update') return { port, load };
  if (port !== 'patchObject' && port !== 'patchStatus') return { port };
  const { metadata, status } = load as { metadata: Json; status: Json };
  const { resourceVersion: version, finalizers } = metadata;
  return port === 'patchObject'
    ? { port, version, finalizers }
    : { port, version, status: bare(status) };
}

/** Without what is for people: times, and what is said while at work. */
function bare(status: Json): Json {
  const conditions = (status['conditions'] ?? []) as readonly Json[];
  const pending = status['pending'] as Json | null;
  return {
    ...status,
    conditions: conditions.map(({ type, status: is, reason, observedGeneration }) => [
      type,
      is,
      reason,
      observedGeneration,
    ]),
    pending: pending && [pending['operation'], pending['hash'], pending['to']],
  };
}

/** Whether the write is one that is asked about others in its last step. */
export function isRecord({ load }: Asked, { remote, pending }: ResourceServer): boolean {
  const { status } = load as { status: ResourceServerStatus };
  const begins = Boolean(status.pending) && status.pending?.startTime !== pending?.startTime;
  return begins || (!remote && status.remote?.origin === 'Adopted');
}

/** As Kubernetes serves it. */
export function rawOf(resource: ResourceServer): Json {
  const { identity, desired, name, namespace, uid, resourceVersion, generation } = resource;
  const { deletionPolicy, adoptionPolicy, managementPolicy } = resource;
  const metadata = {
    name,
    namespace,
    uid,
    resourceVersion,
    generation,
    creationTimestamp: resource.createdAt,
    finalizers: resource.finalizers.includes(FINALIZER) ? [FINALIZER] : [],
    ...(resource.leaving ? { deletionTimestamp: '2026-01-01T01:00:00Z' } : {}),
    ...(resource.paused ? { annotations: { [PAUSED_ANNOTATION]: 'true' } } : {}),
  };
  const policies = { deletionPolicy, adoptionPolicy, managementPolicy };
  return { metadata, spec: { ...identity, ...desired, ...policies }, status: resource.status };
}
