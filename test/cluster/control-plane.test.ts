/** The control plane itself: what the other suites on it take for granted. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { expectStatus } from '../contract/kubernetes-world.ts';
import { waitFor } from '../support/wait.ts';
import type { Access } from './admin.ts';
import { startControlPlane } from './control-plane.ts';
import { describeOnCluster } from './on-cluster.ts';

describeOnCluster('the control plane', (admin) => {
  const statusOf = async (authorization: string): Promise<number> =>
    (await admin.client.get('/api/v1/nodes', { authorization })).status;

  test('obeys its administrator and nobody else', async () => {
    expect(await statusOf(`Bearer ${admin.token}`)).toBe(200);
    expect(await statusOf('Bearer wrong')).toBe(401);
  });

  test('gives a service account a token that may do nothing yet', async () => {
    const accounts = '/api/v1/namespaces/default/serviceaccounts';
    expectStatus(await admin.client.post(accounts, { metadata: { name: 'somebody' } }), 201);
    const path = await admin.kubeconfigFor('default', 'somebody');
    expect(path.startsWith(admin.folder)).toBe(true);
    const { users } = JSON.parse(await readFile(path, 'utf8'));
    expect(await statusOf(`Bearer ${users[0].user.token}`)).toBe(403);
  });

  test('stands still when it is frozen, and goes on when it is thawed', async () => {
    const plane = await startControlPlane();
    try {
      await plane.freeze();
      const answer = plane.client.get('/version');
      const silence = new Promise((resolve) => setTimeout(resolve, 300, 'silence'));
      expect(await Promise.race([answer, silence])).toBe('silence');
      plane.thaw();
      expect((await answer).status).toBe(200);
    } finally {
      await plane.stop();
    }
    expect(existsSync(plane.folder)).toBe(false);
  });

  test('leaves nothing behind when whoever started it is killed', async () => {
    const { url, etcdUrl, folder } = await startAndDie();
    await waitFor('the servers to end', async () => {
      const open = await Promise.all([isListening(url), isListening(etcdUrl)]);
      return !open.includes(true);
    });
    await waitFor('the folder to go', () => !existsSync(folder));
    expect(existsSync(folder)).toBe(false);
  });
});

/** In a process that freezes the API server, tells where it is, and gets no time for more. */
async function startAndDie(): Promise<Access> {
  const script = `
    const { startControlPlane } = await import('./control-plane.ts');
    const plane = await startControlPlane();
    await plane.freeze();
    process.stdout.write(JSON.stringify(plane), () => process.kill(process.pid, 'SIGKILL'));
  `;
  const args = ['--input-type=module', '--eval', script];
  const { promise, resolve, reject } = Promise.withResolvers<Access>();
  execFile(process.execPath, args, { cwd: import.meta.dirname }, (_, stdout, stderr) => {
    if (stdout === '') reject(new Error(stderr));
    else resolve(JSON.parse(stdout) as Access);
  });
  return promise;
}

async function isListening(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(Number(port), hostname);
  socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  try {
    return await promise;
  } finally {
    socket.destroy();
  }
}
