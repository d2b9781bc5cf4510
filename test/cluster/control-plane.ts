/**
 * A real kube-apiserver and etcd on loopback: TLS, RBAC, ports of the moment, a folder of its
 * own. No controller runs: nothing collects garbage, ends namespaces or starts pods. All of it
 * ends with `stop`, else with the process that started it.
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '../support/wait.ts';
import { type Access, type Admin, createAdmin, kubeconfigText } from './admin.ts';
import { type Binaries, findBinaries } from './binaries.ts';
import { freePort, type ServerProcess, startServerProcess } from './server-process.ts';
import { startWatchdog, type Watchdog } from './watchdog.ts';

export interface ControlPlane extends Admin {
  /** Stops the API server in the middle of whatever it does: connections stay, answers do not. */
  freeze(): Promise<void>;
  thaw(): void;
  /** May be called twice. */
  stop(): Promise<void>;
}

export interface ControlPlaneOptions {
  /** Found, or built, when left out. */
  readonly binaries?: Binaries;
  /** Of a bridge, for pods that have to reach it; loopback when left out. */
  readonly address?: string;
  /** Admission plugins to leave out: without controllers no namespace has a ServiceAccount. */
  readonly withoutAdmission?: readonly string[];
  readonly authorizationModes?: readonly string[];
  /** More flags for kube-apiserver. */
  readonly flags?: readonly string[];
}

/** Another process may take a free port before the server does. */
const ATTEMPTS_MAX = 3;
const READY_WITHIN_MS = 90_000;

export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const binaries = options.binaries ?? (await foundBinaries());
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start({ ...options, binaries });
    } catch (error) {
      const isPortTaken = String(error).includes('address already in use');
      if (!isPortTaken || attempt === ATTEMPTS_MAX) throw error;
    }
  }
}

async function foundBinaries(): Promise<Binaries> {
  const lookup = await findBinaries();
  if (lookup.kind === 'missing') throw new Error(lookup.reason);
  return lookup.binaries;
}

type Start = ControlPlaneOptions & { readonly binaries: Binaries };

async function start(options: Start): Promise<ControlPlane> {
  const folder = mkdtempSync(join(tmpdir(), 'control-plane-'));
  const watchdog = startWatchdog(folder);
  const servers: ServerProcess[] = [];
  const stop = once(async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.stop()));
    rmSync(folder, { recursive: true, force: true });
    watchdog.dismiss();
  });
  try {
    const etcd = await startEtcd(options, folder, watchdog);
    servers.push(etcd.server);
    const api = await startApiServer(options, folder, etcd.url, watchdog);
    servers.push(api.server);
    const admin = createAdmin(await accessOf(folder, etcd, api));
    await waitFor('the control plane to be ready', () => isReady(admin, servers), {
      withinMs: READY_WITHIN_MS,
      tellMore: () => servers.map((server) => server.words()).join('\n'),
    });
    return {
      ...admin,
      freeze: api.server.freeze,
      thaw: api.server.thaw,
      async stop() {
        await admin.close();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function once(end: () => Promise<void>): () => Promise<void> {
  const ended: { all?: Promise<void> } = {};
  return () => (ended.all ??= end());
}

interface Started {
  readonly server: ServerProcess;
  readonly url: string;
}

async function startEtcd(
  { binaries }: Start,
  folder: string,
  watchdog: Watchdog,
): Promise<Started> {
  const [clientPort, peerPort] = [await freePort('127.0.0.1'), await freePort('127.0.0.1')];
  const [url, peerUrl] = [`http://127.0.0.1:${clientPort}`, `http://127.0.0.1:${peerPort}`];
  const server = startServerProcess(
    {
      file: binaries.etcd,
      log: join(folder, 'etcd.log'),
      flags: [
        `--data-dir=${join(folder, 'etcd')}`,
        '--unsafe-no-fsync',
        '--log-level=error',
        `--listen-client-urls=${url}`,
        `--advertise-client-urls=${url}`,
        `--listen-peer-urls=${peerUrl}`,
        `--initial-advertise-peer-urls=${peerUrl}`,
        `--initial-cluster=default=${peerUrl}`,
      ],
    },
    watchdog,
  );
  return { server, url };
}

async function startApiServer(
  options: Start,
  folder: string,
  etcdUrl: string,
  watchdog: Watchdog,
): Promise<Started & { readonly token: string }> {
  const address = options.address ?? '127.0.0.1';
  const port = await freePort(address);
  const token = randomBytes(16).toString('hex');
  const at = (name: string): string => join(folder, name);
  writeFileSync(at('tokens.csv'), `${token},admin,admin,"system:masters"\n`, { mode: 0o600 });
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = privateKey.export({ type: 'pkcs1', format: 'pem' });
  writeFileSync(at('service-accounts.key'), key, { mode: 0o600 });
  const flags = [
    `--etcd-servers=${etcdUrl}`,
    `--bind-address=${address}`,
    `--advertise-address=${address}`,
    `--secure-port=${port}`,
    `--cert-dir=${folder}`,
    `--token-auth-file=${at('tokens.csv')}`,
    `--authorization-mode=${(options.authorizationModes ?? ['RBAC']).join(',')}`,
    `--disable-admission-plugins=${(options.withoutAdmission ?? ['ServiceAccount']).join(',')}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${at('service-accounts.key')}`,
    `--service-account-signing-key-file=${at('service-accounts.key')}`,
    '--service-cluster-ip-range=10.0.0.0/24',
    ...(options.flags ?? []),
  ];
  const command = { file: options.binaries.apiServer, log: at('kube-apiserver.log'), flags };
  return {
    server: startServerProcess(command, watchdog),
    url: `https://${address}:${port}`,
    token,
  };
}

/** The server writes its certificate, which is its own authority, before it listens. */
async function accessOf(
  folder: string,
  etcd: Started,
  api: Started & { readonly token: string },
): Promise<Access> {
  const authority = await waitFor('the certificate of the API server', () => {
    if (!api.server.isRunning()) throw new Error(api.server.words());
    return readIfThere(join(folder, 'apiserver.crt'));
  });
  const { url, token } = api;
  const kubeconfig = join(folder, 'kubeconfig');
  const text = kubeconfigText({ url, authority, token, namespace: 'default' });
  writeFileSync(kubeconfig, text, { mode: 0o600 });
  return {
    url,
    authority,
    token,
    kubeconfig,
    folder,
    etcdUrl: etcd.url,
    apiServerProcessId: api.server.processId,
    etcdProcessId: etcd.server.processId,
  };
}

function readIfThere(path: string): string | undefined {
  try {
    const text = readFileSync(path, 'utf8');
    return text.trimEnd().endsWith('-----END CERTIFICATE-----') ? text : undefined;
  } catch {
    return undefined;
  }
}

/** A server that ended never becomes ready: its words say why. */
async function isReady(admin: Admin, servers: readonly ServerProcess[]): Promise<boolean> {
  const ended = servers.find((server) => !server.isRunning());
  if (ended !== undefined) throw new Error(`a server ended at its start: ${ended.words()}`);
  try {
    return (await admin.client.get('/readyz')).status === 200;
  } catch {
    return false;
  }
}
