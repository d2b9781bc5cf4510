/** `/openapi/v3`: enough for `kubectl apply` to validate and for `kubectl explain` to explain. */
import { createHash } from 'node:crypto';
import type { Registry } from '../kinds/registry.ts';
import { apiVersionOf, type ResourceType } from '../kinds/resource-type.ts';
import { isObject, type JsonObject } from '../kube-object.ts';
import { groupNames, versionsOf } from './discovery.ts';

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';
const text = (description: string): JsonObject => ({ type: 'string', description });
const texts = (description: string): JsonObject => ({
  type: 'object',
  description,
  additionalProperties: { type: 'string' },
});

const META_SCHEMA: JsonObject = {
  description: 'ObjectMeta is metadata that all persisted resources must have.',
  type: 'object',
  properties: {
    name: text('Name must be unique within a namespace. Cannot be updated.'),
    namespace: text('Namespace defines the space within which each name must be unique.'),
    generateName: text('GenerateName is a prefix, used by the server, to generate a unique name.'),
    labels: texts('Map of string keys and values that can be used to organize objects.'),
    annotations: texts('Annotations is an unstructured key value map stored with a resource.'),
    finalizers: {
      type: 'array',
      items: { type: 'string' },
      description: 'Must be empty before the object is deleted from the registry.',
    },
    ownerReferences: {
      type: 'array',
      items: { type: 'object' },
      description: 'List of objects depended by this object.',
    },
    uid: text('UID is the unique in time and space value for this object.'),
    resourceVersion: text('The internal version of this object.'),
    generation: {
      type: 'integer',
      format: 'int64',
      description: 'A sequence number representing a specific generation of the desired state.',
    },
    creationTimestamp: text('When this object was created.'),
    deletionTimestamp: text('When this resource will be deleted.'),
    deletionGracePeriodSeconds: { type: 'integer', format: 'int64' },
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
        [META]: META_SCHEMA,
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
    properties: {
      apiVersion: text('APIVersion defines the versioned schema of this representation.'),
      kind: text('Kind is a string value representing the REST resource this object represents.'),
      ...(publicSchema(schema.properties ?? {}) as JsonObject),
      metadata: {
        description: "Standard object's metadata.",
        allOf: [{ $ref: `#/components/schemas/${META}` }],
      },
    },
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
  return [[base, collection], [`${base}/{name}`, object], ...whole];
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
