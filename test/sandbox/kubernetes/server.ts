/**
 * An embedded Kubernetes API server for tests, the demo and the sandbox: in memory, on loopback,
 * plain HTTP. It does what a kube-apiserver does for the kinds that an operator meets (custom
 * resources, Leases, Events, Namespaces, CRDs, access reviews), in its words, and refuses the rest.
 *
 * What it does not do: server-side apply, managedFields, strategic merge of lists, protobuf,
 * OpenAPI v2, conversion between versions, admission, RBAC, controllers other than the one for
 * namespaces.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { createApi } from './api.ts';
import { createContext } from './context.ts';
import { answerDirectly, type DirectAnswer } from './edge/direct-request.ts';
import { type KubernetesFaults, Switchboard } from './edge/faults.ts';
import { kubeconfigText } from './edge/kubeconfig.ts';
import { listen } from './edge/listener.ts';
import { RequestLog, type RequestRecord } from './edge/request-log.ts';
import { createTransport } from './edge/transport.ts';
import { loadObjects } from './verbs/load.ts';

export interface EmbeddedKubernetesOptions {
  /** Parsed CRDs that are installed from the start; by default the one of this project. */
  readonly crds?: readonly unknown[];
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Changes kept per kind; a watch from before them gets 410. */
  readonly watchHistory?: number;
  readonly bookmarkMs?: number;
  /** False: as a server without the WatchList feature. */
  readonly watchList?: boolean;
  readonly now?: () => Date;
}

export interface EmbeddedKubernetes extends AsyncDisposable {
  readonly url: string;
  readonly token: string;
  /** YAML. */
  kubeconfig(namespace?: string): string;
  /** The last requests over HTTP, oldest first. */
  readonly requests: readonly RequestRecord[];
  /** All requests over HTTP: `list resourceservers`, `patch resourceservers/status`, ... */
  readonly counts: ReadonlyMap<string, number>;
  readonly faults: KubernetesFaults;
  /**
   * The same code without the network: neither faults nor `requests` see it. `path` may carry a
   * query. A PATCH is a merge patch, or a JSON patch when the body is an array. No watches.
   */
  request(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<DirectAnswer>;
  /** Validated and stored at once, status included; throws at the first that is refused. */
  load(objects: Iterable<unknown>): void;
  /** Forgets the history: older watches and continue tokens get 410. */
  compact(): void;
  /** An outage: connections are cut and refused until `bringUp`; what is stored stays. */
  takeDown(): Promise<void>;
  /** On the same port. */
  bringUp(): Promise<void>;
  close(): Promise<void>;
}

const USER = 'sandbox';
const WATCH_HISTORY = 10_000;
const BOOKMARK_MS = 60_000;
const CRD = new URL('../../../crds/resourceservers.yaml', import.meta.url);

export async function startKubernetes(
  options: EmbeddedKubernetesOptions = {},
): Promise<EmbeddedKubernetes> {
  const { watchHistory = WATCH_HISTORY, bookmarkMs = BOOKMARK_MS, port = 0 } = options;
  const now = options.now ?? (() => new Date());
  const context = createContext(watchHistory, now);
  loadObjects(context, options.crds ?? [parse(readFileSync(CRD, 'utf8'))]);
  const faults = new Switchboard();
  const settings = { user: USER, bookmarkMs, servesWatchList: options.watchList ?? true };
  const api = createApi(context, { ...settings, isDenied: (access) => faults.isDenied(access) });
  const backDoor = createApi(context, { ...settings, isDenied: () => false });
  const log = new RequestLog();
  const token = randomUUID();
  const server = createTransport({ api, faults, log, token, now });
  const listener = await listen(server, port);
  const { url } = listener;
  const close = async (): Promise<void> => {
    faults.clear();
    await listener.close();
  };
  return {
    url,
    token,
    kubeconfig: (namespace = 'default') => kubeconfigText({ url, token, user: USER, namespace }),
    requests: log.records,
    counts: log.counts,
    faults,
    request: async (method, path, body, headers) =>
      answerDirectly(backDoor, { method, path, body, headers }),
    load: (objects) => loadObjects(context, objects),
    compact: () => context.store.compact(),
    takeDown: listener.close,
    bringUp: listener.reopen,
    close,
    [Symbol.asyncDispose]: close,
  };
}
