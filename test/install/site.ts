/** Where the tests install: found or made before them, told to them by a file. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Site {
  /** The path of an administrator's. */
  readonly kubeconfig: string;
  readonly kubectl: string;
  readonly helm: string;
  readonly image: { readonly repository: string; readonly tag: string };
  readonly kind: SiteKind;
}

export type SiteKind =
  | { readonly kind: 'Cluster' }
  /** Compressed bytes of each layer that the Dockerfile adds to the image it builds on. */
  | { readonly kind: 'OwnNode'; readonly ownLayerBytes: readonly number[] };

const VARIABLE = 'COGNITO_OPERATOR_INSTALL_SITE';

/** The environment that lets `readSite` find it. */
export function writeSite(folder: string, site: Site): Readonly<Record<string, string>> {
  const path = join(folder, 'site.json');
  writeFileSync(path, JSON.stringify(site));
  return { [VARIABLE]: path };
}

export function readSite(): Site {
  const path = process.env[VARIABLE];
  if (path === undefined) throw new Error('these tests are run by: npm run test:install');
  return JSON.parse(readFileSync(path, 'utf8')) as Site;
}
