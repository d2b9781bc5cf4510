/** From the bytes of a request to an object of a kind: parsed, checked for its shape, pruned. */
import { parse as parseYaml } from 'yaml';
import { badRequest, type Failure, invalidObject, unsupportedMediaType } from '../failure.ts';
import { apiVersionOf, type ResourceType } from '../kinds/resource-type.ts';
import {
  isObject,
  type JsonObject,
  type KubeObject,
  type ObjectMeta,
  textAt,
} from '../kube-object.ts';
import { type ApiRequest, contentTypeOf } from '../request.ts';
import { invalid } from '../schema/field-error.ts';
import { prune } from '../schema/schema-pruning.ts';
import { misfit } from '../schema/typed-decoding.ts';
import { META_FIELDS } from './object-meta.ts';

export interface Decoded {
  readonly object: KubeObject;
  /** Fields that the kind does not have; they are gone from the object. */
  readonly unknown: readonly string[];
}

const ACCEPTED = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';

export function decodeBody(request: ApiRequest, type: ResourceType): Decoded {
  return decodeObject(parseBody(request, type), type);
}

function parseBody(request: ApiRequest, type: ResourceType): unknown {
  switch (contentTypeOf(request)) {
    case '':
    case 'application/json':
      return parsed(() => JSON.parse(request.body), { request, type });
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
  const meta = isObject(typed['metadata']) ? typed['metadata'] : {};
  checkMeta(meta, type);
  refuseMisfit(typed, type);
  const unknownMeta = Object.keys(meta).filter((key) => !isMetaField(key));
  const body = prune(typed, type.schema, ['apiVersion', 'kind', 'metadata']);
  const object = { ...body.value, metadata: tidyMeta(meta) } as unknown as KubeObject;
  return {
    object,
    unknown: [...unknownMeta.map((key) => `metadata.${key}`), ...body.unknown],
  };
}

function checkKind(body: unknown, type: ResourceType): JsonObject {
  const value = named(body, type);
  if (!isObject(value) || typeof value['kind'] !== 'string' || value['kind'] === '') {
    throw badRequest(
      `the object provided is unrecognized (must be of type ${type.kind}): ` +
        `Object 'Kind' is missing in '${JSON.stringify(value)}'`,
    );
  }
  const apiVersion = value['apiVersion'];
  if (apiVersion !== apiVersionOf(type)) {
    throw badRequest(
      `the API version in the data (${String(apiVersion)}) does not match the expected ` +
        `API version (${apiVersionOf(type)})`,
    );
  }
  if (value['kind'] !== type.kind) throw wrongKind(value, type);
  return value;
}

/** Built-in kinds need not say what they are; the path does. */
function named(value: unknown, type: ResourceType): unknown {
  if (!type.rules.isTyped || !isObject(value)) return value;
  return { apiVersion: apiVersionOf(type), kind: type.kind, ...value };
}

function wrongKind(value: JsonObject, type: ResourceType): Failure {
  const kind = String(value['kind']);
  const name = textAt(value, 'metadata', 'name');
  return invalidObject({ ...type, kind }, name, [invalid('kind', kind, `must be ${type.kind}`)]);
}

function refuseMisfit(value: JsonObject, type: ResourceType): void {
  const wrong = type.rules.isTyped ? misfit(value, type.schema) : undefined;
  if (wrong === undefined) return;
  throw badRequest(
    `${type.kind} in version "${type.version}" cannot be handled as a ${type.kind}: ${wrong}`,
  );
}

function checkMeta(meta: JsonObject, type: ResourceType): void {
  const wrong = Object.entries(meta).find(([key, value]) => !hasMetaShape(key, value));
  if (wrong === undefined) return;
  const [key, value] = wrong;
  throw badRequest(
    `${type.kind} in version "${type.version}" cannot be handled as a ${type.kind}: ` +
      `json: cannot unmarshal ${typeof value} into Go struct field ObjectMeta.${key}`,
  );
}

const isText = (value: unknown): boolean => typeof value === 'string';
const isTextMap = (value: unknown): boolean =>
  isObject(value) && Object.values(value).every(isText);
const isTextList = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
const isNumber = (value: unknown): boolean => typeof value === 'number';

function hasMetaShape(key: string, value: unknown): boolean {
  if (value === null || !isMetaField(key)) return true;
  switch (key) {
    case 'labels':
    case 'annotations':
      return isTextMap(value);
    case 'finalizers':
      return isTextList(value);
    case 'generation':
    case 'deletionGracePeriodSeconds':
      return isNumber(value);
    case 'ownerReferences':
    case 'managedFields':
      return Array.isArray(value);
    case 'name':
    case 'namespace':
    case 'generateName':
    case 'uid':
    case 'resourceVersion':
    case 'creationTimestamp':
    case 'deletionTimestamp':
    case 'selfLink':
      return isText(value);
  }
}

function isMetaField(key: string): key is (typeof META_FIELDS)[number] {
  return (META_FIELDS as readonly string[]).includes(key);
}

/** Go leaves out what is empty, so that empty and absent are one; managedFields are not kept. */
function tidyMeta(meta: JsonObject): ObjectMeta {
  const kept = Object.entries(meta).filter(
    ([key, value]) =>
      isMetaField(key) && key !== 'managedFields' && key !== 'selfLink' && !isEmpty(value),
  );
  return Object.fromEntries(kept) as unknown as ObjectMeta;
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}
