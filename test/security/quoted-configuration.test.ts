/**
 * F53: what is wrong with a configuration is told, and not with its own text: parsers quote the
 * line before the mistake, which may be the token or a password.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { createAgents } from '../../src/adapters/cognito/agents.ts';
import { createCognitoRig, free } from '../adapters/cognito/rig.ts';
import { createKubernetesRig } from '../adapters/kubernetes/rig.ts';
import { createFakeClock } from '../support/fake-clock.ts';

const TOKEN = 'canary-token-0123456789abcdef';
const PASSWORD = 'canary-word';
const never = new AbortController().signal;
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** Long enough to know it, short enough that a quotation that is cut still holds it. */
const seen = (secret: string) => secret.slice(0, 9);

function kubeconfigWith(user: object): string {
  return stringify({
    clusters: [{ name: 'a', cluster: { server: 'https://127.0.0.1:1' } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'a', context: { cluster: 'a', user: 'u' } }],
    'current-context': 'a',
  });
}

describe('a kubeconfig', () => {
  test('that is no YAML after its token is refused without it', () => {
    const broken = kubeconfigWith({ token: TOKEN }).replace(TOKEN, `${TOKEN}\n oops: [`);
    const read = (): unknown => createKubernetesRig({ kubeconfig: broken });
    expect(read).toThrow(/^the kubeconfig cannot be read: .*\(\d+:\d+\)$/);
    expect(read).not.toThrow(seen(TOKEN));
  });

  test('whose plugin prints a token that is no JSON is not quoted', async () => {
    const plugin = {
      command: 'echo',
      args: [TOKEN],
      apiVersion: 'client.authentication.k8s.io/v1',
    };
    const rig = createKubernetesRig({ kubeconfig: kubeconfigWith({ exec: plugin }) });
    ends.push(() => rig.close());
    const read = await rig.cluster.read('default/weather', never);
    expect(read).toMatchObject({ failure: { kind: 'NotSent' } });
    expect(JSON.stringify(read)).not.toContain(seen(TOKEN));
  });
});

describe('a proxy', () => {
  test.each([
    `http://user:${PASSWORD}@pro xy:3128`,
    `http://user:a/${PASSWORD}@proxy:3128`,
    `http://user:${PASSWORD}@proxy:99999`,
    `http://user:${PASSWORD}%ZZ@proxy:3128`,
  ])('with the address %s is refused without its password', (HTTPS_PROXY) => {
    const limits = { connectTimeoutMs: 1, idleSocketMs: 1, proxyEnvironment: { HTTPS_PROXY } };
    const create = (): unknown => createAgents({ clock: createFakeClock(), ...limits });
    expect(create).toThrow('HTTPS_PROXY');
    expect(create).not.toThrow(PASSWORD);
  });

  test('that quotes its own credentials tells them to nobody', async () => {
    const proxy = createServer().on('connect', ({ headers }, socket) => {
      socket.end(`HTTP/1.1 407 Not ${String(headers['proxy-authorization'])}\r\n\r\n`);
    });
    ends.push(() => proxy.close());
    await once(proxy.listen(0, '127.0.0.1'), 'listening');
    const { port } = proxy.address() as AddressInfo;
    const proxyEnvironment = { HTTPS_PROXY: `http://user:${PASSWORD}@127.0.0.1:${port}` };
    const rig = createCognitoRig({ url: 'https://cognito.example', proxyEnvironment });
    ends.push(() => rig.close());
    const answer = JSON.stringify(await rig.userPools.list('eu-west-1_A', undefined, free()));
    expect(answer).toContain('407');
    expect(answer).not.toContain(btoa(`user:${PASSWORD}`).slice(0, 9));
  });
});
