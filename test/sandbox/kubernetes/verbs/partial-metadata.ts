/** `PartialObjectMetadata`: an object reduced to its metadata. */
import type { JsonObject, KubeObject } from '../kube-object.ts';

export function partialMetadata({ metadata }: KubeObject): JsonObject {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata };
}
