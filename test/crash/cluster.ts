/** The API server that the worlds of a run share: the real one where there is one. */
import { Agent } from 'undici';
import { type Admin, createAdmin } from '../cluster/admin.ts';
import { findBinaries } from '../cluster/binaries.ts';
import { startControlPlane } from '../cluster/control-plane.ts';
import { installCrd } from '../contract/kubernetes-world.ts';
import { startKubernetes } from '../sandbox/kubernetes/server.ts';
import type { BackDoor } from '../support/user.ts';
import type { Upstream } from './proxy.ts';

export interface Cluster extends AsyncDisposable {
  readonly kind: 'real' | 'embedded';
  /** For people. */
  readonly name: string;
  readonly upstream: Upstream;
  readonly token: string;
  readonly door: BackDoor;
}

/** A look takes longer than at the embedded one, and so may it be rarer. */
const LOOK_EVERY_MS = 150;

export async function clusterOf(admin: Admin): Promise<Cluster> {
  await installCrd(admin.client);
  const dispatcher = new Agent({ connect: { ca: admin.authority }, allowH2: false });
  return {
    kind: 'real',
    name: 'a real kube-apiserver',
    upstream: { url: admin.url, dispatcher },
    token: admin.token,
    door: { request: admin.request, lookEveryMs: LOOK_EVERY_MS },
    [Symbol.asyncDispose]: () => dispatcher.destroy(),
  };
}

export async function openCluster(): Promise<Cluster> {
  const lookup = await findBinaries();
  if (lookup.kind === 'missing') return embedded(lookup.reason);
  const plane = await startControlPlane({ binaries: lookup.binaries });
  const cluster = await clusterOf(createAdmin(plane));
  return {
    ...cluster,
    async [Symbol.asyncDispose]() {
      await cluster[Symbol.asyncDispose]();
      await plane.stop();
    },
  };
}

async function embedded(reason: string): Promise<Cluster> {
  const server = await startKubernetes();
  const dispatcher = new Agent();
  return {
    kind: 'embedded',
    name: `THE EMBEDDED API SERVER, NOT A REAL ONE: ${reason}`,
    upstream: { url: server.url, dispatcher },
    token: server.token,
    door: { request: server.request },
    async [Symbol.asyncDispose]() {
      await dispatcher.destroy();
      await server.close();
    },
  };
}
