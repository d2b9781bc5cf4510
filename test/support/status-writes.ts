/** Status patches as the API server applied them, and the laws that each of them has to keep. */

import { REASONS } from '../../src/api/conditions.ts';
import type { Condition, ResourceServerStatus } from '../../src/api/resource-server.ts';
import type { FaultedRequest } from '../sandbox/kubernetes/edge/fault-rules.ts';

export interface StatusWrite {
  /** `namespace/name`. */
  readonly key: string;
  readonly status: ResourceServerStatus;
}

export function statusWriteOf(request: FaultedRequest): StatusWrite | undefined {
  const { verb, resource, subresource, namespace, name, body } = request;
  const isOurs = verb === 'patch' && resource === 'resourceservers' && subresource === 'status';
  if (!isOurs || body === undefined) return undefined;
  return { key: `${namespace}/${name}`, status: body['status'] as ResourceServerStatus };
}

/** What is wrong with it, in one line. */
export function lawBrokenBy({ key, status }: StatusWrite): string | undefined {
  const ready = find(status, 'Ready');
  const broken = [
    isTrue(status, 'Reconciling') && isTrue(status, 'Stalled') && 'Reconciling beside Stalled',
    ready?.status === 'True' && status.pending && 'Ready=True beside a pending record',
    ready?.status === 'True' && isTrue(status, 'Stalled') && 'Ready=True beside Stalled',
    ready !== undefined && !REASONS.some((each) => each === ready.reason) && 'an unknown reason',
  ].find((law) => typeof law === 'string');
  return broken === undefined ? undefined : `${key}: ${broken}: ${JSON.stringify(status)}`;
}

function find(status: ResourceServerStatus, type: string): Condition | undefined {
  return status.conditions?.find((each) => each.type === type);
}

function isTrue(status: ResourceServerStatus, type: string): boolean {
  return find(status, type)?.status === 'True';
}
