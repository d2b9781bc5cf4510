/** From the bytes of a request to an object of a kind: parsed, checked for its shape, pruned. */
import { parse as parseYaml } from 'yaml';
import { badRequest, unsupportedMediaType } from '../failure.ts';
import { apiVersionOf, type ResourceType } from '../kinds/resource-type.ts';
import {
  isObject,
  type JsonObject,
  type KubeObject,
  type ObjectMeta,
  textAt,
} from '../kube-object.ts';
import { type ApiRequest, contentTypeOf } from '../request.ts';
import { parseJson } from '../schema/go-json.ts';
import { META_SCHEMA } from '../schema/meta-schema.ts';
import { withoutRepeatedOwners } from '../schema/owner-references.ts';
import { prune } from '../schema/schema-pruning.ts';
import { typeName } from '../schema/schema-validation.ts';
import { misfit } from '../schema/typed-decoding.ts';
import { judgeUnknown, refuseBody, withWarnings, writeOptionsOf } from './write-options.ts';

export interface Decoded {
  readonly object: KubeObject;
  /** Fields that the kind does not have; they are gone from the object. */
  readonly unknown: readonly string[];
  /** What else is odd about it. */
  readonly warnings: readonly string[];
}

const ACCEPTED = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';

/** What has the wrong apiVersion is refused, but not before what is unknown in it was noticed. */
export function decodeBody(request: ApiRequest, type: ResourceType): Decoded {
  const decoded = decodeObject(parseBody(request, type), type);
  const { apiVersion } = decoded.object;
  if (apiVersion === apiVersionOf(type)) return decoded;
  const noticed = judgeUnknown(decoded.unknown, writeOptionsOf(request), refuseBody(type));
  return withWarnings(noticed, () => {
    throw badRequest(
      `the API version in the data (${apiVersion ?? ''}) does not match the expected ` +
        `API version (${apiVersionOf(type)})`,
    );
  });
}

function parseBody(request: ApiRequest, type: ResourceType): unknown {
  switch (contentTypeOf(request)) {
    case '':
    case 'application/json':
      return parsed(() => parseJson(request.body), { request, type });
    case 'application/yaml':
      return parsed(() => parseYaml(request.body), { request, type });
    case 'application/vnd.kubernetes.protobuf':
      throw unsupportedMediaType(
        'this embedded API server does not read this kind as protobuf: send application/json',
      );
    default:
      throw unsupportedMediaType(
        `the body of the request was in an unknown format - accepted media types include: ${ACCEPTED}`,
      );
  }
}

function parsed(
  parse: () => unknown,
  { request, type }: { readonly request: ApiRequest; readonly type: ResourceType },
): unknown {
  try {
    return parse();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const shown = request.body === '' ? '<empty>' : request.body.slice(0, 80);
    throw badRequest(
      `the object provided is unrecognized (must be of type ${type.kind}): ` +
        `couldn't get version/kind; json parse error: ${why} (${shown})`,
    );
  }
}

/** Also used for the outcome of a patch. */
export function decodeObject(value: unknown, type: ResourceType): Decoded {
  const typed = checkKind(value, type);
  refuseMisfit(typed, type);
  const meta = prune(metaOf(typed), META_SCHEMA);
  const body = isOf(typed, type)
    ? prune(typed, type.schema, IMPLICIT)
    : { value: typed, unknown: [] };
  const { owners, warnings } = withoutRepeatedOwners(ownersOf(meta.value));
  const metadata = tidyMeta({ ...meta.value, ownerReferences: owners });
  const object = { ...body.value, metadata } as unknown as KubeObject;
  return {
    object,
    warnings,
    unknown: [...meta.unknown.map((path) => `metadata.${path}`), ...body.unknown.toSorted()],
  };
}

const IMPLICIT = ['apiVersion', 'kind', 'metadata'];

/** What is of another kind or group is refused later, as it is. */
function isOf(value: JsonObject, type: ResourceType): boolean {
  const [group] = textAt(value, 'apiVersion').split('/');
  return value['kind'] === type.kind && group === apiVersionOf(type).split('/')[0];
}

function checkKind(body: unknown, type: ResourceType): JsonObject {
  const value = named(body, type);
  if (!isObject(value) || typeof value['kind'] !== 'string' || value['kind'] === '') {
    throw badRequest(
      `the object provided is unrecognized (must be of type ${type.kind}): ` +
        `Object 'Kind' is missing in '${JSON.stringify(value)}'`,
    );
  }
  if ('apiVersion' in value && typeof value['apiVersion'] !== 'string') {
    throw badRequest(
      `couldn't get version/kind; json parse error: json: cannot unmarshal ` +
        `${typeName(value['apiVersion'])} into Go struct field .apiVersion of type string`,
    );
  }
  if (type.rules.isTyped && !isOf(value, type)) {
    const { kind, apiVersion } = value;
    throw badRequest(`no kind "${kind}" is registered for version "${String(apiVersion)}"`);
  }
  return value;
}

/** Built-in kinds need not say what they are; the path does. */
function named(value: unknown, type: ResourceType): unknown {
  if (!type.rules.isTyped || !isObject(value)) return value;
  return { apiVersion: apiVersionOf(type), kind: type.kind, ...value };
}

/** Metadata is a Go struct for every kind, the rest for the built-in ones. */
function refuseMisfit(value: JsonObject, type: ResourceType): void {
  const wrong =
    misfit(value['metadata'], META_SCHEMA, 'metadata') ??
    (type.rules.isTyped ? misfit(value, type.schema) : undefined);
  if (wrong === undefined) return;
  throw badRequest(
    `${type.kind} in version "${type.version}" cannot be handled as a ${type.kind}: ${wrong}`,
  );
}

function metaOf(value: JsonObject): JsonObject {
  return isObject(value['metadata']) ? value['metadata'] : {};
}

function ownersOf({ ownerReferences }: JsonObject): readonly JsonObject[] {
  if (!Array.isArray(ownerReferences)) return [];
  return ownerReferences.map((owner: unknown) => (isObject(owner) ? owner : {}));
}

/** Go leaves out what is empty, so that empty and absent are one; managedFields are not kept. */
function tidyMeta(meta: JsonObject): ObjectMeta {
  const kept = Object.entries(meta)
    .filter(([key]) => key !== 'managedFields' && key !== 'selfLink')
    .map(([key, value]) => [key, withoutNulls(value)] as const)
    .filter(([, value]) => !isEmpty(value));
  return Object.fromEntries(kept) as unknown as ObjectMeta;
}

/** In a map or a list of texts, null is the empty text. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => item ?? '');
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, inner ?? '']));
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}
