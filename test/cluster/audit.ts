/** What the operator asked of a real API server, as the server's own audit log has it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { grantedRoles, type Rule } from '../golden/access.ts';
import { OPERATOR_USER } from './access.ts';

/** Flags for a kube-apiserver that notes in `folder` the requests of the operator alone. */
export function auditFlags(folder: string): readonly string[] {
  const policy = join(folder, 'audit-policy.json');
  writeFileSync(policy, JSON.stringify(POLICY));
  return [`--audit-policy-file=${policy}`, `--audit-log-path=${auditFile(folder)}`];
}

const POLICY = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived', 'ResponseStarted'],
  rules: [{ level: 'Metadata', users: [OPERATOR_USER] }, { level: 'None' }],
};

const auditFile = (folder: string): string => join(folder, 'audit.log');

export interface AuditedRequest {
  readonly verb: string;
  readonly requestURI: string;
  readonly user: { readonly username: string };
  readonly objectRef?: {
    readonly apiGroup?: string;
    readonly resource: string;
    readonly subresource?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
  readonly responseStatus?: { readonly code: number };
}

/** All that were answered so far; a watch when it has ended. */
export function auditedRequests(folder: string): readonly AuditedRequest[] {
  return readFileSync(auditFile(folder), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): AuditedRequest => JSON.parse(line));
}

/** Requests that no rule of the manifests is about, as `list secrets` or `get /version`. */
export function beyondGrants(requests: readonly AuditedRequest[]): readonly string[] {
  const granted = new Set(grantedRoles().flatMap(({ rules }) => rules.flatMap(grantsOf)));
  const asked = new Set(requests.map(askedFor));
  return [...asked].filter((each) => !granted.has(each) && !OPEN_TO_ALL.has(each));
}

/** By the role `system:discovery`, which every ServiceAccount has. */
const OPEN_TO_ALL: ReadonlySet<string> = new Set(['get /openapi/v3/apis/cognito-operator.io/v1']);

function askedFor({ verb, requestURI, objectRef }: AuditedRequest): string {
  if (objectRef === undefined) return `${verb} ${requestURI.split('?')[0]}`;
  const { resource, subresource, apiGroup } = objectRef;
  const whole = subresource === undefined ? resource : `${resource}/${subresource}`;
  return nameOf(verb, whole, apiGroup ?? '');
}

function grantsOf({ apiGroups, resources, verbs }: Rule): readonly string[] {
  return apiGroups.flatMap((group) =>
    resources.flatMap((resource) => verbs.map((verb) => nameOf(verb, resource, group))),
  );
}

function nameOf(verb: string, resource: string, group: string): string {
  return group === '' ? `${verb} ${resource}` : `${verb} ${resource} of ${group}`;
}
