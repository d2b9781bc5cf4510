/**
 * The network of a node: a bridge for its pods, on which this machine has an address, and the
 * one Service that pods ask for, the API server's. Made inside a network namespace of its own.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const BRIDGE = 'cni0';
/** Of this machine, as pods reach it. */
export const BRIDGE_ADDRESS = '10.88.0.1';
const PODS = '10.88.0.0/24';
/** The first of the API server's `--service-cluster-ip-range`. */
const API_SERVICE = '10.0.0.1';

export function raiseBridge(): void {
  const ip = (words: string) => execFileSync('ip', words.split(' '));
  ip('link set lo up');
  ip(`link add ${BRIDGE} type bridge`);
  ip(`address add ${BRIDGE_ADDRESS}/24 dev ${BRIDGE}`);
  // Without a port that is up, a bridge counts as unplugged once its last pod has gone.
  ip(`link add port type veth peer name plug`);
  ip(`link set port master ${BRIDGE}`);
  for (const name of ['plug', 'port', BRIDGE]) ip(`link set ${name} up`);
}

/** In place of kube-proxy. */
export function serveApiService(apiUrl: string): void {
  const { host } = new URL(apiUrl);
  const from = `-d ${API_SERVICE} -p tcp --dport 443`;
  const rule = `-t nat -A PREROUTING ${from} -j DNAT --to-destination ${host}`;
  execFileSync('iptables', rule.split(' '));
}

/** The folder of the CNI configuration, for containerd. */
export function writePodNetwork(folder: string): string {
  const path = join(folder, 'cni');
  const ipam = {
    type: 'host-local',
    dataDir: join(folder, 'cni-addresses'),
    ranges: [[{ subnet: PODS }]],
    routes: [{ dst: '0.0.0.0/0' }],
  };
  const bridge = { type: 'bridge', bridge: BRIDGE, isGateway: true, ipam };
  mkdirSync(path);
  writeFileSync(
    join(path, 'pods.conflist'),
    JSON.stringify({ cniVersion: '1.0.0', name: 'pods', plugins: [bridge] }),
  );
  return path;
}
