/** SelfSubjectAccessReview: may I? Yes, unless a test denied it. */
import { badRequest } from '../failure.ts';
import { isObject, type JsonObject, textAt } from '../kube-object.ts';

export interface Access {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
}

export type IsDenied = (access: Access) => boolean;

export function reviewAccess(body: string, isDenied: IsDenied): JsonObject {
  const review = parsedReview(body);
  const attribute = (name: string): string => textAt(review, 'spec', 'resourceAttributes', name);
  const denied = isDenied({
    verb: attribute('verb'),
    group: attribute('group'),
    resource: attribute('resource'),
    subresource: attribute('subresource'),
  });
  return { ...review, metadata: {}, status: { allowed: !denied } };
}

function parsedReview(body: string): JsonObject {
  try {
    const value: unknown = JSON.parse(body);
    if (isObject(value)) {
      return {
        kind: 'SelfSubjectAccessReview',
        apiVersion: 'authorization.k8s.io/v1',
        ...value,
      };
    }
  } catch {
    throw badRequest('a SelfSubjectAccessReview in JSON is expected');
  }
  throw badRequest('a SelfSubjectAccessReview in JSON is expected');
}
