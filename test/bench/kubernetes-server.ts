/** The embedded Kubernetes API in a process of its own, with a trace of what was asked of it. */
import type { Condition } from '../../src/api/resource-server.ts';
import type { FaultedRequest } from '../sandbox/kubernetes/edge/fault-rules.ts';
import { startKubernetes } from '../sandbox/kubernetes/server.ts';
import { obey } from './remote.ts';
import {
  COLLECTION,
  finalizedManifestOf,
  manifestOf,
  type Specimen,
  settledStatusOf,
} from './resources.ts';
import { sharedMs } from './shared-clock.ts';

export interface Asked {
  readonly verb: string;
  readonly resource: string;
  readonly name: string;
  readonly isOperators: boolean;
  /** Moments of the shared clock. */
  readonly arrivedMs: number;
  /** Applied, and all watches told. */
  readonly appliedMs: number;
}

const kubernetes = await startKubernetes();
const arrivals = new WeakMap<FaultedRequest, number>();
const expected = new Map<string, () => void>();
let trace: Asked[] = [];

kubernetes.faults.onRequest((request, stage) => {
  if (stage === 'arrived') arrivals.set(request, sharedMs());
  else note(request, sharedMs());
});

function note(request: FaultedRequest, appliedMs: number): void {
  const { verb, resource, subresource, name, userAgent, body } = request;
  trace.push({
    verb,
    resource: subresource === '' ? resource : `${resource}/${subresource}`,
    name: resource === 'events' ? regarding(body) : name,
    isOperators: userAgent.startsWith('cognito-operator/'),
    arrivedMs: arrivals.get(request) ?? appliedMs,
    appliedMs,
  });
  if (!saysReady(body)) return;
  expected.get(name)?.();
  expected.delete(name);
}

function regarding(body: FaultedRequest['body']): string {
  return (body?.['regarding'] as { readonly name?: string } | undefined)?.name ?? '';
}

function saysReady(body: FaultedRequest['body']): boolean {
  const status = body?.['status'] as { readonly conditions?: readonly Condition[] } | undefined;
  const ready = status?.conditions?.find?.(({ type }) => type === 'Ready');
  return ready?.status === 'True';
}

async function ask(method: string, path: string, body: object): Promise<unknown> {
  const answer = await kubernetes.request(method, path, body);
  if (answer.status < 300) return answer.body;
  throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
}

async function settle(one: Specimen): Promise<void> {
  const made = await ask('POST', COLLECTION, finalizedManifestOf(one));
  const { uid } = (made as { readonly metadata: { readonly uid: string } }).metadata;
  await ask('PATCH', `${COLLECTION}/${one.name}/status`, { status: settledStatusOf(one, uid) });
}

const commands = {
  kubeconfig: () => kubernetes.kubeconfig(),
  /** By the back door. */
  request: (method: string, path: string) => kubernetes.request(method, path),
  /** As an operator has left them. */
  load: async (all: readonly Specimen[]) => {
    for (const one of all) await settle(one);
    kubernetes.compact();
  },
  /** Over HTTP, as kubectl would. */
  apply: async (one: Specimen) => {
    await send('POST', COLLECTION, manifestOf(one), 'application/json');
  },
  /** @returns when that was done, on the shared clock */
  rename: async (name: string, to: string) => {
    const patch = { spec: { name: to } };
    const before = trace.length;
    await send('PATCH', `${COLLECTION}/${name}`, patch, 'application/merge-patch+json');
    const edit = trace.slice(before).find((each) => !each.isOperators && each.name === name);
    return edit?.appliedMs ?? Number.NaN;
  },
  /** Resolves with the write that says `Ready=True`; to be asked before it is caused. */
  untilReady: (name: string) => new Promise<void>((resolve) => expected.set(name, resolve)),
  /** What was asked since the last time. */
  trace: () => {
    const taken = trace;
    trace = [];
    return taken;
  },
};

async function send(method: string, path: string, body: object, type: string): Promise<void> {
  const headers = { authorization: `Bearer ${kubernetes.token}`, 'content-type': type };
  const url = kubernetes.url + path;
  const answer = await fetch(url, { method, headers, body: JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${text}`);
}

export type KubernetesCommands = typeof commands;
obey(commands);
