/** The patches this server understands: JSON patch (RFC 6902) and JSON merge patch (RFC 7396). */
import { badRequest, Failure, unsupportedMediaType } from '../failure.ts';
import type { ResourceType } from '../kinds/resource-type.ts';
import { isObject, type KubeObject } from '../kube-object.ts';
import { type ApiRequest, contentTypeOf } from '../request.ts';
import { parseJson } from '../schema/go-json.ts';
import { typeName } from '../schema/schema-validation.ts';
import { jsonPatched } from './json-patch.ts';
import { mergePatched } from './merge-patch.ts';

export type Patch = (object: KubeObject) => unknown;

export const SERVER_SIDE_APPLY_REFUSED =
  'this embedded API server does not support server-side apply: ' +
  'use plain `kubectl apply`, without --server-side';

export function patchOf(request: ApiRequest, type: ResourceType): Patch {
  switch (contentTypeOf(request)) {
    case 'application/json-patch+json':
      return jsonPatch(request);
    case 'application/merge-patch+json':
      return mergePatch(request);
    case 'application/apply-patch+yaml':
      throw unsupportedMediaType(SERVER_SIDE_APPLY_REFUSED);
    case 'application/strategic-merge-patch+json':
      if (type.rules.mergesStrategically) return mergePatch(request);
      throw unknownPatch();
    default:
      throw unknownPatch();
  }
}

function unknownPatch(): Failure {
  return unsupportedMediaType(
    'the body of the request was in an unknown format - accepted media types include: ' +
      'application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
  );
}

function parsedPatch(body: string): unknown {
  try {
    return parseJson(body);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw badRequest(`error decoding patch: ${why}`);
  }
}

/** Under Ignore a list is taken for what it is: the whole object, which it cannot be. */
function mergePatch({ body, query }: ApiRequest): Patch {
  return (object) => {
    const patch = parsedPatch(body);
    if (isObject(patch)) return mergePatched(object, patch);
    if (Array.isArray(patch) && query.get('fieldValidation') === 'Ignore') return patch;
    throw badRequest(
      `error decoding patch: json: cannot unmarshal ${typeName(patch)} into Go value of type ` +
        'map[string]interface {}',
    );
  };
}

function jsonPatch({ body }: ApiRequest): Patch {
  return (object) => {
    const patch = parsedPatch(body);
    if (!Array.isArray(patch) || !patch.every(isObject)) {
      throw badRequest(
        `error decoding patch: json: cannot unmarshal ${typeName(patch)} into Go value of type ` +
          '[]handlers.jsonPatchOp',
      );
    }
    const patched = jsonPatched(object, patch);
    if (patched === undefined) throw rejected();
    return patched.value;
  };
}

/** Which operation failed is not told: a failed `test` looks like this, too. */
function rejected(): Failure {
  return new Failure({
    code: 422,
    reason: 'Invalid',
    message: 'the server rejected our request due to an error in our request',
    details: {},
  });
}
