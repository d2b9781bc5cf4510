/** `/openapi/v3`: enough for `kubectl apply` to validate and for `kubectl explain` to explain. */
import { createHash } from 'node:crypto';
import type { Registry } from '../kinds/registry.ts';
import { apiVersionOf, type ResourceType } from '../kinds/resource-type.ts';
import { isObject, type JsonObject } from '../kube-object.ts';
import { groupNames, versionsOf } from './discovery.ts';
// As kube-apiserver 1.36 (Apache-2.0) publishes them.
import META_SCHEMAS from './meta-schemas.json' with { type: 'json' };

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';
const CONVENTIONS =
  'https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md';

const text = (description: string, section: string): JsonObject => ({
  type: 'string',
  description: `${description} More info: ${CONVENTIONS}#${section}`,
});

const IMPLICIT: JsonObject = {
  apiVersion: text(
    'APIVersion defines the versioned schema of this representation of an object. Servers should ' +
      'convert recognized schemas to the latest internal value, and may reject unrecognized values.',
    'resources',
  ),
  kind: text(
    'Kind is a string value representing the REST resource this object represents. Servers may ' +
      'infer this from the endpoint the client submits requests to. Cannot be updated. In ' +
      'CamelCase.',
    'types-kinds',
  ),
  metadata: {
    description: `Standard object's metadata. More info: ${CONVENTIONS}#metadata`,
    allOf: [{ $ref: `#/components/schemas/${META}` }],
  },
};

export function openApiIndex(registry: Registry): JsonObject {
  const paths = ['', ...groupNames(registry)].flatMap((group) =>
    versionsOf(registry, group).map((version) => {
      const path = group === '' ? `api/${version}` : `apis/${group}/${version}`;
      return [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hashOf(registry, group)}` }];
    }),
  );
  return { paths: Object.fromEntries(paths) };
}

/** Clients cache a document by this, so it changes with the schemas. */
function hashOf(registry: Registry, group: string): string {
  const schemas = registry.all().filter((type) => type.group === group);
  const content = JSON.stringify(
    schemas.map(({ kind, version, schema }) => [kind, version, schema]),
  );
  return createHash('sha512').update(content).digest('hex').toUpperCase();
}

export function openApiDocument(registry: Registry, group: string, version: string): JsonObject {
  const types = registry.all().filter((type) => type.group === group && type.version === version);
  return {
    openapi: '3.0.0',
    info: { title: 'Embedded Kubernetes', version: 'v1.36.3' },
    paths: Object.fromEntries(types.flatMap(pathsOf)),
    components: {
      schemas: {
        ...Object.fromEntries(types.map((type) => [schemaName(type), schemaOf(type)])),
        ...META_SCHEMAS,
      },
    },
  };
}

/** `io.cognito-operator.v1.ResourceServer` */
function schemaName({ group, version, kind }: ResourceType): string {
  const reversed = group === '' ? 'io.k8s.api.core' : group.split('.').toReversed().join('.');
  return `${reversed}.${version}.${kind}`;
}

function schemaOf(type: ResourceType): JsonObject {
  const { group, version, kind, schema } = type;
  return {
    ...(publicSchema(schema) as JsonObject),
    properties: { ...(publicSchema(schema.properties ?? {}) as JsonObject), ...IMPLICIT },
    'x-kubernetes-group-version-kind': [{ group, version, kind }],
  };
}

/** OpenAPI has no format `micro-time`. */
function publicSchema(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(publicSchema);
  if (!isObject(schema)) return schema === 'micro-time' ? 'date-time' : schema;
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, publicSchema(value)]),
  );
}

const QUERY = ['dryRun', 'fieldManager', 'fieldValidation'].map((name) => ({
  name,
  in: 'query',
  schema: { type: 'string', uniqueItems: true },
}));

function pathsOf(type: ResourceType): readonly (readonly [string, JsonObject])[] {
  const root = type.group === '' ? '/api/v1' : `/apis/${apiVersionOf(type)}`;
  const base = `${root}/${type.namespaced ? 'namespaces/{namespace}/' : ''}${type.plural}`;
  const collection = {
    get: operation(type, 'list', []),
    post: operation(type, 'post', QUERY),
  };
  const object = {
    get: operation(type, 'get', []),
    put: operation(type, 'put', QUERY),
    patch: operation(type, 'patch', QUERY),
    delete: operation(type, 'delete', []),
  };
  const whole: readonly (readonly [string, JsonObject])[] = type.namespaced
    ? [[`${root}/${type.plural}`, { get: operation(type, 'list', []) }]]
    : [];
  const { get, put, patch } = object;
  const status: readonly (readonly [string, JsonObject])[] = type.hasStatus
    ? [[`${base}/{name}/status`, { get, put, patch }]]
    : [];
  return [[base, collection], [`${base}/{name}`, object], ...status, ...whole];
}

function operation(
  type: ResourceType,
  action: string,
  parameters: readonly JsonObject[],
): JsonObject {
  const { group, version, kind } = type;
  const $ref = `#/components/schemas/${schemaName(type)}`;
  const content = { 'application/json': { schema: { $ref } } };
  return {
    operationId: `${action}${kind}${version}`,
    parameters,
    ...(action === 'post' || action === 'put' ? { requestBody: { content } } : {}),
    responses: { 200: { description: 'OK', content } },
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': { group, version, kind },
  };
}
