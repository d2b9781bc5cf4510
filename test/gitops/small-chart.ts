/** Charts of a few resources, for the real helm to install. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';

/** @returns the folder of a new chart that holds these objects */
export function writeChart(parent: string, name: string, objects: readonly object[]): string {
  const folder = join(parent, name);
  mkdirSync(join(folder, 'templates'), { recursive: true });
  const chart = { apiVersion: 'v2', name, version: '1.0.0' };
  writeFileSync(join(folder, 'Chart.yaml'), stringify(chart));
  const manifests = objects.map((object) => stringify(object)).join('---\n');
  writeFileSync(join(folder, 'templates', 'objects.yaml'), manifests);
  return folder;
}
