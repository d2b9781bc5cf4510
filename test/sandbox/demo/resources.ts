/** What the API server says of the resources, read behind the back of everybody in the story. */
import {
  API_VERSION,
  PLURAL,
  type ResourceServerSpec,
  type ResourceServerStatus,
} from '../../../src/api/resource-server.ts';
import type { EmbeddedKubernetes } from '../kubernetes/server.ts';

export interface StoredResource {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: ResourceServerSpec;
  readonly status?: ResourceServerStatus;
}

export function resourcesPath(namespace?: string): string {
  const scope = namespace === undefined ? '' : `/namespaces/${namespace}`;
  return `/apis/${API_VERSION}${scope}/${PLURAL}`;
}

/** Of all namespaces without one. */
export async function resourcesIn(
  kubernetes: EmbeddedKubernetes,
  namespace?: string,
): Promise<readonly StoredResource[]> {
  const { body } = await kubernetes.request('GET', resourcesPath(namespace));
  return (body as { readonly items: readonly StoredResource[] }).items;
}

export function readyOf({ status }: StoredResource) {
  return status?.conditions?.find(({ type }) => type === 'Ready');
}

export function isReady(resource: StoredResource): boolean {
  return readyOf(resource)?.status === 'True';
}

/** `catalogue-api is Drifted, orders-api is not seen yet`, and so on. */
export function whatIsNotReady(resources: readonly StoredResource[]): string {
  return resources
    .filter((each) => !isReady(each))
    .map((each) => `${each.metadata.name} is ${readyOf(each)?.reason ?? 'not seen yet'}`)
    .join(', ');
}

/** Events of that reason, in all namespaces. */
export async function resourceEvents(
  kubernetes: EmbeddedKubernetes,
  reason: string,
): Promise<number> {
  const query = `fieldSelector=reason%3D${reason}`;
  const { body } = await kubernetes.request('GET', `/api/v1/events?${query}`);
  return (body as { readonly items: readonly unknown[] }).items.length;
}
