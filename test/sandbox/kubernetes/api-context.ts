/** What every verb works on. */
import { notFound } from './failure.ts';
import type { Registry } from './kinds/registry.ts';
import type { ResourceType } from './kinds/resource-type.ts';
import { type KubeObject, keyOf } from './kube-object.ts';
import type { Collection, Store } from './store.ts';

export interface ApiContext {
  readonly store: Store;
  readonly registry: Registry;
  readonly now: () => Date;
  /**
   * Objects that lack, as stored, the default of status that every reader sees: a create drops the
   * status and only reading fills it in. The first write to them is a change, whatever it says.
   */
  readonly undefaulted: WeakSet<KubeObject>;
  /** Called after an object is gone: a namespace that is being deleted may now be empty. */
  readonly removed: (namespace: string | undefined) => void;
}

/** One object of one kind; `status` says that only its status subresource is meant. */
export interface ObjectPlace {
  readonly type: ResourceType;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly part: 'object' | 'status';
}

export function collectionOf(api: ApiContext, type: ResourceType): Collection {
  return api.store.collection(type.collection);
}

export function find(api: ApiContext, place: ObjectPlace): KubeObject | undefined {
  return collectionOf(api, place.type).get(keyOf(place.namespace, place.name));
}

export function stored(api: ApiContext, place: ObjectPlace): KubeObject {
  const object = find(api, place);
  if (object === undefined) throw notFound(place.type, place.name);
  return object;
}
