/** One request, and what its path says about it: verb, resource, namespace, name. */
import { isObject } from './kube-object.ts';

export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface ResourceTarget {
  readonly kind: 'resource';
  readonly verb: string;
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}

export interface PathTarget {
  readonly kind: 'path';
  readonly verb: string;
}

export type Target = ResourceTarget | PathTarget;

/** `/api/v1/...` and `/apis/group/version/...` name resources; everything else is just a path. */
export function targetOf(request: ApiRequest): Target {
  const segments = request.path.split('/').filter((segment) => segment !== '');
  const [root, ...rest] = segments.map(decodeURIComponent);
  if (root === 'api' && rest.length >= 2) return resourceTarget(request, '', rest);
  const [group, ...inGroup] = rest;
  if (root === 'apis' && group !== undefined && inGroup.length >= 2) {
    return resourceTarget(request, group, inGroup);
  }
  return { kind: 'path', verb: request.method.toLowerCase() };
}

function resourceTarget(
  request: ApiRequest,
  group: string,
  [version = '', ...segments]: readonly string[],
): ResourceTarget {
  // /api/v1/watch/... is the old way to ask for a watch.
  const isWatchPath = segments[0] === 'watch';
  const place = placeOf(isWatchPath ? segments.slice(1) : segments);
  const verb = isWatchPath ? 'watch' : verbOf(request, place.name);
  return { kind: 'resource', verb, group, version, ...place };
}

type Place = Pick<ResourceTarget, 'resource' | 'namespace' | 'name' | 'subresource'>;

function placeOf(segments: readonly string[]): Place {
  const [first = '', second, third, ...rest] = segments;
  if (first === 'namespaces' && second !== undefined && third !== undefined && third !== 'status') {
    return { namespace: second, resource: third, name: rest[0], subresource: rest[1] };
  }
  return { namespace: undefined, resource: first, name: second, subresource: third };
}

function verbOf(request: ApiRequest, name: string | undefined): string {
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      if (name !== undefined) return 'get';
      return isTrue(request.query.get('watch')) ? 'watch' : 'list';
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return name === undefined ? 'deletecollection' : 'delete';
    default:
      return request.method.toLowerCase();
  }
}

/** Anything but `0` and `false`, as a Kubernetes query is read. */
export function isTrue(value: string | null): boolean {
  return value !== null && value !== '0' && value.toLowerCase() !== 'false';
}

/** The media type of a request body without its parameters. */
export function contentTypeOf(request: ApiRequest): string {
  return (request.headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';
}

/** The body as JSON, or undefined when it is none; for matching only, never for deciding. */
export function peekBody(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
