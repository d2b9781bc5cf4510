/**
 * Users with kubectl: what they apply, edit, annotate and delete, named by its name alone, or by
 * its key where it is in another namespace.
 */

import { findCondition } from '../../src/api/conditions.ts';
import type { ResourceServerSpec } from '../../src/api/resource-server.ts';
import type { Json, ResourceServerBuilder } from '../support/builders.ts';
import type { Manifest, Objects, StoredObject } from './objects.ts';

export const NAMESPACE = 'identity';

export interface People {
  apply(resource: ResourceServerBuilder | Manifest): void;
  edit(name: string, spec: Partial<ResourceServerSpec>): void;
  /** `null` takes an annotation away. */
  annotate(name: string, annotations: Readonly<Record<string, string | null>>): void;
  label(name: string, labels: Readonly<Record<string, string | null>>): void;
  stripFinalizers(name: string): void;
  /** With the rights of the operator, which nobody should have. */
  forge(name: string, status: Json): void;
  remove(name: string): void;
  /** `undefined`: gone. */
  find(name: string): StoredObject | undefined;
  get(name: string): StoredObject;
  /** Ready in two words, as in `True Synced`; `-` before the first climb and after the last. */
  ready(name: string): string;
  message(name: string): string;
}

export function createPeople(objects: Objects): People {
  const keyOf = (name: string) => (name.includes('/') ? name : `${NAMESPACE}/${name}`);
  const find = (name: string) => objects.get(keyOf(name));
  const condition = (name: string) => findCondition(find(name)?.status.conditions, 'Ready');
  const patch = (name: string, fields: object): void =>
    check(name, objects.patchObject(keyOf(name), fields, 'People'));
  return {
    apply: (resource) => {
      objects.create('raw' in resource ? (resource.raw() as unknown as Manifest) : resource);
    },
    edit: (name, spec) => patch(name, { spec }),
    annotate: (name, annotations) => patch(name, { metadata: { annotations } }),
    label: (name, labels) => patch(name, { metadata: { labels } }),
    stripFinalizers: (name) => patch(name, { metadata: { finalizers: null } }),
    forge: (name, status) => check(name, objects.patchStatus(keyOf(name), { status }, 'People')),
    remove: (name) => objects.remove(keyOf(name)),
    find,
    get: (name) => find(name) ?? missing(name),
    ready: (name) => {
      const ready = condition(name);
      return ready === undefined ? '-' : `${ready.status} ${ready.reason}`;
    },
    message: (name) => condition(name)?.message ?? '',
  };
}

function check(name: string, written: ReturnType<Objects['patchObject']>): void {
  if (written.kind === 'Failed') throw new Error(`${name}: ${written.failure.kind}`);
}

function missing(name: string): never {
  throw new Error(`there is no ${name}`);
}
