/** A custom resource may have any finalizer; of a name that others may use as well it is warned. */
import type { KubeObject } from '../kube-object.ts';
import { quoted } from '../schema/go-text.ts';

const STANDARD = ['orphan', 'foregroundDeletion', 'kubernetes'];
const ADVICE = 'to avoid accidental conflicts with other finalizer writers';

/** Only of those that are new. */
export function finalizerWarnings(
  after: KubeObject,
  before: KubeObject | undefined,
): readonly string[] {
  const added = new Set(after.metadata.finalizers);
  for (const known of before?.metadata.finalizers ?? []) added.delete(known);
  return [...added].toSorted().flatMap(warningOf);
}

function warningOf(name: string): readonly string[] {
  if (name.includes('/') || STANDARD.includes(name)) return [];
  const path = name.includes('.') ? ' including a path (/)' : '';
  const subject = `metadata.finalizers: ${quoted(name)}`;
  return [`${subject}: prefer a domain-qualified finalizer name${path} ${ADVICE}`];
}
