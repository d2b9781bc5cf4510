/** What is in `deploy/argocd/resource_customizations`, in the layout of Argo CD itself. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ROOT } from '../golden/schema.ts';
import type { JsonObject } from './lua-run.ts';

export const CUSTOMIZATION = join(
  ROOT,
  'deploy/argocd/resource_customizations/cognito-operator.io/ResourceServer',
);

export function readScript(path: string): string {
  return readFileSync(join(CUSTOMIZATION, path), 'utf8');
}

export function readYaml(path: string): JsonObject {
  return parse(readScript(path)) as JsonObject;
}

export function filesIn(folder: string): readonly string[] {
  return globSync('*', { cwd: join(CUSTOMIZATION, folder) }).sort();
}
