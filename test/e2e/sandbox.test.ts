/** `npm run sandbox`, used as it says that it can be used, and ended. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { createKubectl, findKubectl, succeeding } from '../support/kubectl.ts';
import { isAlive, type Script, startScript } from '../support/script.ts';
import { waitFor } from '../support/wait.ts';

const SANDBOX = 'test/sandbox/sandbox.ts';
const RESOURCES = '/apis/cognito-operator.io/v1/namespaces/default/resourceservers';

const lookup = await findKubectl();
if (lookup.kind === 'missing') console.warn(`SKIPPED: kubectl in the sandbox: ${lookup.reason}`);

interface Cluster {
  ask(method: string, path: string, body?: unknown): Promise<unknown>;
}

/** A client made of nothing but the kubeconfig. */
function clusterOf(kubeconfig: string): Cluster {
  const { clusters, users } = parse(kubeconfig) as {
    readonly clusters: readonly [{ readonly cluster: { readonly server: string } }];
    readonly users: readonly [{ readonly user: { readonly token: string } }];
  };
  const headers = {
    authorization: `Bearer ${users[0].user.token}`,
    'content-type': 'application/json',
  };
  return {
    async ask(method, path, body) {
      const text = body === undefined ? null : JSON.stringify(body);
      const answer = await fetch(clusters[0].cluster.server + path, {
        method,
        headers,
        body: text,
      });
      return answer.json();
    },
  };
}

async function printedBy(sandbox: Script) {
  const [path = ''] = await sandbox.untilPrinted(/export KUBECONFIG=(\S+)/);
  const [pid = ''] = await sandbox.untilPrinted(/pid (\d+)/);
  const [cognito = ''] = await sandbox.untilPrinted(/Amazon Cognito +(\S+)/);
  const [metrics = ''] = await sandbox.untilPrinted(/(http:\S+\/metrics)/);
  await sandbox.untilPrinted(/aws cognito-idp/);
  return { kubeconfig: readFileSync(path, 'utf8'), pid: Number(pid), cognito, metrics };
}

describe.concurrent('the sandbox', () => {
  test('serves whoever has its kubeconfig, and ends when told to', async () => {
    using sandbox = startScript(SANDBOX);
    const { kubeconfig, pid, cognito, metrics } = await printedBy(sandbox);
    await isServedByHttp(clusterOf(kubeconfig));
    if (lookup.kind === 'found') await isServedByKubectl(lookup.path, kubeconfig);
    expect(await (await fetch(metrics)).text()).toContain('controller_runtime_reconcile_total');
    sandbox.signal('SIGTERM');
    expect(await sandbox.ended).toBe(0);
    expect(isAlive(pid)).toBe(false);
    expect(sandbox.leftovers()).toEqual([]);
    expect(sandbox.stderr).toBe('');
    await expect(fetch(cognito)).rejects.toThrow('fetch failed');
  });

  test('explains its flags', async () => {
    using sandbox = startScript(SANDBOX, ['--help']);
    expect(await sandbox.ended).toBe(0);
    expect(sandbox.stdout).toContain('--scaled');
  });

  test('refuses flags that it does not have', async () => {
    using sandbox = startScript(SANDBOX, ['--fast']);
    expect(await sandbox.ended).toBe(2);
    expect(sandbox.stderr).toContain("Unknown option '--fast'");
  });
});

async function isServedByHttp(cluster: Cluster): Promise<void> {
  await cluster.ask('POST', RESOURCES, parse(readFileSync('examples/one.yaml', 'utf8')));
  await waitFor('Ready', async () => {
    const { status } = (await cluster.ask('GET', `${RESOURCES}/weather-api`)) as {
      readonly status?: { readonly conditions?: readonly { readonly reason: string }[] };
    };
    return status?.conditions?.some(({ reason }) => reason === 'Synced');
  });
}

/** The commands that it suggests. */
async function isServedByKubectl(path: string, kubeconfig: string): Promise<void> {
  const kubectl = createKubectl(path, kubeconfig);
  await succeeding(kubectl.run(['apply', '-f', 'examples/']));
  const wait = ['wait', 'cogrs', '--all', '--for=condition=Ready', '--timeout=50s'];
  await succeeding(kubectl.run(wait));
  expect(await succeeding(kubectl.run(['get', 'cogrs']))).toMatch(/^weather-api +True +Synced/m);
  kubectl.dispose();
}
