/** A running cluster as its administrator meets it: by kubectl, by helm, and by plain HTTP. */
import { execFile, spawn } from 'node:child_process';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { type Body, createClient, type KubernetesClient } from '../contract/kubernetes-client.ts';
import type { Site } from './site.ts';

export interface Cluster {
  readonly client: KubernetesClient;
  /** What it writes to stdout; rejects with its words when it fails. */
  kubectl(args: readonly string[], input?: string): Promise<string>;
  helm(args: readonly string[], input?: string): Promise<string>;
  /** Of this machine, in the network of the nodes: pods reach it there. */
  addressForPods(): Promise<string>;
  close(): void;
}

export async function connect(site: Site): Promise<Cluster> {
  const env = { ...process.env, KUBECONFIG: site.kubeconfig, KUBECTL_KUBERC: 'false' };
  const proxy = spawn(site.kubectl, ['proxy', '--port=0'], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  process.once('exit', () => proxy.kill('SIGKILL'));
  const url = await proxyUrl(proxy.stdout);
  const client = createClient({ url, headers: {}, fetch, stop: async () => {} });
  return {
    client,
    kubectl: (args, input) => run(site.kubectl, args, env, input),
    helm: (args, input) => run(site.helm, args, env, input),
    async addressForPods() {
      const { body } = await client.get('/api/v1/nodes');
      return neighbourOf((body.items ?? []).flatMap(internalAddresses));
    },
    close: () => void proxy.kill('SIGKILL'),
  };
}

async function proxyUrl(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface(output)) {
    const address = /[\d.]+:\d+$/.exec(line)?.[0];
    if (address !== undefined) return `http://${address}`;
  }
  throw new Error('kubectl proxy ended at its start');
}

const DEADLINE_MS = 170_000;
const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;

async function run(
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  input = '',
): Promise<string> {
  const options = { env, timeout: DEADLINE_MS, maxBuffer: OUTPUT_BYTES_MAX };
  const running = promisify(execFile)(file, [...args], options);
  running.child.stdin?.end(input);
  return (await running).stdout;
}

interface NodeStatus {
  readonly addresses?: readonly { readonly type: string; readonly address: string }[];
}

function internalAddresses({ status }: Body): readonly string[] {
  const { addresses = [] } = (status ?? {}) as NodeStatus;
  return addresses.filter(({ type }) => type === 'InternalIP').map(({ address }) => address);
}

/** The address of ours whose network one of these is in. */
function neighbourOf(addresses: readonly string[]): string {
  const ours = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const found = ours.find(
    ({ family, address, netmask }) =>
      family === 'IPv4' &&
      addresses.some((other) => networkOf(other, netmask) === networkOf(address, netmask)),
  );
  if (found !== undefined) return found.address;
  throw new Error(`this machine is in no network of the nodes: ${addresses.join(', ')}`);
}

function networkOf(address: string, netmask: string): number | undefined {
  const bits = (text: string) =>
    text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0) | 0;
  return isIP(address) === 4 ? bits(address) & bits(netmask) : undefined;
}
