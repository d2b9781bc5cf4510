/**
 * Deleting a namespace deletes what is in it; the namespace itself goes when nothing is left, which
 * may be long after, when the last finalizer of the last object is removed.
 */
import { type ApiContext, collectionOf } from '../api-context.ts';
import { forbiddenAccess, notFound } from '../failure.ts';
import { type KubeObject, withMeta } from '../kube-object.ts';
import { firstAtOrAfter } from '../store.ts';
import { type Deleted, type DeleteOptions, remove } from '../verbs/delete.ts';
import { timestamp } from '../verbs/object-meta.ts';
import { NAMESPACES } from './namespaces.ts';
import type { ResourceType } from './resource-type.ts';

const PROTECTED = ['default', 'kube-system', 'kube-public'];
const KEEP_NOTHING: DeleteOptions = {
  uid: undefined,
  resourceVersion: undefined,
  isDryRun: false,
};

export function removeNamespace(api: ApiContext, name: string, options: DeleteOptions): Deleted {
  const namespaces = collectionOf(api, NAMESPACES);
  const before = namespaces.get(name);
  if (before === undefined) throw notFound(NAMESPACES, name);
  if (PROTECTED.includes(name)) {
    throw forbiddenAccess(NAMESPACES, name, 'this namespace may not be deleted');
  }
  const terminating = {
    ...withMeta(before, { deletionTimestamp: timestamp(api.now()) }),
    status: { phase: 'Terminating' },
  };
  if (options.isDryRun || before.metadata.deletionTimestamp !== undefined) {
    return { kind: 'marked', object: before };
  }
  const object = namespaces.put(name, terminating);
  for (const { type, item } of contents(api, name)) {
    remove(api, { type, namespace: name, name: item.metadata.name, part: 'object' }, KEEP_NOTHING);
  }
  removeIfEmpty(api, name);
  return { kind: 'marked', object };
}

export function removeIfEmpty(api: ApiContext, name: string | undefined): void {
  const namespaces = collectionOf(api, NAMESPACES);
  const namespace = name === undefined ? undefined : namespaces.get(name);
  if (name === undefined || namespace?.metadata.deletionTimestamp === undefined) return;
  if (contents(api, name).length === 0) namespaces.remove(name);
}

interface Content {
  readonly type: ResourceType;
  readonly item: KubeObject;
}

function contents(api: ApiContext, namespace: string): readonly Content[] {
  const prefix = `${namespace}/`;
  const seen = new Set<string>();
  return api.registry.all().flatMap((type) => {
    if (!type.namespaced || seen.has(type.collection)) return [];
    seen.add(type.collection);
    const { keys, objects } = collectionOf(api, type).now();
    const inside = keys.slice(firstAtOrAfter(keys, prefix));
    const end = inside.findIndex((key) => !key.startsWith(prefix));
    const mine = end === -1 ? inside : inside.slice(0, end);
    return mine.map((key) => ({ type, item: objects.get(key) as KubeObject }));
  });
}
