/**
 * The administrator's hands on a running control plane. Made of plain values, so that a test
 * which did not start the control plane can hold it too.
 */
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Agent, fetch as trustingFetch } from 'undici';
import {
  type Answer,
  createClient,
  type Headed,
  type KubernetesClient,
  type KubernetesHandle,
} from '../contract/kubernetes-client.ts';

/** What has to be known of a control plane in order to use it. */
export interface Access {
  readonly url: string;
  /** PEM. */
  readonly authority: string;
  /** Of an administrator. */
  readonly token: string;
  /** The path of the administrator's kubeconfig. */
  readonly kubeconfig: string;
  /** For files that last as long as the control plane. */
  readonly folder: string;
  readonly etcdUrl: string;
  readonly apiServerProcessId: number;
  readonly etcdProcessId: number;
}

export interface Admin extends Access {
  readonly client: KubernetesClient;
  /** A merge patch, or a JSON patch when the body is an array. */
  request(method: string, path: string, body?: unknown, headers?: Headed): Promise<Answer>;
  /** For the contract suites: to stop it ends nothing but the connections. */
  handle(): KubernetesHandle;
  /** The path of a kubeconfig with a fresh token of this service account, which must exist. */
  kubeconfigFor(namespace: string, serviceAccount: string): Promise<string>;
  /** The path of a kubeconfig with this token and, for kubectl, this namespace. */
  kubeconfigOfToken(token: string, namespace?: string): string;
  /** etcd forgets all that was before now. */
  compact(): Promise<void>;
  /** Closes the connections. */
  close(): Promise<void>;
}

export function createAdmin(access: Access): Admin {
  const agent = new Agent({ connect: { ca: access.authority }, allowH2: false });
  const handle = (): KubernetesHandle => ({
    url: access.url,
    headers: { authorization: `Bearer ${access.token}` },
    fetch: fetchBy(agent),
    stop: async () => {},
  });
  const client = createClient(handle());
  const kubeconfigOfToken = (token: string, namespace = 'default'): string => {
    const path = join(access.folder, `kubeconfig-${randomUUID()}`);
    writeFileSync(path, kubeconfigText({ ...access, token, namespace }), { mode: 0o600 });
    return path;
  };
  return {
    ...access,
    client,
    request: client.request,
    handle,
    kubeconfigOfToken,
    async kubeconfigFor(namespace, serviceAccount) {
      const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${serviceAccount}/token`;
      return kubeconfigOfToken(tokenOf(await client.post(path, {})), namespace);
    },
    compact: async () => compactAt(access.etcdUrl),
    close: async () => agent.close(),
  };
}

/** The built-in `fetch` takes no authority. */
function fetchBy(dispatcher: Agent): KubernetesHandle['fetch'] {
  return async (url, init) => {
    const options: object = { ...init, dispatcher };
    return trustingFetch(url, options);
  };
}

function tokenOf({ status, body }: Answer): string {
  const { token } = (body.status ?? {}) as { readonly token?: string };
  if (status !== 201 || token === undefined) {
    throw new Error(`no token for the service account: ${status} ${body.message}`);
  }
  return token;
}

/** By etcd's JSON gateway; its numbers are texts. */
async function compactAt(etcdUrl: string): Promise<void> {
  const call = async (path: string, body: object): Promise<unknown> => {
    const response = await fetch(`${etcdUrl}/v3${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`etcd: ${response.status} ${await response.text()}`);
    return response.json();
  };
  const { header } = (await call('/maintenance/status', {})) as {
    readonly header: { readonly revision: string };
  };
  await call('/kv/compaction', { revision: header.revision, physical: true });
}

export interface KubeconfigParts {
  readonly url: string;
  readonly authority: string;
  readonly token: string;
  readonly namespace: string;
}

/** JSON is YAML. */
export function kubeconfigText({ url, authority, token, namespace }: KubeconfigParts): string {
  const name = 'cluster';
  const data = Buffer.from(authority).toString('base64');
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server: url, 'certificate-authority-data': data } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name, namespace } }],
    'current-context': name,
  });
}
