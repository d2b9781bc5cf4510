/** What the chart says of itself, and what is in its package. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { broken, CRD, fits } from '../golden/schema.ts';
import { CHART, chartFile, describeChart, objectsIn, ROOT } from './chart.ts';

interface Metadata {
  readonly version: string;
  readonly appVersion: string;
  readonly annotations: Readonly<Record<string, string>>;
}

const METADATA: Metadata = parse(chartFile('Chart.yaml'));

const PACKAGED = [
  'Chart.yaml',
  'README.md',
  'values.yaml',
  'values.schema.json',
  '.helmignore',
  'files',
  'templates',
];

function annotation(name: string): readonly object[] {
  return parse(METADATA.annotations[`artifacthub.io/${name}`] ?? '[]');
}

test('the chart and its app have the version of this checkout', async () => {
  const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  expect(METADATA).toMatchObject({ version, appVersion: version });
});

test('Artifact Hub is told of the kind that there is', () => {
  const [source] = objectsIn(chartFile('../../crds/resourceservers.yaml'));
  const { kind, version } = CRD;
  expect(annotation('crds')).toEqual([
    expect.objectContaining({ kind, version, name: source?.metadata.name }),
  ]);
});

test('Artifact Hub is given an example that the API server accepts', () => {
  const examples = annotation('crdsExamples') as readonly { readonly spec: object }[];
  expect(examples).toHaveLength(1);
  for (const example of examples) {
    expect(fits('', example)).toBe(true);
    expect(broken('spec', example.spec)).toEqual([]);
  }
});

describeChart('its package', (chart) => {
  test('has what the chart needs, and nothing of its tests', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'package-'));
    try {
      const { code, stderr } = await chart.helm.run(['package', CHART, '--destination', folder]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const [archive = ''] = await readdir(folder);
      expect(archive).toBe(`cognito-operator-${METADATA.version}.tgz`);
      const listing = execFileSync('tar', ['-tzf', join(folder, archive)], { encoding: 'utf8' });
      const folders = listing
        .trim()
        .split('\n')
        .map((path) => path.split('/')[1]);
      expect(new Set(folders)).toEqual(new Set(PACKAGED));
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
