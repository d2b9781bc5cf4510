/** The chart of this checkout as one release in one namespace, by the real helm. */
import { join } from 'node:path';
import type { EmbeddedCognito } from '../sandbox/cognito/server.ts';
import type { Cluster } from './cluster.ts';
import type { Site } from './site.ts';

export const RELEASE = 'cognito-operator';
/** It enforces Pod Security *restricted*. */
export const NAMESPACE = 'cognito-operator';
const CHART = join(import.meta.dirname, '../../charts/cognito-operator');

export type Values = Readonly<Record<string, unknown>>;

export interface Release {
  /** With `--wait`; how many milliseconds it took. */
  install(): Promise<number>;
  /** With `--wait`, and these values over those of the installation. */
  upgrade(values: Values): Promise<void>;
  uninstall(): Promise<void>;
}

/** Nothing is installed yet. */
export function createRelease(cluster: Cluster, values: Values): Release {
  const run = async (verb: string, more: Values): Promise<void> => {
    const flags = ['--namespace', NAMESPACE, '--wait', '--timeout', '2m', '--values', '-'];
    const all = JSON.stringify({ ...values, ...more });
    try {
      await cluster.helm([verb, RELEASE, CHART, ...flags], all);
    } catch (cause) {
      throw new Error(`helm ${verb} failed, with ${await wordsOf(cluster)}`, { cause });
    }
  };
  return {
    async install() {
      const startedAt = performance.now();
      await run('install', {});
      return performance.now() - startedAt;
    },
    upgrade: (more) => run('upgrade', more),
    async uninstall() {
      const flags = ['--namespace', NAMESPACE, '--wait', '--ignore-not-found'];
      await cluster.helm(['uninstall', RELEASE, ...flags]);
    },
  };
}

/** Nothing but where its image and its Cognito are: the rest is as the chart has it. */
export function valuesOf({ image }: Site, { url }: EmbeddedCognito): Values {
  return {
    image: { ...image, pullPolicy: 'Never' },
    aws: { region: 'eu-west-1', endpointUrl: url },
    extraEnv: [
      { name: 'AWS_ACCESS_KEY_ID', value: 'AKIAEXAMPLE00000' },
      { name: 'AWS_SECRET_ACCESS_KEY', value: 'secret' },
      { name: 'AWS_EC2_METADATA_DISABLED', value: 'true' },
    ],
  };
}

/** What pods, events and logs say. */
export async function wordsOf(cluster: Cluster): Promise<string> {
  const of = ['--namespace', NAMESPACE];
  const logs = [
    'logs',
    '--prefix',
    '--tail=20',
    `--selector=app.kubernetes.io/instance=${RELEASE}`,
  ];
  const words = await Promise.allSettled([
    cluster.kubectl(['get', 'pods', '--output=wide', ...of]),
    cluster.kubectl(['get', 'events', ...of]),
    cluster.kubectl([...logs, ...of]),
  ]);
  return words
    .map((each) => (each.status === 'fulfilled' ? each.value : String(each.reason)))
    .join('\n');
}
