/** The Cluster port on simulated objects: reads and patches; what is watched is in `feed.ts`. */
import type { KubernetesFailure } from '../../src/core/failure.ts';
import { type Answer, answered, type Cluster, failed } from '../../src/ports.ts';
import { documentOf, WHOLE_CRD } from '../support/crd.ts';
import { createFeed } from './feed.ts';
import type { StoredObject } from './objects.ts';
import { type ClusterParts, free, send } from './requests.ts';

const SCHEMA = documentOf(WHOLE_CRD);

export function createSimulatedCluster(parts: ClusterParts): Cluster {
  const { objects } = parts;
  return {
    feed: (namespace) => createFeed(parts, namespace),
    read: (key, signal) =>
      send(parts, { verb: 'read', key, patch: {} }, free(signal), () => found(objects.get(key))),
    patchObject: (key, patch, call) =>
      send(parts, { verb: 'patchObject', key, patch }, call, () =>
        objects.patchObject(key, patch, 'Operator'),
      ),
    patchStatus: (key, patch, call) =>
      send(parts, { verb: 'patchStatus', key, patch }, call, () =>
        objects.patchStatus(key, patch, 'Operator'),
      ),
    schema: async () => answered(SCHEMA),
  };
}

function found(object: StoredObject | undefined): Answer<unknown, KubernetesFailure> {
  return object === undefined ? failed({ kind: 'Gone' }) : answered(object);
}
