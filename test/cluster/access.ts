/** Who the operator is on a real API server, and what it may do there: as the manifests say. */
import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import type { Rule } from '../golden/access.ts';
import type { BackDoor } from '../support/user.ts';

export const OPERATOR = { namespace: 'cognito-operator', name: 'cognito-operator' } as const;
export const OPERATOR_USER = `system:serviceaccount:${OPERATOR.namespace}:${OPERATOR.name}`;

export interface AccessDocument {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules?: readonly Rule[];
}

/** The Namespace, ServiceAccount, roles and bindings of the plain manifests. */
export function plainAccess(): readonly AccessDocument[] {
  return ['1-namespace.yaml', '2-access.yaml'].flatMap((file) =>
    documentsOf(readFileSync(new URL(`../../deploy/plain/${file}`, import.meta.url), 'utf8')),
  );
}

export function documentsOf(manifests: string): readonly AccessDocument[] {
  return parseAllDocuments(manifests)
    .map((each): AccessDocument | null => each.toJS())
    .filter((each) => each !== null);
}

const PLURALS: Readonly<Record<string, string>> = {
  Namespace: 'namespaces',
  ServiceAccount: 'serviceaccounts',
  Role: 'roles',
  RoleBinding: 'rolebindings',
  ClusterRole: 'clusterroles',
  ClusterRoleBinding: 'clusterrolebindings',
};

/** Creates each, or replaces the rules of what is there. */
export async function grant(
  { request }: BackDoor,
  documents: readonly AccessDocument[],
): Promise<void> {
  for (const document of documents) {
    const all = pathOf(document);
    const { status, body } = await request('POST', all, document);
    if (status === 201) continue;
    if (status !== 409) throw new Error(`${all}: ${status} ${JSON.stringify(body)}`);
    if (document.rules !== undefined) await replaceRules({ request }, document);
  }
}

export async function replaceRules(
  { request }: BackDoor,
  { rules, ...role }: AccessDocument,
): Promise<void> {
  const { status } = await request('PATCH', `${pathOf(role)}/${role.metadata.name}`, { rules });
  if (status !== 200) throw new Error(`the rules of ${role.metadata.name}: ${status}`);
}

function pathOf({ apiVersion, kind, metadata }: AccessDocument): string {
  const plural = PLURALS[kind];
  if (plural === undefined) throw new Error(`${kind} ${metadata.name} is not about access`);
  const root = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
  const { namespace } = metadata;
  return namespace === undefined
    ? `${root}/${plural}`
    : `${root}/namespaces/${namespace}/${plural}`;
}
