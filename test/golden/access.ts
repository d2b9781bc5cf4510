/** What the plain manifests allow the operator in the cluster, as `verb resource`. */
import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';

export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

export interface Role {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules: readonly Rule[];
}

const ACCESS = new URL('../../deploy/plain/2-access.yaml', import.meta.url);

export function grantedRoles(): readonly Role[] {
  const documents = parseAllDocuments(readFileSync(ACCESS, 'utf8'));
  return documents.map((each): Role => each.toJS()).filter(({ kind }) => kind.endsWith('Role'));
}

export function verbsOf({ resources, verbs }: Rule): readonly string[] {
  return resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource}`));
}
