/** The patches this server understands: JSON patch (RFC 6902) and JSON merge patch (RFC 7396). */
import { apply as applyMergePatch } from 'json-merge-patch';
import { applyPatch, type Operation } from 'rfc6902';
import { badRequest, Failure, unsupportedMediaType } from '../failure.ts';
import type { ResourceType } from '../kinds/resource-type.ts';
import { isObject, type KubeObject } from '../kube-object.ts';
import { type ApiRequest, contentTypeOf } from '../request.ts';

export type Patch = (object: KubeObject) => unknown;

export const SERVER_SIDE_APPLY_REFUSED =
  'this embedded API server does not support server-side apply: ' +
  'use plain `kubectl apply`, without --server-side';

export function patchOf(request: ApiRequest, type: ResourceType): Patch {
  switch (contentTypeOf(request)) {
    case 'application/json-patch+json':
      return jsonPatch(parsedPatch(request.body));
    case 'application/merge-patch+json':
      return mergePatch(parsedPatch(request.body));
    case 'application/apply-patch+yaml':
      throw unsupportedMediaType(SERVER_SIDE_APPLY_REFUSED);
    case 'application/strategic-merge-patch+json':
      if (type.rules.mergesStrategically) return mergePatch(parsedPatch(request.body));
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
    return JSON.parse(body);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw badRequest(`error decoding patch: ${why}`);
  }
}

function mergePatch(patch: unknown): Patch {
  if (!isObject(patch)) {
    throw badRequest(
      'error decoding patch: json: cannot unmarshal array into Go value of type ' +
        'map[string]interface {}',
    );
  }
  return (object) => applyMergePatch(structuredClone(object), patch);
}

function jsonPatch(patch: unknown): Patch {
  if (!Array.isArray(patch)) {
    throw badRequest(
      'error decoding patch: json: cannot unmarshal object into Go value of type ' +
        '[]handlers.jsonPatchOp',
    );
  }
  return (object) => {
    const target = structuredClone(object);
    for (const operation of patch as readonly Operation[]) {
      const [failed] = applyPatch(target, [lenient(operation, target)]);
      if (failed !== null) throw rejected();
    }
    return target;
  };
}

/** The API server's library replaces a member that is missing as if it were added. */
function lenient(operation: Operation, target: unknown): Operation {
  if (operation.op !== 'replace') return operation;
  const parent = operation.path
    .split('/')
    .slice(1, -1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((here, step) => (here as Record<string, unknown> | undefined)?.[step], target);
  return isObject(parent) ? { ...operation, op: 'add' } : operation;
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
