/** What is no resource: health, version, discovery, OpenAPI. */
import { type Answer, json, PAGE_NOT_FOUND, text } from '../answer.ts';
import { Failure, methodNotAllowed } from '../failure.ts';
import type { Registry } from '../kinds/registry.ts';
import type { ApiRequest } from '../request.ts';
import {
  coreVersions,
  groupDescription,
  groupList,
  resourceList,
  VERSION,
  versionsOf,
} from './discovery.ts';
import { openApiDocument, openApiIndex } from './openapi.ts';

const HEALTH = ['/healthz', '/livez', '/readyz'];

export function answerPath({ method, path }: ApiRequest, registry: Registry): Answer {
  if (method !== 'GET' && method !== 'HEAD') throw methodNotAllowed();
  if (HEALTH.includes(path)) return text(200, 'ok');
  if (path === '/version') return json(200, VERSION);
  const segments = path.split('/').filter((segment) => segment !== '');
  const [root, ...rest] = segments;
  if (root === 'api' || root === 'apis') return answerDiscovery(root, rest, registry);
  return root === 'openapi' ? answerOpenApi(rest, registry) : PAGE_NOT_FOUND;
}

function answerDiscovery(
  root: 'api' | 'apis',
  [group, version]: readonly string[],
  registry: Registry,
): Answer {
  if (root === 'api') {
    return group === undefined
      ? json(200, coreVersions())
      : found(resourceList(registry, '', group));
  }
  if (group === undefined) return json(200, groupList(registry));
  if (version === undefined) return found(groupDescription(registry, group));
  return found(resourceList(registry, group, version));
}

function found(body: unknown): Answer {
  return body === undefined ? PAGE_NOT_FOUND : json(200, body);
}

function answerOpenApi(segments: readonly string[], registry: Registry): Answer {
  const [edition, root, first, second] = segments;
  if (edition === 'v2') throw onlyVersion3();
  if (edition !== 'v3') return PAGE_NOT_FOUND;
  if (root === undefined) return json(200, openApiIndex(registry));
  const group = root === 'api' ? '' : (first ?? '');
  const version = (root === 'api' ? first : second) ?? '';
  if (!versionsOf(registry, group).includes(version)) return PAGE_NOT_FOUND;
  return json(200, openApiDocument(registry, group, version));
}

function onlyVersion3(): Failure {
  return new Failure({
    code: 404,
    reason: 'NotFound',
    message: 'this embedded API server has OpenAPI v3 only: use /openapi/v3',
  });
}
