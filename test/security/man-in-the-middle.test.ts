/** Somebody between the operator and AWS: with another certificate, or with another address. */
import { once } from 'node:events';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createCognitoRig, free } from '../adapters/cognito/rig.ts';
import { ONE } from '../adapters/kubernetes/certificates.ts';
import { createKubernetesRig } from '../adapters/kubernetes/rig.ts';
import { startRawServer } from '../adapters/raw-server.ts';
import { kubeconfigText } from '../sandbox/kubernetes/edge/kubeconfig.ts';

const IDENTITY = { userPoolId: 'eu-west-1_AbCdEfGhI', identifier: 'https://weather.example.com' };
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

test('whose certificate nobody vouches for gets no call to AWS', async () => {
  const asked: unknown[] = [];
  const server = createTlsServer(ONE, (request, response) => {
    asked.push(request.url);
    response.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const rig = createCognitoRig({ url });
  ends.push(
    () => rig.close(),
    () => server.close(),
  );
  const answer = await rig.userPools.delete(IDENTITY, free());
  expect(answer).toMatchObject({ failure: { kind: 'NotSent' } });
  expect(asked).toEqual([]);
});

test.each([301, 302, 307, 308])('is not followed to where a %i points', async (status) => {
  const elsewhere = await startRawServer((_, response) => response.end('{}'));
  const here = await startRawServer((request, response) => {
    const headers = { location: `${elsewhere.url}${request.url}`, 'x-amzn-requestid': 'id' };
    request.resume().on('end', () => response.writeHead(status, headers).end());
  });
  const parts = { url: here.url, token: 'a-token', user: 'operator', namespace: 'default' };
  const cognito = createCognitoRig({ url: here.url });
  const kubernetes = createKubernetesRig({ kubeconfig: kubeconfigText(parts) });
  ends.push(
    () => cognito.close(),
    () => kubernetes.close(),
    () => here.close(),
    () => elsewhere.close(),
  );
  expect(await cognito.userPools.delete(IDENTITY, free())).toMatchObject({ kind: 'Failed' });
  const never = new AbortController().signal;
  const read = await kubernetes.cluster.read('default/weather', never);
  expect(read).toMatchObject({ kind: 'Failed' });
  expect([here.requests.length, elsewhere.requests.length]).toEqual([2, 0]);
});
