/** Puts objects into the store without the network, but not without validation. */
import type { ApiContext } from '../api-context.ts';
import type { ResourceType } from '../kinds/resource-type.ts';
import { at, isObject, type KubeObject } from '../kube-object.ts';
import { create } from './create.ts';
import { decodeObject } from './decode.ts';
import { update } from './update.ts';
import { refuseBody } from './write-options.ts';

const STRICTLY = { isDryRun: false, fieldValidation: 'Strict' } as const;

export function loadObjects(api: ApiContext, objects: Iterable<unknown>): void {
  for (const object of objects) loadObject(api, object);
}

function loadObject(api: ApiContext, object: unknown): void {
  const kind = String(at(object, 'kind'));
  const type = api.registry.findKind(String(at(object, 'apiVersion')), kind);
  if (type === undefined) throw new Error(`the embedded server knows no kind ${kind}`);
  const decoded = decodeObject(object, type);
  const { namespace } = decoded.object.metadata;
  const made = create(api, { type, namespace, decoded, options: STRICTLY }).object;
  if (type.hasStatus && isObject(decoded.object.status)) {
    loadStatus(api, { type, made, status: decoded.object.status });
  }
}

interface LoadedStatus {
  readonly type: ResourceType;
  readonly made: KubeObject;
  readonly status: unknown;
}

function loadStatus(api: ApiContext, { type, made, status }: LoadedStatus): void {
  const { namespace, name } = made.metadata;
  update(
    api,
    { type, namespace, name, part: 'status' },
    {
      change: (before) => ({ object: { ...before, status }, unknown: [], warnings: [] }),
      guardsUid: false,
      options: STRICTLY,
      refuseUnknown: () => refuseBody(type),
    },
  );
}
