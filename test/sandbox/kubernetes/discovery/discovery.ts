/** What there is: `/api`, `/apis`, and the resources of each group and version. */

import type { Registry } from '../kinds/registry.ts';
import type { ResourceType } from '../kinds/resource-type.ts';
import type { JsonObject } from '../kube-object.ts';

const OBJECT_VERBS = [
  'create',
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'update',
  'watch',
];
/** A real server says these in this order. */
const CUSTOM_VERBS = [
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'create',
  'update',
  'watch',
];
const STATUS_VERBS = ['get', 'patch', 'update'];

/** Kinds that are asked and answered, and never stored. */
const REVIEWS: readonly JsonObject[] = [
  {
    name: 'selfsubjectaccessreviews',
    singularName: 'selfsubjectaccessreview',
    namespaced: false,
    kind: 'SelfSubjectAccessReview',
    verbs: ['create'],
  },
];

export const REVIEWS_GROUP = 'authorization.k8s.io';

export const VERSION = {
  major: '1',
  minor: '36',
  emulationMajor: '1',
  emulationMinor: '36',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '35',
  gitVersion: 'v1.36.3',
  gitCommit: 'embedded',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: 'none',
  compiler: 'none',
  platform: 'embedded',
};

export function coreVersions(): JsonObject {
  return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] };
}

export function groupList(registry: Registry): JsonObject {
  const groups = groupNames(registry).map((name) => groupBody(registry, name));
  return { kind: 'APIGroupList', apiVersion: 'v1', groups };
}

export function groupNames(registry: Registry): readonly string[] {
  const names = registry.all().map(({ group }) => group);
  return [...new Set([...names, REVIEWS_GROUP])].filter((name) => name !== '').sort();
}

export function versionsOf(registry: Registry, group: string): readonly string[] {
  const types = registry.all().filter((type) => type.group === group);
  const versions = types.map(({ version }) => version);
  return [...new Set(group === REVIEWS_GROUP ? ['v1', ...versions] : versions)];
}

export function groupDescription(registry: Registry, group: string): JsonObject | undefined {
  if (versionsOf(registry, group).length === 0) return undefined;
  return { kind: 'APIGroup', apiVersion: 'v1', ...groupBody(registry, group) };
}

function groupBody(registry: Registry, name: string): JsonObject {
  const versions = versionsOf(registry, name).map((version) => ({
    groupVersion: `${name}/${version}`,
    version,
  }));
  return { name, versions, preferredVersion: versions[0] };
}

export function resourceList(
  registry: Registry,
  group: string,
  version: string,
): JsonObject | undefined {
  const types = registry.all().filter((type) => type.group === group && type.version === version);
  const reviews = group === REVIEWS_GROUP && version === 'v1' ? REVIEWS : [];
  const resources = [...types.flatMap(describeType), ...reviews];
  if (resources.length === 0) return undefined;
  const groupVersion = group === '' ? version : `${group}/${version}`;
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources };
}

function describeType(type: ResourceType): readonly JsonObject[] {
  const { plural, singular, namespaced, kind, shortNames, categories } = type;
  const main = {
    name: plural,
    singularName: singular,
    namespaced,
    kind,
    verbs: type.rules.isTyped ? OBJECT_VERBS : CUSTOM_VERBS,
    ...(shortNames.length === 0 ? {} : { shortNames }),
    ...(categories.length === 0 ? {} : { categories }),
  };
  if (!type.hasStatus) return [main];
  const status = {
    name: `${plural}/status`,
    singularName: '',
    namespaced,
    kind,
    verbs: STATUS_VERBS,
  };
  return [main, status];
}
