/** The example manifests under `deploy/argocd` and `deploy/flux`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { ROOT } from '../golden/schema.ts';

export interface Example<Spec = Readonly<Record<string, unknown>>> {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: Spec;
}

export const FILES = [
  'argocd/projects.yaml',
  'argocd/operator.yaml',
  'argocd/resources.yaml',
  'flux/operator.yaml',
  'flux/kustomizations.yaml',
] as const;

export function readText(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

export function examplesIn(file: string): readonly Example[] {
  return parseAllDocuments(readText(`deploy/${file}`)).map((each): Example => each.toJS());
}

/** @throws when there is not exactly one */
export function exampleOf<Spec>(file: string, kind: string, name: string): Example<Spec> {
  const found = examplesIn(file).filter(
    (each) => each.kind === kind && each.metadata.name === name,
  );
  const [example] = found;
  if (example === undefined || found.length > 1) throw new Error(`not one ${kind} ${name}`);
  return example as Example<Spec>;
}
