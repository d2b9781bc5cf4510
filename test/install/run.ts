/**
 * `npm run test:install`: installs the chart and the image for real, into the cluster that
 * KUBECONFIG names (`--cluster`), else into a whole node of its own. See README.md beside this.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { layerBinary } from '../support/kubectl-layer.ts';
import { buildImage } from './image.ts';
import type { InsideRequest } from './inside.ts';
import { missingHere } from './prerequisites.ts';
import { buildPrograms } from './programs.ts';
import type { Site } from './site.ts';
import { runSuite } from './suite.ts';
import { beginTraces } from './traces.ts';

const PAUSE_IMAGE = 'localhost/pause:install';
const NAMESPACES = ['--mount', '--net', '--pid', '--fork', '--mount-proc', '--kill-child=SIGKILL'];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    cluster: { type: 'boolean', default: false },
    image: { type: 'string', default: 'cognito-operator:ci' },
  },
});
process.exitCode = await (values.cluster ? runInCluster() : runInOwnNode());

async function toolsAndImage(name: string): Promise<Omit<Site, 'kubeconfig' | 'kind'>> {
  const [repository = '', tag = ''] = name.split(/:(?=[^/:]+$)/);
  const [kubectl, helm] = [await layerBinary('kubectl'), await layerBinary('helm')];
  return { kubectl, helm, image: { repository, tag } };
}

/** The image must have been loaded into its nodes. */
async function runInCluster(): Promise<number> {
  const kubeconfig = process.env['KUBECONFIG'];
  if (kubeconfig === undefined || kubeconfig === '') return complain('KUBECONFIG names no cluster');
  const folder = mkdtempSync(join(tmpdir(), 'cognito-operator-install-'));
  try {
    const tools = await toolsAndImage(values.image);
    const site: Site = { ...tools, kubeconfig, kind: { kind: 'Cluster' } };
    return await runSuite({ folder, site, choice: positionals });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runInOwnNode(): Promise<number> {
  const missing = missingHere();
  if (missing.length > 0) return skip(missing);
  const traces = beginTraces();
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => stop.abort());
  }
  try {
    return await runInside(await prepare(traces.folder), stop.signal);
  } finally {
    traces.remove();
  }
}

/** All that needs the machine's own network. */
async function prepare(folder: string): Promise<InsideRequest> {
  const tools = await toolsAndImage('localhost/cognito-operator:install');
  const { repository, tag } = tools.image;
  const programs = await buildPrograms(tell);
  tell('building the image');
  const { operator, pause, ownLayerBytes } = await buildImage({ folder, version: tag });
  return {
    folder,
    programs,
    images: { [`${repository}:${tag}`]: operator, [PAUSE_IMAGE]: pause },
    pause: PAUSE_IMAGE,
    site: { ...tools, kind: { kind: 'OwnNode', ownLayerBytes } },
    choice: positionals,
  };
}

async function runInside(request: InsideRequest, stop: AbortSignal): Promise<number> {
  if (stop.aborted) return 1;
  const inside = join(import.meta.dirname, 'inside.ts');
  const args = [...NAMESPACES, process.execPath, inside, JSON.stringify(request)];
  const child = spawn('unshare', args, {
    stdio: ['pipe', 'inherit', 'inherit'],
    env: { ...process.env, TMPDIR: request.folder },
  });
  stop.addEventListener('abort', () => child.stdin.end());
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

/** In CI a test that does not run is a test that fails. */
function skip(missing: readonly string[]): number {
  const isCI = Boolean(process.env['CI']);
  complain(`${isCI ? 'CANNOT RUN' : 'SKIPPED'}: a node of our own needs more than there is here.`);
  for (const each of missing) complain(`- ${each}`);
  return isCI ? 1 : 0;
}

function complain(line: string): number {
  tell(line);
  return 1;
}

function tell(line: string): void {
  process.stderr.write(`[install] ${line}\n`);
}
