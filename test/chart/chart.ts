/** The chart as tests see it: rendered by the real helm, read as objects. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import type { Rule } from '../golden/access.ts';
import { createHelm, findHelm, type Helm } from './helm.ts';

export const ROOT = join(import.meta.dirname, '../..');
export const CHART = join(ROOT, 'charts/cognito-operator');

/** An object of Kubernetes, of whatever kind. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: object;
  readonly rules?: readonly Rule[];
  readonly roleRef?: object;
  readonly subjects?: readonly object[];
  readonly data?: Readonly<Record<string, string>>;
}

export interface Pod {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: {
    readonly serviceAccountName: string;
    readonly terminationGracePeriodSeconds: number;
    readonly securityContext?: object;
    readonly topologySpreadConstraints?: readonly object[];
    readonly containers: readonly [Container];
  };
}

export interface Container {
  readonly image: string;
  readonly args: readonly string[];
  readonly env?: readonly object[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly livenessProbe: object;
  readonly readinessProbe: object;
  readonly resources?: object;
  readonly securityContext?: object;
}

export interface RenderOptions {
  readonly chart?: string;
  readonly kubeVersion?: string;
  readonly apiVersions?: readonly string[];
}

export type Rendered =
  | { readonly kind: 'Rendered'; readonly text: string; readonly objects: readonly Manifest[] }
  | { readonly kind: 'Refused'; readonly message: string };

/** Renders the same values once. */
export interface Chart {
  readonly helm: Helm;
  render(values?: object, options?: RenderOptions): Promise<Rendered>;
  /** @throws when it is refused */
  objects(values?: object, options?: RenderOptions): Promise<readonly Manifest[]>;
}

export const RELEASE = 'cognito-operator';
const KUBE_VERSION = '1.36.3';
export const PROMETHEUS = ['monitoring.coreos.com/v1'];

const lookup = await findHelm();
if (lookup.kind === 'missing') console.warn(`SKIPPED: chart suites: ${lookup.reason}`);

export function describeChart(name: string, declare: (chart: Chart) => void): void {
  describe.skipIf(lookup.kind === 'missing')(`the chart: ${name}`, () => {
    const helm = createHelm(lookup.kind === 'found' ? lookup.path : '');
    afterAll(() => helm.dispose());
    declare(createChart(helm));
  });
}

function createChart(helm: Helm): Chart {
  const known = new Map<string, Promise<Rendered>>();
  const render: Chart['render'] = async (values = {}, options = {}) => {
    const key = JSON.stringify([values, options]);
    const rendering = known.get(key) ?? rendered(helm, values, options);
    known.set(key, rendering);
    return rendering;
  };
  return {
    helm,
    render,
    async objects(values, options) {
      const answer = await render(values, options);
      if (answer.kind === 'Refused') throw new Error(answer.message);
      return answer.objects;
    },
  };
}

async function rendered(helm: Helm, values: object, options: RenderOptions): Promise<Rendered> {
  const { chart = CHART, kubeVersion = KUBE_VERSION, apiVersions = [] } = options;
  const capabilities = apiVersions.map((each) => `--api-versions=${each}`);
  const place = [chart, '--namespace=identity', '--values=-', `--kube-version=${kubeVersion}`];
  const args = ['template', RELEASE, ...place, ...capabilities];
  // JSON, for a `yes` without quotes is a boolean to Helm.
  const { code, stdout, stderr } = await helm.run(args, JSON.stringify(values));
  if (code !== 0) return { kind: 'Refused', message: stderr };
  return { kind: 'Rendered', text: stdout, objects: objectsIn(stdout) };
}

/** @throws when the text is no YAML, or has a key twice */
export function objectsIn(text: string): readonly Manifest[] {
  return parseAllDocuments(text).flatMap((document) => {
    if (document.errors[0] !== undefined) throw document.errors[0];
    const object: Manifest | null = document.toJS();
    return object === null ? [] : [object];
  });
}

export function only(objects: readonly Manifest[], kind: string): Manifest {
  const [found, ...others] = objects.filter((each) => each.kind === kind);
  if (found === undefined || others.length > 0) throw new Error(`not one ${kind}`);
  return found;
}

export function podOf(objects: readonly Manifest[]): Pod {
  return (only(objects, 'Deployment').spec as { readonly template: Pod }).template;
}

export function containerOf(objects: readonly Manifest[]): Container {
  return podOf(objects).spec.containers[0];
}

export function chartFile(path: string): string {
  return readFileSync(join(CHART, path), 'utf8');
}

export const VALUES: object = parse(chartFile('values.yaml'));

/** The values that are tried, by the name of their file: `default`, `everything`, ... */
export const CASES: Readonly<Record<string, object>> = Object.fromEntries(
  globSync('ci/*-values.yaml', { cwd: CHART })
    .sort()
    .map((path) => [path.replace(/^ci\/(.*)-values\.yaml$/, '$1'), parse(chartFile(path))]),
);

/** The kinds of the Prometheus Operator have tests of their own. */
export function withoutMonitoring(name: string): object {
  return { ...CASES[name], metrics: {} };
}
